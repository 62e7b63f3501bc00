import FettleCore
import FettleModelFiles
import Synchronization

/// A network and the adapter it is asked with: probabilities of tokens, labels and whole texts.
///
///     let model = LanguageModel(network, adapter: adapter)
///     let scores = try model.scores(of: [[5], [6, 7]], after: prompts)
public final class LanguageModel: Sendable {
    /// The weights.
    public let network: TransformerNetwork
    /// What was tuned, or nil for the base model.
    public let adapter: LowRankAdapter?
    /// Threads that a question is divided among.
    public let threads: Int

    /// Tokens that a thread takes through the network at a time.
    static let passTokens = 256
    /// A beginning that all prompts share is computed once when it has this many tokens.
    static let sharedTokens = 8

    /// Makes a model to ask.
    public init(_ network: TransformerNetwork, adapter: LowRankAdapter? = nil, threads: Int = 2) {
        self.network = network
        self.adapter = adapter
        self.threads = min(max(1, threads), 256)
    }

    /// What is wanted of one text.
    struct Probe {
        let tokens: [Int32]
        /// Places after which probabilities are wanted, rising.
        let places: [Int]
        /// The cache its keys and values are put into, if any.
        var recording: KeyValueCache?
        /// What it goes on after; nil for the beginning that all share.
        var after: KeyValueCache?
    }

    /// Computes probabilities after some places of texts, the texts divided among threads.
    ///
    /// - Parameters:
    ///   - probes: the texts.
    ///   - body: called on any thread with the number of the text, the number of the place in its list and the
    ///     probabilities.
    /// - Throws: `CancellationError`, `model-unreadable`.
    func probe(
        _ probes: [Probe],
        _ body: @Sendable (_ probe: Int, _ place: Int, LogProbabilities) -> Void
    ) throws {
        // Before the threads are divided among the texts, so that all of them pack.
        try network.pack()
        let shared = try sharedBeginning(probes)
        let skipped = shared?.count ?? 0
        let groups = passes(probes.map { $0.tokens.count - ($0.after == nil ? skipped : 0) })
        let next = Atomic(0)
        try inLanes(min(threads, groups.count)) { _, cancellation in
            let pass = InferencePass(network, adapter: adapter)
            while true {
                let number = next.add(1, ordering: .relaxed).oldValue
                guard number < groups.count else { return }
                try cancellation.check()
                try run(groups[number], of: probes, shared, pass, cancellation, body)
            }
        }
    }

    private func run(
        _ group: [Int],
        of probes: [Probe],
        _ shared: KeyValueCache?,
        _ pass: InferencePass,
        _ cancellation: Cancellation,
        _ body: (_ probe: Int, _ place: Int, LogProbabilities) -> Void
    ) throws {
        var batch = PackedBatch()
        var wanted: [Int] = []
        var origins: [(probe: Int, place: Int)] = []
        for number in group {
            let probe = probes[number]
            let start = batch.count
            let cache = probe.after ?? shared
            let skipped = probe.after == nil ? (shared?.count ?? 0) : 0
            if let recording = probe.recording {
                if let cache { recording.take(cache) }
                recording.reserve((cache?.count ?? 0) + probe.tokens.count - skipped)
            }
            batch.append(
                probe.tokens[skipped...],
                after: cache,
                recordingInto: probe.recording
            )
            for (place, row) in probe.places.enumerated() {
                wanted.append(start + row - skipped)
                origins.append((number, place))
            }
        }
        try pass.run(batch, wanted: wanted, check: cancellation.check) { place, logits in
            body(origins[place].probe, origins[place].place, LogProbabilities(logits))
        }
    }

    /// Computes the keys and values of the beginning that all texts share, before the first place that is wanted.
    private func sharedBeginning(_ probes: [Probe]) throws -> KeyValueCache? {
        let starting = probes.filter { $0.after == nil }
        guard starting.count > 1, let first = starting.first else { return nil }
        var length = first.tokens.count
        for probe in starting {
            let limit = min(length, probe.places.first ?? probe.tokens.count - 1)
            length = zip(first.tokens, probe.tokens).prefix(max(0, limit)).prefix { $0 == $1 }.count
        }
        guard length >= Self.sharedTokens else { return nil }
        let cache = KeyValueCache(network, capacity: length)
        var batch = PackedBatch()
        batch.append(first.tokens[..<length], recordingInto: cache)
        try InferencePass(network, adapter: adapter)
            .run(batch, wanted: [], check: { try Task.checkCancellation() }) { _, _ in }
        return cache
    }

    /// Puts texts together to passes of about the same size, those of like length beside each other.
    private func passes(_ lengths: [Int]) -> [[Int]] {
        var groups: [[Int]] = []
        var filled = Int.max
        let total = lengths.reduce(0, +)
        // Few texts are spread over the threads.
        let even = min(Self.passTokens, max(1, (total + threads - 1) / threads))
        for index in lengths.indices.sorted(by: { (lengths[$1], $0) < (lengths[$0], $1) }) {
            if filled >= even || filled + lengths[index] > max(Self.passTokens, even) {
                groups.append([])
                filled = 0
            }
            groups[groups.count - 1].append(index)
            filled += lengths[index]
        }
        return groups
    }

    /// Checks tokens before they are looked up, and that they fit the model where they are a text.
    func check(_ tokens: [Int32], isText: Bool = true) throws(Diagnostic) {
        let vocabulary = network.configuration.vocabularySize
        if let wrong = tokens.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
            throw Diagnostic(
                "bad-token",
                "there is no token \(wrong), the model knows 0 to \(vocabulary - 1)",
                hint: "encode the text with the tokenizer of this model"
            )
        }
        let limit = network.configuration.contextLength
        guard !isText || tokens.count <= limit else {
            throw Diagnostic(
                "prompt-too-long",
                "the text has \(tokens.count) tokens, the model takes \(limit) at most",
                hint: "shorten the text"
            )
        }
    }
}
