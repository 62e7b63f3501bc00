import FettleTestSupport
import Foundation
import Testing

/// Training in a workspace whose disk is full, at a prompt that goes on.
struct FullDiskTests {
    private static let tune = "tune ngram on many n_epochs=4 seed=4 as long --no-check"

    /// A prompt with a dataset and a format, its workspace on a disk of 8 MB of its own, and `fill.sh`, which
    /// leaves so many kB of that.
    private static func prompt(_ folder: TemporaryFolder) async throws -> Prompt {
        let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
        var text = "text,label\n"
        for row in 0..<4000 {
            let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
            text += line.joined(separator: " ") + " \(row),\(row % 5)\n"
        }
        try folder.write(text, to: "many.csv")
        try folder.write(
            """
            free=$(df -k --output=avail full | tail -1)
            dd if=/dev/zero of=full/fill bs=1k count=$((free - $1)) 2> /dev/null

            """,
            to: "fill.sh"
        )
        let prompt = Prompt(
            try PseudoTerminal(
                program: "/usr/bin/unshare",
                arguments: [
                    "-m", "/bin/sh", "-c",
                    """
                    cd '\(folder.path)' && mkdir full && mount -t tmpfs -o size=8m tmpfs full \
                    && exec '\(FettleProgram.path)' --workspace full/ws
                    """,
                ],
                environment: [
                    "HOME": folder.path, "NO_COLOR": "1", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                    "XDG_STATE_HOME": folder.path + "/state",
                ],
                columns: 250,
                rows: 50
            )
        )
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "4,000 rows")
        try await prompt.run(
            #"format prompt="{{text}} ->" completion=" {{label}}""#,
            until: "format of many"
        )
        return prompt
    }

    /// Returns the screen with the job's id, which differs each time, as `ftjob-ID`.
    private static func screen(_ prompt: Prompt) -> String {
        prompt.terminal.screen.text.replacing(/ftjob-[A-Za-z0-9]{24}/, with: "ftjob-ID")
    }

    @Test(.enabled(if: FaultTests.canMount, "mounting needs a right that this user lacks"))
    func trainingOnAFullDiskFailsWithTheReasonAndWorksOnceThereIsSpace() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        try await prompt.run("!sh fill.sh 600", until: "!sh fill.sh 600\n")
        try await prompt.run(Self.tune, until: "error[model-unwritable]")
        #expect(
            Self.screen(prompt).contains(
                """
                error[model-unwritable]: cannot write the model 'full/ws/models/ftjob-ID.model': No space left on device
                    1 | \(Self.tune)
                      | ^^^^
                  hint: check the free space and the permissions of its folder

                """
            ),
            "\(Self.screen(prompt))"
        )
        try await prompt.run("jobs", until: "\n1  failed  ngram  many      long\n")
        try await prompt.run(
            "job | as jsonl",
            until: ".model': No space left on device\"}"
        )
        try await prompt.run("!ls full/ws/jobs full/ws/models", until: "full/ws/models:\nfettle")
        #expect(
            prompt.terminal.screen.text.contains("full/ws/jobs:\n\nfull/ws/models:\nfettle"),
            "\(prompt.terminal.screen.text)"
        )
        try await prompt.run("!rm full/fill", until: "!rm full/fill\n")
        try await prompt.run(Self.tune, until: "long: ngram:ft-personal-")
        try await prompt.run("jobs", until: "\n2  succeeded  ngram  many      long\n")
        try await prompt.quit()
    }

    @Test(.enabled(if: FaultTests.canMount, "mounting needs a right that this user lacks"))
    func checkpointThatFittedIsGoneOnFromOnceThereIsSpace() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        try await prompt.run("!sh fill.sh 1500", until: "!sh fill.sh 1500\n")
        // A checkpoint is written at the end of an epoch after one second, which a fast machine must still train.
        let tune = "tune ngram on many n_epochs=1000 seed=4 as long --no-check"
        try await prompt.run(tune, until: "error[model-unwritable]")
        #expect(
            Self.screen(prompt).contains(
                "  hint: check the free space and the permissions of its folder\n"
                    + "  hint: 'resume 1' then goes on from its checkpoint\n"
            ),
            "\(Self.screen(prompt))"
        )
        try await prompt.run("!rm full/fill", until: "!rm full/fill\n")
        try await prompt.run("resume 1", until: "long: ngram:ft-personal-")
        try await prompt.run("jobs", until: "\n1  succeeded  ngram  many      long\n")
        try await prompt.quit()
    }

    @Test(.enabled(if: FaultTests.canMount, "mounting needs a right that this user lacks"))
    func databaseThatTakesNothingIsSaidAndTheJobsEndIsStoredOnceThereIsSpace() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        let tune = "tune ngram on many n_epochs=1000 seed=4 as long --no-check"
        try await prompt.run(tune + " &", until: "job 1 trains in the background")
        try await prompt.run("!sh fill.sh 0", until: "!sh fill.sh 0\n")
        try await prompt.run("wait", until: "error[job-failed]: job 1 failed: ")
        try await prompt.run("!rm full/fill", until: "!rm full/fill\n")
        try await prompt.run("jobs", until: "\n1  failed  ngram  many      long\n")
        try await prompt.run(
            "!'\(FettleProgram.path)' --workspace full/ws -c 'events 1'",
            until: "error: Fine-tune failed: "
        )
        try await prompt.run(Self.tune, until: "long: ngram:ft-personal-")
        try await prompt.quit()
    }
}
