import FettleTestSupport
import Foundation
import Testing

/// OpenAI's own clients of both generations against the built program.
@Suite(.serialized) struct OpenAIClientTests {
    private static let clients = FettleProgram.root + "/Tests/SessionTests/Clients"

    /// The chapter's text, which is no part of the project.
    private static let chapter: String? = {
        let folder = FettleProgram.root + "/../shared/seeds"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.sorted().first { $0.hasSuffix(".txt") }.map { "\(folder)/\($0)" }
    }()

    @Test(
        .enabled(if: OldClient.isThere, "FETTLE_OPENAI_PYTHON names no Python with openai 0.28.1"),
        .enabled(if: chapter != nil, "the chapter is not beside the project")
    )
    func listingOfTheChapterPrintsTheProbabilities() async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(into: folder)
        let server = try await ServedProgram(folder)
        let created = try await server.run(
            OldClient.python,
            [
                OldClient.script, "api", "fine_tunes.create", "-t", "learn.jsonl", "-m", "ada",
                "--n_epochs", "1",
            ]
        )
        let model = try #require(
            created.output.firstMatch(of: #/create -m (ada:ft-personal-[-0-9]+) /#)?.1,
            "\(created.output)\(created.errors)"
        )
        let printed = try await server.run(
            OldClient.python,
            [
                Self.clients + "/listing.py", try #require(Self.chapter), String(model),
                "measure.jsonl",
            ]
        )
        #expect(printed.status == 0, "\(printed.errors)")
        let match = try #require(
            printed.output.wholeMatch(
                of:
                    #/Prompt: \n (?s:.*) \.\.\.\n\nPredicted Star: ([1-5])\nProbabilities:\n ([1-5]): ([01]\.\d{4})\n( [1-5]: 0\.\d{4}\n){4}\n*/#
            ),
            "\(printed.output)"
        )
        #expect(match.1 == match.2)
        #expect(try #require(Double(match.3)) > 0.2)
    }

    /// The book's table by the API has the figures of the shell.
    private func tableIsThatOfEvaluate(
        _ server: ServedProgram,
        _ first: String,
        _ second: String
    ) async throws {
        let table = try await server.run(
            OldClient.python,
            [Self.clients + "/table.py", "measure.jsonl", first, second]
        )
        #expect(table.status == 0, "\(table.errors)")
        let lines = table.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map { String($0[0]) } == [first, second])
        for line in lines {
            let numbers = try line.dropFirst().map { try #require(Double($0)) }
            let evaluated = try await FettleProgram.run(
                [
                    "-c",
                    "load measure.jsonl as m; format prompt={{prompt}} completion={{completion}}",
                    "-c", "evaluate '\(line[0])' on m > report.json",
                ],
                in: server.folder
            )
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            let report = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(server.folder.text("report.json").utf8)
                ) as? [String: Any]
            )
            let names = ["accuracy", "good_or_bad", "within_one"]
            for (name, count) in zip(names, numbers.dropFirst()) {
                let value = try #require(report[name] as? Double)
                #expect(abs(value - count / numbers[0]) < 1e-9, "\(name) of \(line)")
            }
            #expect(numbers[1] / numbers[0] > 0.5)
        }
    }

    // MARK: - The book's client

    @Test(
        .enabled(if: OldClient.isThere, "FETTLE_OPENAI_PYTHON names no Python with openai 0.28.1"),
        arguments: [
            FettleProgram.root + "/samples/reviews.jsonl",
            FettleProgram.root + "/../shared/data/womens_clothing_en/train.jsonl",
        ].filter { FileManager.default.fileExists(atPath: $0) }
    )
    func commandOfTheBookTunesAModelAndItsOthersFollowIt(file: String) async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(file, into: folder)
        let server = try await ServedProgram(folder)
        func openai(_ words: String...) async throws -> String {
            let result = try await server.run(
                OldClient.python,
                [OldClient.script, "api"] + words
            )
            #expect(result.status == 0, "\(words): \(result.errors)")
            return result.output
        }
        let created = try await openai(
            "fine_tunes.create",
            "-t",
            "learn.jsonl",
            "-v",
            "measure.jsonl",
            "--compute_classification_metrics",
            "--classification_n_classes",
            "5",
            "-m",
            "ada",
            "--n_epochs",
            "1"
        )
        let job = try #require(
            created.firstMatch(of: #/Created fine-tune: (ft-[A-Za-z0-9]{24})\n/#)?.1
        )
        let model = try #require(
            created.firstMatch(of: #/create -m (ada:ft-personal-[-0-9]+) /#)?.1
        )
        for message in [
            "Uploaded file from learn.jsonl: file-", "Uploaded file from measure.jsonl: file-",
            "Fine-tune costs $0.00 (local)", "Fine-tune enqueued. Queue number: 0",
            "Fine-tune started", "Completed epoch 1/1", "Uploaded model: \(model)",
            "Uploaded result file: file-", "Fine-tune succeeded",
            "Job complete! Status: succeeded 🎉",
        ] {
            #expect(created.contains(message), "\(message) is not in \(created)")
        }
        #expect(try await openai("fine_tunes.list").contains("\"id\": \"\(job)\""))
        #expect(
            try await openai("fine_tunes.get", "-i", "\(job)").contains("\"status\": \"succeeded\"")
        )
        #expect(
            try await openai("fine_tunes.events", "-i", "\(job)").contains("Completed epoch 1/1")
        )
        #expect(
            try await openai("fine_tunes.follow", "-i", "\(job)").contains(
                "Job complete! Status: succeeded"
            )
        )
        let results = try await openai("fine_tunes.results", "-i", "\(job)")
        #expect(
            results.hasPrefix("step,elapsed_tokens,elapsed_examples,training_loss,"),
            "\(results.prefix(300))"
        )
        #expect(results.contains("classification/accuracy,classification/weighted_f1_score"))
        // The command asks for `echo` and leaves everything else to the server.
        let text = try await openai("completions.create", "-m", "\(model)", "-p", "Broken ->")
        #expect(text.wholeMatch(of: #/Broken -> [1-5]\n?/#) != nil, "\(text)")

        // Three epochs more, from the model that the first made.
        let more = try await openai(
            "fine_tunes.create",
            "-t",
            "learn.jsonl",
            "-m",
            "\(model)",
            "--n_epochs",
            "3"
        )
        let child = try #require(more.firstMatch(of: #/create -m (ada:ft-personal-[-0-9]+) /#)?.1)
        #expect(child != model)
        #expect(more.contains("Completed epoch 3/3"))

        let probabilities = try await server.run(
            OldClient.python,
            [Self.clients + "/probabilities.py", "\(child)", "measure.jsonl"]
        )
        #expect(
            probabilities.output.wholeMatch(
                of: #/star: ([1-5])\n \1: [01]\.\d{4}\n( [1-5]: 0\.\d{4}\n){4}sum: 1\.0\n/#
            ) != nil,
            "\(probabilities.output)\(probabilities.errors)"
        )

        try await tableIsThatOfEvaluate(server, String(model), String(child))

        // A job that runs is cancelled, and leaves no model.
        let long = try await openai(
            "fine_tunes.create",
            "-t",
            "long.jsonl",
            "-m",
            "ada",
            "--n_epochs",
            "50",
            "--batch_size",
            "1",
            "--no_follow"
        )
        let second = try #require(long.firstMatch(of: #/"id": "(ft-[A-Za-z0-9]{24})"/#)?.1)
        #expect(
            try await openai("fine_tunes.cancel", "-i", "\(second)").contains(
                "\"status\": \"cancelled\""
            )
        )
        let ended = try await openai("fine_tunes.get", "-i", "\(second)")
        #expect(ended.contains("\"fine_tuned_model\": null"))
        let stopped = try await server.stop()
        #expect(stopped.errors.contains("stopped serving \(server.baseURL)"))
    }

    // MARK: - Today's client

    @Test(
        .enabled(
            if: NewClient.isThere,
            "FETTLE_NEWEST_OPENAI_PYTHON names no Python with openai 1 or newer"
        )
    )
    func strictClientTakesEveryAnswer() async throws {
        let folder = try TemporaryFolder()
        try await ServedProgram.reviews(into: folder)
        let tiny = FettleProgram.root + "/samples/tiny-llama"
        let added = try await FettleProgram.run(["-c", "model add '\(tiny)' as tiny"], in: folder)
        try #require(added.status == 0, "\(added.errors)")
        let server = try await ServedProgram(folder)
        let result = try await server.run(
            NewClient.python,
            [Self.clients + "/strict.py", "learn.jsonl", "measure.jsonl"]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output == """
                files
                job
                events, checkpoints
                jobs
                models
                completions
                chat
                writing
                conversing
                learning to converse
                errors
                deletions

                """
        )
    }
}

/// The client that the book used, where it is installed.
private enum OldClient {
    static let python = environment["FETTLE_OPENAI_PYTHON"] ?? ""
    /// The command that stands beside its Python.
    static var script: String {
        URL(filePath: python).deletingLastPathComponent().appending(path: "openai").path
    }
    static var isThere: Bool { !python.isEmpty || environment["FETTLE_REQUIRE_PEERS"] == "1" }
}

/// The newest client, where it is installed.
private enum NewClient {
    static let python = environment["FETTLE_NEWEST_OPENAI_PYTHON"] ?? ""
    static var isThere: Bool { !python.isEmpty || environment["FETTLE_REQUIRE_PEERS"] == "1" }
}

private let environment = ProcessInfo.processInfo.environment
