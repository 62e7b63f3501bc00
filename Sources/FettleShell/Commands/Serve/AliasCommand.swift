import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct AliasCommand: Command {
    static let name = Option<ArgumentWord>.word(
        "name",
        required: false,
        kind: .text,
        help: "the name that programs ask for"
    )
    static let model = Option<ArgumentWord>.word(
        "model",
        required: false,
        kind: .model,
        help: "what it stands for from now on: a model, a base model, or another alias's model"
    )
    static let back = Option<Bool>.flag("back", help: "make it stand for what it did before")
    static let history = Option<Bool>.flag(
        "history",
        help: "show what it stood for, and since when"
    )

    static let declaration = CommandDeclaration(
        "alias",
        group: .serve,
        summary: "let a name stand for a model in what 'serve' serves, and change that at once",
        details: """
            The names of OpenAI's base models stand for 'ngram' from the start. A program keeps asking for
            'prod' while 'alias prod MODEL' gives it another model between two requests.
            """,
        parameters: [name.parameter, model.parameter, back.parameter, history.parameter],
        effect: .files,
        examples: [
            .init("alias", "all names and what they stand for"),
            .init("alias prod stars", "the name 'prod' stands for the model 'stars'"),
            .init(
                "alias prod stars; alias prod again; alias prod --back",
                "another model, and back to the one before"
            ),
            .init("alias prod stars; alias prod --history", "since when it stands for what"),
        ]
    )

    private enum Action {
        case list
        case show(ArgumentWord), back(ArgumentWord), history(ArgumentWord)
        case set(ArgumentWord, to: ArgumentWord)
    }

    private let action: Action

    init(_ arguments: Arguments) throws(Diagnostic) {
        let name = try arguments.value(Self.name)
        let model = try arguments.value(Self.model)
        let isBack = arguments.has(Self.back)
        let isHistory = arguments.has(Self.history)
        switch (name, model, isBack, isHistory) {
        case (nil, _, false, false): action = .list
        case (let name?, nil, false, false): action = .show(name)
        case (let name?, let model?, false, false): action = .set(name, to: model)
        case (let name?, nil, true, false): action = .back(name)
        case (let name?, nil, false, true): action = .history(name)
        case (nil, _, _, _):
            throw Diagnostic(
                "missing-argument",
                "'alias' needs the name that --back or --history is about",
                span: arguments.span,
                hint: "alias prod --back"
            )
        default:
            throw Diagnostic(
                "unexpected-word",
                "'alias' takes one of MODEL, --back and --history",
                span: arguments.span,
                hint: "alias prod MODEL, alias prod --back, or alias prod --history"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let library = AliasLibrary(context.services.workspace, clock: context.services.clock)
        switch action {
        case .list: return Self.table(try library.all())
        case .show(let name):
            _ = try placed(name) { () throws(Diagnostic) in try library.history(name.text) }
            return Self.table(try library.all().filter { $0.name == name.text })
        case .set(let name, let model):
            let alias = try placed(name, model) { () throws(Diagnostic) in
                try library.set(name.text, to: model.text)
            }
            return CommandOutput(blocks: [.text("\(alias.name): \(alias.target)")])
        case .back(let name):
            let alias = try placed(name) { () throws(Diagnostic) in try library.back(name.text) }
            let text =
                alias.map { "\($0.name): \($0.target)" } ?? "'\(name.text)' stands for nothing now"
            return CommandOutput(blocks: [.text(text)])
        case .history(let name):
            let changes = try placed(name) { () throws(Diagnostic) in
                try library.history(name.text)
            }
            return Self.table(changes)
        }
    }

    /// Runs `work`, its errors pointing at the word that they are about.
    private func placed<Value>(
        _ name: ArgumentWord,
        _ model: ArgumentWord? = nil,
        _ work: () throws(Diagnostic) -> Value
    ) throws(Diagnostic) -> Value {
        do {
            return try work()
        } catch {
            let isModel = ["unknown-model", "base-model"].contains(error.code)
            throw error.located(at: isModel ? model?.span : name.span)
        }
    }

    private static func table(_ aliases: [AliasLibrary.Alias]) -> CommandOutput {
        CommandOutput(
            blocks: [.fields(aliases.map { .init($0.name, $0.target) })],
            value: .object(aliases.map { .init($0.name, .string($0.target)) })
        )
    }

    private static func table(_ changes: [AliasRecord]) -> CommandOutput {
        guard !changes.isEmpty else {
            return CommandOutput(blocks: [.note("it stands for what it did from the start")])
        }
        return CommandOutput(blocks: [
            .table(
                TextTable(
                    columns: [.init("change", .right), .init("set (UTC)"), .init("model")],
                    rows: changes.map { change in
                        [
                            .text(String(change.number)),
                            .text(WorkClock.stamp(of: change.setAt)),
                            .text(change.isBack ? "back" : change.target ?? "–"),
                        ]
                    }
                )
            )
        ])
    }
}
