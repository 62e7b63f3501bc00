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
}
