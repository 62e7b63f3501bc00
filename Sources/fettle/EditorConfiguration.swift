import FettleLanguage
import FettleNotebook
import FettleShell
import LineEditor

extension LineEditor.Configuration {
    /// Makes the configuration of an editor of Fettle's language.
    ///
    /// `names` are those that completion proposes; `onEnter` is called when a line is about to be submitted.
    init(
        names: @escaping @Sendable (CompletionQuery) -> [String] = { _ in [] },
        snippet: @escaping @Sendable (String) -> String? = { _ in nil },
        history: [String] = [],
        olderHistory: @escaping @Sendable () -> [String] = { [] },
        othersHistory: @escaping @Sendable () -> [String] = { [] },
        colour: Bool,
        onEnter: @escaping @Sendable () -> Void = {}
    ) {
        let completer = Completer(
            declarations: CommandCatalogue.declarations,
            snippet: snippet,
            values: names
        )
        self.init(
            history: history,
            olderHistory: olderHistory,
            othersHistory: othersHistory,
            isComplete: { text in
                onEnter()
                if case .incomplete = CommandCatalogue.parser.outcome(of: text) { return false }
                return true
            },
            complete: { text, cursor in
                let before = String(decoding: Array(text.utf8).prefix(cursor), as: UTF8.self)
                let found = completer.candidates(for: before)
                return found.candidates.map { candidate in
                    LineEditor.Completion(
                        replacement: candidate.text,
                        start: found.start,
                        display: Sanitizer.line(candidate.shown),
                        help: candidate.help,
                        suffix: candidate.suffix,
                        group: candidate.group.heading
                    )
                }
            },
            highlight: PromptAppearance.highlighter(),
            continuation: "\u{1B}[2m...>\u{1B}[0m ",
            colour: colour
        )
    }
}
