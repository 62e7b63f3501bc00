public import FettleCore

/// The files of a Hugging Face folder that describe tokens, read when they are asked for.
public struct TokenizerFiles: Sendable {
    /// The path of the folder.
    public let folder: String

    /// Returns `tokenizer.json`.
    ///
    /// - Throws: `model-unreadable` when the folder has none or it cannot be read.
    public func tokenizer() throws(Diagnostic) -> [UInt8] {
        try bytes("tokenizer.json")
    }

    /// Returns `tokenizer_config.json`, or nil when the folder has none.
    ///
    /// - Throws: `model-unreadable` when it cannot be read.
    public func configuration() throws(Diagnostic) -> [UInt8]? {
        let name = "tokenizer_config.json"
        return HuggingFaceFolder(folder).has(name) ? try bytes(name) : nil
    }

    /// Returns the chat template: `chat_template.jinja`, else the one in `tokenizer_config.json`, of
    /// several the default one; nil when there is none.
    func chatTemplate() throws(Diagnostic) -> String? {
        let folder = HuggingFaceFolder(folder)
        if folder.has("chat_template.jinja") {
            let bytes = try bytes("chat_template.jinja")
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw FileFault.corrupt("\(self.folder)/chat_template.jinja", "it is not UTF-8")
            }
            return text
        }
        guard let fields = try folder.fields("tokenizer_config.json") else { return nil }
        guard case .array(let templates)? = fields["chat_template"] else {
            return try fields.string("chat_template")
        }
        let main = templates.first { $0["name"] == .string("default") } ?? templates.first
        guard case .string(let text)? = main?["template"] else { return nil }
        return text
    }

    private func bytes(_ name: String) throws(Diagnostic) -> [UInt8] {
        let file = try ModelBytes(mapping: "\(folder)/\(name)")
        guard file.buffer.count <= 64 << 20 else {
            throw FileFault.unsupported(file.path, "it has \(file.buffer.count) bytes, limit 64 MB")
        }
        let bytes = Array(file.buffer)
        try file.requireUnchanged()
        return bytes
    }
}
