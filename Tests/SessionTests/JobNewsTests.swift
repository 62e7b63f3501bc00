import FettleTestSupport
import Foundation
import Testing

/// How the end of a background job is told at a terminal: once, and not over another program's screen.
struct JobNewsTests {
    private static let format = #"format prompt="{{text}} ->" completion=" {{label}}""#

    /// A prompt with a dataset that can be trained on for as long as wanted.
    private static func prompt(
        _ folder: TemporaryFolder,
        pager: String? = nil
    ) async throws -> Prompt {
        let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
        var text = "text,label\n"
        for row in 0..<4000 {
            let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
            text += line.joined(separator: " ") + " \(row),\(row % 5)\n"
        }
        try folder.write(text, to: "many.csv")
        let prompt = try Prompt(folder, pager: pager)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load many.csv", until: "4,000 rows")
        try await prompt.run(format, until: "format of many")
        return prompt
    }

    private static func train(_ prompt: Prompt, as name: String, epochs: Int) async throws {
        try await prompt.run(
            "tune ngram on many n_epochs=\(epochs) as \(name) --no-check &",
            until: "in the background"
        )
    }

    /// Returns how often all that was ever written to the terminal has a text.
    private static func count(_ text: String, _ prompt: Prompt) -> Int {
        String(decoding: prompt.terminal.output, as: UTF8.self).ranges(of: text).count
    }

    @Test func quitSaysOfEachJobOnceThatItWasInterrupted() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        try await Self.train(prompt, as: "one", epochs: 1000)
        try await Self.train(prompt, as: "two", epochs: 1000)
        try await prompt.run("quit", until: "job 1, job 2 still running; 'quit' or Ctrl-D again")
        try await prompt.quit()
        #expect(Self.count("job 1 was interrupted", prompt) == 1)
        #expect(Self.count("job 2 was interrupted", prompt) == 1)
        #expect(
            prompt.terminal.screen.text.contains(
                "job 1 was interrupted; 'resume 1' goes on from its checkpoint\n"
                    + "job 2 was interrupted; 'resume 2' goes on from its checkpoint"
            )
        )
    }

    @Test(arguments: ["watch", "wait", "wait 1"])
    func whoWaitsForAJobIsToldItsEndOnce(line: String) async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        try await Self.train(prompt, as: "one", epochs: 200)
        try await prompt.run(line, until: "job 1 succeeded: one\n")
        try await prompt.run("!echo later", until: "\nlater\n")
        #expect(Self.count("job 1 succeeded", prompt) == 1)
        try await prompt.quit()
    }

    @Test func waitForSeveralSaysEachEndOnce() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        try await Self.train(prompt, as: "one", epochs: 1000)
        try await Self.train(prompt, as: "two", epochs: 1000)
        try prompt.terminal.send("wait\r")
        // The second ends while the first is waited for.
        try await prompt.terminal.wait(for: "progress") { $0.text.contains("job 1, loss") }
        for job in [2, 1] {
            let result = try await FettleProgram.run(["-c", "cancel \(job)"], in: folder)
            #expect(result.output.hasPrefix("job \(job) cancelled"), "\(result.errors)")
        }
        try await prompt.wait(
            for: "job 1 cancelled; 'resume 1' goes on from its checkpoint\njob 2 cancelled; "
        )
        #expect(Self.count("job 1 cancelled", prompt) == 1)
        #expect(Self.count("job 2 cancelled", prompt) == 1)
        try await prompt.quit()
    }

    @Test func cancelSaysTheEndOnce() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.prompt(folder)
        try await Self.train(prompt, as: "one", epochs: 1000)
        try await prompt.run("cancel", until: "job 1 cancelled")
        try await prompt.run("!echo later", until: "\nlater\n")
        #expect(Self.count("job 1 cancelled", prompt) == 1)
        try await prompt.quit()
    }

    @Test(arguments: ["help", "!./pager < /dev/null"])
    func newsWaitUntilAnotherProgramLeavesTheTerminal(line: String) async throws {
        let folder = try TemporaryFolder()
        // It fills the screen, waits for the job's model and then for its user.
        try folder.write(
            """
            cat > /dev/null
            printf '\\033[2J\\033[Hpage of the pager\\n'
            until '\(FettleProgram.path)' -c jobs | grep -q succeeded; do :; done
            '\(FettleProgram.path)' -c jobs > /dev/null
            echo end of page
            read line < /dev/tty

            """,
            to: "pager.sh"
        )
        try folder.write("#!/bin/sh\nexec sh pager.sh\n", to: "pager")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700],
            ofItemAtPath: folder.path + "/pager"
        )
        let prompt = try await Self.prompt(folder, pager: "./pager")
        try await Self.train(prompt, as: "one", epochs: 200)
        try prompt.terminal.send(line + "\r")
        try await prompt.terminal.wait(for: "the pager") { $0.text.contains("end of page") }
        #expect(
            prompt.terminal.screen.text.split(separator: "\n").map(String.init)
                == ["page of the pager", "end of page"]
        )
        try prompt.terminal.send("\n")
        try await prompt.wait(for: "job 1 succeeded: one\n")
        #expect(Self.count("job 1 succeeded", prompt) == 1)
        try await prompt.quit()
    }
}
