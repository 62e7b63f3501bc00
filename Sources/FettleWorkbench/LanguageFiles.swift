import FettleCore
import FettleData
import FettleModelFiles
import FettleStore
import FettleTokenizers
import FettleTransformer
import Synchronization

/// The files of a language model with its tokenizer: all that is known before its weights are read.
struct LanguageFiles: Sendable {
    /// What the user calls it.
    let name: String
    let model: ModelFiles
    let tokenizer: Tokenizer
    /// Tells these files from others, and from what they were before they were changed.
    let fingerprint: String

    /// Opens what was added.
    ///
    /// - Throws: as ``init(_:name:)``, with what to do about it; `model-changed` when the files are not those that
    ///   were added.
    init(_ record: AddedBaseRecord) throws(Diagnostic) {
        do {
            try self.init(record.path, name: record.name)
        } catch {
            throw error.hinting(
                "'\(record.name)' was added from there: put it back, or forget it with "
                    + "'model delete \(record.name)' and add it again"
            )
        }
        guard fingerprint == record.fingerprint else {
            throw Diagnostic(
                "model-changed",
                "'\(record.path)' is not the model that was added as '\(record.name)'",
                hint: "put that one back, or add this one under another name"
            )
        }
    }

    /// Opens a GGUF file or a Hugging Face folder.
    ///
    /// - Throws: `model-unreadable`, `model-foreign`, `model-corrupt`, `model-unsupported`, `bad-tokenizer`,
    ///   `unsupported-tokenizer`.
    init(_ path: String, name: String) throws(Diagnostic) {
        self.name = name
        model = try ModelFiles.open(path)
        tokenizer = try Tokenizer(of: model)
        guard tokenizer.count <= model.configuration.vocabularySize else {
            throw Diagnostic(
                "model-corrupt",
                "'\(path)' has a tokenizer of \(tokenizer.count) tokens and a network for "
                    + "\(model.configuration.vocabularySize)",
                hint: "fetch the model again: its tokenizer and its tensors do not belong together"
            )
        }
        fingerprint = try Self.fingerprint(of: model)
    }

    /// A hash of the sizes, the tensors' names and shapes, and the numbers of the last norm.
    private static func fingerprint(of model: ModelFiles) throws(Diagnostic) -> String {
        var text = "\(model.configuration) \(model.weights.byteCount)"
        for name in model.weights.names {
            text += " \(name) \(try model.weights.type(of: name))"
            text += " \(try model.weights.shape(of: name))"
        }
        let isNorm = { (name: String) in name.contains("norm") || name.contains("ln_f") }
        if let norm = model.weights.names.last(where: isNorm) {
            for number in try model.weights.readFloats(norm) { text += " \(number.bitPattern)" }
        }
        return text.utf8.withContiguousStorageIfAvailable { bytes in
            ContentHash.xxh3_128(UnsafeRawBufferPointer(bytes)).description
        } ?? text
    }

    // MARK: - Words about it

    var configuration: ModelConfiguration { model.configuration }

    /// What it is, one sentence without a full stop.
    var summary: String {
        let count = model.weights.parameterCount
        let millions = NumberText.decimal(Double(count) / 1e6, digits: 1)
        return "\(model.name ?? configuration.architecture.rawValue): a language model of "
            + (count < 1_000_000 ? NumberText.count(count) : "\(millions) million") + " weights"
    }

    /// What `model show` says.
    var fields: [(label: String, value: String)] {
        var options = TuningOptions()
        options.threads = LanguageModels.threads
        let shape = AdapterShape(projections: LanguageModels.projections(configuration))
        let asking = MemoryEstimate(
            asking: configuration,
            precision: .fastest,
            threads: options.threads
        )
        let tuning = MemoryEstimate(
            tuning: configuration,
            precision: .fastest,
            shape: shape,
            options: options,
            longest: TransformerPlan.usualPromptTokens + 4
        )
        func count(_ value: Int) -> String { NumberText.count(value) }
        return [
            ("name", name),
            ("file", model.path),
            ("model", model.name ?? "–"),
            ("architecture", configuration.architecture.rawValue),
            ("weights", count(model.weights.parameterCount)),
            ("layers", count(configuration.layers)),
            (
                "width",
                "\(count(configuration.width)), inside layers \(count(configuration.feedForwardWidth))"
            ),
            (
                "heads",
                "\(configuration.heads), \(configuration.keyValueHeads) for keys and values"
            ),
            (
                "vocabulary",
                count(configuration.vocabularySize)
                    + (configuration.tiedOutput ? ", output matrix tied" : "")
            ),
            ("context", NumberText.count(configuration.contextLength, "token")),
            ("tokenizer", NumberText.count(tokenizer.count, "token")),
            ("chat template", model.chatTemplate == nil ? "no" : "yes"),
            ("on disk", NumberText.bytes(model.weights.byteCount)),
            ("memory to ask", "about \(NumberText.bytes(asking.total)) beside the file"),
            (
                "memory to tune",
                "about \(NumberText.bytes(tuning.total)) beside the file (rank 16, batch of 8, prompts of "
                    + "\(TransformerPlan.usualPromptTokens) tokens)"
            ),
        ]
    }
}

extension Tokenizer {
    /// Makes the tokenizer that a model's files describe.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt`, `bad-tokenizer`, `unsupported-tokenizer`.
    init(of model: ModelFiles) throws(Diagnostic) {
        switch model.tokenizer {
        case .huggingFace(let files):
            let file = files.folder + "/tokenizer.json"
            self = try Tokenizer(json: JSONValue.parse(files.tokenizer(), file: file), file: file)
        case .gguf(let metadata):
            self = try Tokenizer(GGUFVocabulary(metadata, file: model.path), file: model.path)
        }
    }
}

extension GGUFVocabulary {
    fileprivate init(_ metadata: GGUFMetadata, file: String) throws(Diagnostic) {
        func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }
        func token(_ name: String) throws(Diagnostic) -> Int32? {
            try metadata.count(key(name)).map { Int32(clamping: $0) }
        }
        guard let model = try metadata.string(key("model")),
            let tokens = try metadata.array(key("tokens"))
        else {
            throw Diagnostic(
                "bad-tokenizer",
                "'\(file)' has no tokenizer: '\(key("model"))' or '\(key("tokens"))' is missing",
                hint: "get the model as a file that has its tokenizer in it"
            )
        }
        self.init(model: model, pre: try metadata.string(key("pre")), tokens: try tokens.strings())
        types = try metadata.array(key("token_type"))?.integers().map { Int32(clamping: $0) } ?? []
        merges = try metadata.array(key("merges"))?.strings() ?? []
        scores = try metadata.array(key("scores"))?.numbers().map { Float($0) } ?? []
        beginning = try token("bos_token_id")
        end = try token("eos_token_id")
        unknown = try token("unknown_token_id")
        addsBeginning = try metadata.boolean(key("add_bos_token"))
        addsEnd = try metadata.boolean(key("add_eos_token"))
        addsSpace = try metadata.boolean(key("add_space_prefix"))
    }
}

/// The language models of this process: the one that was used last is kept.
enum LanguageModels {
    /// Threads that a question or a step is divided among.
    static let threads = 2

    private struct Kept {
        /// The file that its embedding is read from: an equal one elsewhere may outlive it.
        var path: String
        var fingerprint: String
        var purpose: TransformerNetwork.Purpose
        /// Tells the weights that tuning replaced; nil where there are none.
        var replacement: String?
        var network: TransformerNetwork
    }

    private static let kept = Mutex<Kept?>(nil)

    /// Returns the network of a model, or of one that was tuned, read and arranged unless it was the last one to
    /// be.
    ///
    /// - Throws: `model-corrupt`, `library-missing`, `out-of-memory`, `CancellationError`.
    static func network(
        _ files: LanguageFiles,
        for purpose: TransformerNetwork.Purpose,
        of tuned: TunedAdapter? = nil
    ) throws -> TransformerNetwork {
        let found = kept.withLock { kept -> TransformerNetwork? in
            guard let kept, kept.path == files.model.path, kept.purpose == purpose,
                kept.fingerprint == files.fingerprint, kept.replacement == tuned?.replacement
            else { return nil }
            return kept.network
        }
        if let found { return found }
        // The memory of another model is free before this one takes its own.
        kept.withLock { $0 = nil }
        let network = try TransformerNetwork(
            configuration: files.configuration,
            weights: try tuned?.weights(of: files) ?? files.model.weights,
            purpose: purpose
        )
        kept.withLock {
            $0 = Kept(
                path: files.model.path,
                fingerprint: files.fingerprint,
                purpose: purpose,
                replacement: tuned?.replacement,
                network: network
            )
        }
        return network
    }

    /// Returns a network to tune: one whose weights change is its user's alone, and is not kept.
    ///
    /// - Throws: as ``network(_:for:of:)``.
    static func network(
        toTune part: TunedPart,
        of files: LanguageFiles,
        from parent: TunedAdapter?
    ) throws -> TransformerNetwork {
        guard part.adapter == nil else { return try network(files, for: part.purpose) }
        kept.withLock { $0 = nil }
        return try TransformerNetwork(
            configuration: files.configuration,
            weights: try parent?.weights(of: files) ?? files.model.weights,
            purpose: part.purpose
        )
    }

    /// Lets the network go whose file is removed.
    static func forget(_ path: String) {
        kept.withLock { if $0?.path == path { $0 = nil } }
    }

    /// The names of all projections of a layer.
    static func projections(_ configuration: ModelConfiguration) -> Set<String> {
        configuration.architecture == .gpt2
            ? ["c_attn", "c_proj", "c_fc"]
            : ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    }
}
