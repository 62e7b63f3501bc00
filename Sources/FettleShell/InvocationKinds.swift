import FettleLanguage

extension Invocation {
    /// Whether it is a `set` that keeps a value for the workspace.
    var keepsSetting: Bool {
        verb == SetCommand.declaration.name
            && arguments.contains { if case .flag("save", _, _) = $0 { true } else { false } }
    }

    /// Whether it is `VERB --help` or `VERB ?`.
    var asksForHelp: Bool {
        if let expression, arguments.isEmpty { return expression.literal == "?" }
        if case .word(let word) = arguments.first, arguments.count == 1, !word.isQuoted {
            return word.literal == "?"
        }
        return arguments.contains { argument in
            if case .flag("help", _, nil) = argument { true } else { false }
        }
    }
}
