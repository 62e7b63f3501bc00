import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct SetCommand: Command {
    static let words = Option<ArgumentWord>.words(
        "name value",
        required: false,
        kind: .choice(Settings.Name.allCases.map(\.rawValue)),
        afterFirst: Dictionary(
            uniqueKeysWithValues: Settings.Name.allCases.map { ($0.rawValue, $0.words) }
                + [("color", Settings.Name.colour.words)]
        ),
        help: "the setting, and its value; 'default' for the one it has by itself"
    )
    static let saves = Option<Bool>.flag(
        "save",
        help: "keep the value for this workspace; without a name, all that this session set"
    )

    static let declaration = CommandDeclaration(
        "set",
        group: .session,
        summary: "change a setting, keep it for the workspace, or list the settings",
        details: """
            timing says after every command how long it took, pager sends output longer than the window through
            $PAGER or less (at the prompt only; FETTLE_PAGER=off turns it off for good), width fits output to
            so many columns, colour is auto, on or off, and bell tells a terminal when a background job ends:
            bell rings, osc9 shows a notification of the desktop where the terminal can. A value holds for this
            session; with --save for later ones in this workspace too. Variables are set with 'let'.
            """,
        parameters: [words.parameter, saves.parameter],
        effect: .state,
        examples: [
            .init("set", "the settings, their values and where those come from"),
            .init("set timing on", "say how long each command takes"),
            .init("set width 120 --save; set width default --save", "keep a value and forget it"),
        ]
    )

    let name: Settings.Name?
    let value: ArgumentWord?
    let saves: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        let words = try arguments.values(Self.words)
        saves = arguments.has(Self.saves)
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
        if let name, let value { try session.settings.set(name, to: value, by: .session) }
        if saves { return try save(in: &session, context.services) }
        guard value == nil else { return CommandOutput() }
        let table = TextTable(
            columns: [.init("setting"), .init("value"), .init("from"), .init("meaning")],
            rows: (name.map { [$0] } ?? Settings.Name.allCases).map { name in
                let source = session.settings.sources[name]?.rawValue ?? "default"
                let texts = [name.rawValue, session.settings.text(of: name), source, name.meaning]
                return texts.map { .text($0) }
            }
        )
        return CommandOutput(blocks: [.table(table)])
    }

    private func save(
        in session: inout Session,
        _ services: Services
    ) throws(Diagnostic) -> CommandOutput {
        let sources = session.settings.sources
        let names =
            name.map { [$0] } ?? Settings.Name.allCases.filter { sources[$0] == .session }
        guard !names.isEmpty else {
            return CommandOutput(blocks: [.note("this session has set nothing to be kept")])
        }
        let usual = Settings()
        for name in names {
            let isUsual = session.settings.text(of: name) == usual.text(of: name)
            session.settings.sources[name] = isUsual ? nil : .workspace
        }
        if let skips = services.surroundings.onSkippedEffect {
            skips()
            return CommandOutput()
        }
        // The commands so far come into the workspace with its first file.
        _ = try services.workspace.store()
        try SavedSettings(services.workspace).keep(names, of: session.settings)
        let values = names.map { "\($0.rawValue) \(session.settings.text(of: $0))" }
        return CommandOutput(blocks: [
            .note("kept for this workspace: \(values.joined(separator: ", "))")
        ])
    }
}

extension Settings.Name {
    /// What `set` says of it.
    fileprivate var meaning: String { "\(help): \(choices)" }
}
