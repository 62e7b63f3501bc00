import FettleCore
import FettleLanguage
import FettleWorkbench

/// Short names of tuned models.
enum ModelName {
    /// Returns the word's text when it can name a tuned model.
    ///
    /// - Throws: `bad-name` for what cannot name a dataset either, and for a base model's name.
    static func checked(_ word: ArgumentWord) throws(Diagnostic) -> String {
        let name = try DatasetName.checked(word)
        guard BaseModel.named(name) == nil else {
            throw Diagnostic(
                "bad-name",
                "'\(name)' is a base model's name",
                span: word.span,
                hint: "choose another name for the tuned model"
            )
        }
        return name
    }
}
