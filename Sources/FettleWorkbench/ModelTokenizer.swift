public import FettleCore
import FettleModelFiles
import FettleStore
import FettleTokenizers

extension ModelLibrary {
    /// Returns the tokenizer of a base model or a tuned one; nil for the built-in model, which has none, and for
    /// a name that no model has.
    ///
    /// - Throws: what is wrong with the model's files.
    public func tokenizer(of name: String) throws(Diagnostic) -> TextTokenizer? {
        guard let store = try workspace.existingStore() else { return nil }
        let base = try store.model(name)?.base ?? name
        guard let added = try store.addedBase(base) else { return nil }
        let files = try LanguageFiles(added)
        var tokenizer = TextTokenizer(name: "'\(name)'", files.tokenizer)
        tokenizer.contextLength = files.configuration.contextLength
        return tokenizer
    }

    /// Returns the tokenizer of a model of the workspace, or of a file.
    ///
    /// - Throws: as ``tokenizer(of:)`` and ``TextTokenizer/init(file:)``, and `bad-value` for the built-in model.
    public func tokenizer(named name: String) throws(Diagnostic) -> TextTokenizer {
        if let tokenizer = try tokenizer(of: name) { return tokenizer }
        guard try base(name) == nil, try workspace.existingStore()?.model(name) == nil else {
            throw Diagnostic(
                "bad-value",
                "'\(name)' is the built-in model or tuned from it, which has no tokens",
                hint: "name a language model, or the tokenizer.json of one"
            )
        }
        return try TextTokenizer(file: name)
    }
}
