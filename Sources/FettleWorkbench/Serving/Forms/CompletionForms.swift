public import OpenAIWire

extension CompletionQuestion {
    /// What the API takes where a request says nothing.
    private static let usualTokens = 16

    /// Makes a question of the API's form.
    public init(_ request: CompletionRequest) throws(WireProblem) {
        if request.suffix?.isEmpty == false {
            throw WireProblem(
                "'suffix' is not taken here: models go on from what comes before",
                param: "suffix"
            )
        }
        if request.stream, let bestOf = request.bestOf, bestOf > 1 {
            throw WireProblem(
                "'best_of' is \(bestOf), and answers that come in pieces cannot be compared; leave "
                    + "out 'stream' or 'best_of'",
                param: "best_of"
            )
        }
        var prompts: [CompletionQuestion.Prompt] = [.text("")]
        switch request.prompt {
        case .texts(let texts): prompts = texts.map { .text($0) }
        case .tokens(let lists): prompts = lists.map { .tokens($0) }
        case nil: break
        }
        self.init(request.model, prompts)
        count = request.n ?? 1
        bestOf = request.bestOf == 0 ? nil : request.bestOf
        echoes = request.echo
        logprobs = request.logprobs
        stop = request.stop?.texts ?? []
        bias = request.logitBias?.values ?? [:]
        maxTokens = request.maxTokens ?? Self.usualTokens
        temperature = request.temperature ?? 1
        topP = request.topP ?? 1
        presencePenalty = request.presencePenalty ?? 0
        frequencyPenalty = request.frequencyPenalty ?? 0
        setSeed(request.seed)
    }

    /// Takes a seed, of which the API allows negative ones.
    public mutating func setSeed(_ seed: Int?) {
        self.seed = seed.map { UInt64(bitPattern: Int64($0)) }
    }
}
