import FettleCore
import FettleNotebook
import FettleWorkbench

/// Shows costs as blocks.
struct CostView {
    private let found: FoundCosts
    private let table: PriceTable
    var theme = Plot.Theme.auto

    init(_ found: FoundCosts, _ table: PriceTable) {
        self.found = found
        self.table = table
    }

    // MARK: - The table of prices

    /// The prices, and where they are or can be.
    static func blocks(_ table: PriceTable) -> [OutputBlock] {
        let place =
            table.path.map { "from '\($0)'" }
            ?? "built in; 'cost prices > prices.csv' writes them, and as prices.csv in .fettle or "
            + "$XDG_CONFIG_HOME/fettle they are yours to change"
        return [
            .table(
                TextTable(
                    columns: PriceTable.columns.map { name in
                        let isNumber = ["input", "output", "training"].contains(name)
                        return .init(name, isNumber ? .right : .left)
                    },
                    rows: table.prices.map { price in
                        [.text(price.model), .text(price.date), .text(price.currency)]
                            + [price.input, price.output, price.training].map { value in
                                value.map { .number($0, digits($0)) } ?? .blank
                            } + [.text(price.source)]
                    },
                    footer: "for a million tokens; " + place
                )
            )
        ]
    }

    /// Returns a price with as many digits as it has, at least two.
    private static func digits(_ value: Double) -> String {
        let short = NumberText.decimal(value, digits: 2)
        return Double(short.filter { $0 != "," }) == value
            ? short : NumberText.decimal(value, digits: 6)
    }

    // MARK: - Costs

    var blocks: [OutputBlock] {
        var blocks: [OutputBlock] = []
        let fields = trainingFields
        if !fields.isEmpty { blocks.append(.fields(fields)) }
        blocks += [.table(costs), .text(sentence), .plot(plot), .note(remark)]
        return blocks
    }

    private func money(_ value: Double) -> String {
        let digits = value >= 100 ? 2 : value >= 1 ? 2 : value >= 0.01 ? 4 : 6
        let text = value == 0 ? "0" : NumberText.decimal(value, digits: digits)
        return found.cheap.currency == "USD" ? "$\(text)" : "\(found.cheap.currency) \(text)"
    }

    private var trainingFields: [OutputBlock.Field] {
        guard let training = found.training else { return [] }
        let use = training.tokens
        let counted =
            use.tokenizer.map { "by the tokenizer of \($0)" }
            ?? "about: four bytes of text are one, as no tokenizer is at hand (tokenizer=FILE)"
        let passes = JSONValue.text(of: (training.passes * 100).rounded() / 100)
        let mean = Double(use.all) / Double(use.examples)
        var fields: [OutputBlock.Field] = [
            .init(
                "tokens of \(found.measures.dataset ?? "")",
                "\(NumberText.count(use.all)) in \(NumberText.count(use.examples, "example")), "
                    + "\(NumberText.decimal(mean, digits: 1)) each"
            ),
            .init("counted", counted),
            .init(
                "training",
                "× \(passes) \(passes == "1" ? "pass" : "passes") = \(NumberText.decimal(training.all, digits: 0)) tokens: "
                    + (training.cost.map { money($0) }
                        ?? "no price in the table (training_price=), and not counted")
            ),
        ]
        if let seconds = found.measures.trainingSeconds {
            fields.append(
                .init("measured here", "training \(NumberText.duration(seconds: seconds))")
            )
        }
        if let seconds = found.measures.secondsPerRequest {
            let day = NumberText.duration(seconds: seconds * found.setting.requests)
            fields.append(
                .init(
                    "",
                    "\(NumberText.decimal(seconds * 1000, digits: 2)) ms an answer, \(day) a day"
                )
            )
        }
        return fields
    }

    private var costs: TextTable {
        let setting = found.setting
        let prompts: [Double?] = [setting.promptTokens, found.tunedTokens, nil]
        let prices: [Double?] = [found.dear.input, found.cheap.input, nil]
        return TextTable(
            columns: [
                .init("model"), .init("prompt tokens", .right), .init("a million", .right),
                .init("before", .right), .init("a day", .right), .init("a year", .right),
            ],
            rows: zip(found.costs, zip(prompts, prices)).map { cost, figures in
                let prompt = figures.0.map { tokens -> TextTable.Cell in
                    let whole = tokens == tokens.rounded()
                    return .number(tokens, NumberText.decimal(tokens, digits: whole ? 0 : 1))
                }
                return [
                    .text(cost.name), prompt ?? .blank,
                    figures.1.map { .number($0, money($0)) } ?? .blank,
                    .number(cost.upfront, money(cost.upfront)),
                    .number(cost.perDay, money(cost.perDay)),
                    .number(cost.total(afterDays: 365), money(cost.total(afterDays: 365))),
                ]
            },
            footer: "\(NumberText.decimal(setting.requests, digits: 0)) requests a day, of "
                + (setting.completionTokens == 1
                    ? "one written token each"
                    : "\(JSONValue.text(of: setting.completionTokens)) written tokens each")
        )
    }

    private var sentence: String {
        let (large, small) = (found.costs[0], found.costs[1])
        guard let day = found.breakEvenDay else {
            return
                "break-even: never; a day of \(small.name) costs as much as one of \(large.name), or more"
        }
        let saved = large.total(afterDays: 365) - small.total(afterDays: 365)
        let what = saved >= 0 ? "saves \(money(saved))" : "still costs \(money(-saved)) more"
        return "break-even: day \(NumberText.count(day)); the first year \(what)"
    }

    private var plot: Plot {
        let days = Double(found.days)
        let points = 10
        let lines = found.costs.map { cost in
            Plot.Series(
                cost.name,
                (0...points).map { step in
                    let day = days * Double(step) / Double(points)
                    return .init(day, cost.total(afterDays: day))
                }
            )
        }
        var series = lines
        if let day = found.breakEvenDay, day > 1, Double(day) <= days {
            let top = found.costs.map { $0.total(afterDays: days) }.max() ?? 0
            let place = Double(day)
            series.append(
                .init(
                    "break-even, day \(NumberText.count(day))",
                    style: .reference,
                    [.init(place, 0), .init(place, top)]
                )
            )
        }
        let figures = TextTable(
            columns: [.init("day", .right)] + found.costs.map { .init($0.name, .right) },
            rows: (0...points).map { step in
                let day = days * Double(step) / Double(points)
                return [.number(day, NumberText.decimal(day, digits: 1))]
                    + found.costs.map {
                        let total = $0.total(afterDays: day)
                        return .number(total, money(total))
                    }
            }
        )
        var plot = Plot(
            "Cost so far, \(NumberText.decimal(found.setting.requests, digits: 0)) requests a day",
            [
                .init(
                    x: .init("day"),
                    y: .init("cost so far (\(found.cheap.currency))", holdsZero: true),
                    .series(series)
                )
            ],
            figures: [.init(figures)]
        )
        plot.theme = theme
        return plot
    }

    private var remark: String {
        let prices = [found.dear, found.cheap].map { "\($0.model): \($0.date), \($0.source)" }
        let place = table.path.map { "'\($0)'" } ?? "built in; 'cost prices' shows them"
        return "prices (\(place)): " + prices.joined(separator: "; ")
    }

    var value: JSONValue {
        .object([
            .init("break_even_day", found.breakEvenDay.map { .integer(Int64($0)) } ?? .null),
            .init("currency", .string(found.cheap.currency)),
            .init(
                "training",
                found.training.map { training in
                    .object([
                        .init("tokens", .integer(Int64(training.tokens.all))),
                        .init("passes", .number(training.passes)),
                        .init("cost", training.cost.map { .number($0) } ?? .null),
                    ])
                } ?? .null
            ),
            .init(
                "models",
                .array(
                    found.costs.map { cost in
                        .object([
                            .init("name", .string(cost.name)),
                            .init("upfront", .number(cost.upfront)),
                            .init("per_day", .number(cost.perDay)),
                            .init("first_year", .number(cost.total(afterDays: 365))),
                        ])
                    }
                )
            ),
            .init(
                "measured",
                .object([
                    .init(
                        "training_seconds",
                        found.measures.trainingSeconds.map { .number($0) } ?? .null
                    ),
                    .init(
                        "seconds_per_request",
                        found.measures.secondsPerRequest.map { .number($0) } ?? .null
                    ),
                ])
            ),
        ])
    }
}
