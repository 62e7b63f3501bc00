import FettleCore
import FettleEvaluation
import Foundation

/// The figures that a fine-tuning job's result file has of its model as a classifier.
struct ClassifierMeasures {
    private let options: ClassificationOptions

    init(_ options: ClassificationOptions) {
        self.options = options
    }

    /// The names of the figures in the order of the file's columns.
    var names: [String] {
        guard options.positiveClass != nil else { return ["accuracy", WeightedF1.name] }
        return [
            "accuracy", Precision.name, Recall.name, AreaUnderROC.name,
            AreaUnderPrecisionRecall.name,
        ] + betas.map(Self.name)
    }

    /// The betas of the F scores, 1 the first.
    private var betas: [Double] {
        [1] + options.betas.filter { $0 != 1 }
    }

    private static func name(ofF beta: Double) -> String { "f\(beta)" }

    /// Measures a model.
    ///
    /// - Parameters:
    ///   - labels: the completions that it chooses among.
    ///   - truth: the right completion of each row.
    ///   - logprobs: of each label after each row, `[rows, labels]`; made to add up to 1 over the labels.
    /// - Returns: the figures there are; a threshold of ½ divides the positive class from the other.
    /// - Throws: `no-rows`, `unusable-scores`.
    func values(
        labels: [String],
        truth: [String],
        logprobs: [Double]
    ) throws(Diagnostic) -> [(name: String, value: Double)] {
        let scores = try Scores(
            labels: labels,
            truth: truth,
            logprobs: Self.normalised(logprobs, labels.count)
        )
        func setting(_ beta: Double = 1) -> MetricSetting {
            MetricSetting(classes: scores.classes, positive: options.positiveClass, beta: beta)
        }
        var found: [(String, Double?)]
        if let positive = options.positiveClass {
            let right = zip(scores.truth, 0..<scores.rows).count { truth, row in
                let place = labels.firstIndex(of: positive)
                let chance = place.map { exp(scores.logprobs[row * labels.count + $0]) } ?? 0
                return (scores.classes[Int(truth)] == positive) == (chance >= 0.5)
            }
            found = [("accuracy", Double(right) / Double(scores.rows))]
            let metrics: [any Metric.Type] = [
                Precision.self, Recall.self, AreaUnderROC.self, AreaUnderPrecisionRecall.self,
            ]
            found += metrics.map { ($0.name, Metrics.value(of: $0, scores, setting())) }
            found += betas.map {
                (Self.name(ofF: $0), Metrics.value(of: FBeta.self, scores, setting($0)))
            }
        } else {
            found = [
                ("accuracy", Metrics.value(of: Accuracy.self, scores, setting())),
                (WeightedF1.name, Metrics.value(of: WeightedF1.self, scores, setting())),
            ]
        }
        return found.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func normalised(_ logprobs: [Double], _ width: Int) -> [Double] {
        var values = logprobs
        guard width > 0 else { return values }
        for start in stride(from: 0, to: values.count, by: width) {
            let row = start..<start + width
            let highest = values[row].max() ?? 0
            let sum = values[row].reduce(0) { $0 + exp($1 - highest) }
            for place in row { values[place] -= highest + log(sum) }
        }
        return values
    }
}
