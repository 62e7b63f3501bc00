import FettleCore
import FettleEvaluation
import Foundation

/// A question to a model that chooses among labels: each label is one token, and the only one of its answer.
///
/// The tokens of the prompt are those of the language model that was tuned; a model without tokens counts words.
struct LabelCompletion: Sendable {
    private let question: CompletionQuestion
    private let model: TunedModel
    private let prompts: [ReadPrompt]
    /// What log probabilities are divided by before anything else, the model's fitted temperature; nil for as they are.
    private let fitted: Double?

    /// Looks at what such a model can serve.
    ///
    /// - Throws: `bad-value` that names the option.
    init(
        _ question: CompletionQuestion,
        _ model: TunedModel,
        _ prompts: [ReadPrompt],
        temperature: Double? = nil
    ) throws(Diagnostic) {
        let asksOfPrompt = question.echoes && question.logprobs != nil && question.maxTokens == 0
        if asksOfPrompt, model.writer == nil {
            throw CompletionQuestion.wrong(
                "echo",
                "with 'logprobs' and no tokens to give asks how likely the prompt is, which "
                    + "'\(question.model)' cannot tell: it knows the probabilities of its labels only",
                hint: "set 'max_tokens' to 1 for those of the labels"
            )
        }
        if let token = question.bias.keys.filter({ $0 >= model.labels.count }).min() {
            throw CompletionQuestion.wrong(
                "logit_bias",
                "has the token \(token), expected one below \(model.labels.count): the tokens of "
                    + "'\(question.model)' are its labels, in the order of its training"
            )
        }
        self.question = question
        self.model = model
        self.prompts = prompts
        fitted = temperature
    }

    /// Answers; the labels of many prompts are scored at once.
    func run(_ next: (CompletionPiece) throws -> Void) throws -> CompletionCost {
        let isAsked = question.maxTokens != 0
        let scores = isAsked ? try scores() : []
        let count = model.labels.count
        var generator = SeededGenerator(seed: question.seed ?? .random(in: .min ... .max))
        var cost = CompletionCost()
        for (number, prompt) in prompts.enumerated() {
            try Task.checkCancellation()
            let words = PromptWords(prompt.text)
            cost.promptTokens += model.writer == nil ? words.count : prompt.tokens.count
            let logprobs = isAsked ? Array(scores[number * count..<(number + 1) * count]) : []
            let chosen = isAsked ? choose(logprobs, &generator, &cost) : []
            var echo = question.echoes ? try echo(prompt, words) : nil
            for place in 0..<question.count {
                let answer = number * question.count + place
                echo?.answer = answer
                if let echo { try next(echo) }
                try next(
                    isAsked
                        ? piece(chosen[place], logprobs, answer, after: prompt.text)
                        : CompletionPiece(answer: answer, finishReason: .length)
                )
            }
        }
        return cost
    }

    // MARK: - Choosing

    /// Returns the log probabilities of the labels after each prompt, `[prompts, labels]`.
    private func scores() throws -> [Double] {
        var scores: [Double] = []
        for start in stride(from: 0, to: prompts.count, by: model.block) {
            try Task.checkCancellation()
            let some = prompts[start..<min(start + model.block, prompts.count)]
            if some.contains(where: \.isOfTokens), let scoreTokens = model.scoreTokens {
                scores += try scoreTokens(some.map(\.tokens)[...])
            } else {
                scores += try model.score(some.map(\.text)[...])
            }
        }
        guard let fitted else { return scores }
        return TemperatureScaling.scaled(scores, model.labels.count, by: fitted)
    }

    /// Returns the labels of one prompt's answers.
    private func choose(
        _ logprobs: [Double],
        _ generator: inout SeededGenerator,
        _ cost: inout CompletionCost
    ) -> [Int] {
        let draw = LabelDraw(logprobs, question)
        let drawn = (0..<max(question.count, question.bestOf ?? 0)).map { _ in
            draw.label(&generator)
        }
        cost.completionTokens += drawn.count
        guard drawn.count > question.count else { return drawn }
        let best = drawn.enumerated().sorted {
            (-logprobs[$0.element], $0.offset) < (-logprobs[$1.element], $1.offset)
        }
        return best.prefix(question.count).map(\.element)
    }

    // MARK: - Pieces

    private func echo(_ prompt: ReadPrompt, _ words: PromptWords) throws -> CompletionPiece {
        if let writer = model.writer {
            return try prompt.echo(writer, logprobs: question.logprobs)
        }
        var piece = CompletionPiece(answer: 0, text: prompt.text)
        guard question.logprobs != nil else { return piece }
        piece.tokens = words.map { CompletionPiece.Token(bytes: Array($0)) }
        return piece
    }

    private func piece(
        _ label: Int,
        _ logprobs: [Double],
        _ answer: Int,
        after prompt: String
    ) -> CompletionPiece {
        let text = model.labels[label]
        let cut = question.stop.compactMap { text.range(of: $0, options: .literal)?.lowerBound }
            .min()
        let kept = cut.map { String(text[..<$0]) } ?? text
        var piece = CompletionPiece(answer: answer, text: kept)
        piece.choice = CompletionPiece.Choice(
            prompt: prompt,
            label: text,
            labels: model.labels,
            logprobs: logprobs
        )
        // After its one token such a model has ended, which is seen when there was room for another.
        piece.finishReason = cut == nil && question.maxTokens == 1 ? .length : .stop
        guard let count = question.logprobs, !kept.isEmpty else { return piece }
        piece.offset = prompt.unicodeScalars.count
        var token = CompletionPiece.Token(bytes: Array(text.utf8), logprob: logprobs[label])
        if count > 0 {
            var order = Array(
                logprobs.indices.sorted { (-logprobs[$0], $0) < (-logprobs[$1], $1) }.prefix(count)
            )
            if !order.contains(label) { order.append(label) }
            token.top = order.map {
                CompletionPiece.Candidate(
                    bytes: Array(model.labels[$0].utf8),
                    logprob: logprobs[$0]
                )
            }
        }
        piece.tokens = [token]
        return piece
    }
}

/// The draws of labels after one prompt.
private struct LabelDraw {
    /// The labels that may be drawn, the likeliest first.
    private let labels: [Int]
    /// The sums of their weights up to each.
    private let sums: [Double]

    init(_ logprobs: [Double], _ question: CompletionQuestion) {
        var logits = logprobs
        for (label, bias) in question.bias { logits[label] += bias }
        let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
        guard question.temperature > 0, question.topP > 0, let best = order.first else {
            labels = Array(order.prefix(1))
            sums = [1]
            return
        }
        let weights = order.map { exp((logits[$0] - logits[best]) / question.temperature) }
        let total = weights.reduce(0, +)
        var sums: [Double] = []
        var sum = 0.0
        for weight in weights {
            sum += weight
            sums.append(sum)
            if sum >= question.topP * total { break }
        }
        labels = Array(order.prefix(sums.count))
        self.sums = sums
    }

    func label(_ generator: inout SeededGenerator) -> Int {
        guard labels.count > 1, let total = sums.last else { return labels[0] }
        let place = generator.unit() * total
        return labels[sums.firstIndex { place < $0 } ?? labels.count - 1]
    }
}

/// The words of a prompt, each with the blanks before it; what a model without tokens counts as those.
struct PromptWords: Sequence {
    private let bytes: [UInt8]

    init(_ prompt: String) {
        bytes = Array(prompt.utf8)
    }

    /// How many there are.
    var count: Int { reduce(0) { count, _ in count + 1 } }

    /// Returns them one by one; together they are the prompt.
    func makeIterator() -> AnyIterator<ArraySlice<UInt8>> {
        var start = 0
        return AnyIterator { [bytes] in
            guard start < bytes.count else { return nil }
            var end = start
            while end < bytes.count, Self.isBlank(bytes[end]) { end += 1 }
            while end < bytes.count, !Self.isBlank(bytes[end]) { end += 1 }
            defer { start = end }
            return bytes[start..<end]
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
