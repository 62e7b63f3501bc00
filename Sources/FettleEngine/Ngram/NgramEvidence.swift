/// What one n-gram of a prompt says for one completion against another.
public struct NgramEvidence: Hashable, Sendable {
    /// What kind of n-gram it is.
    public enum Kind: String, Hashable, Sendable {
        /// A word or mark, and a run of them.
        case word, words
        /// A run of characters in a word.
        case characters
        /// A word, or a pair of them, of the title.
        case title
    }

    /// The n-gram as the model reads it, in lower case; `…` stands for the rest of a word.
    public var text: String
    /// Its kind.
    public var kind: Kind
    /// What it adds to the first completion's log odds against the other, in nats.
    public var weight: Double
}

extension NgramModel {
    /// Returns what each n-gram of a prompt that the model knows says for the completion numbered `label`
    /// against `other`, most for it first, and what the completions' frequencies in training say.
    ///
    /// All weights and the bias add up to the difference of the two log probabilities.
    public func evidence(
        of prompt: String,
        for label: Int,
        against other: Int
    ) -> (ngrams: [NgramEvidence], bias: Double) {
        precondition(
            labels.indices.contains(label) && labels.indices.contains(other),
            "labels \(label) and \(other) of \(labels.count)"
        )
        var extractor = FeatureExtractor(features, keepsNames: true)
        defer { extractor.free() }
        var prompt = prompt
        prompt.withUTF8 { extractor.extract(UnsafeRawBufferPointer($0)) }
        let header = NgramParameters.headerFloats
        var found: [NgramEvidence] = []
        var squares: Float = 0
        for position in 0..<extractor.hashes.count {
            let hash = extractor.hashes[position]
            let feature = parameters.index.find(hash)
            guard feature >= 0 else { continue }
            let row = parameters.rows + feature * parameters.stride
            squares += row[0] * row[0]
            let weights = Double(row[header + label]) - Double(row[header + other])
            found.append(
                NgramEvidence(
                    text: extractor.names[position],
                    kind: NgramEvidence.Kind(hash: hash),
                    weight: Double(row[0]) * weights
                )
            )
        }
        let norm = squares > 0 ? 1 / Double(squares.squareRoot()) : 0
        for place in found.indices { found[place].weight *= norm }
        found.sort { ($1.weight, $0.text) < ($0.weight, $1.text) }
        let bias = parameters.biasRow
        return (found, Double(bias[header + label]) - Double(bias[header + other]))
    }
}

extension NgramEvidence.Kind {
    fileprivate init(hash: UInt64) {
        self =
            switch hash & 3 {
            case FeatureKind.word: .word
            case FeatureKind.words: .words
            case FeatureKind.characters: .characters
            default: .title
            }
    }
}
