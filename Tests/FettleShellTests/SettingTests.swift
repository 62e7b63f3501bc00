import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench
import Foundation
import Synchronization
import Testing

@testable import FettleShell

/// `set`, `time`, `log` and the pager.
struct SettingTests {
    @Test func settingsAreListedWithWhereTheyComeFrom() async throws {
        var shell = TestShell()
        var result = await shell.run("set timing on; set width 100; set bell osc9 --save; set")
        #expect(
            result.output == """
                kept for this workspace: bell osc9
                setting  value  from          meaning
                ───────  ─────  ────────────  ──────────────────────────────────────────────────────────────────────
                bell     osc9   workspace     what the terminal is told when a background job ends: off, bell or os…
                colour   auto   default       whether output has colours: auto, on or off
                pager    on     default       whether output longer than the window goes through $PAGER or less: on…
                timing   on     this session  whether it is said after every command how long it took: on or off
                width    100    this session  columns that output is fitted to: auto or a whole number from 20 to 1…

                """
        )
        result = await shell.run("set width default; set width | as plain")
        #expect(
            result.output == """
                width\tauto\tthis session\tcolumns that output is fitted to: auto or a whole number from 20 to 1000

                """
        )
        #expect(shell.session.settings.timing)
    }

    @Test(arguments: [
        ("bell ", ["bell", "off", "osc9", "--save"]), ("colour ", ["auto", "off", "on", "--save"]),
        ("color o", ["off", "on"]), ("pager ", ["off", "on", "--save"]),
        ("timing ", ["off", "on", "--save"]), ("width ", ["--save"]), ("pager on ", ["--save"]),
        ("p", ["pager"]),
    ])
    func valuesAreCompleted(typed: String, names: [String]) {
        let completer = Completer(declarations: CommandCatalogue.declarations) { _ in [] }
        #expect(completer.candidates(for: "set " + typed).candidates.map(\.text) == names)
    }

    @Test func settingsAreUndoneAndRedone() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        var result = await shell.run("set timing on; let a = 1; set timing off; undo; undo; undo")
        #expect(
            result.output == """
                undone: set timing off
                timing is on
                undone: let a = 1
                a is not set
                undone: set timing on
                timing is off

                """
        )
        result = await shell.run("redo; set")
        #expect(result.output.hasPrefix("redone: set timing on\ntiming is on\nsetting "))
        result = await shell.run("set color off --save; undo")
        #expect(
            result.output == """
                kept for this workspace: colour off
                what 'set color off --save' kept stays
                undone: set color off --save
                colour is auto

                """
        )
        // What an undone setting leaves is no command of a script.
        let saved = folder.path + "/saved.fettle"
        await shell.run("let b = 2; undo; session save '\(saved)'")
        #expect(try Files.text(saved) == "set timing on\n")
    }

    @Test func keptSettingsAreThereInTheNextSessionOfTheWorkspace() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path + "/.fettle"
        var first = TestShell(workspace: Workspace(.folder(place), session: "1"))
        var result = await first.run("set --save")
        #expect(result.output == "this session has set nothing to be kept\n")
        #expect(try folder.names == [])
        result = await first.run("set timing on; set width 60; set pager off; undo; set --save")
        #expect(result.output.hasSuffix("kept for this workspace: timing on, width 60\n"))
        #expect(
            try Files.text(place + "/settings.json")
                == "{\n  \"timing\": \"on\",\n  \"width\": \"60\"\n}\n"
        )
        // The commands before came into the workspace with it.
        result = await first.run("history 2")
        #expect(result.output.contains("6    set --save"))
        var second = TestShell(workspace: Workspace(.folder(place), session: "2"))
        second.adoptSavedSettings()
        result = await second.run("set timing | as plain; set width default --save")
        #expect(result.output.hasPrefix("timing\ton\tworkspace\t"))
        #expect(try Files.text(place + "/settings.json") == "{\n  \"timing\": \"on\"\n}\n")
    }

    @Test func keptSettingsThatCannotBeUsedAreSaid() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path + "/.fettle"
        let path = try folder.write(#"{"timing": "on", "width": "5"}"#, to: ".fettle/settings.json")
        var shell = TestShell(workspace: Workspace(.folder(place), session: "1"))
        #expect(
            shell.adoptSavedSettings() == """
                error[bad-settings]: the settings in '\(path)' cannot be used: 'width' is '5', expected auto or a whole number from 20 to 1000
                  hint: mend the file or remove it; 'set NAME VALUE --save' writes it anew

                """
        )
        #expect(shell.session.settings.timing)
        #expect(shell.session.settings.width == nil)
        try folder.write("[1]", to: ".fettle/settings.json")
        let result = await shell.run("set timing off --save")
        #expect(
            result.errors.hasPrefix(
                "error[bad-settings]: the settings in '\(path)' cannot be used: it is no JSON object of texts"
            )
        )
        #expect(try Files.text(path) == "[1]")
        #expect(shell.session.settings.timing)
    }

    @Test func failedCommandLeavesSettingsAsTheyWere() async throws {
        var shell = TestShell()
        let result = await shell.run("set width 5")
        #expect(
            result.errors == """
                error[bad-value]: 'width' is '5', expected auto or a whole number from 20 to 1000
                    1 | set width 5
                      |           ^

                """
        )
        #expect(shell.session.settings == Settings())
    }

    @Test(arguments: [
        (0.0125, 9000, "time: 13 ms, 9,000 rows, 720,000 rows/s"), (0.0004, nil, "time: 0.4 ms"),
        (75, 1, "time: 75,000 ms, 1 row, 0 rows/s"), (0, 3, "time: 0.0 ms, 3 rows"),
        (1e-300, 3, "time: 0.0 ms, 3 rows"), (-1, nil, "time: 0.0 ms"),
    ])
    func timeSaysMillisecondsAndRate(seconds: Double, rows: Int?, text: String) {
        #expect(CommandTime.text(seconds, rows: rows) == text)
    }

    @Test func timeBelongsToTheWholePipe() throws {
        for (line, isTimed) in [
            ("time rows | where a > 3 | rows 2", true), ("time where a > 3", true),
            ("time !true", true), ("rows", false), ("let time = 3", false), ("time", false),
        ] {
            let script = try CommandCatalogue.parser.parse(line)
            guard case .statement(let statement)? = script.items.first else {
                Issue.record("no statement in '\(line)'")
                continue
            }
            #expect(statement.isTimed == isTimed, "\(line)")
            #expect(statement.span.start == 0)
            #expect(statement.span.end == line.utf8.count)
        }
    }

    private final class Streams: Sendable {
        let out = Mutex("")
        let errors = Mutex("")
        let paged = Mutex<[String]>([])
        let moments = Mutex(0.0)
    }

    /// Runs lines with a clock that moves and a pager that takes what has more than three lines.
    private static func run(
        _ lines: [SourceText]
    ) async -> (out: String, errors: String, paged: [String]) {
        let streams = Streams()
        var clock = WorkClock.fixed(at: 0)
        clock.seconds = {
            streams.moments.withLock { moment in
                moment += 0.25
                return moment
            }
        }
        let services = Services(
            workspace: Workspace(.ephemeral, session: "test"),
            clock: clock,
            surroundings: Surroundings(
                environment: [:],
                standardInputIsData: false,
                width: { 80 },
                runShell: { _, _ in 0 }
            ),
            progress: .silent
        )
        var shell = Shell(
            services: services,
            output: Shell.Output(
                write: { text in streams.out.withLock { $0 += text } },
                writeError: { text in streams.errors.withLock { $0 += text } },
                renderer: { PlainRenderer(width: $0.width ?? 80) },
                diagnostics: { _ in DiagnosticRenderer(width: 80, colour: false) },
                page: { text in
                    guard text.count(where: { $0 == "\n" }) > 3 else { return false }
                    streams.paged.withLock { $0.append(text) }
                    return true
                }
            ),
            interrupts: Interrupts()
        )
        for line in lines { _ = await shell.run(line) }
        return (
            streams.out.withLock { $0 }, streams.errors.withLock { $0 },
            streams.paged.withLock { $0 }
        )
    }

    @Test func timeGoesToStandardError() async {
        let result = await Self.run([SourceText(text: "time vars; vars; set timing on; vars")])
        #expect(result.errors == "time: 250 ms\ntime: 250 ms\ntime: 250 ms\n")
        #expect(result.out == String(repeating: "no variable is set: let seed = 7\n", count: 3))
    }

    @Test func longOutputGoesThroughThePagerUnlessItIsOff() async {
        let set = "let a = 1; let b = 2; let c = 3; let d = 4"
        var result = await Self.run([SourceText(text: set), SourceText(text: "vars")])
        #expect(result.paged == ["a  1\nb  2\nc  3\nd  4\n"])
        #expect(result.out == "")
        result = await Self.run([SourceText(text: set + "; set pager off; vars")])
        #expect(result.paged == [])
        #expect(result.out == "a  1\nb  2\nc  3\nd  4\n")
        result = await Self.run([SourceText(file: "a.fettle", text: set + "\nvars")])
        #expect(result.paged == [])
        #expect(result.out == "a  1\nb  2\nc  3\nd  4\n")
    }

    @Test func transcriptHasCommandsAndPlainOutputWithoutSecrets() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.write("before\n", to: "walk.log")
        var shell = TestShell()
        await shell.run(
            "vars\nlog \(log)\nlet api_key = hunter2hunter2\nlet b = \"\"\"\n  x\n  \"\"\""
        )
        await shell.run("vars nonsense")
        await shell.run("log; log off; vars")
        #expect(
            try Files.text(log).replacing("to\n\(log)", with: "to \(log)") == """
                before
                the transcript goes to \(log)
                fettle> let api_key = ‹secret›
                fettle> let b = \"""
                   ...>   x
                   ...>   \"""
                fettle> vars nonsense
                error[unexpected-word]: 'nonsense' is not expected here
                    1 | vars nonsense
                      |      ^^^^^^^^
                  hint: synopsis: vars
                fettle> log
                the transcript goes to \(log)
                fettle> log off

                """
        )
    }

    @Test func transcriptThatCannotBeWrittenIsAnErrorAtOnce() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        let result = await shell.run("log \(folder.path)/none/walk.log")
        #expect(result.status == .failure)
        #expect(result.errors.hasPrefix("error[cannot-write]"), "\(result.errors)")
        #expect(shell.session.log == nil)
    }
}
