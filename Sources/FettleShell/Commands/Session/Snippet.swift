import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation

struct Snippet: Command {
    /// What can be done with snippets.
    enum Action: String, CaseIterable, ArgumentValue {
        case save, list, show, delete
    }

    static let action = Option<Action>.word("action", help: "what to do")
    static let name = Option<ArgumentWord>.word(
        "name",
        required: false,
        kind: .snippet,
        help: "the snippet's name: letters of ASCII, digits and '_'"
    )
    static let cells = Option<ArgumentWord>.word(
        "commands",
        required: false,
        kind: .text,
        help: "for save: numbers of 'history', such as 12 or 12..15"
    )

    static let declaration = CommandDeclaration(
        "snippet",
        group: .session,
        summary: "keep commands of the history under a name, which @NAME runs again",
        details: """
            '@NAME' alone on a line runs the snippet's commands one after the other; the first error ends it.
            Snippets are scripts in the workspace's folder 'snippets', so 'run' takes them too.
            """,
        parameters: [action.parameter, name.parameter, cells.parameter],
        effect: .files,
        examples: [
            .init("snippet list", "the snippets of this workspace"),
            .init(
                "snippet save english 1..2; snippet show english; snippet delete english",
                "keep two commands, look and forget them"
            ),
        ]
    )

    let action: Action
    let name: ArgumentWord?
    let range: ClosedRange<Int64>?
    private let span: SourceSpan?

    init(_ arguments: Arguments) throws(Diagnostic) {
        action = try arguments.required(Self.action)
        name = try arguments.value(Self.name)
        let cells = try arguments.value(Self.cells)
        span = cells?.span
        range = try cells.map { word throws(Diagnostic) in try Self.range(word) }
        if let extra = action == .list ? name : action == .save ? nil : cells {
            throw Diagnostic(
                "unexpected-word",
                "'\(extra.text)' is not expected here",
                span: extra.span,
                hint:
                    "snippet save NAME 12..15, snippet list, snippet show NAME, snippet delete NAME"
            )
        }
        guard action != .list else { return }
        guard let name, action != .save || range != nil else {
            throw Diagnostic(
                "missing-argument",
                "'snippet \(action.rawValue)' needs \(name == nil ? "a name" : "the commands' numbers")",
                span: arguments.span,
                hint: action == .save
                    ? "snippet save NAME 12..15; 'history' has the numbers"
                    : "'snippet list' has the names"
            )
        }
        try VariableName.check(name, of: "snippet")
    }

    private static func range(_ word: ArgumentWord) throws(Diagnostic) -> ClosedRange<Int64> {
        let text = word.text
        let parts = text.firstRange(of: "..").map {
            [text[..<$0.lowerBound], text[$0.upperBound...]]
        }
        let ends = (parts ?? [text[...], text[...]]).compactMap { Int64($0) }
        guard ends.count == 2, ends[0] >= 1, ends[0] <= ends[1], ends[1] - ends[0] < 1000 else {
            throw expected("numbers of 'history' such as 12 or 12..15", word, for: "commands")
        }
        return ends[0]...ends[1]
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let shelf = SnippetShelf(context.services.workspace)
        guard let name else {
            let names = shelf.names()
            return CommandOutput(blocks: [
                names.isEmpty
                    ? .note("no snippet is kept: snippet save NAME 12..15")
                    : .text(names.joined(separator: "\n"))
            ])
        }
        switch action {
        case .save:
            let lines = try commands(context.services.workspace)
            try shelf.save(lines.map { $0 + "\n" }.joined(), as: name.text)
            let count = NumberText.count(lines.count, "command")
            return CommandOutput(blocks: [.note("\(count) kept: @\(name.text) runs them")])
        case .delete:
            try shelf.delete(name)
            return CommandOutput(blocks: [.note("snippet '\(name.text)' is forgotten")])
        case .show, .list:
            return CommandOutput(blocks: [.text(try shelf.text(name))])
        }
    }

    /// The commands of the history with the numbers asked for.
    private func commands(_ workspace: Workspace) throws(Diagnostic) -> [String] {
        guard let range else { return [] }
        let cells = try workspace.store().cells(limit: .max).filter { range.contains($0.id) }
        let lines = cells.filter { $0.outcome != .running }.map(\.source)
        guard !lines.isEmpty else {
            throw Diagnostic(
                "no-such-command",
                "the history has no command \(range.lowerBound)"
                    + (range.count == 1 ? "" : " to \(range.upperBound)"),
                span: span,
                hint: "'history' lists the commands with their numbers"
            )
        }
        guard !lines.contains(where: { $0.contains(Redaction.mark) }) else {
            throw Diagnostic(
                "misplaced-secret",
                "one of these commands had a secret in it, which is not recorded",
                span: span,
                hint: "use ${secret:NAME} in the command, run it once more, and save that"
            )
        }
        return lines
    }
}
