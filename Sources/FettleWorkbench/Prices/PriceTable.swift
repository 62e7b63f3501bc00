public import FettleCore
import FettleData
import Foundation

/// What the use of a model costs, in a currency for a million tokens.
public struct Price: Hashable, Sendable {
    /// The model's name in the table.
    public var model: String
    /// When the price held, as the table has it.
    public var date: String
    /// The currency's code, such as `USD`.
    public var currency: String
    /// For a million tokens that the model reads.
    public var input: Double
    /// For a million tokens that the model writes.
    public var output: Double
    /// For a million tokens that it is trained on; nil where the table does not say.
    public var training: Double?
    /// Where the price is from.
    public var source: String

    /// Makes a price.
    public init(
        model: String,
        date: String,
        currency: String,
        input: Double,
        output: Double,
        training: Double? = nil,
        source: String
    ) {
        self.model = model
        self.date = date
        self.currency = currency
        self.input = input
        self.output = output
        self.training = training
        self.source = source
    }
}

/// The prices that costs are worked out with: a table that the user may edit.
///
/// It is the file named, else `prices.csv` of the workspace, else that of `$XDG_CONFIG_HOME/fettle`, else the
/// table that is built in.
public struct PriceTable: Hashable, Sendable {
    /// The file's name in the workspace and in the user's configuration.
    public static let file = "prices.csv"
    /// The columns of the file; all but `training` must have a value.
    public static let columns = [
        "model", "date", "currency", "input", "output", "training", "source",
    ]

    /// The prices, in the table's order.
    public let prices: [Price]
    /// The file that they are from; nil for the built-in table.
    public let path: String?

    /// The prices that the chapter names at its figure 4.1, as it prints them; it names none of training.
    public static let builtIn = PriceTable(
        prices: [("ada", 1.6), ("chatgpt", 2), ("davinci", 2)].map { name, price in
            Price(
                model: name,
                date: "2023",
                currency: "USD",
                input: price,
                output: price,
                source: "the chapter, at figure 4.1"
            )
        },
        path: nil
    )

    private init(prices: [Price], path: String?) {
        self.prices = prices
        self.path = path
    }

    /// Finds the table.
    ///
    /// - Parameters:
    ///   - named: a file; nil for the usual ones.
    ///   - workspace: whose file goes before the user's.
    ///   - environment: names the folder of the user's configuration.
    /// - Throws: what is wrong with the file, as ``init(file:)``.
    public init(
        named: String?,
        in workspace: Workspace,
        environment: [String: String]
    ) throws {
        let usual =
            [workspace.existingFile(Self.file), Self.path(in: environment)]
            .compactMap(\.self).first { FileManager.default.fileExists(atPath: $0) }
        guard let path = named ?? usual else {
            self = Self.builtIn
            return
        }
        try self.init(file: path)
    }

    /// Returns where the user's own table is, whether it is there or not; nil where no folder is known.
    public static func path(in environment: [String: String]) -> String? {
        let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let folder = configured ?? environment["HOME"].map { $0 + "/.config" }
        return folder.map { "\($0)/fettle/\(file)" }
    }

    /// Reads a table from a file of rows in any form that datasets are loaded from.
    ///
    /// - Throws: an error of loading with its place, and `bad-price` with the row for a price that cannot be one.
    public init(file path: String) throws {
        let frame = try DatasetLoader.load(.path(path)).frame
        let places = try Self.columns.map { name in
            guard let place = frame.position(of: name) else {
                throw Self.bad(path, "it has no column '\(name)'")
            }
            return place
        }
        var prices: [Price] = []
        for row in 0..<frame.count {
            let cells = places.map { frame.cell($0, at: row) }
            func text(_ place: Int) throws -> String {
                guard !cells[place].isAbsent, cells[place] != .text("") else {
                    throw Self.bad(path, "row \(row + 1) has no \(Self.columns[place])")
                }
                return cells[place].displayText
            }
            func number(_ place: Int) throws -> Double {
                let text = try text(place)
                guard let value = Double(text), value.isFinite, value >= 0 else {
                    throw Self.bad(
                        path,
                        "row \(row + 1) has the \(Self.columns[place]) '\(text)', expected a number of at least 0"
                    )
                }
                return value
            }
            let hasTraining = !cells[5].isAbsent && cells[5] != .text("")
            prices.append(
                Price(
                    model: try text(0),
                    date: try text(1),
                    currency: try text(2),
                    input: try number(3),
                    output: try number(4),
                    training: hasTraining ? try number(5) : nil,
                    source: try text(6)
                )
            )
        }
        self.init(prices: prices, path: path)
    }

    private static func bad(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic(
            "bad-price",
            "the prices in '\(path)' cannot be used: \(reason)",
            hint:
                "the columns are \(columns.joined(separator: ", ")); 'cost prices > FILE.csv' writes a table"
        )
    }

    /// Returns the price of a model, the last when there are several.
    ///
    /// - Throws: `unknown-price` with near names.
    public func price(of model: String) throws(Diagnostic) -> Price {
        if let price = prices.last(where: { $0.model == model }) { return price }
        let names = prices.map(\.model)
        throw Diagnostic(
            "unknown-price",
            "no price of '\(model)' in the table",
            hints: [
                didYouMean(model, among: names), "there are: \(names.joined(separator: ", "))",
                "'cost prices > prices.csv' writes the table, to which you can add it",
            ].compactMap(\.self)
        )
    }
}
