public import FettleCore
import FettleProviders
import FettleStore

/// What tuning at a provider takes, by which its user decides whether it may be spent.
public struct TuningEstimate: Sendable {
    /// The provider's name.
    public var provider: String
    /// Tokens of an epoch, about: four bytes of text count as one.
    public var tokens: Int
    /// How often the examples are shown; nil where the provider chooses.
    public var epochs: Int?
    /// Dollars for a million tokens; nil where that is not known.
    public var price: Double?
    /// Whether the provider is a server of this machine that has no price.
    public var isFree: Bool

    /// Dollars for all epochs, or for one where the provider chooses how many; nil without a price.
    public var cost: Double? {
        price.map { $0 * Double(tokens) / 1e6 * Double(epochs ?? 1) }
    }

    /// What it takes, such as `about 12,000 tokens × 3 epochs, about $0.11`.
    public var words: String {
        let passes = epochs.map { NumberText.count($0, "epoch") } ?? "the epochs that it chooses"
        let amount = "about \(NumberText.count(tokens)) tokens × \(passes)"
        guard let cost else { return amount + ", at a price that is not known here" }
        let dollars = "about $\(NumberText.decimal(cost, digits: 2))"
        return amount + ", " + dollars + (epochs == nil ? " an epoch" : "")
    }
}

extension ProviderLibrary {
    /// Returns what tuning a model on a dataset takes; nil for a model of this machine.
    ///
    /// - Parameters:
    ///   - model: a base model's or a tuned model's name.
    ///   - format: how rows become examples.
    ///   - dataset: the rows.
    ///   - epochs: how often they are shown; nil where the provider chooses.
    /// - Returns: what it takes, or nil.
    /// - Throws: `unknown-model`, and what is wrong with the format.
    public func estimate(
        _ model: String,
        _ format: PromptFormat,
        on dataset: Dataset,
        epochs: Int?
    ) throws -> TuningEstimate? {
        guard let name = try ModelLibrary(workspace).elsewhere(named: model)?.provider else {
            return nil
        }
        let record = try provider(name)
        let bytes = try ExampleSet(dataset, format: format).examples.reduce(0) {
            $0 + $1.prompt.utf8.count + $1.completion.utf8.count
        }
        return TuningEstimate(
            provider: name,
            tokens: (bytes + 3) / 4,
            epochs: epochs,
            price: record.trainingPrice,
            isFree: try record.trainingPrice == nil && ServerAddress(record.url).isLocal
        )
    }
}
