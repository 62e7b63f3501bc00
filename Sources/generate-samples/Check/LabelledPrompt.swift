import FettleCore

/// A review as the models read it, with its stars.
struct LabelledPrompt {
    var prompt: String
    var stars: Int

    /// The example that a model is trained on.
    var example: Example {
        Example(prompt: Self.formatted(prompt), completion: " \(stars)")
    }

    /// Returns `prompt` with the mark that ends what a model reads.
    static func formatted(_ prompt: String) -> String { prompt + "\n\n###\n\n" }

    /// Returns the reviews of `language` without repeated prompts, mixed by `seed` and cut in two.
    static func split(
        _ reviews: [Review],
        in language: Language,
        trainingPercent: Int,
        seed: UInt64
    ) -> (training: [LabelledPrompt], test: [LabelledPrompt]) {
        var seen: Set<String> = []
        var prompts: [LabelledPrompt] = []
        for review in reviews where review.language == language {
            let prompt = "\(review.title)\n\n\(review.body)"
            if seen.insert(prompt).inserted {
                prompts.append(LabelledPrompt(prompt: prompt, stars: review.stars))
            }
        }
        var random = SeededGenerator(seed: seed)
        random.shuffle(&prompts)
        let cut = prompts.count * trainingPercent / 100
        return (Array(prompts[..<cut]), Array(prompts[cut...]))
    }
}

/// Shares of right answers on reviews with stars.
struct StarScores {
    var exact: Double
    var goodOrBad: Double
    var withinOne: Double

    /// Scores guesses against `test`; good is four stars and more.
    init(_ test: [LabelledPrompt], guess: (String) -> Int) {
        var exact = 0
        var sameSide = 0
        var near = 0
        for example in test {
            let stars = guess(example.prompt)
            if stars == example.stars { exact += 1 }
            if (stars > 3) == (example.stars > 3) { sameSide += 1 }
            if abs(stars - example.stars) <= 1 { near += 1 }
        }
        let total = Double(max(1, test.count))
        self.exact = Double(exact) / total
        goodOrBad = Double(sameSide) / total
        withinOne = Double(near) / total
    }
}
