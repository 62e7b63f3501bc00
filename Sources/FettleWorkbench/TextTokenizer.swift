public import FettleCore
import FettleTokenizers
import Foundation

/// Cuts text into the tokens that a model reads and writes.
public struct TextTokenizer: Sendable {
    /// A token and what it stands for.
    public struct Part: Hashable, Sendable {
        /// Its number in the vocabulary.
        public var id: Int32
        /// The bytes of the text that it stands for; they may be a part of a character.
        public var bytes: [UInt8]

        /// Makes a token.
        public init(id: Int32, bytes: [UInt8]) {
            self.id = id
            self.bytes = bytes
        }
    }

    /// What it is the tokenizer of, such as a file or a model.
    public var name: String
    /// How many tokens its vocabulary has.
    public var count: Int
    /// Most tokens of a text, where the model says so.
    public var contextLength: Int?
    /// Returns the tokens of a text, in which special tokens are text like any other.
    public var parts: @Sendable (String) -> [Part]

    /// Makes a tokenizer of a function.
    public init(name: String, count: Int, parts: @escaping @Sendable (String) -> [Part]) {
        self.name = name
        self.count = count
        self.parts = parts
    }

    /// Makes the tokenizer of a model whose tokenizer is at hand.
    init(name: String, _ tokenizer: Tokenizer) {
        self.init(name: name, count: tokenizer.count) { text in
            tokenizer.encode(text).map { Part(id: $0, bytes: tokenizer.bytes(of: $0)) }
        }
    }

    /// Reads a `tokenizer.json`.
    ///
    /// - Throws: `cannot-read`, an error of JSON with its place, or an error of ``Tokenizer``.
    public init(file path: String) throws(Diagnostic) {
        let limit = JSONLimits().bytes
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes else { throw Diagnostic("no-such-file", "no file '\(path)'") }
        let isLink = attributes[.type] as? FileAttributeType == .typeSymbolicLink
        let resolved = isLink ? URL(filePath: path).resolvingSymlinksInPath().path : path
        let real = try? FileManager.default.attributesOfItem(atPath: resolved)
        guard real?[.type] as? FileAttributeType == .typeRegular,
            let size = real?[.size] as? Int, size <= limit,
            let data = FileManager.default.contents(atPath: resolved)
        else {
            throw Diagnostic(
                "cannot-read",
                "cannot read '\(path)': expected a file of at most \(limit >> 20) MiB"
            )
        }
        let json = try data.withUnsafeBytes { bytes in
            Result { () throws(Diagnostic) in try JSONValue.parse(bytes, file: path) }
        }.get()
        self.init(name: path, try Tokenizer(json: json, file: path))
    }
}
