import Foundation
import Testing

/// The figures of other programs; `Reference/make_reference.py` writes the file.
struct ReferenceFile: Decodable {
    struct ScoresCase: Decodable, Sendable, CustomTestStringConvertible {
        struct PerClass: Decodable, Sendable {
            var label: String
            var precision: Double
            var recall: Double
            var f1: Double
            var support: Int
        }

        struct Confusion: Decodable, Sendable {
            var labels: [String]
            var matrix: [[Int]]
        }

        struct Expected: Decodable, Sendable {
            var accuracy: Double
            var accuracy_low: Double
            var accuracy_high: Double
            var macro_f1: Double
            var log_loss: Double
            var good_or_bad: Double?
            var within_one: Double?
            var mean_absolute_error: Double?
            var confusion: Confusion
            var per_class: [PerClass]
        }

        var name: String
        var labels: [String]
        var truth: [String]
        var logprobs: [Double]
        var binary: String?
        var expected: Expected

        var testDescription: String { name }
    }

    struct ClassifierCase: Decodable, Sendable {
        var name: String
        var positive: String
        var beta: Double
        var weighted_f1_score: Double
        var precision: Double
        var recall: Double
        var f_beta: Double
        var auroc: Double?
        var auprc: Double?
    }

    struct MeasuresCase: Decodable, Sendable {
        struct Bin: Decodable, Sendable {
            var rows: Int
            var confidence: Double
            var accuracy: Double
        }

        var name: String
        var top: Int
        var beta: Double
        var values: [String: Double?]
        var bins: [Bin]
        var temperature: Double?
        var log_loss_at_temperature: Double?
    }

    struct McNemarCase: Decodable, Sendable {
        var first: Int
        var second: Int
        var p: Double
    }

    struct WilsonCase: Decodable, Sendable {
        var successes: Int
        var trials: Int
        var low: Double
        var high: Double
    }

    var scores: [ScoresCase]
    var classifiers: [ClassifierCase]
    var measures: [MeasuresCase]
    var mcnemar: [McNemarCase]
    var wilson: [WilsonCase]

    /// Reads the file beside the tests.
    static func read() throws -> ReferenceFile {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference/reference.json")
        return try JSONDecoder().decode(ReferenceFile.self, from: Data(contentsOf: file))
    }
}

/// Returns whether two figures are equal to 1e-9.
func isClose(_ found: Double?, _ expected: Double?) -> Bool {
    switch (found, expected) {
    case (nil, nil): true
    case (let found?, let expected?): (found - expected).magnitude <= 1e-9
    default: false
    }
}
