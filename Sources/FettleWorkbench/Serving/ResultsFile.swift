import FettleCore
import FettleStore

/// The table of a job's metrics that the fine-tuning API offers as a file.
///
/// One row a stored step; a cell is empty where there is no value.
struct ResultsFile {
    private let generation: ServedGeneration
    private let job: StoredJob
    private let metrics: [TrainingMetrics]
    private let measures: [Int: [String: Double]]
    private let isOneToken: Bool

    /// Makes a table; `isOneToken` tells that each completion is one token, so that sequences and tokens are as
    /// often right.
    init(
        _ generation: ServedGeneration,
        of job: StoredJob,
        metrics: [TrainingMetrics],
        measures: [EpochMeasure],
        isOneToken: Bool
    ) {
        self.generation = generation
        self.job = job
        self.metrics = metrics
        self.isOneToken = isOneToken
        self.measures = Dictionary(grouping: measures, by: \.step).mapValues { some in
            Dictionary(some.map { ($0.name, $0.value) }) { first, _ in first }
        }
    }

    /// The file's name.
    var name: String { generation == .legacy ? "compiled_results.csv" : "step_metrics.csv" }

    /// The file's text.
    var text: String {
        let columns = generation == .legacy ? legacy : modern
        var lines = [columns.map(\.name).joined(separator: ",")]
        for row in metrics {
            lines.append(columns.map { $0.cell(row) }.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private typealias Column = (name: String, cell: (TrainingMetrics) -> String)

    private var legacy: [Column] {
        var columns: [Column] = [
            ("step", { "\($0.step)" }),
            ("elapsed_tokens", { "\($0.elapsedTokens)" }),
            ("elapsed_examples", { "\($0.elapsedExamples)" }),
            ("training_loss", { Self.text($0.trainingLoss) }),
            ("training_sequence_accuracy", { Self.text($0.trainingAccuracy) }),
            ("training_token_accuracy", { Self.text(isOneToken ? $0.trainingAccuracy : nil) }),
        ]
        if job.record.validation != nil {
            columns += [
                ("validation_loss", { Self.text($0.validationLoss) }),
                ("validation_sequence_accuracy", { Self.text($0.validationAccuracy) }),
                (
                    "validation_token_accuracy",
                    { Self.text(isOneToken ? $0.validationAccuracy : nil) }
                ),
            ]
        }
        if let options = job.record.classification {
            columns += ClassifierMeasures(options).names.map { name in
                ("classification/\(name)", { Self.text(measures[$0.step]?[name]) })
            }
        }
        return columns
    }

    private var modern: [Column] {
        [
            ("step", { "\($0.step)" }),
            ("train_loss", { Self.text($0.trainingLoss) }),
            ("train_accuracy", { Self.text($0.trainingAccuracy) }),
            ("valid_loss", { Self.text($0.validationLoss) }),
            ("valid_mean_token_accuracy", { Self.text(isOneToken ? $0.validationAccuracy : nil) }),
        ]
    }

    private static func text(_ value: Double?) -> String {
        value.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
    }
}
