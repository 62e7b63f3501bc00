import FettleTestSupport
import Foundation
import Testing

/// The same commands by script, pipe, `-c` and hand.
struct WaysInTests {
    private static let commands = [
        "load samples/reviews.csv as reviews",
        #"format prompt="{{review_body}}\n\n###\n\n" completion=" {{stars}}""#,
        "split 80/20 by=stars seed=7",
        "tune ngram on reviews.train n_epochs=2 as stars",
        "evaluate stars on reviews.test",
    ]

    /// What every way shows of the result: from the evaluation's first line on.
    private static func table(_ output: String) -> [String] {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = lines.lastIndex { $0.hasPrefix("stars on reviews.test:") } ?? lines.endIndex
        return lines[start...].filter { !$0.isEmpty }
    }

    /// Output without what the clock changes.
    private static func timeless(_ output: String) -> [String] {
        output.split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("time ") && !$0.hasPrefix("stars: ngram:ft-") }
    }

    @Test func everyWayInGivesTheSame() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let script = Self.commands.joined(separator: "\n") + "\n"
        try folder.write(script, to: "a.fettle")
        let byScript = try await FettleProgram.run(["--ephemeral", "a.fettle"], in: folder)
        let byPipe = try await FettleProgram.run(["--ephemeral"], input: script, in: folder)
        let byOption = try await FettleProgram.run(
            ["--ephemeral"] + Self.commands.flatMap { ["-c", $0] },
            in: folder
        )
        for result in [byScript, byPipe, byOption] {
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(Self.timeless(byPipe.output) == Self.timeless(byScript.output))
        #expect(Self.timeless(byOption.output) == Self.timeless(byScript.output))
        let table = Self.table(byScript.output)
        #expect(table.count > 15)
        #expect(try await Self.typed(folder) == table)
    }

    /// Types the commands at a terminal and returns the evaluation from its screen.
    private static func typed(_ folder: TemporaryFolder) async throws -> [String] {
        let terminal = try PseudoTerminal(
            program: "/bin/sh",
            arguments: ["-c", "cd '\(folder.path)' && exec '\(FettleProgram.path)' --ephemeral"],
            environment: [
                "HOME": folder.path, "NO_COLOR": "1", "XDG_STATE_HOME": folder.path + "/state",
            ],
            columns: 80,
            rows: 60
        )
        try await terminal.wait(for: "the prompt") { $0.currentLine == "fettle>" }
        for command in commands {
            try terminal.send(command)
            try await terminal.wait(for: "the typed line") { screen in
                // A long line wraps at the window's edge.
                screen.lines.joined().hasSuffix(command)
            }
            try terminal.send("\r")
            try await terminal.wait(for: "the prompt after \(command)") { screen in
                screen.currentLine.hasPrefix("fettle reviews[") && screen.currentLine.hasSuffix(">")
            }
        }
        let shown = table(terminal.screen.text)
        try terminal.send("quit\r")
        #expect(try await terminal.waitForExit() == 0)
        return shown.filter { !$0.hasPrefix("fettle ") }
    }

    @Test(
        arguments: [
            (["-c", "help"], 0),
            (["-c", "rows"], 1),
            (["-c", "let a = 1", "-c", "nonsense", "-c", "help"], 2),
            (["-c", "shuffle seed=x"], 2),
            (["-c", "load 'a"], 2),
            (["no-such-script.fettle"], 1),
            (["--no-such-option"], 2),
            (["-c", "help", "a.fettle"], 2),
            (["--help"], 0),
        ] as [([String], Int32)]
    )
    func exitStatusSaysHowItEnded(arguments: [String], status: Int32) async throws {
        let folder = try TemporaryFolder()
        let result = try await FettleProgram.run(["--ephemeral"] + arguments, in: folder)
        #expect(result.status == status, "\(result.errors)")
        #expect((result.errors == "") == (status == 0))
    }

    @Test func inputThatEndsInsideAConstructIsWrongUse() async throws {
        let folder = try TemporaryFolder()
        let result = try await FettleProgram.run(
            ["--ephemeral"],
            input: "help\nlet a = \"\"\"\n  open\n",
            in: folder
        )
        #expect(result.status == 2)
        #expect(result.output == "")
        #expect(result.errors.contains("  standard input:2:9\n"), "\(result.errors)")
    }

    @Test func standardInputIsDataForCommandsGivenOtherwise() async throws {
        let folder = try TemporaryFolder()
        let result = try await FettleProgram.run(
            ["--ephemeral", "-c", "load - as few; rows"],
            input: "title,stars\nSolid,4\n",
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output == """
                few: 1 row, 2 columns (CSV, UTF-8, delimiter ',', with header, 20 B)
                title text, stars integer
                #  title  stars
                ─  ─────  ─────
                1  Solid      4

                """
        )
    }
}
