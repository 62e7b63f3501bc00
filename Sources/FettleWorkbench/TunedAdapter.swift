import FettleCore
import FettleModelFiles
import FettleTokenizers
import FettleTransformer
import Foundation

/// What tuning a language model gives, and how it is kept: the numbers of an adapter or weights in place of the
/// base model's, the completions, and how text becomes tokens.
struct TunedAdapter: Sendable {
    /// What was tuned; nil for a base model as it is.
    let part: TunedPart?
    /// Tells the weights that replace those of the base model; nil where none do.
    let replacement: String?
    private let tensors: ModelWeights
    private let weightCount: Int
    /// Tells the base model that it changes.
    private let base: String
    /// The completions it chooses among; empty when it writes freely.
    let labels: [String]
    let text: TokenText

    /// A base model as it is.
    init(labels: [String], of files: LanguageFiles, chat: ChatText? = nil) {
        part = nil
        replacement = nil
        tensors = ModelWeights([])
        weightCount = files.model.weights.parameterCount
        base = files.fingerprint
        self.labels = labels
        let context = files.configuration.contextLength
        let longest = labels.map { files.tokenizer.encode($0).count }.max() ?? 64
        text = TokenText(
            files,
            promptTokens: max(1, context - longest - 1),
            labels: labels,
            chat: chat
        )
    }

    /// What a run came to.
    init(_ adapter: LowRankAdapter, of files: LanguageFiles, labels: [String], _ text: TokenText) {
        part = .adapter(adapter.shape)
        replacement = nil
        tensors = ModelWeights(adapter.tensors())
        weightCount = adapter.parameterCount
        base = files.fingerprint
        self.labels = labels
        self.text = text
    }

    /// What a run elsewhere came to: an adapter of this shape.
    init(
        _ shape: AdapterShape,
        _ tensors: ModelWeights,
        of files: LanguageFiles,
        labels: [String],
        _ text: TokenText
    ) {
        part = .adapter(shape)
        replacement = nil
        self.tensors = tensors
        weightCount = tensors.parameterCount
        base = files.fingerprint
        self.labels = labels
        self.text = text
    }

    /// What a run came to that tuned weights themselves.
    init(
        _ network: TransformerNetwork,
        _ part: TunedPart,
        of files: LanguageFiles,
        labels: [String],
        _ text: TokenText
    ) {
        self.part = part
        replacement = UUID().uuidString
        tensors = network.trainedWeights()
        weightCount = tensors.parameterCount
        base = files.fingerprint
        self.labels = labels
        self.text = text
    }

    /// Returns the weights to compute with, or to go on tuning from: the base model's, some or all replaced.
    ///
    /// - Throws: `model-corrupt` for tensors that the base model has not.
    func weights(of files: LanguageFiles) throws(Diagnostic) -> ModelWeights {
        replacement == nil
            ? files.model.weights : try files.model.weights.replacing(with: tensors)
    }

    var parameterCount: Int { weightCount }

    /// Whether it is a base model as it is.
    var isBase: Bool { part == nil }

    /// Returns the adapter to compute with, or to train with this dropout; nil where there is none.
    func adapter(
        for network: TransformerNetwork,
        dropout: Float = 0
    ) throws -> LowRankAdapter? {
        guard var shape = part?.adapter else { return nil }
        shape.dropout = dropout
        let adapter = try LowRankAdapter(shape, for: network, seed: 0)
        try adapter.load { try tensors.readFloats($0) }
        return adapter
    }

    /// Writes the adapter in PEFT's form, without the network that it is for.
    ///
    /// - Throws: `model-unwritable`, `model-corrupt` for one that lacks a projection.
    func writeFolder(
        to path: String,
        _ modules: [AdapterModule],
        of files: LanguageFiles
    ) throws(Diagnostic) {
        guard let shape = part?.adapter else { preconditionFailure("it has no adapter") }
        let projections = try modules.map { module throws(Diagnostic) in
            AdapterFolder.Projection(
                module: module.name,
                a: try tensors.readFloats("\(module.name).lora_A.weight"),
                b: try tensors.readFloats("\(module.name).lora_B.weight")
            )
        }
        try AdapterFolder(
            baseModel: files.model.path,
            base: files.configuration,
            rank: shape.rank,
            alpha: shape.alpha,
            dropout: shape.dropout,
            projections: projections
        ).write(to: path)
    }

    // MARK: - The file

    /// The version of files of adapters, and of those of weights.
    private static let version: Int64 = 1
    private static let versionOfWeights: Int64 = 2

    /// Writes a file, all of it or nothing.
    func write(to path: String) throws(Diagnostic) {
        guard let part else { preconditionFailure("a base model as it is has no file of its own") }
        let version = part.adapter == nil ? Self.versionOfWeights : Self.version
        let note = JSONValue.object(
            [
                .init("version", .integer(version)),
                .init("base", .string(base)),
                .init("prompt_tokens", .integer(Int64(text.promptTokens))),
                .init("marks_ends", .boolean(text.marksEnds)),
                .init("labels", .array(labels.map { .string($0) })),
                .init("chat_template", text.chat.map { .string($0.source) } ?? .null),
            ] + members(of: part)
        )
        try AdapterFile.write(tensors, note: note.text(), to: path)
    }

    /// What the note says of what was tuned.
    private func members(of part: TunedPart) -> [JSONValue.Member] {
        guard let shape = part.adapter else {
            return [
                .init("trains", .string(part.trained.rawValue)),
                .init("tensors", .integer(Int64(tensors.names.count))),
            ]
        }
        let layers = shape.layers.map { layers in
            JSONValue.array([layers.lowerBound, layers.upperBound].map { .integer(Int64($0)) })
        }
        return [
            .init("rank", .integer(Int64(shape.rank))),
            .init("alpha", .number(Double(shape.alpha))),
            .init("projections", .array(shape.projections.sorted().map { .string($0) })),
            .init("layers", layers ?? .null),
        ]
    }

    /// Reads a file.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt`, `model-foreign`, `model-too-new`, and `model-changed` when it
    ///   changes another base model.
    init(_ path: String, of files: LanguageFiles) throws(Diagnostic) {
        let file = try AdapterFile(path)
        let note = try JSONValue.parse(Array(file.note.utf8))
        func corrupt(_ field: String) -> Diagnostic {
            Diagnostic(
                "model-corrupt",
                "'\(path)' is damaged: its '\(field)' is missing or no value for it"
            )
        }
        func whole(_ name: String, _ range: ClosedRange<Int64>) throws(Diagnostic) -> Int {
            guard case .integer(let value)? = note[name], range.contains(value) else {
                throw corrupt(name)
            }
            return Int(value)
        }
        func texts(_ name: String) throws(Diagnostic) -> [String] {
            guard case .array(let items)? = note[name] else { throw corrupt(name) }
            return try items.map { (item) throws(Diagnostic) in
                guard case .string(let text) = item else { throw corrupt(name) }
                return text
            }
        }
        func layers() throws(Diagnostic) -> Range<Int>? {
            switch note["layers"] {
            case nil, .null?: return nil
            case .array(let bounds)?:
                guard bounds.count == 2, case .integer(let first) = bounds[0],
                    case .integer(let end) = bounds[1], first >= 0, first < end,
                    end <= files.configuration.layers
                else { throw corrupt("layers") }
                return Int(first)..<Int(end)
            default: throw corrupt("layers")
            }
        }
        let version = Int64(try whole("version", 1...Int64(Int32.max)))
        guard version <= Self.versionOfWeights else {
            throw Diagnostic(
                "model-too-new",
                "'\(path)' has version \(version), and this Fettle reads up to \(Self.versionOfWeights)",
                hint: "use a newer Fettle"
            )
        }
        guard note["base"] == .string(files.fingerprint) else {
            throw Diagnostic(
                "model-changed",
                "'\(path)' was tuned from another model than '\(files.name)' is",
                hint: "add the base model that it was tuned from under this name"
            )
        }
        guard case .boolean(let marksEnds)? = note["marks_ends"] else {
            throw corrupt("marks_ends")
        }
        func adapter() throws(Diagnostic) -> TunedPart {
            let alpha: Double
            switch note["alpha"] {
            case .number(let value): alpha = value
            case .integer(let value): alpha = Double(value)
            default: throw corrupt("alpha")
            }
            return .adapter(
                AdapterShape(
                    rank: try whole("rank", 1...4096),
                    alpha: Float(alpha),
                    projections: Set(try texts("projections")),
                    layers: try layers()
                )
            )
        }
        func weights() throws(Diagnostic) -> TunedPart {
            guard note["tensors"] == .integer(Int64(file.weights.names.count)) else {
                throw corrupt("tensors")
            }
            switch note["trains"] {
            case .string("head"): return .head
            case .string("all"): return .all
            default: throw corrupt("trains")
            }
        }
        let changesWeights = version == Self.versionOfWeights
        part = changesWeights ? try weights() : try adapter()
        replacement = changesWeights ? path : nil
        tensors = file.weights
        weightCount = file.weights.parameterCount
        base = files.fingerprint
        labels = try texts("labels")
        guard Set(labels).count == labels.count else { throw corrupt("labels") }
        let chat = try Self.chatTemplate(note).map { source throws(Diagnostic) in
            try ChatText(files, keeping: source)
        }
        text = TokenText(
            tokenizer: files.tokenizer,
            ends: (chat.map { [$0.end] } ?? []) + files.ends,
            promptTokens: try whole("prompt_tokens", 1...Int64(files.configuration.contextLength)),
            marksEnds: marksEnds,
            chat: chat
        )
    }

    /// Returns the chat template that a tuned model kept; nil for one that reads plain text.
    static func chatTemplate(of path: String) throws(Diagnostic) -> String? {
        chatTemplate(try JSONValue.parse(Array(AdapterFile(path).note.utf8)))
    }

    private static func chatTemplate(_ note: JSONValue) -> String? {
        if case .string(let source)? = note["chat_template"] { source } else { nil }
    }
}

extension LanguageFiles {
    /// The tokens that end a text.
    var ends: [Int32] { configuration.eosTokenIDs.map { Int32(clamping: $0) } }
}

extension TokenText {
    /// How text becomes tokens for a model whose completions are these, or any.
    init(
        _ files: LanguageFiles,
        promptTokens: Int,
        labels: [String],
        chat: ChatText? = nil
    ) {
        let overlaps = Self.overlap(labels.map { files.tokenizer.encode($0) })
        self.init(
            tokenizer: files.tokenizer,
            ends: (chat.map { [$0.end] } ?? []) + files.ends,
            promptTokens: promptTokens,
            marksEnds: chat != nil || labels.isEmpty || overlaps,
            chat: chat
        )
    }
}
