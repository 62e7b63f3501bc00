public import FettleCore

/// An opened model: its configuration, its tensors, and what its files say of its tokenizer.
///
///     let model = try ModelFiles.open("SmolLM2-135M-Instruct.Q4_1.gguf")
///     model.configuration.layers  // 30
public struct ModelFiles: Sendable {
    /// Where the tokens are described.
    public enum Tokenizer: Sendable {
        /// In the keys `tokenizer.…` of a GGUF file.
        case gguf(GGUFMetadata)
        /// In `tokenizer.json` and the files beside it.
        case huggingFace(TokenizerFiles)
    }

    /// The path that the model was opened by.
    public let path: String
    /// What the file calls the model, or the folder's name.
    public let name: String?
    /// Sizes and choices, consistent with each other and with the tensors.
    public let configuration: ModelConfiguration
    /// The tensors; all of the configuration's are there.
    public let weights: ModelWeights
    /// Where the tokens are described.
    public let tokenizer: Tokenizer
    /// The template of chats, in Jinja, where the model has one.
    public let chatTemplate: String?

    /// Opens a GGUF file, or a Hugging Face folder of `config.json` and safetensors.
    ///
    /// - Throws: `model-unreadable`, `model-foreign`, `model-corrupt` or `model-unsupported`; the
    ///   message names the file and the field.
    public static func open(_ path: String) throws(Diagnostic) -> ModelFiles {
        let folder = HuggingFaceFolder(path)
        if folder.has(HuggingFaceFolder.configurationName) { return try ModelFiles(folder) }
        guard !folder.has(".") else {
            throw FileFault.unreadable(path, "the folder has no 'config.json'")
        }
        let bytes = try ModelBytes(mapping: path)
        guard bytes.buffer.starts(with: GGUFFile.magic) else {
            throw Diagnostic(
                "model-foreign",
                "'\(path)' is no model file: it does not begin with 'GGUF'",
                hint: "give a GGUF file, or a folder with 'config.json' and 'model.safetensors'"
            )
        }
        return try ModelFiles(GGUFFile(bytes))
    }

    private init(_ file: GGUFFile) throws(Diagnostic) {
        let configuration = try file.configuration()
        let weights = file.weights(configuration)
        try weights.require(configuration)
        path = file.bytes.path
        name = try file.metadata.string("general.name")
        self.configuration = configuration
        self.weights = weights
        tokenizer = .gguf(file.metadata)
        chatTemplate = try file.metadata.string("tokenizer.chat_template")
    }

    private init(_ folder: HuggingFaceFolder) throws(Diagnostic) {
        let configuration = try folder.configuration()
        let weights = try folder.weights(configuration)
        try weights.require(configuration)
        let files = TokenizerFiles(folder: folder.path)
        path = folder.path
        name = folder.path.split(separator: "/").last.map(String.init)
        self.configuration = configuration
        self.weights = weights
        tokenizer = .huggingFace(files)
        chatTemplate = try files.chatTemplate()
    }
}
