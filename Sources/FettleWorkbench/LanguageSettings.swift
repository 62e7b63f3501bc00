import FettleCore

extension ModelLibrary {
    /// Checks what a request sets of what only language models take.
    ///
    /// - Throws: `bad-hyperparameter`, with the models that take it where this one takes none.
    func check(_ request: JobRunner.Request, of name: String) throws(Diagnostic) {
        let settings = request.hyperparameters.language
        guard let first = settings.settings.first, let base = try base(name) else { return }
        if let check = base.checkLanguage {
            return try check(settings, request.validation != nil)
        }
        let takers = try bases().filter { $0.checkLanguage != nil }.map(\.name)
        throw Diagnostic(
            "bad-hyperparameter",
            "\(first.name) is a setting of language models, and '\(name)' is none",
            hint: takers.isEmpty
                ? "add a language model with 'model add FILE as NAME', and tune that"
                : "leave it out, or tune a language model: \(takers.joined(separator: ", "))"
        )
    }

    /// Checks that the classes of the training examples can be weighted as a request asks.
    ///
    /// - Throws: `bad-hyperparameter` for a model that is trained elsewhere, and for balanced weights of completions
    ///   that are no closed set; `unknown-value` for a label that no example has.
    func checkClassWeights(
        _ weights: ClassWeights?,
        of name: String,
        among examples: [Example]
    ) throws {
        guard let weights else { return }
        func refused(_ message: String, _ hint: String) -> Diagnostic {
            var diagnostic = Diagnostic("bad-hyperparameter", message, hint: hint)
            diagnostic.parameter = "class_weights"
            return diagnostic
        }
        if let provider = try base(name)?.elsewhere?.provider {
            throw refused(
                "class_weights is a setting of models of this machine, and '\(provider)' weighs all examples alike",
                "leave it out, or show rare classes more often: balance over by=COLUMN"
            )
        }
        let set = try CompletionSet(examples.lazy.map(\.completion), of: name)
        guard set.isClosed else {
            throw refused(
                "class_weights needs completions of a closed set, and \(NumberText.count(set.names.count)) of "
                    + "\(NumberText.count(set.total, "completion")) are different",
                "leave it out: texts that are written freely are no classes"
            )
        }
        _ = try weights.values(of: CompletionSet.counts(examples))
    }
}
