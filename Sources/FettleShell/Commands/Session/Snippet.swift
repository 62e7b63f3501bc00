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

    /// The commands to keep: numbers of the history are among them, the marks are not.
    struct Range: Sendable {
        var first: End
        var last: End
    }

    /// Where a range ends.
    enum End: Sendable {
        case number(Int64)
        case mark(String)
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
        help: "for save: numbers of 'history' such as 12 or 12..15, or marks such as start..end"
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
    let range: Range?
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

    private static func range(_ word: ArgumentWord) throws(Diagnostic) -> Range {
        let text = word.text
        let parts = text.firstRange(of: "..").map {
            [text[..<$0.lowerBound], text[$0.upperBound...]]
        }
        let ends = (parts ?? [text[...], text[...]]).map {
            Int64($0).map(End.number) ?? .mark(String($0))
        }
        if case .number(let first) = ends[0], case .number(let last) = ends[1],
            first >= 1, first <= last, last - first < 1000
        {
            return Range(first: ends[0], last: ends[1])
        }
        let areNamed = ends.allSatisfy { end in
            guard case .mark(let name) = end else { return true }
            return name.utf8.allSatisfy(SnippetShelf.isNameByte) && !name.isEmpty
        }
        let hasMark = ends.contains { if case .mark = $0 { true } else { false } }
        guard parts != nil, areNamed, hasMark else {
            throw expected(
                "numbers of 'history' such as 12 or 12..15, or marks such as start..end",
                word,
                for: "commands"
            )
        }
        return Range(first: ends[0], last: ends[1])
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

    /// The commands of the history that were asked for.
    private func commands(_ workspace: Workspace) throws(Diagnostic) -> [String] {
        guard let range else { return [] }
        let all = try workspace.store().cells(limit: .max)
        let marks = all.compactMap { cell in
            Mark.name(in: cell.source).map { (name: $0, id: cell.id) }
        }
        func number(_ end: End, besideMark offset: Int64) throws(Diagnostic) -> Int64 {
            switch end {
            case .number(let number): return number
            case .mark(let name):
                guard let mark = marks.last(where: { $0.name == name }) else {
                    throw Mark.unknown(name, at: span, among: marks.map(\.name))
                }
                return mark.id + offset
            }
        }
        let first = try number(range.first, besideMark: 1)
        let last = try number(range.last, besideMark: -1)
        let cells = all.filter { first <= $0.id && $0.id <= last }
        let lines = cells.filter { $0.outcome != .running }.map(\.source)
        guard !lines.isEmpty else {
            throw Diagnostic(
                "no-such-command",
                "the history has no command \(first)" + (first == last ? "" : " to \(last)"),
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
