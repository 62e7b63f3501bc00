public import FettleCore

/// A Modelfile, from which `ollama create` makes a model.
///
/// A model that is tuned on prompts and completions gets its prompts as they are; one that is tuned on
/// chats has its template in the GGUF file.
public struct OllamaModelfile: Sendable {
    /// The path of the GGUF file, relative to the Modelfile's folder.
    public var model: String
    /// Whether prompts reach the model without a template.
    public var isRaw: Bool
    /// The sampling temperature, where it is not Ollama's own.
    public var temperature: Double?
    /// The most tokens of an answer, where it is not Ollama's own.
    public var maximumTokens: Int?
    /// The tokens of a context, where they are not Ollama's own.
    public var contextLength: Int?
    /// The texts that end an answer.
    public var stops: [String]

    /// Takes the parts as they are.
    public init(
        model: String,
        isRaw: Bool,
        temperature: Double? = nil,
        maximumTokens: Int? = nil,
        contextLength: Int? = nil,
        stops: [String] = []
    ) {
        self.model = model
        self.isRaw = isRaw
        self.temperature = temperature
        self.maximumTokens = maximumTokens
        self.contextLength = contextLength
        self.stops = stops
    }

    /// Returns the text.
    ///
    /// - Throws: `model-unsupported` when a text cannot be said in a Modelfile.
    public func text() throws(Diagnostic) -> String {
        var lines = ["FROM \(try Self.quoted(model))"]
        if isRaw { lines.append("TEMPLATE {{ .Prompt }}") }
        if let temperature {
            lines.append("PARAMETER temperature \(JSONValue.text(of: temperature))")
        }
        if let maximumTokens { lines.append("PARAMETER num_predict \(maximumTokens)") }
        if let contextLength { lines.append("PARAMETER num_ctx \(contextLength)") }
        for stop in stops { lines.append("PARAMETER stop \(try Self.quoted(stop))") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes the file, all of it or nothing.
    ///
    /// - Throws: `model-unsupported` when a text cannot be said in a Modelfile, or `model-unwritable`.
    public func write(to path: String) throws(Diagnostic) {
        let text = try text()
        let file = try NewFile(path)
        try file.write(Array(text.utf8))
        try file.finish()
    }

    /// A quoted text ends at the next quotes of its kind; there is no way to escape them.
    private static func quoted(_ text: String) throws(Diagnostic) -> String {
        if !text.contains("\"") && !text.contains("\n") { return "\"\(text)\"" }
        guard !text.contains("\"\"\"") && !text.hasSuffix("\"") && !text.hasPrefix("\"") else {
            throw Diagnostic(
                "model-unsupported",
                "a Modelfile cannot say '\(text)': it has quotes at an end, or three in a row"
            )
        }
        return "\"\"\"\(text)\"\"\""
    }
}
