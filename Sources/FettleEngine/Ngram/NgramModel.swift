/// A linear softmax classifier over hashed word and character n-grams (the fastText family: Joulin
/// et al., arXiv:1607.01759; Bojanowski et al., arXiv:1607.04606).
///
/// It gives a probability to each completion that stood in its training examples, and to no other.
public struct NgramModel: Sendable {
    /// The completions it knows, in an order that training never changes.
    public let labels: [String]
    /// Examples shown in all training so far, repeats counted.
    public let examplesSeen: Int
    /// Tokens shown in all training so far, repeats counted.
    public let tokensSeen: Int

    let features: FeatureSettings
    let parameters: NgramParameters

    init(
        labels: [String],
        examplesSeen: Int,
        tokensSeen: Int,
        features: FeatureSettings,
        parameters: NgramParameters
    ) {
        self.labels = labels
        self.examplesSeen = examplesSeen
        self.tokensSeen = tokensSeen
        self.features = features
        self.parameters = parameters
    }

    /// How many n-grams it knows.
    public var featureCount: Int { parameters.featureCount }

    /// How many weights it has: one for each n-gram and completion, and one bias a completion.
    public var parameterCount: Int { (parameters.featureCount + 1) * parameters.classCount }

    /// Returns the natural log probability of every completion, in the order of ``labels``.
    public func logprobs(of prompt: String) -> [Double] {
        var scorer = NgramScorer(self)
        return scorer.logprobs(of: prompt)
    }

    /// Writes the natural log probability of every completion to `result`.
    ///
    /// ``NgramScorer`` does the same for many prompts without setting up anew for each.
    ///
    /// - Parameters:
    ///   - prompt: the prompt's bytes; parts that are not UTF-8 read as U+FFFD.
    ///   - result: one place for each label.
    public func logprobs(
        ofUTF8 prompt: UnsafeRawBufferPointer,
        into result: UnsafeMutableBufferPointer<Double>
    ) {
        var scorer = NgramScorer(self)
        scorer.logprobs(ofUTF8: prompt, into: result)
    }

    /// Returns the number of words, marks and characters of scripts without spaces in a prompt.
    public func tokenCount(of prompt: String) -> Int {
        var extractor = FeatureExtractor(features)
        defer { extractor.free() }
        var prompt = prompt
        return prompt.withUTF8 { extractor.countTokens(UnsafeRawBufferPointer($0)) }
    }
}

/// Scores many prompts with one model, reusing its memory; one per thread.
///
///     var scorer = NgramScorer(model)
///     for prompt in prompts { print(scorer.logprobs(of: prompt)) }
public struct NgramScorer: ~Copyable {
    private let model: NgramModel
    private var extractor: FeatureExtractor
    private let work: UnsafeMutablePointer<Float>

    /// Makes a scorer of a model.
    public init(_ model: NgramModel) {
        self.model = model
        extractor = FeatureExtractor(model.features)
        work = .allocate(capacity: model.parameters.stride)
    }

    deinit {
        extractor.free()
        work.deallocate()
    }

    /// Tokens of the prompt that was scored last.
    public var tokenCount: Int { extractor.tokenCount }

    /// Returns the natural log probability of every completion, in the order of the model's labels.
    public mutating func logprobs(of prompt: String) -> [Double] {
        var prompt = prompt
        return [Double](unsafeUninitializedCapacity: model.labels.count) { result, count in
            prompt.withUTF8 { logprobs(ofUTF8: UnsafeRawBufferPointer($0), into: result) }
            count = model.labels.count
        }
    }

    /// Writes the natural log probability of every completion to `result`.
    ///
    /// - Parameters:
    ///   - prompt: the prompt's bytes; parts that are not UTF-8 read as U+FFFD.
    ///   - result: one place for each label.
    public mutating func logprobs(
        ofUTF8 prompt: UnsafeRawBufferPointer,
        into result: UnsafeMutableBufferPointer<Double>
    ) {
        let classCount = model.labels.count
        precondition(
            result.count >= classCount,
            "\(result.count) places for the \(classCount) labels"
        )
        guard let output = result.baseAddress else { return }
        extractor.extract(prompt)
        let parameters = model.parameters
        let index = parameters.index
        let rows = parameters.rows
        let stride = parameters.stride
        for lane in 0..<stride { work[lane] = 0 }
        for position in 0..<extractor.hashes.count {
            let feature = index.find(extractor.hashes[position])
            guard feature >= 0 else { continue }
            let row = rows + feature * stride
            let scale = SIMD4(repeating: row[0])
            var lane = 0
            while lane < stride {
                storeVector(loadVector(work + lane) + scale * loadVector(row + lane), work + lane)
                lane += 4
            }
        }
        let norm = work[0] > 0 ? 1 / work[0].squareRoot() : 0
        let header = NgramParameters.headerFloats
        let bias = parameters.biasRow
        for k in 0..<classCount {
            output[k] = Double(work[header + k] * norm + bias[header + k])
        }
        logSoftmax(output, classCount)
    }
}
