import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

extension Context {
    /// Trains a prepared job: here, with a progress line, or in the background after `&`.
    func train(_ job: JobRunner.Prepared) async throws -> CommandOutput {
        if isInBackground {
            services.jobs.start(job)
            let number =
                try services.workspace.store().jobs().first {
                    $0.record.id == job.record.id
                }?.number ?? 0
            return CommandOutput(
                blocks: [
                    .note(
                        "job \(number) trains in the background: watch \(number), cancel \(number)"
                    )
                ],
                value: .string(job.record.id)
            )
        }
        let progress = services.progress
        let runner = JobRunner(services.workspace, clock: services.clock)
        let result = try runner.execute(job) { metrics in
            progress.update(
                done: metrics.step,
                total: metrics.totalSteps,
                unit: "steps",
                extra: "loss \(NumberText.decimal(metrics.trainingLoss, digits: 3))"
            )
        }
        return CommandOutput(
            blocks: TrainingView.blocks(result, skippedRows: job.skippedRows),
            value: .string(result.model.id)
        )
    }
}

/// Shows what a training gave.
enum TrainingView {
    static func blocks(_ result: JobRunner.Result, skippedRows: Int) -> [OutputBlock] {
        let model = result.model
        var summary = "\(model.displayName): \(model.id)"
        if model.name == nil { summary = model.id }
        var fields: [OutputBlock.Field] = model.settings.map { setting in
            .init(setting.name, setting.value + (setting.reason.map { " (\($0))" } ?? ""))
        }
        if let metrics = result.metrics {
            fields.append(
                .init(
                    "training",
                    "last epoch: loss \(NumberText.decimal(metrics.trainingLoss, digits: 3)), "
                        + "accuracy \(NumberText.percent(metrics.trainingAccuracy))"
                )
            )
            if let loss = metrics.validationLoss, let accuracy = metrics.validationAccuracy {
                fields.append(
                    .init(
                        "validation",
                        "loss \(NumberText.decimal(loss, digits: 3)), "
                            + "accuracy \(NumberText.percent(accuracy))"
                    )
                )
            }
            var shown = "\(NumberText.count(metrics.elapsedExamples)) in this run"
            if model.examplesSeen != metrics.elapsedExamples {
                shown += ", \(NumberText.count(model.examplesSeen)) since the base model"
            }
            fields.append(.init("examples", shown))
        }
        if let seconds = result.seconds {
            fields.append(.init("time", NumberText.duration(seconds: seconds)))
        }
        var blocks: [OutputBlock] = [.text(summary), .fields(fields)]
        if skippedRows > 0 {
            let rows = NumberText.count(skippedRows, "row")
            blocks.append(.warning("\(rows) left out: the completion is null or missing"))
        }
        return blocks
    }
}
