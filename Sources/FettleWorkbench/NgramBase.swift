import FettleCore
import FettleEngine

extension BaseModel {
    /// The built-in linear classifier over word and character n-grams.
    static let ngram: BaseModel = BaseModel(
        name: "ngram",
        summary:
            "built in: a linear classifier over word and character n-grams, for completions from "
            + "a closed set",
        tune: { run, onMetrics in
            let base = try run.weights.map { try NgramModel(contentsOf: $0) }
            let result = try NgramTrainer(run.hyperparameters, threads: 2).train(
                run.examples,
                validation: run.validation,
                from: base,
                checkpoints: NgramCheckpointing(
                    path: run.checkpoint,
                    willWrite: run.willWriteCheckpoint,
                    didFail: run.checkpointDidFail
                ),
                resuming: run.goesOn ? try NgramCheckpoint(contentsOf: run.checkpoint) : nil,
                onEpoch: { epoch in
                    try run.onEpoch(
                        EpochEnd(
                            number: epoch.number,
                            count: epoch.count,
                            step: epoch.step,
                            labels: epoch.labels,
                            validationLogprobs: epoch.validationLogprobs
                        )
                    )
                },
                onMetrics: onMetrics
            )
            return Outcome(model: TunedModel(result.model), settings: result.settings)
        },
        open: { path throws(Diagnostic) in TunedModel(try NgramModel(contentsOf: path)) },
        onCluster: { run, place, site in
            ClusterTraining(run, of: .ngram, cpus: place.cpus, shared: site.shared)
        },
        exporter: { weights throws(Diagnostic) in
            guard let weights else { preconditionFailure("it has nothing before it is tuned") }
            return ModelExporter(ngram: try NgramModel(contentsOf: weights))
        }
    )
}

extension ModelExporter {
    /// The model's own file, the only form that has its features.
    fileprivate init(ngram model: NgramModel) {
        @Sendable func answers(_ model: NgramModel, _ prompts: [String]) -> ExportAnswers {
            var scorer = NgramScorer(model)
            let scores = prompts.flatMap { scorer.logprobs(of: $0) }
            return ExportAnswers(labels: model.labels, scores: scores)
        }
        self.init(
            forms: [.model],
            export: { order in
                try model.write(to: order.path)
                let written = try NgramModel(contentsOf: order.path)
                return (answers(model, order.prompts), answers(written, order.prompts))
            },
            modelfile: { _ in preconditionFailure("it has no Modelfile") }
        )
    }
}

extension TunedModel {
    fileprivate init(_ model: NgramModel) {
        self.init(
            labels: model.labels,
            score: { prompts in
                var scorer = NgramScorer(model)
                var all: [Double] = []
                all.reserveCapacity(prompts.count * model.labels.count)
                for prompt in prompts { all += scorer.logprobs(of: prompt) }
                return all
            },
            evidence: { prompt, label, other in model.labelEvidence(prompt, label, other) },
            parameterCount: model.parameterCount,
            save: { path throws(Diagnostic) in try model.write(to: path) }
        )
    }
}
