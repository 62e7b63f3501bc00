import FettleCore

/// What is written of a model, and where.
public struct ModelExport: Sendable {
    /// The forms of a model.
    public enum Form: String, Sendable, CaseIterable {
        /// What tuning learnt, in the form of `peft`: a folder.
        case adapter
        /// The whole model for transformers: a folder of configuration, safetensors, tokenizer and template.
        case folder
        /// The whole model for llama.cpp: one GGUF file.
        case gguf
        /// A GGUF file and the Modelfile beside it from which `ollama create` makes a model.
        case modelfile
        /// The built-in model's own file.
        case model
    }

    /// How the numbers of a whole model are stored.
    public enum Numbers: String, Sendable, CaseIterable {
        /// Half precision.
        case f16
        /// Blocks of 32 numbers of 8 bits and a scale.
        case q8_0
        /// Single precision.
        case f32
    }

    /// The file or folder.
    public var path: String
    /// The form; nil for what the path says.
    public var form: Form?
    /// How numbers are stored; nil for half precision.
    public var numbers: Numbers?
    /// Whether an earlier export at the path is replaced.
    public var replaces: Bool
    /// Whether what was written is asked before it takes its name.
    public var isChecked: Bool

    /// Takes the parts as they are.
    public init(
        path: String,
        form: Form? = nil,
        numbers: Numbers? = nil,
        replaces: Bool = false,
        isChecked: Bool = true
    ) {
        self.path = path
        self.form = form
        self.numbers = numbers
        self.replaces = replaces
        self.isChecked = isChecked
    }

    /// What came of it.
    public struct Result: Sendable {
        /// The files and folders, each with what it is.
        public var written: [(path: String, what: String)]
        /// How the answers of what was written compare; nil where it was not asked.
        public var agreement: ExportAgreement?
    }
}

/// A part of an export that is under way: what a kind of model is asked to write.
struct ExportOrder {
    /// Takes what is done, of how much, in which unit.
    typealias Progress = (_ done: Int, _ total: Int, _ unit: String) -> Void

    let form: ModelExport.Form
    let numbers: ModelExport.Numbers
    /// Where it is written; it gets its name when it was asked.
    let path: String
    /// What model and file are asked; empty for nothing.
    let prompts: [String]
    let progress: Progress
}

/// How models of a kind are written for other programs.
struct ModelExporter: Sendable {
    /// The forms there are, the first one for a path that says none.
    var forms: [ModelExport.Form]
    /// Writes and asks; returns the answers of the model and of what was written.
    var export: @Sendable (ExportOrder) throws -> (expected: ExportAnswers, found: ExportAnswers)
    /// Returns the text of a Modelfile beside a GGUF file of this name.
    var modelfile: @Sendable (_ file: String) throws(Diagnostic) -> String
}
