import FettleCore
import FettleLanguage
import FettleNotebook

struct SetCommand: Command {
    static let words = Option<ArgumentWord>.words(
        "name value",
        required: false,
        kind: .choice(Settings.Name.allCases.map(\.rawValue)),
        help: "the setting, and its value: on or off, for width auto or a number of columns"
    )

    static let declaration = CommandDeclaration(
        "set",
        group: .session,
        summary: "change a setting of this session, or list the settings",
        details: """
            timing says after every command how long it took, pager sends output longer than the window through
            $PAGER or less (at the prompt only; FETTLE_PAGER=off turns it off for good), width fits output to
            so many columns. Variables are set with 'let'.
            """,
        parameters: [words.parameter],
        effect: .state,
        examples: [
            .init("set", "the settings with their values"),
            .init("set timing on", "say how long each command takes"),
            .init("set width 120", "fit tables to 120 columns"),
        ]
    )

    let name: Settings.Name?
    let value: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        let words = try arguments.values(Self.words)
        name = try words.first.map { word throws(Diagnostic) in
            try Settings.Name(reading: word, for: "set")
        }
        value = words.count > 1 ? words[1] : nil
        guard words.count < 3 else {
            throw Diagnostic(
                "unexpected-word",
                "'\(words[2].text)' is not expected after the value",
                span: words[2].span,
                hint: "set timing on"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        if let name, let value {
            try session.settings.set(name, to: value)
            return CommandOutput()
        }
        let names = name.map { [$0] } ?? Settings.Name.allCases
        let table = TextTable(
            columns: [.init("setting"), .init("value"), .init("meaning")],
            rows: names.map {
                [.text($0.rawValue), .text(session.settings.text(of: $0)), .text($0.help)]
            }
        )
        return CommandOutput(blocks: [.table(table)])
    }
}
