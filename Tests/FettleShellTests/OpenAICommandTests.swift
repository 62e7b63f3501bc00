import FettleCore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// The old command line, called with `!openai` in the shell.
struct OpenAICommandTests {
    /// What the book prints, comments and all, with names of files in a folder.
    private static func listing(_ folder: TemporaryFolder) -> String {
        #"""
        # Tune a model, as the old tool did it
        !openai api fine_tunes.create \
          # what it learns from
          -t "\#(folder.path)/train.jsonl" \
          # what it is measured on
          -v "\#(folder.path)/val.jsonl" \
          # accuracy and F1, too
          --compute_classification_metrics \
          # one to five stars
          --classification_n_classes 5 \
          # the smallest of the four
          -m ada \
          # each row once
          --n_epochs 1
        """#
    }

    private static func examples(_ count: Int, in folder: TemporaryFolder) throws {
        let words = ["awful", "poor", "fair", "good", "great"]
        for name in ["train.jsonl", "val.jsonl"] {
            let lines = (0..<count).map { number in
                #"{"prompt": "\#(words[number % 5]) thing \#(number) ->", "completion": " \#(number % 5 + 1)"}"#
            }
            try folder.write(lines.joined(separator: "\n") + "\n", to: name)
        }
    }

    @Test func listingOfTheBookRunsAsItIsPrinted() async throws {
        let folder = try TemporaryFolder()
        try Self.examples(60, in: folder)
        var shell = TestShell()
        let result = await shell.run(Self.listing(folder))
        #expect(result.status == .success, "\(result.errors)")
        #expect(shell.shellLines.isEmpty)
        let output = result.output.replacing(#/\[[-0-9]+ [:0-9]+\] /#, with: "[time] ")
            .replacing(#/file-[A-Za-z0-9]{24}/#, with: "file-ID")
            .replacing(#/ft-[A-Za-z0-9]{24}/#, with: "ft-ID")
        #expect(
            output == """
                Uploaded file from \(folder.path)/train.jsonl: file-ID
                Uploaded file from \(folder.path)/val.jsonl: file-ID
                Created fine-tune: ft-ID
                Streaming events until fine-tuning is complete...

                (Ctrl-C will interrupt the stream, but not cancel the fine-tune)
                [time] Created fine-tune: ft-ID
                [time] Fine-tune costs $0.00 (local)
                [time] Fine-tune enqueued. Queue number: 0
                [time] Fine-tune started
                [time] Completed epoch 1/1
                [time] Uploaded model: ada:ft-personal-2026-01-01-00-00-00
                [time] Uploaded result file: file-ID
                [time] Fine-tune succeeded

                Job complete! Status: succeeded 🎉
                Try out your fine-tuned model:

                openai api completions.create -m ada:ft-personal-2026-01-01-00-00-00 -p <YOUR_PROMPT>

                """
        )

        // What it gave goes on with its fields.
        let answer = await shell.run(
            #"!openai api completions.create -m ${_.fine_tuned_model} -p "great thing ->" -M 1 -t 0"#
        )
        #expect(answer.output == "great thing -> 5\n", "\(answer.errors)")
        let list = await shell.run("!openai api fine_tunes.list")
        #expect(list.output.hasPrefix("{\n  \"object\": \"list\",\n  \"data\": [\n    {\n"))
        let id = try #require(list.output.firstMatch(of: #/"id": "(ft-[A-Za-z0-9]{24})"/#)?.1)
        let job = await shell.run("!openai api fine_tunes.get -i \(id)")
        #expect(job.output.contains("\n  \"status\": \"succeeded\",\n"), "\(job.output)")
        #expect(job.output.contains("\"message\": \"Completed epoch 1/1\""))
        let events = await shell.run("!openai api fine_tunes.events --id=\(id)")
        #expect(events.output.hasPrefix("{\n  \"object\": \"list\",\n  \"data\": [\n    {\n"))
        let results = await shell.run("!openai api fine_tunes.results -i \(id)")
        #expect(results.output.hasPrefix("step,elapsed_tokens,elapsed_examples,training_loss,"))
        #expect(results.output.contains("classification/accuracy,classification/weighted_f1_score"))
        let followed = await shell.run("!openai api fine_tunes.follow -i \(id)")
        #expect(
            followed.output.contains("] Fine-tune succeeded\n\nJob complete! Status: succeeded 🎉\n")
        )

        let late = await shell.run("!openai api fine_tunes.cancel -i \(id)")
        #expect(late.status == .failure)
        #expect(
            late.errors.hasPrefix(
                "error[shell-failed]: 'openai api fine_tunes.cancel' ended with status 1: "
            ),
            "\(late.errors)"
        )
        #expect(late.errors.contains("(HTTP status code: 400)"))
        let deleted = await shell.run("!openai api fine_tunes.delete -i \(id)")
        #expect(
            deleted.output == """
                {
                  "id": "\(id)",
                  "object": "fine-tune",
                  "deleted": true
                }

                """
        )
        #expect(await shell.run("!openai api fine_tunes.list").output.contains("\"data\": []"))
    }

    @Test func fileIsNotAskedAboutWhereNobodyAnswers() async throws {
        let folder = try TemporaryFolder()
        try Self.examples(60, in: folder)
        var shell = TestShell()
        let create =
            "!openai api fine_tunes.create -t \(folder.path)/train.jsonl -m ada --n_epochs 1"
        #expect(await shell.run(create).status == .success)
        let again = await shell.run(create)
        #expect(again.status == .success, "\(again.errors)")
        #expect(
            again.output.hasPrefix(
                "Found potentially duplicated files with name 'train.jsonl', purpose 'fine-tune' and size "
            )
        )
        #expect(again.output.contains("Uploaded file from \(folder.path)/train.jsonl: file-"))
        let quick = await shell.run(create + " --no_check_if_files_exist --no_follow")
        #expect(quick.output.hasPrefix("Uploaded file from "))
        #expect(
            quick.output.contains("\n  \"object\": \"fine-tune\",\n")
                || quick.output.contains("{\n  ")
        )
        let id = try #require(quick.output.firstMatch(of: #/"id": "(ft-[A-Za-z0-9]{24})"/#)?.1)
        let followed = await shell.run("!openai api fine_tunes.follow -i \(id)")
        #expect(followed.output.contains("Job complete! Status: succeeded"), "\(followed.output)")
        // The id of a file is enough.
        let file = try #require(quick.output.firstMatch(of: #/file-[A-Za-z0-9]{24}/#)?.0)
        let byID = await shell.run("!openai api fine_tunes.create -t \(file) -m ada --n_epochs 1")
        #expect(byID.output.hasPrefix("Created fine-tune: ft-"), "\(byID.errors)")
    }

    @Test(arguments: [
        ("", "status 0"), ("-V", "status 0"), ("api fine_tunes.create -h", "status 0"),
        (
            "api fine_tunes.create",
            "status 2: usage: openai api fine_tunes.create [-h] -t TRAINING_FILE [-v VALIDATION_FILE] "
        ),
        ("api fine_tunes.get", "error: the following arguments are required: -i/--id"),
        ("api fine_tunes.get -i x y", "error: unrecognized arguments: y"),
        ("api fine_tunes.get -i", "error: argument -i/--id: expected one argument"),
        ("api fine_tunes.create -t a --n_epochs x", "argument --n_epochs: invalid int value: 'x'"),
        ("api fine_tunes.create -t a --classification_betas 1 x", "invalid float value: 'x'"),
        ("api fine_tunes.create -t a --class 1", "error: ambiguous option: --class could match "),
        ("api image.create -p x", "error: argument {fine_tunes.list,"),
        ("wandb sync", "error: argument {api,tools}: invalid choice: 'wandb'"),
        (
            "-b http://x api fine_tunes.list",
            "error: argument -b/--api-base: these commands work on the workspace, not on 'http://x'"
        ),
        ("api fine_tunes.get -i ft-1", "status 1: no job 'ft-1' (HTTP status code: 404)"),
        ("api fine_tunes.follow -i ft-1", "status 1: no job 'ft-1'"),
        ("api fine_tunes.results -i ft-1", "(HTTP status code: 404)"),
        (
            "api fine_tunes.events -i ft-1 --stream",
            "The --stream parameter is deprecated, use fine_tunes"
        ),
        ("api fine_tunes.create -t /no/file", "no file '/no/file'"),
        ("api completions.create -p x", "status 1: Must provide an 'engine' or 'model' parameter"),
        ("api completions.create -m nothing -p x", "no model 'nothing'"),
        ("api completions.create -m a -n 2 --stream", "Can't stream completions with n>1"),
        ("api completions.create -m a --max-tokens=-1", "(HTTP status code: 400)"),
        ("tools fine_tunes.prepare_data -f /no/file.csv", "File /no/file.csv does not exist."),
    ])
    func wrongUseSaysWhatIsWrong(words: String, problem: String) async {
        var shell = TestShell()
        let result = await shell.run("!openai \(words)")
        if problem == "status 0" {
            #expect(result.status == .success, "\(result.errors)")
            #expect(result.output.contains("openai"))
        } else {
            #expect(result.status == .failure)
            let errors = result.errors.replacing("\n", with: " ")
            #expect(errors.contains(problem), "\(result.errors)")
        }
    }

    @Test func versionIsThatOfTheCommands() async {
        var shell = TestShell()
        #expect(
            await shell.run("!openai --version").output
                == "openai 0.28.1 (its commands, run by Fettle)\n"
        )
    }

    @Test func pipesAreForTheSystemsShell() async throws {
        var shell = TestShell()
        let piped = await shell.run("!openai api fine_tunes.list | head")
        #expect(
            piped.errors == """
                error[syntax]: '|' is for the system's shell, and '!openai' runs in Fettle
                    1 | !openai api fine_tunes.list | head
                      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  hint: put it in quotes, or call another openai by its path: !/usr/bin/openai

                """
        )
        #expect(piped.status == .usage)
        let unknown = await shell.run("!openai api fine_tunes.get -i $job")
        #expect(unknown.errors.hasPrefix("error[unknown-variable]: "), "\(unknown.errors)")
        await shell.run("!/usr/bin/openai api fine_tunes.list | head")
        #expect(shell.shellLines.map(\.line) == ["/usr/bin/openai api fine_tunes.list | head"])
    }

    @Test func preparedFilesAreWritten() async throws {
        let folder = try TemporaryFolder()
        try folder.write("prompt,completion\nwhat,this\nhow,that\n", to: "a.csv")
        var shell = TestShell()
        let result = await shell.run(
            "!openai tools fine_tunes.prepare_data -q -f \(folder.path)/a.csv"
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(
            result.output.contains("Wrote modified file to `\(folder.path)/a_prepared.jsonl`\n")
        )
        #expect(
            try Files.text(folder.path + "/a_prepared.jsonl") == """
                {"prompt":"what ->","completion":" this\\n"}
                {"prompt":"how ->","completion":" that\\n"}

                """
        )
        // Nobody answers in a script.
        let asked = await shell.run("!openai tools fine_tunes.prepare_data -f \(folder.path)/a.csv")
        #expect(
            asked.errors.contains(
                "The input ended before this was answered; -q accepts everything."
            )
        )
    }

    @Test func failedJobIsAFailedCommand() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            String(repeating: #"{"prompt": "a ->", "completion": " same"}"# + "\n", count: 20),
            to: "one.jsonl"
        )
        var shell = TestShell()
        let result = await shell.run(
            "!openai api fine_tunes.create -t \(folder.path)/one.jsonl -m ada"
        )
        #expect(result.status == .failure)
        #expect(
            result.errors.hasPrefix(
                "error[shell-failed]: 'openai api fine_tunes.create' ended with status 1"
            ),
            "\(result.errors)"
        )
    }
}
