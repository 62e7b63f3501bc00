import FettleCore
import FettleLanguage
import FettleWorkbench

/// What was counted and measured for a cost.
struct CostMeasures: Hashable, Sendable {
    /// Rows that are answered to know how long one takes.
    static let timedRows = 200

    /// The model's name, if there is one.
    var model: String?
    /// The dataset whose tokens were counted.
    var dataset: String?
    /// The tokens of its rows.
    var tokens: TokenUse?
    /// Examples that the model was shown since its base.
    var examplesSeen: Int?
    /// The seconds that its training took, where durations are shown.
    var trainingSeconds: Double?
    /// The seconds that an answer takes, where durations are shown.
    var secondsPerRequest: Double?

    init(model: String?) {
        self.model = model
    }
}

/// What a cost is asked for with.
struct CostSetting: Sendable {
    var requests = 1000.0
    var promptTokens = 150.0
    var tunedPromptTokens: Double?
    var completionTokens = 1.0
    var epochs: Double?
    var trainingPrice: Double?
    var hourPrice: Double?
    var large: ArgumentWord?
    var small: ArgumentWord?
    var days: Int?

    /// Prompt tokens of a tuned model where there are no rows to count: figure 4.1's.
    static let usualTunedTokens = 40.0
    /// The chapter's default number of epochs.
    static let usualEpochs = 4.0

    /// Works out the costs.
    ///
    /// - Throws: `unknown-price`, and `currencies-differ` when the two prices are in different ones.
    func costs(_ table: PriceTable, _ measures: CostMeasures) throws(Diagnostic) -> FoundCosts {
        let dear = try price(large, "davinci", table)
        let cheap = try price(small, "ada", table)
        guard dear.currency == cheap.currency else {
            throw Diagnostic(
                "currencies-differ",
                "'\(dear.model)' has its price in \(dear.currency), '\(cheap.model)' in \(cheap.currency)",
                span: (small ?? large)?.span,
                hint: "write both in one currency in the table: 'cost prices' says where it is"
            )
        }
        let mean = measures.tokens.map { Double($0.promptTokens) / Double($0.examples) }
        let tunedTokens = tunedPromptTokens ?? mean ?? Self.usualTunedTokens
        var training: FoundCosts.Training?
        if let tokens = measures.tokens {
            let seen = measures.examplesSeen.map { Double($0) / Double(tokens.examples) }
            let passes = epochs ?? seen ?? Self.usualEpochs
            training = .init(
                tokens: tokens,
                passes: passes,
                price: trainingPrice ?? cheap.training
            )
        }
        var costs = [
            RunningCost(
                "\(dear.model), few-shot",
                at: dear,
                requests: requests,
                promptTokens: promptTokens,
                completionTokens: completionTokens
            ),
            RunningCost(
                "\(cheap.model), fine-tuned",
                at: cheap,
                requests: requests,
                promptTokens: tunedTokens,
                completionTokens: completionTokens,
                upfront: training?.cost ?? 0
            ),
        ]
        if let hourPrice, let trained = measures.trainingSeconds,
            let answered = measures.secondsPerRequest
        {
            costs.append(
                RunningCost(
                    "\(measures.model ?? "") on this machine",
                    upfront: trained / 3600 * hourPrice,
                    perDay: requests * answered / 3600 * hourPrice
                )
            )
        }
        return FoundCosts(
            setting: self,
            measures: measures,
            dear: dear,
            cheap: cheap,
            tunedTokens: tunedTokens,
            training: training,
            costs: costs
        )
    }

    private func price(
        _ word: ArgumentWord?,
        _ usual: String,
        _ table: PriceTable
    ) throws(Diagnostic) -> Price {
        do {
            return try table.price(of: word?.text ?? usual)
        } catch {
            throw error.located(at: word?.span)
        }
    }
}

/// What a large model and a tuned one cost.
struct FoundCosts: Sendable {
    /// The training of the tuned model.
    struct Training: Hashable, Sendable {
        var tokens: TokenUse
        var passes: Double
        /// For a million tokens; nil where it is not known.
        var price: Double?

        /// The tokens of all passes.
        var all: Double { Double(tokens.all) * passes }
        /// What it costs; nil where that is not known.
        var cost: Double? { price.map { all * $0 / 1e6 } }
    }

    var setting: CostSetting
    var measures: CostMeasures
    var dear: Price
    var cheap: Price
    var tunedTokens: Double
    var training: Training?
    /// The large model's, the tuned one's, and that of this machine where it has a price.
    var costs: [RunningCost]

    /// The first day at whose end no more has been paid for the tuned model; nil when that never is.
    var breakEvenDay: Int? { costs[1].breakEvenDay(against: costs[0]) }

    /// How many days are drawn.
    var days: Int {
        if let days = setting.days { return days }
        guard let day = breakEvenDay, day > 1 else { return 365 }
        return min(1_000_000, day * 2)
    }
}
