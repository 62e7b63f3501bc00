/// A line that ends with a question mark of its own, by which help on its command is asked for.
public struct HelpQuestion: Equatable, Sendable {
    /// The last command's verb, which may be unknown.
    public let verb: String
    /// The line without the question mark.
    public let line: String

    /// Finds the question in a line; nil where there is none.
    ///
    /// Where a command takes words as they are, as `ask` does, a question mark after them is one of them.
    public init?(_ text: String, _ declarations: [CommandDeclaration]) {
        let end = text.utf8.reversed().drop { $0.isBlank || $0 == UInt8(ascii: "\n") }.count
        let question = String(decoding: text.utf8.prefix(end), as: UTF8.self)
        let typed = TypedPipeline(question)
        guard !typed.isForeign, let last = typed.current, last.start == end - 1,
            last.text == "?", !last.isRedirect, let stage = typed.stages.last,
            let verb = stage.first
        else { return nil }
        let takesText = declarations.contains { declaration in
            declaration.name == verb.text
                && declaration.parameters.contains { $0.kind == .text && $0.takesAllWords }
        }
        guard stage.count == 1 || (!takesText && stage.last?.text != "=") else { return nil }
        self.verb = verb.text
        line = String(question.dropLast())
    }
}

extension Parameter {
    fileprivate var takesAllWords: Bool {
        if case .words = form { true } else { false }
    }
}
