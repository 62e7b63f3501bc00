import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Cost: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        required: false,
        kind: .model,
        help: "the tuned model whose training and time count, or 'prices' to show the table"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "what the model was tuned on",
        help: "the rows whose tokens are counted"
    )
    static let requests = Option<Double>.setting(
        "per_day",
        default: "1000",
        unit: "requests",
        help: "how many requests a day"
    )
    static let promptTokens = Option<Double>.setting(
        "prompt_tokens",
        default: "150",
        unit: "tokens",
        help: "what the large model reads for each: instructions, examples and the text"
    )
    static let against = Option<Double>.setting(
        "against",
        default: "the mean of the rows, else 40",
        unit: "tokens",
        help: "what the tuned model reads for each"
    )
    static let completionTokens = Option<Double>.setting(
        "completion_tokens",
        default: "1",
        unit: "tokens",
        help: "what either writes for each"
    )
    static let large = Option<ArgumentWord>.setting(
        "large",
        kind: .text,
        default: "davinci",
        help: "the large model's row in the table of prices"
    )
    static let small = Option<ArgumentWord>.setting(
        "small",
        kind: .text,
        default: "ada",
        help: "the tuned model's row in the table of prices"
    )
    static let epochs = Option<Double>.setting(
        "n_epochs",
        aliases: ["epochs"],
        default: "4, or as the model saw them",
        unit: "passes",
        help: "how often the rows are shown in training"
    )
    static let training = Option<Double>.setting(
        "training_price",
        default: "that of the table",
        help: "for a million tokens of training"
    )
    static let hour = Option<Double>.setting(
        "hour",
        help: "what an hour of this machine costs, so that its measured seconds do"
    )
    static let days = Option<Int>.setting(
        "days",
        default: "twice the break-even day, else 365",
        unit: "days",
        help: "how many days are drawn"
    )
    static let tokenizer = Option<ArgumentWord>.setting(
        "tokenizer",
        kind: .base,
        default: "the model's own, else four bytes are a token",
        help: "a language model of the workspace, or the tokenizer.json of one"
    )
    static let prices = Option<ArgumentWord>.setting(
        "prices",
        kind: .file(["csv", "json", "jsonl", "tsv"]),
        default: "prices.csv of the workspace, or of $XDG_CONFIG_HOME/fettle",
        help: "the table of prices"
    )

    static let declaration = CommandDeclaration(
        "cost",
        group: .judge,
        summary: "compare what a tuned model costs with few-shot prompting of a large one",
        details: """
            Costs of training (tokens × passes) and of each day are those of a table of prices for a million
            tokens. 'cost prices' shows the table and where it is, 'cost prices > prices.csv' writes it to be
            edited; each row has its date and source. The break-even day is the first at whose end no more has
            been paid for the tuned model. With a model and hour= the seconds that training took and that answers
            take on this machine are a third curve.
            """,
        parameters: [
            model.parameter, dataset.parameter, requests.parameter, promptTokens.parameter,
            against.parameter, completionTokens.parameter, large.parameter, small.parameter,
            epochs.parameter, training.parameter, hour.parameter, days.parameter,
            tokenizer.parameter, prices.parameter, PlotTheme.setting.parameter,
        ],
        effect: .none,
        examples: [
            .init("cost per_day=1000 prompt_tokens=150 against=40", "figure 4.1"),
            .init(
                "cost stars training_price=0.5 hour=1.20",
                "with training, and with this machine"
            ),
            .init("cost prices", "the table of prices"),
            .init("cost prices > prices.csv", "the same to be edited"),
        ]
    )

    let model: ArgumentWord?
    let dataset: ArgumentWord?
    let setting: CostSetting
    let tokenizer: ArgumentWord?
    let prices: ArgumentWord?
    let theme: Plot.Theme

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.value(Self.model)
        dataset = try arguments.value(Self.dataset)
        tokenizer = try arguments.value(Self.tokenizer)
        prices = try arguments.value(Self.prices)
        theme = try arguments.value(PlotTheme.setting, or: .auto)
        func amount(
            _ option: Option<Double>,
            above zero: Bool = false
        ) throws(Diagnostic) -> Double? {
            guard let value = try arguments.value(option), let word = arguments.word(option) else {
                return nil
            }
            guard value >= 0, value <= 1e12, !zero || value > 0 else {
                let least = zero ? "above 0" : "of at least 0"
                throw expected("a number \(least), at most 10^12", word, for: option.parameter.name)
            }
            return value
        }
        var setting = CostSetting()
        setting.requests = try amount(Self.requests, above: true) ?? setting.requests
        setting.promptTokens = try amount(Self.promptTokens) ?? setting.promptTokens
        setting.tunedPromptTokens = try amount(Self.against)
        setting.completionTokens = try amount(Self.completionTokens) ?? setting.completionTokens
        setting.epochs = try amount(Self.epochs, above: true)
        setting.trainingPrice = try amount(Self.training)
        setting.hourPrice = try amount(Self.hour)
        setting.large = try arguments.value(Self.large)
        setting.small = try arguments.value(Self.small)
        setting.days = try arguments.value(Self.days)
        if let days = setting.days, days < 1 || days > 1_000_000,
            let word = arguments.word(Self.days)
        {
            throw expected("a whole number from 1 to 1,000,000", word, for: "days")
        }
        self.setting = setting
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let table: PriceTable
        do {
            table = try PriceTable(
                named: prices?.text,
                in: services.workspace,
                environment: services.surroundings.environment
            )
        } catch let error as Diagnostic {
            throw error.location == nil ? error.located(at: prices?.span) : error
        }
        if let model, model.text == "prices" {
            return CommandOutput(blocks: CostView.blocks(table))
        }
        let record = try model.map { word throws(Diagnostic) in try services.model(word) }
        let measured = try measure(record, session, context)
        let found = try setting.costs(table, measured)
        var view = CostView(found, table)
        view.theme = theme
        return CommandOutput(blocks: view.blocks, value: view.value)
    }

    /// Counts tokens and seconds, where there is a model or a dataset to count on.
    private func measure(
        _ record: ModelRecord?,
        _ session: Session,
        _ context: Context
    ) throws -> CostMeasures {
        var measures = CostMeasures(model: record?.displayName)
        let services = context.services
        let own = record.flatMap { session.trainingRows(of: $0) }
        guard record != nil || dataset != nil else { return measures }
        guard let source = try dataset.map({ try session.dataset($0) }) ?? own else {
            throw Diagnostic(
                "no-dataset",
                "'\(record?.dataset ?? "")', which the model was tuned on, is not loaded as it was",
                span: model?.span,
                hint: "name the rows whose tokens are counted: cost \(model?.text ?? "") on DATASET"
            )
        }
        let format = try record?.format ?? source.requiredFormat()
        let tokenizer =
            try tokenizer.map { word throws(Diagnostic) in try services.tokenizer(word) }
            ?? record.flatMap { try services.models.tokenizer(of: $0.base) }
        let use = try TokenUse(of: source, format: format, by: tokenizer) { done in
            services.progress.update(done: done, total: source.frame.count, unit: "rows")
        }
        guard use.examples > 0 else {
            throw Diagnostic(
                "no-rows",
                "'\(source.name)' has no rows whose tokens could be counted",
                span: dataset?.span ?? model?.span,
                hint: "name a dataset with at least one row"
            )
        }
        measures.tokens = use
        measures.dataset = source.name
        guard let record else { return measures }
        measures.examplesSeen = record.examplesSeen
        guard services.clock.seconds() != nil else { return measures }
        measures.trainingSeconds = Double(record.trainingMilliseconds) / 1000
        let some = source.replacing(
            frame: source.frame.showing(Array(source.frame.rows.prefix(CostMeasures.timedRows))),
            adding: "rows"
        )
        let judge = Judge(services.workspace, clock: services.clock)
        let scored = try judge.score(record, on: some) { _ in }
        measures.secondsPerRequest = scored.seconds.map { $0 / Double(scored.scores.rows) }
        return measures
    }
}
