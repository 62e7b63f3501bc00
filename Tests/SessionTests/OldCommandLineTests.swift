import FettleTestSupport
import Foundation
import Testing

/// The old command line as a program of its own, without a server.
@Suite(.serialized) struct OldCommandLineTests {
    private static func run(
        _ line: String,
        input: String? = nil,
        in folder: TemporaryFolder
    ) async throws -> FettleProgram.Result {
        try await FettleProgram.run(
            ["openai"] + line.split(separator: " ").map(String.init),
            input: input,
            in: folder
        )
    }

    @Test func listingOfTheBookTunesAModelAndItsOthersFollow() async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(into: folder)
        let created = try await Self.run(
            "api fine_tunes.create -t learn.jsonl -v measure.jsonl --compute_classification_metrics "
                + "--classification_n_classes 5 -m ada --n_epochs 1",
            in: folder
        )
        #expect(created.status == 0, "\(created.errors)")
        #expect(created.errors == "")
        #expect(
            created.output.hasSuffix(
                """
                ] Fine-tune succeeded

                Job complete! Status: succeeded 🎉
                Try out your fine-tuned model:

                openai api completions.create -m ada:ft-personal-\(created.model) -p <YOUR_PROMPT>

                """
            ),
            "\(created.output)"
        )
        let text = try await FettleProgram.run(
            [
                "openai", "api", "completions.create", "-m", "ada:ft-personal-\(created.model)",
                "-p",
                "Broken after a day ->", "-M", "1", "-t", "0",
            ],
            in: folder
        )
        #expect(
            text.output.wholeMatch(of: #/Broken after a day -> [1-5]/#) != nil,
            "\(text.output)"
        )
        let unknown = try await Self.run("api fine_tunes.get -i ft-none", in: folder)
        #expect(unknown.status == 1)
        #expect(unknown.errors == "Error: no job 'ft-none' (HTTP status code: 404)\n")
        let wrong = try await Self.run("api fine_tunes.get", in: folder)
        #expect(wrong.status == 2)
        #expect(
            wrong.errors == """
                usage: openai api fine_tunes.get [-h] -i ID
                openai api fine_tunes.get: error: the following arguments are required: -i/--id

                """
        )
    }

    @Test func interruptedStreamLeavesAJobThatGoesOnWhereItWas() async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(into: folder)
        let running = try FettleProgram.start(
            ["openai"]
                + "api fine_tunes.create -t long.jsonl -m ada --n_epochs 12 --batch_size 1".split(
                    separator: " "
                ).map(String.init),
            in: folder,
            as: "-create"
        )
        while try !folder.text("standard-output-create").contains("Completed epoch 2/12") {
            guard running.process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(running.process.processIdentifier, SIGINT)
        let result = try await FettleProgram.finish(running, in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let id = try #require(
            result.output.firstMatch(of: #/Created fine-tune: (ft-[A-Za-z0-9]{24})/#)?.1
        )
        #expect(
            result.output.hasSuffix(
                """

                Stream interrupted. Job is still running.
                To resume the stream, run:

                  openai api fine_tunes.follow -i \(id)

                To cancel your job, run:

                  openai api fine_tunes.cancel -i \(id)


                """
            ),
            "\(result.output)"
        )
        let pending = try await Self.run("api fine_tunes.get -i \(id)", in: folder)
        #expect(pending.output.contains("\"status\": \"pending\""), "\(pending.output)")
        let followed = try await Self.run("api fine_tunes.follow -i \(id)", in: folder)
        #expect(followed.status == 0, "\(followed.errors)")
        #expect(followed.output.contains("] Fine-tune resumed\n"), "\(followed.output)")
        #expect(followed.output.contains("\nJob complete! Status: succeeded 🎉\n"))
        #expect(followed.output.matches(of: #/Completed epoch 12\/12/#).count == 1)
    }

    @Test func answersComeFromTheStandardInput() async throws {
        let folder = try TemporaryFolder()
        try folder.write("prompt,completion\nwhat,this\nhow,that\n", to: "a.csv")
        let result = try await Self.run(
            "tools fine_tunes.prepare_data -f a.csv",
            input: "y\nn\ny\ny\n",
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            try folder.text("a_prepared.jsonl")
                == "{\"prompt\":\"what ->\",\"completion\":\" this\"}\n"
                + "{\"prompt\":\"how ->\",\"completion\":\" that\"}\n"
        )
    }
}

extension FettleProgram.Result {
    /// The time in the id of the model that a job made.
    fileprivate var model: String {
        output.firstMatch(of: #/create -m ada:ft-personal-([-0-9]+) /#).map { String($0.1) } ?? ""
    }
}
