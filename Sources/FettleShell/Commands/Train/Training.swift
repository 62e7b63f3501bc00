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
            return CommandOutput(
                blocks: [
                    .note(
                        "job \(job.number) trains "
                            + (job.provider.map { "at '\($0)'" } ?? "in the background") + ": "
                            + "watch \(job.number), cancel \(job.number)"
                    )
                ],
                value: .string(job.record.id)
            )
        }
        let progress = services.progress
        if let place = job.provider {
            progress.wait(for: nil, unit: "steps", saying: "at '\(place)'")
        }
        let result: JobRunner.Result
        do {
            result = try await services.jobs.run(
                job,
                onProgress: { done, total, unit in
                    progress.update(done: done, total: total, unit: unit)
                }
            ) { metrics in
                progress.update(
                    done: metrics.step,
                    total: metrics.totalSteps,
                    unit: "steps",
                    extra: "loss \(NumberText.decimal(metrics.trainingLoss, digits: 3))",
                    share: metrics.share
                )
            }
        } catch is CancellationError {
            throw services.stopping(of: job)
        } catch let diagnostic as Diagnostic {
            throw diagnostic.hinting(services.wayOn(from: job))
        }
        return CommandOutput(
            blocks: TrainingView.blocks(result, skippedRows: job.skippedRows),
            value: .string(result.model.id)
        )
    }
}

extension Services {
    /// Returns what can be done about a job that failed, where it has a checkpoint.
    fileprivate func wayOn(from job: JobRunner.Prepared) -> String? {
        guard let stored = try? self.job(id: job.record.id), workspace.canResume(stored) else {
            return nil
        }
        return "'resume \(job.number)' then goes on from its checkpoint"
    }

    /// Returns what is said of a job that was trained in the foreground and stopped before its end.
    fileprivate func stopping(of job: JobRunner.Prepared) -> any Error {
        let stored =
            (try? self.job(id: job.record.id))
            ?? StoredJob(number: job.number, record: job.record)
        if stored.record.status == .interrupted {
            // A signal that ends the process says so itself.
            guard job.provider != nil, Task.isCancelled else { return Interruption(text: "") }
            return Interruption(text: "interrupted: " + JobView.ending(of: stored, workspace))
        }
        var line = JobView.ending(of: stored, workspace)
        if !workspace.canResume(stored) {
            line += " before its first checkpoint; start it anew: \(job.record.command)"
        }
        guard Task.isCancelled else {
            return Diagnostic("job-cancelled", line, hint: "it was cancelled in another shell")
        }
        return Interruption(text: "interrupted: \(line)")
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
            if let loss = metrics.validationLoss {
                let accuracy = metrics.validationAccuracy.map {
                    ", accuracy \(NumberText.percent($0))"
                }
                fields.append(
                    .init(
                        "validation",
                        "loss \(NumberText.decimal(loss, digits: 3))\(accuracy ?? "")"
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
