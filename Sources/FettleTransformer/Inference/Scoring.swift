import FettleCore
import Synchronization

extension LanguageModel {
    /// Returns the likeliest next tokens after each prompt, the likeliest first.
    ///
    /// - Throws: `bad-token`, `prompt-too-long`, `CancellationError`.
    public func nextTokens(_ count: Int, after prompts: [[Int32]]) throws -> [[TokenLogprob]] {
        for prompt in prompts { try requirePrompt(prompt) }
        let found = Mutex([[TokenLogprob]](repeating: [], count: prompts.count))
        try probe(prompts.map { Probe(tokens: $0, places: [$0.count - 1]) }) { number, _, chances in
            let top = chances.top(count)
            found.withLock { $0[number] = top }
        }
        return found.withLock { $0 }
    }

    /// Returns ln p of each token of a text but the first, given those before it.
    ///
    /// - Throws: `bad-token`, `prompt-too-long`, `CancellationError`.
    public func tokenLogprobs(of texts: [[Int32]]) throws -> [[Float]] {
        for text in texts { try requirePrompt(text) }
        let found = Mutex(texts.map { [Float](repeating: 0, count: $0.count - 1) })
        let probes = texts.map { Probe(tokens: $0, places: Array(0..<$0.count - 1)) }
        try probe(probes) { number, place, chances in
            let logprob = chances[texts[number][place + 1]]
            found.withLock { $0[number][place] = logprob }
        }
        return found.withLock { $0 }
    }

    /// Returns ln p of each label after each prompt: the sum over the label's tokens, `[prompts][labels]`.
    ///
    /// A prompt is computed once for all labels. Where the labels differ in their last token only, that is all;
    /// else each different beginning of a label is one more short pass after the prompt's keys and values.
    /// - Throws: `bad-token`, `prompt-too-long`, `CancellationError`.
    public func scores(of labels: [[Int32]], after prompts: [[Int32]]) throws -> [[Double]] {
        let longest = labels.map(\.count).max() ?? 0
        for label in labels { try requirePrompt(label) }
        for prompt in prompts {
            try requirePrompt(prompt)
            try check(prompt + Array(repeating: prompt[0], count: longest))
        }
        guard let first = labels.first else { return prompts.map { _ in [] } }
        var common = 0
        while labels.allSatisfy({ $0.count > common + 1 && $0[common] == first[common] }) {
            common += 1
        }
        // The beginnings that go on past what is common, each of which some label's last token follows.
        let shared = common
        let branches = Set(labels.filter { $0.count > shared + 1 }.map { Array($0.dropLast()) })
            .sorted { $0.lexicographicallyPrecedes($1) }
        let scores = Mutex(prompts.map { _ in [Double](repeating: 0, count: labels.count) })
        let caches = prompts.map { prompt in
            branches.isEmpty ? nil : KeyValueCache(network, capacity: prompt.count + shared)
        }
        let probes = zip(prompts, caches).map { prompt, cache in
            Probe(
                tokens: prompt + first[..<shared],
                places: Array(prompt.count - 1..<prompt.count + shared),
                recording: cache
            )
        }
        try probe(probes) { number, place, chances in
            let added = labels.map { Double(chances[$0[place]]) }
            scores.withLock {
                for (label, logprob) in added.enumerated() { $0[number][label] += logprob }
            }
        }
        guard !branches.isEmpty else { return scores.withLock { $0 } }
        let continuations = caches.flatMap { cache in
            branches.map { branch in
                let tokens = Array(branch[shared...])
                return Probe(tokens: tokens, places: Array(tokens.indices), after: cache)
            }
        }
        try probe(continuations) { number, place, chances in
            let (prompt, branch) = number.quotientAndRemainder(dividingBy: branches.count)
            let depth = shared + place + 1
            let beginning = branches[branch][..<depth]
            // A label that goes on along several branches is scored on the first of them only.
            let owner = branches.firstIndex { $0.starts(with: beginning) }
            guard owner == branch else { return }
            for (label, tokens) in labels.enumerated()
            where tokens.count > depth && tokens.starts(with: beginning) {
                let logprob = Double(chances[tokens[depth]])
                scores.withLock { $0[prompt][label] += logprob }
            }
        }
        return scores.withLock { $0 }
    }

    private func requirePrompt(_ tokens: [Int32]) throws(Diagnostic) {
        guard !tokens.isEmpty else {
            throw Diagnostic("bad-token", "there is no token to go on from, one was expected")
        }
        try check(tokens)
    }
}
