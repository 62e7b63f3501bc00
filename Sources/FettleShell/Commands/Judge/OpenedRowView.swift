import FettleCore
import FettleNotebook
import FettleWorkbench
import Foundation

/// Shows one row closely: the answer, the n-grams behind it and the training rows like it.
struct OpenedRowView {
    private let row: OpenedRow
    private let training: String
    private let count: Int

    /// Makes a view; `training` is the name of the dataset that the model was tuned on, `count` how much of
    /// each kind is shown.
    init(_ row: OpenedRow, training: String, _ count: Int) {
        self.row = row
        self.training = training
        self.count = count
    }

    var blocks: [OutputBlock] {
        var blocks: [OutputBlock] = [
            .text("Prompt:"), .text(row.answer.prompt),
            .text("Predicted: \(row.answer.completion.visible)"),
        ]
        if let truth = row.truth { blocks.append(.text("Truth: \(truth.visible)")) }
        let bars = row.answer.top.prefix(count).map { token in
            let probability = exp(token.logprob)
            return BarChart.Bar(
                token.token.visible,
                probability,
                NumberText.decimal(probability, digits: 4)
            )
        }
        blocks.append(.bars(BarChart(title: "Probabilities:", bars: bars)))
        blocks += evidence
        blocks += neighbours
        return blocks
    }

    /// The n-grams that speak most for the answer, and those that speak most against it.
    private var evidence: [OutputBlock] {
        guard let evidence = row.evidence, let rival = row.rival else { return [] }
        let parts = evidence.parts
        let speaking = parts.filter { $0.weight > 0 }.prefix(count)
        let against = parts.filter { $0.weight < 0 }.suffix(count)
        let rest =
            parts.reduce(0) { $0 + $1.weight } - (speaking + against).reduce(0) { $0 + $1.weight }
        var table = TextTable(
            columns: [.init("n-gram"), .init("kind"), .init("log odds", .right)],
            rows: (speaking + against).map { part in
                [.text(part.text), .text(part.kind), Self.signed(part.weight)]
            }
        )
        let others = parts.count - speaking.count - against.count
        if others > 0 {
            table.rows.append(
                [.text("\(NumberText.count(others)) others"), .blank, Self.signed(rest)]
            )
        }
        table.rows.append([.text("how common both are"), .blank, Self.signed(evidence.bias)])
        let title = "For \(row.answer.completion.visible) against \(rival.visible):"
        return [.text("\n"), .text(title), .table(table)]
    }

    private var neighbours: [OutputBlock] {
        guard let neighbours = row.neighbours else {
            return [
                .note(
                    "no nearest rows: '\(training)' is not loaded as it was in training"
                )
            ]
        }
        guard !neighbours.isEmpty else {
            return [.note("no row of '\(training)' has a word in common with it")]
        }
        let table = TextTable(
            columns: [
                .init("#", .right), .init("completion"), .init("overlap", .right), .init("prompt"),
            ],
            rows: neighbours.map { neighbour in
                [
                    .text(String(neighbour.position + 1)),
                    .text(Judgement.bare(neighbour.completion)),
                    .number(neighbour.overlap, NumberText.percent(neighbour.overlap, digits: 0)),
                    .text(ErrorsView.start(of: neighbour.prompt)),
                ]
            }
        )
        return [.text("\n"), .text("Nearest rows of \(training):"), .table(table)]
    }

    private static func signed(_ value: Double) -> TextTable.Cell {
        let text = NumberText.decimal(value, digits: 2)
        return .number(value, text.hasPrefix("-") ? text : "+" + text)
    }

    /// The same as one object, with every n-gram.
    var value: JSONValue {
        .object([
            .init("prompt", .string(row.answer.prompt)),
            .init("completion", .string(row.answer.completion)),
            .init("truth", row.truth.map { .string($0) } ?? .null),
            .init("against", row.rival.map { .string($0) } ?? .null),
            .init(
                "top_logprobs",
                .object(row.answer.top.map { .init($0.token, .number($0.logprob)) })
            ),
            .init("bias", row.evidence.map { .number($0.bias) } ?? .null),
            .init(
                "ngrams",
                .array(
                    (row.evidence?.parts ?? []).map { part in
                        .object([
                            .init("text", .string(part.text)), .init("kind", .string(part.kind)),
                            .init("log_odds", .number(part.weight)),
                        ])
                    }
                )
            ),
            .init(
                "nearest",
                .array(
                    (row.neighbours ?? []).map { neighbour in
                        .object([
                            .init("row", .integer(Int64(neighbour.position + 1))),
                            .init("completion", .string(neighbour.completion)),
                            .init("overlap", .number(neighbour.overlap)),
                        ])
                    }
                )
            ),
        ])
    }
}
