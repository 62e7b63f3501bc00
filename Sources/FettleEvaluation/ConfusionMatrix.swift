public import FettleCore

/// How often each true class was taken for each other.
public struct ConfusionMatrix: Hashable, Sendable {
    /// The classes that occur as truth or prediction, in the report's order.
    public let labels: [String]
    /// Counts: `counts[truth][prediction]`.
    public let counts: [[Int]]

    /// Labels up to which JSON has every cell: 2,000 labels would make 4 million.
    static let widestJSON = 200

    /// The matrix as JSON: `{"labels": […], "matrix": [[…]]}`, a row for each true class.
    ///
    /// Of more than 200 labels there are only the cells that are not 0, `"cells": [[true, predicted, rows], …]`
    /// with the places of the labels.
    public var json: JSONValue {
        let names = JSONValue.Member("labels", .array(labels.map { .string($0) }))
        guard labels.count > Self.widestJSON else {
            let rows = counts.map { JSONValue.array($0.map { .integer(Int64($0)) }) }
            return .object([names, .init("matrix", .array(rows))])
        }
        let cells = counts.enumerated().flatMap { truth, row in
            row.enumerated().compactMap { predicted, count in
                count == 0
                    ? nil : JSONValue.array([truth, predicted, count].map { .integer(Int64($0)) })
            }
        }
        return .object([names, .init("cells", .array(cells))])
    }

    /// Precision, recall and F1 of each class, in the order of `labels`.
    ///
    /// Precision is tp / (tp + fp), recall tp / (tp + fn), F1 2 tp / (2 tp + fp + fn), each 0 when its
    /// denominator is 0. Source: scikit-learn's `precision_recall_fscore_support(zero_division=0)`.
    public var perClass: [ClassScore] {
        var columns = [Int](repeating: 0, count: labels.count)
        for row in counts {
            for (place, count) in row.enumerated() where count > 0 { columns[place] += count }
        }
        return labels.indices.map { index in
            let hits = counts[index][index]
            let support = counts[index].reduce(0, +)
            let predicted = columns[index]
            func ratio(_ part: Int, _ whole: Int) -> Double {
                whole == 0 ? 0 : Double(part) / Double(whole)
            }
            return ClassScore(
                label: labels[index],
                precision: ratio(hits, predicted),
                recall: ratio(hits, support),
                f1: ratio(2 * hits, support + predicted),
                support: support
            )
        }
    }
}

/// How well one class is found.
public struct ClassScore: Hashable, Sendable {
    /// The class.
    public let label: String
    /// The fraction of its predictions that are right, 0 to 1.
    public let precision: Double
    /// The fraction of its rows that are found, 0 to 1.
    public let recall: Double
    /// The harmonic mean of the two, 0 to 1.
    public let f1: Double
    /// The number of rows whose true class it is.
    public let support: Int
    /// The areas under its curves against the rest; nil unless they were wanted.
    public internal(set) var areas: ClassAreas?

    /// The scores as JSON.
    public var json: JSONValue {
        .object(members + (areas?.members ?? []))
    }

    private var members: [JSONValue.Member] {
        [
            .init("label", .string(label)),
            .init("precision", .number(precision)),
            .init("recall", .number(recall)),
            .init("f1", .number(f1)),
            .init("support", .integer(Int64(support))),
        ]
    }
}

/// The areas under the curves of one class against the rest.
public struct ClassAreas: Hashable, Sendable {
    /// The area under the true against the false positive rate, as ``AreaUnderROC`` has it; nil where all rows or
    /// none have the class.
    public let roc: Double?
    /// The area under precision against recall, as ``AreaUnderPrecisionRecall`` has it; nil where no row has the
    /// class.
    public let precisionRecall: Double?

    var members: [JSONValue.Member] {
        [.init("auroc", .number(roc)), .init("auprc", .number(precisionRecall))]
    }
}
