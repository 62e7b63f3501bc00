import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// What the training of models costs by a price for a million tokens.
struct TrainingCosts: Sendable {
    static let price = Option<ArgumentWord>.setting(
        "price",
        kind: .text,
        help: "a row of the table of prices, or a number for a million tokens: what training costs"
    )

    /// The price of a million tokens.
    let price: Double
    /// Its currency's code; nil for a bare number.
    let currency: String?
    /// What each model's training cost, by its name; those whose rows are not loaded are missing.
    private(set) var costs: [String: Double] = [:]
    /// Whether tokens were counted as four bytes each, as a tokenizer is not at hand.
    private(set) var isAbout = false

    /// Counts the tokens that models were trained on, since their base models and repeats counted.
    ///
    /// - Throws: `unknown-price`, or `bad-price` for a row without a price of training.
    init(
        _ word: ArgumentWord,
        of models: [ModelRecord],
        in session: Session,
        _ services: Services
    ) throws {
        (price, currency) = try Self.price(word, services)
        for model in models {
            guard let rows = session.trainingRows(of: model) else { continue }
            let tokenizer = try services.models.tokenizer(of: model.base)
            let use = try TokenUse(of: rows, format: model.format, by: tokenizer) { done in
                services.progress.update(done: done, total: rows.frame.count, unit: "rows")
            }
            guard use.examples > 0 else { continue }
            let tokens = Double(use.all) / Double(use.examples) * Double(model.examplesSeen)
            costs[model.displayName] = tokens * price / 1e6
            if tokenizer == nil { isAbout = true }
        }
    }

    private static func price(
        _ word: ArgumentWord,
        _ services: Services
    ) throws -> (price: Double, currency: String?) {
        if let number = Double(word.text) {
            guard number >= 0, number <= 1e12 else {
                throw expected("a row's name, or a number from 0 to 10^12", word, for: "price")
            }
            return (number, nil)
        }
        let table = try PriceTable(
            named: nil,
            in: services.workspace,
            environment: services.surroundings.environment
        )
        do {
            let row = try table.price(of: word.text)
            guard let training = row.training else {
                throw Diagnostic(
                    "bad-price",
                    "the table of prices has none of training for '\(word.text)'",
                    hint:
                        "write it into the table ('cost prices' shows it), or give a number: price=0.4"
                )
            }
            return (training, row.currency)
        } catch let error as Diagnostic {
            throw error.located(at: word.span)
        }
    }

    /// Adds a column of the costs to the table of models.
    func add(to table: inout TextTable) {
        table.columns.append(.init("training cost", .right))
        for (row, cells) in table.rows.enumerated() {
            guard case .text(let name)? = cells.first else { continue }
            let cost = costs[name].map {
                TextTable.Cell.number($0, NumberText.decimal($0, digits: 4))
            }
            table.rows[row].append(cost ?? .blank)
        }
        let unit = currency.map { "\($0) " } ?? ""
        table.footer =
            "training cost: tokens × \(unit)\(JSONValue.text(of: price)) for a million"
            + (isAbout ? "; four bytes of text count as a token" : "")
    }

    /// The costs as JSON.
    var json: JSONValue {
        .object(costs.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
    }
}
