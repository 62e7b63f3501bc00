import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench
import Testing

@testable import FettleShell

/// Every command of the catalogue, on data, names and records that hold control characters: none of them
/// reaches the terminal.
struct HostileTextTests {
    /// Colours, a link, the clipboard, C1, bell, backspace, return, bidirectional and zero-width.
    ///
    /// As a path it has a folder that is not there.
    private static let planted =
        "\u{1B}[31m\u{1B}]8;;no/x\u{7}\u{1B}]52;c;aGk=\u{7}\u{9B}2J\u{8}\u{202E}\u{2066}\u{200B}\u{85}\r"

    private static func isSafe(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n"
                || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || [0x200B, 0x202E, 0x2066].contains(scalar.value))
        }
    }

    /// A shell at a terminal whose dataset, variables, snippets and records hold the characters.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var text = "\"te\(planted)xt\",label\n"
        for row in 0..<60 {
            text += "\"\(planted) \(["warm", "cold"][row % 2]) \(row)\",\"\(planted)\(row % 2)\"\n"
        }
        let file = try folder.write(text, to: "many\u{1B}[31m\u{202E}.csv")
        var shell = TestShell(
            Session(),
            environment: ["XDG_CONFIG_HOME": folder.path],
            renderer: { TerminalRenderer(width: $0.width ?? 80, colour: false) }
        )
        let result = await shell.run(
            """
            load '\(file)' as d delimiter=','
            format prompt='{{te\(planted)xt}} ->' completion=' {{label}}'
            split 80/10/10 seed=1
            tune ngram on d.train n_epochs=1 as m --no-check
            let x='\(planted)'
            where label != '\(planted)' | rows
            snippet save s 1..2
            use d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        try plantRecords(shell.services.workspace)
        return shell
    }

    /// Adds what another program may have written: jobs of each state, and a model.
    private static func plantRecords(_ workspace: Workspace) throws {
        let store = try workspace.store()
        let model = try #require(try store.models().first)
        for status in [JobStatus.failed, .interrupted, .cancelled] {
            let id = "ftjob-\(status.rawValue)"
            try store.insert(
                JobRecord(
                    id: id,
                    status: .running,
                    base: "ngram\(planted)",
                    dataset: "d\(planted)",
                    datasetFingerprint: planted,
                    validation: planted,
                    settings: [ChosenSetting(name: planted, value: planted, reason: planted)],
                    createdAt: 0,
                    name: "job\(planted)",
                    suffix: planted,
                    format: model.format,
                    process: "0:\(planted)"
                ),
                messages: [planted]
            )
            try store.addEvent(job: id, level: "warn\(planted)", message: planted, at: 0)
            try store.finishJob(
                id,
                JobEnd(status, error: status == .failed ? planted : nil),
                message: planted,
                at: 0
            )
        }
        var other = model
        (other.name, other.dataset, other.parent) = ("n\(planted)", "d\(planted)", planted)
        other.settings = [ChosenSetting(name: planted, value: planted, reason: planted)]
        try store.insert(
            JobRecord(
                id: "ftjob-succeeded",
                status: .running,
                base: "ngram",
                dataset: "d",
                datasetFingerprint: "",
                validation: nil,
                settings: [],
                createdAt: 0
            )
        )
        _ = try store.finishJob(
            "ftjob-succeeded",
            with: other,
            id: { "ngram:\(planted)\($0)" },
            message: { $0 },
            at: 0
        )
    }

    /// Lines that give a command the characters in each way that its declaration names.
    private static func lines(for command: CommandDeclaration) -> [String] {
        let verb = command.name
        let word = "'\(planted)'"
        var lines = [
            verb, "\(verb) ?", "\(verb) \(word)", "\(verb) d \(word)", "\(verb) m \(word)",
        ]
        for parameter in command.parameters {
            let name = parameter.name
            switch parameter.form {
            case .word, .words: break
            case .clause: lines.append("\(verb) d \(name) \(word)")
            case .setting: lines.append("\(verb) d \(name)=\(word)")
            case .flag: lines += ["\(verb) --\(name)=\(word)", "\(verb) d --\(name)\(planted)"]
            case .mapping: lines.append("\(verb) label \(word)=\(word)")
            case .expression: lines += ["\(verb) \(word) == 1", "\(verb) label == '\(planted)1'"]
            }
            if case .choice(let choices) = parameter.kind {
                lines += choices.flatMap { ["\(verb) \($0)", "\(verb) \($0) \(word)"] }
            }
        }
        return lines
    }

    @Test(arguments: CommandCatalogue.declarations.map(\.name))
    func noWayToGiveACommandTextLetsItThrough(name: String) async throws {
        let folder = try TemporaryFolder()
        let shell = try await Self.shell(folder)
        let command = try #require(CommandCatalogue.declarations.first { $0.name == name })
        for line in Self.lines(for: command) {
            var shell = shell
            let result = await shell.run(line)
            let shown = result.output + result.errors
            #expect(Self.isSafe(shown), "\(line.debugDescription): \(shown.debugDescription)")
        }
    }

    /// Lines that show the characters, for commands that show what is the user's.
    private static let shows = [
        "columns d", "rows d 3", "rows d 3 | as csv",
        "rows d 3 | as md", "row 1 d", "stats d by=label", "select label | rows",
        "where label == '\(planted)1' | rows", "sample 5 | rows", "dedupe | rows",
        "concat d.train d.test | rows", "shuffle seed=2 | rows",
        "derive n = label + '\(planted)' | rows", "relabel label '\(planted)1'=x | rows",
        "load 'many\(planted).csv'", "check d", "models", "model show m",
        "jobs", "job ftjob-failed", "job ftjob-interrupted", "events ftjob-failed",
        "watch ftjob-failed", "watch ftjob-interrupted",
        "wait ftjob-failed", "wait ftjob-interrupted", "resume ftjob-failed",
        "cancel 'job\(planted)'", "curve ftjob-failed", "ask m row=1 on d",
        "evaluate m on d.test", "errors m on d show=all", "errors m on d row=1",
        "rows d.test 2 | suggest 2 with m | rows", "history", "undo",
        "snippet show s", "set pager='\(planted)'", "log '\(planted)'",
        "export d to '\(planted)'", "session save '\(planted)'", "export notebook '\(planted).md'",
        "run '\(planted)'", "secret set '\(planted)'", "help '\(planted)'", "apropos '\(planted)'",
        "help error '\(planted)'", "use '\(planted)'", "drop '\(planted)'", "let y = '\(planted)",
        "param '\(planted)'", "time rows d 1", "tutorial '\(planted)'", "rows d 1 > '\(planted)'",
    ]

    @Test func whatIsShownOfItIsVisible() async throws {
        let folder = try TemporaryFolder()
        let shell = try await Self.shell(folder)
        var silent: [String] = []
        for line in Self.shows {
            var shell = shell
            let result = await shell.run(line)
            let shown = result.output + result.errors
            #expect(Self.isSafe(shown), "\(line.debugDescription): \(shown.debugDescription)")
            if !shown.contains("␛") { silent.append(line) }
        }
        #expect(silent == [])
    }
}
