import FettleCore

/// What tells one training run from another: two runs with the same values end with the same model.
struct RunIdentity: Hashable, Sendable {
    /// One value per field, in the order of ``Field``; the shuffle is one of ``ShuffleMode``'s.
    private(set) var values: [UInt64]

    /// A setting or an input of a run.
    enum Field: Int, CaseIterable {
        case epochs, batchSize, multiplier, shuffle, seed, completions
        case trainingCount, trainingContent, validationCount, validationContent, base, engine
    }

    init(values: [UInt64]) { self.values = values }

    init(
        plan: TrainingPlan,
        hyperparameters: Hyperparameters,
        classes: Int,
        training: [Example],
        validation: [Example],
        base: NgramModel?
    ) throws(CancellationError) {
        let trainingContent = try Self.hash(training)
        let validationContent = try Self.hash(validation)
        values = Field.allCases.map { field in
            switch field {
            case .epochs: UInt64(plan.epochs)
            case .batchSize: UInt64(plan.batchSize)
            case .multiplier: (hyperparameters.learningRateMultiplier ?? 1).bitPattern
            case .shuffle:
                UInt64(ShuffleMode.allCases.firstIndex(of: hyperparameters.shuffle) ?? 0)
            case .seed: hyperparameters.seed
            case .completions: UInt64(classes)
            case .trainingCount: UInt64(training.count)
            case .trainingContent: trainingContent
            case .validationCount: UInt64(validation.count)
            case .validationContent: validationContent
            case .base: base.map(Self.hash) ?? 0
            case .engine: Self.hash(plan)
            }
        }
    }

    subscript(field: Field) -> UInt64 { values[field.rawValue] }

    /// Returns what differs in `other`, the run at hand, in words.
    func differences(from other: RunIdentity) -> [String] {
        let differing = Field.allCases.filter { self[$0] != other[$0] }
        // The engine chooses its settings by the others.
        let told = differing == [.engine] ? differing : differing.filter { $0 != .engine }
        return told.compactMap { field in
            let (there, here) = (self[field], other[field])
            let name: String
            switch field {
            case .epochs: name = "n_epochs"
            case .batchSize: name = "batch_size"
            case .multiplier:
                return "learning_rate_multiplier is \(Double(bitPattern: there)) there and "
                    + "\(Double(bitPattern: here)) here"
            case .shuffle:
                let modes = ShuffleMode.allCases.map(\.rawValue)
                return "shuffle is '\(modes[Int(there)])' there and '\(modes[Int(here)])' here"
            case .seed: name = "seed"
            case .completions: name = "the number of different completions"
            case .trainingCount: name = "the number of training examples"
            case .validationCount: name = "the number of validation examples"
            case .trainingContent:
                return self[.trainingCount] == other[.trainingCount]
                    ? "the training examples or their order are not the same" : nil
            case .validationContent:
                return self[.validationCount] == other[.validationCount]
                    ? "the validation examples or their order are not the same" : nil
            case .base:
                if there == 0 { return "there is no model that is continued there, and one here" }
                if here == 0 { return "a model is continued there, and none here" }
                return "the model that is continued is not the same"
            case .engine: return "class_weights or the engine's own settings are not the same"
            }
            return "\(name) is \(there) there and \(here) here"
        }
    }

    // MARK: - Hashes

    private static func hash(_ examples: [Example]) throws(CancellationError) -> UInt64 {
        var checksum = Checksum()
        var watch = CancellationWatch(every: 1 << 22)
        for example in examples {
            try watch.count(example.prompt.utf8.count + 64)
            for text in [example.prompt, example.completion] {
                add(UInt64(text.utf8.count), to: &checksum)
                var text = text
                text.withUTF8 { checksum.add(UnsafeRawBufferPointer($0)) }
            }
        }
        return checksum.value
    }

    /// Returns a hash of a model that is never 0.
    private static func hash(_ model: NgramModel) -> UInt64 {
        var checksum = Checksum()
        for label in model.labels {
            add(UInt64(label.utf8.count), to: &checksum)
            var label = label
            label.withUTF8 { checksum.add(UnsafeRawBufferPointer($0)) }
        }
        add(UInt64(model.examplesSeen), to: &checksum)
        add(UInt64(model.tokensSeen), to: &checksum)
        checksum.add(UnsafeRawBufferPointer(model.parameters.bytes))
        return max(checksum.value, 1)
    }

    private static func hash(_ plan: TrainingPlan) -> UInt64 {
        var checksum = Checksum()
        let features = plan.features
        for value in [
            features.wordOrder, features.characterMinimum, features.characterMaximum,
            features.titles ? 1 : 0, plan.minimumCount, plan.maximumFeatures,
            plan.learning.grades.count,
        ] {
            add(UInt64(value), to: &checksum)
        }
        let learning = plan.learning
        for value in [
            learning.rate, learning.initialSquares, learning.dropout, learning.neighbourShare,
            learning.neighbourTrust,
            plan.rarityExponent, plan.characterWeight, plan.titleWeight, plan.informationExponent,
        ] {
            add(UInt64(value.bitPattern), to: &checksum)
        }
        for weight in plan.classWeights { add(UInt64(weight.bitPattern), to: &checksum) }
        return checksum.value
    }

    private static func add(_ value: UInt64, to checksum: inout Checksum) {
        withUnsafeBytes(of: value.littleEndian) { checksum.add($0) }
    }
}
