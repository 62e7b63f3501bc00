public import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A trained model, and what its training used.
public struct NgramTrainingResult: Sendable {
    /// The model.
    public var model: NgramModel
    /// Every setting of the run with its value, and the reason where the user left it open.
    public var settings: [ChosenSetting]
    /// Examples shown in this run, repeats counted.
    public var elapsedExamples: Int
    /// Tokens shown in this run, repeats counted.
    public var elapsedTokens: Int
}

/// Trains an ``NgramModel``.
///
/// The same examples, hyperparameters and base model give the same weights bit for bit, whatever the
/// number of threads: these find features, and one of them learns.
public struct NgramTrainer: Sendable {
    private let hyperparameters: Hyperparameters
    private let threads: Int

    /// Makes a trainer.
    ///
    /// - Parameters:
    ///   - hyperparameters: what the user set; the rest is chosen from the examples.
    ///   - threads: most threads that work at a time, at least 1.
    public init(_ hyperparameters: Hyperparameters, threads: Int) {
        self.hyperparameters = hyperparameters
        self.threads = max(threads, 1)
    }

    /// Trains on `examples`, from nothing or on from `base`.
    ///
    /// - Parameters:
    ///   - examples: what to learn; their completions must be of a closed set.
    ///   - validation: examples to measure on, not learnt; may be empty.
    ///   - base: the model to continue, which keeps its weights and completions.
    ///   - checkpoints: where to keep what a later run can go on from; nil for nowhere.
    ///   - checkpoint: where an earlier run with the same arguments stopped; its steps are not
    ///     repeated, and the result is what it would have given.
    ///   - onEpoch: called after each epoch, after the metrics of its last step; once more for an epoch that
    ///     `checkpoint` has the end of. An error stops the run.
    ///   - onMetrics: called in order about every hundredth of the run; an error stops the run.
    /// - Returns: the model and what its training used.
    /// - Throws: `Diagnostic` for examples that such a model cannot learn, `checkpoint-differs` for a
    ///   checkpoint of another run, `checkpoint-unwritable`, `CancellationError` within 20 ms of work
    ///   after the task was cancelled and the time of a last checkpoint, and what `onMetrics` and
    ///   `checkpoints` throw.
    public func train(
        _ examples: [Example],
        validation: [Example],
        from base: NgramModel?,
        checkpoints: NgramCheckpointing? = nil,
        resuming checkpoint: NgramCheckpoint? = nil,
        onEpoch: (NgramEpoch) throws -> Void = { _ in },
        onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> NgramTrainingResult {
        try checkHyperparameters()
        let labels = try LabelSet(examples, base: base, weights: hyperparameters.classWeights)
        let plan = TrainingPlan(
            hyperparameters,
            examples: examples.count,
            labels: labels,
            base: base
        )
        return try train(
            examples,
            validation: validation,
            from: base,
            labels: labels,
            plan: plan,
            checkpoints: checkpoints,
            resuming: checkpoint,
            onEpoch: onEpoch,
            onMetrics: onMetrics
        )
    }

    /// Trains as `plan` says.
    func train(
        _ examples: [Example],
        validation: [Example],
        from base: NgramModel?,
        labels: LabelSet,
        plan: TrainingPlan,
        checkpoints: NgramCheckpointing? = nil,
        resuming checkpoint: NgramCheckpoint? = nil,
        onEpoch: (NgramEpoch) throws -> Void = { _ in },
        onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> NgramTrainingResult {
        var kept: TrainingRun.Checkpoints?
        if checkpoints != nil || checkpoint != nil {
            let identity = try RunIdentity(
                plan: plan,
                hyperparameters: hyperparameters,
                classes: labels.names.count,
                training: examples,
                validation: validation,
                base: base
            )
            try checkpoint?.check(identity)
            kept = checkpoints.map { ($0, identity) }
        }
        let prompts = try PromptBytes(examples)
        var isFresh: [Bool] = []
        let parameters =
            try checkpoint?.parameters.copy()
            ?? makeParameters(prompts, labels, plan, base, &isFresh)
        let matrix = try ExampleMatrix(
            prompts,
            settings: plan.features,
            index: parameters.index,
            threads: threads
        )
        let answers = try Self.answers(examples, labels)
        if checkpoint == nil {
            try parameters.scaleByInformation(
                matrix,
                labels: answers,
                isFresh: isFresh,
                exponent: plan.informationExponent
            )
        }
        let validationMatrix = try ExampleMatrix(
            try PromptBytes(validation),
            settings: plan.features,
            index: parameters.index,
            threads: threads
        )
        var run = TrainingRun(
            parameters: parameters,
            plan: plan,
            training: (matrix, answers),
            validation: (validationMatrix, try Self.answers(validation, labels)),
            hyperparameters: hyperparameters,
            checkpoints: kept,
            resuming: checkpoint
        )
        defer { run.free() }
        try run.run(
            onMetrics,
            onEpoch: { epoch in
                var epoch = epoch
                epoch.labels = labels.names
                try onEpoch(epoch)
            }
        )
        let progress = run.progress
        let model = NgramModel(
            labels: labels.names,
            examplesSeen: (base?.examplesSeen ?? 0) + progress.elapsedExamples,
            tokensSeen: (base?.tokensSeen ?? 0) + progress.elapsedTokens,
            features: plan.features,
            parameters: parameters
        )
        return NgramTrainingResult(
            model: model,
            settings: plan.chosen,
            elapsedExamples: progress.elapsedExamples,
            elapsedTokens: progress.elapsedTokens
        )
    }

    // MARK: - Before the first step

    /// Returns the numbers of the examples' completions, -1 for one that is not among the labels.
    private static func answers(
        _ examples: [Example],
        _ labels: LabelSet
    ) throws(CancellationError) -> [Int] {
        var answers: [Int] = []
        answers.reserveCapacity(examples.count)
        var watch = CancellationWatch(every: 1 << 14)
        for example in examples {
            try watch.count()
            answers.append(labels.numbers[example.completion] ?? -1)
        }
        return answers
    }

    private func checkHyperparameters() throws(Diagnostic) {
        if let epochs = hyperparameters.epochs, epochs < 1 {
            throw Diagnostic("bad-hyperparameter", "n_epochs is \(epochs), and must be at least 1")
        }
        if let size = hyperparameters.batchSize, size < 1 {
            throw Diagnostic("bad-hyperparameter", "batch_size is \(size), and must be at least 1")
        }
        if let factor = hyperparameters.learningRateMultiplier,
            !(factor > 0 && factor.isFinite)
        {
            throw Diagnostic(
                "bad-hyperparameter",
                "learning_rate_multiplier is \(factor), and must be more than 0"
            )
        }
    }

    /// Returns the base model's numbers, or zeros, with a row for each new feature of the prompts;
    /// `isFresh` then says of every feature whether it is new.
    private func makeParameters(
        _ prompts: borrowing PromptBytes,
        _ labels: LabelSet,
        _ plan: TrainingPlan,
        _ base: NgramModel?,
        _ isFresh: inout [Bool]
    ) throws -> NgramParameters {
        let found = try countFeatures(prompts, plan)
        let known = base?.parameters.index
        var fresh = found
        if let known {
            fresh.removeAll { known.find($0.identity << 24) >= 0 }
            let room = max(plan.maximumFeatures - known.featureCount, 0)
            fresh = Self.mostFrequent(fresh, room)
        }
        let old = known?.identities() ?? []
        var merged: [UInt64] = []
        merged.reserveCapacity(old.count + fresh.count)
        var sources: [Int32] = []
        sources.reserveCapacity(old.count + fresh.count)
        var (i, j) = (0, 0)
        while i < old.count || j < fresh.count {
            if j == fresh.count || (i < old.count && old[i] < fresh[j].identity) {
                merged.append(old[i])
                sources.append(Int32(i))
                i += 1
            } else {
                merged.append(fresh[j].identity)
                sources.append(-Int32(j) - 1)
                j += 1
            }
        }
        let bits = FeatureIndex.bucketBits(for: merged.count)
        let parameters = NgramParameters(
            featureCount: merged.count,
            classCount: labels.names.count,
            bucketBits: bits
        )
        FeatureIndex.fill(
            merged,
            bucketBits: bits,
            starts: parameters.starts,
            tags: parameters.tags
        )
        isFresh = sources.map { $0 < 0 }
        let oldStride = base?.parameters.stride ?? 0
        var watch = CancellationWatch(every: 1 << 17)
        for (number, source) in sources.enumerated() {
            try watch.count()
            let row = parameters.rows + number * parameters.stride
            if source < 0 {
                row[0] = fresh[Int(-source) - 1].scale
            } else if let base {
                row.update(
                    from: base.parameters.rows + Int(source) * oldStride,
                    count: base.labels.count + NgramParameters.headerFloats
                )
            }
        }
        labels.startBias(parameters.biasRow, from: base)
        return parameters
    }

    /// A feature worth learning.
    private struct Found {
        var identity: UInt64
        var scale: Float
    }

    /// Returns the `count` features with the lowest scales, in order: those in the most prompts.
    private static func mostFrequent(_ features: [Found], _ count: Int) -> [Found] {
        guard features.count > count else { return features }
        let kept = features.sorted { ($0.scale, $0.identity) < ($1.scale, $1.identity) }
        return kept.prefix(count).sorted { $0.identity < $1.identity }
    }

    private func countFeatures(
        _ prompts: borrowing PromptBytes,
        _ plan: TrainingPlan
    ) throws -> [Found] {
        let pointers = UncheckedSendable(prompts.pointers)
        let settings = plan.features
        let limit = plan.maximumFeatures
        let counters = mapShards(
            shardRanges(prompts.count),
            threads: threads
        ) { range, stop in
            var extractor = FeatureExtractor(settings)
            defer { extractor.free() }
            var counter = FeatureCounter(limit: limit)
            for row in range {
                if stop() { break }
                extractor.extract(pointers.value[row])
                for position in 0..<extractor.hashes.count {
                    counter.add(extractor.hashes[position])
                }
            }
            return UncheckedSendable(counter)
        }
        defer { for counter in counters { counter.value.free() } }
        var total = FeatureCounter(limit: limit)
        defer { total.free() }
        for counter in counters { try total.merge(counter.value) }
        try Task.checkCancellation()
        let examples = prompts.count
        var least = plan.minimumCount
        var counts = [Int](repeating: 0, count: 64)
        total.forEach { _, count in counts[min(count, 63)] += 1 }
        var kept = counts[min(least, 63)...].reduce(0, +)
        while kept > plan.maximumFeatures, least < 63 {
            kept -= counts[least]
            least += 1
        }
        // Identity, kind and count in one word, which sorts fastest.
        let mostCounted = (1 << 22) - 1
        var packed: [UInt64] = []
        packed.reserveCapacity(kept)
        total.forEach { hash, count in
            // What stands in every prompt, such as a format's ending, tells nothing.
            guard count >= least, examples < 2 || count < examples else { return }
            packed.append((hash >> 24) << 24 | (hash & 3) << 22 | UInt64(min(count, mostCounted)))
        }
        try packed.sortHashes(threads: threads)
        var found: [Found] = []
        found.reserveCapacity(packed.count)
        var watch = CancellationWatch(every: 1 << 17)
        for value in packed where found.last?.identity != value >> 24 {
            try watch.count()
            let count = Float(Int(truncatingIfNeeded: value) & mostCounted)
            let rarity = logf(Float(1 + examples) / (1 + count)) + 1
            var scale = powf(rarity, plan.rarityExponent)
            switch value >> 22 & 3 {
            case FeatureKind.characters: scale *= plan.characterWeight
            case FeatureKind.title: scale *= plan.titleWeight
            default: break
            }
            found.append(Found(identity: value >> 24, scale: scale))
        }
        return found
    }
}
