import FettleCore

/// Labels that are several tokens of the model, so that its first token alone does not give them.
struct LabelTokens: DatasetCheck {
    static let code = "label-tokens"
    static let summary = "each label is one token of the model, where that is known"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard let tokens = examples.input.limits.tokens, let cut = tokens.texts else { return [] }
        // The commonest label first: it is the example that is shown.
        let labels = examples.classes.reversed().map { one in
            let text = examples.completion.text(ofGroup: one.group)
            return (text: text, tokens: cut(text))
        }
        let long = labels.filter { $0.tokens.count > 1 }
        guard let shown = long.first, let first = shown.tokens.first else { return [] }
        let tells = Set(labels.map { $0.tokens.first ?? "" }).count == labels.count
        let most = labels.map(\.tokens.count).max() ?? 1
        let parts = shown.tokens.map(Self.quoted).joined(separator: " ")
        return [
            Finding(
                Self.code,
                tells ? .note : .warning,
                "\(NumberText.count(long.count)) of \(NumberText.count(labels.count, "label"))"
                    + " \(long.count == 1 ? "is" : "are") several tokens in \(tokens.name):"
                    + " \(Self.quoted(shown.text)) is \(parts), and max_tokens=1 gives only"
                    + " \(Self.quoted(first)), which \(tells ? "begins no other label" : "does not tell it from others");"
                    + " ask for max_tokens=\(most)",
                count: long.count,
                fix: try fix(examples)
            )
        ]
    }

    /// The format without the blank before completions, where each label is one token then.
    private func fix(_ examples: ExampleFacts) throws -> CheckFix? {
        guard case .completion(_, let template) = examples.input.format,
            template.source.hasPrefix(" "), Self.areWholeWithoutBlank(examples)
        else { return nil }
        let format = examples.input.format
        let bare = try format.replacing(completion: String(template.source.dropFirst()))
        return CheckFix([.format(bare)], of: format, isAutomatic: false)
    }

    /// Whether each label is one token without a blank before it, and some is not with one.
    static func areWholeWithoutBlank(_ examples: ExampleFacts) -> Bool {
        guard let cut = examples.input.limits.tokens?.texts, !examples.classes.isEmpty else {
            return false
        }
        return examples.classes.allSatisfy { cut($0.label).count == 1 }
            && examples.classes.contains { cut(" " + $0.label).count > 1 }
    }

    /// The text in quotes, so that a leading blank is seen.
    private static func quoted(_ text: String) -> String {
        var out = ""
        JSONValue.quote(text, into: &out)
        return out
    }
}
