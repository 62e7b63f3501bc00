import FettleCore
import FettleData
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Shows the rows that a model got wrong, was unsure of or did not expect.
struct ErrorsView {
    /// Rows shown on the screen when no limit is given.
    private static let usualRows = 20
    /// Characters of a prompt that a cell has at most.
    private static let promptLength = 200

    let source: Dataset
    private let record: ModelRecord
    private let selection: AnswerSelection
    private let total: Int

    /// Makes a view of a model's answers to `total` rows.
    init(
        _ record: ModelRecord,
        _ source: Dataset,
        _ selection: AnswerSelection,
        of total: Int
    ) {
        self.record = record
        self.source = source
        self.selection = selection
        self.total = total
    }

    func blocks(_ found: [AnsweredRow], limit: Int?) -> [OutputBlock] {
        let shown = Array(found.prefix(limit ?? Self.usualRows))
        let head = "\(record.displayName) on \(source.name): \(summary(found))"
        guard let first = shown.first else { return [.text(head)] }
        let compiled = try? source.compiled(record.format)
        var table = TextTable(
            columns: [
                .init("#", .right), .init("true"), .init("predicted"), .init("p", .right),
                .init("p true", .right), .init("prompt"),
            ],
            rows: shown.map { row in
                [
                    .text(String(row.position + 1)), .text(Judgement.bare(row.truth)),
                    .text(Judgement.bare(row.prediction)), Self.probability(row.probability),
                    Self.probability(row.truthProbability),
                    .text(Self.start(of: compiled?.prompt(at: row.position))),
                ]
            }
        )
        if shown.count < found.count {
            table.footer =
                "\(NumberText.count(shown.count)) of \(NumberText.count(found.count, "row"))"
        }
        let open = "errors \(record.displayName) on \(source.name) row=\(first.position + 1)"
        return [.text(head), .table(table), .note("open one: \(open)")]
    }

    /// What was found, such as `157 of 440 rows are wrong`.
    private func summary(_ found: [AnsweredRow]) -> String {
        let what =
            switch selection.kind {
            case .wrong: "wrong"
            case .unsure: "unsure"
            case .surprising: "surprising"
            case .all: "answered"
            }
        var text = "\(NumberText.count(found.count)) of \(NumberText.count(total, "row"))"
        text += found.count == 1 ? " is \(what)" : " are \(what)"
        if let truth = selection.truth { text += ", true \(truth)" }
        if let prediction = selection.prediction { text += ", predicted \(prediction)" }
        return text
    }

    /// The beginning of a prompt, as much as a cell shows.
    static func start(of prompt: String?) -> String {
        String((prompt ?? "").prefix(promptLength))
    }

    static func probability(_ value: Double) -> TextTable.Cell {
        .number(value, NumberText.decimal(value, digits: 3))
    }

    /// The rows with their numbers and answers as columns.
    func rows(_ found: [AnsweredRow]) throws -> Dataset {
        var columns = RowFindings(source, found.map(\.position))
        try columns.add(labels: found.map(\.prediction), as: "prediction")
        columns.add(found.map(\.probability), as: "probability")
        columns.add(found.map(\.truthProbability), as: "probability_true")
        return columns.dataset(made: "errors \(CommandText.word(record.id)) \(arguments)")
    }

    private var arguments: String {
        var words = ["show=\(selection.kind.rawValue)"]
        if let truth = selection.truth { words.append("true=" + CommandText.word(truth)) }
        if let prediction = selection.prediction {
            words.append("pred=" + CommandText.word(prediction))
        }
        if let order = selection.order { words.append("sort=\(order.rawValue)") }
        return words.joined(separator: " ")
    }

    /// The same as one object, of the rows in `wanted`.
    func value(_ found: [AnsweredRow], _ wanted: [AnsweredRow]) -> JSONValue {
        .object([
            .init("model", .string(record.displayName)),
            .init("dataset", .string(source.name)),
            .init("judged", .integer(Int64(total))),
            .init("found", .integer(Int64(found.count))),
            .init(
                "rows",
                .array(
                    wanted.map { row in
                        .object([
                            .init("row", .integer(Int64(row.position + 1))),
                            .init("true", .string(row.truth)),
                            .init("predicted", .string(row.prediction)),
                            .init("probability", .number(row.probability)),
                            .init("probability_true", .number(row.truthProbability)),
                        ])
                    }
                )
            ),
        ])
    }
}
