import FettleCore
import FettleStore
import FettleWorkbench

/// Shows jobs as text.
enum JobView {
    /// Returns the status, for a running job with its share of steps.
    static func status(of job: StoredJob, _ services: Services) -> String {
        guard job.record.status == .running else { return job.record.status.rawValue }
        let word = job.stopRequestedAt == nil ? "running" : "stopping"
        guard let latest = latest(of: job, services), latest.totalSteps > 0 else { return word }
        let share = Double(latest.step) / Double(latest.totalSteps)
        return "\(word) \(NumberText.percent(share, digits: 0))"
    }

    /// Returns the latest metrics of a job of any process.
    static func latest(of job: StoredJob, _ services: Services) -> TrainingMetrics? {
        if let here = services.jobs.latest(of: job.record.id) { return here }
        return (try? services.workspace.existingStore()?.lastMetrics(ofJob: job.record.id)) ?? nil
    }

    /// Returns the line that says how a job ended, and what can be done then.
    static func ending(of job: StoredJob, _ workspace: Workspace) -> String {
        let number = job.number
        if workspace.canResume(job),
            let provider = ModelLibrary(workspace).provider(of: job.record)
        {
            switch job.record.status {
            case .interrupted:
                return "job \(number) goes on at '\(provider)', "
                    + "where 'resume \(number)' follows it again"
            // What was ended there is not taken up again there.
            case .cancelled: return "job \(number) cancelled"
            default: break
            }
        }
        let goesOn =
            workspace.canResume(job) ? "; 'resume \(number)' goes on from its checkpoint" : ""
        return switch job.record.status {
        case .succeeded: "job \(number) succeeded: \(job.record.name ?? job.model ?? job.record.id)"
        case .failed: "job \(number) failed: \(job.error ?? "")" + goesOn
        case .interrupted where goesOn.isEmpty:
            "job \(number) was interrupted before its first checkpoint; start it anew: "
                + job.record.command
        case .interrupted: "job \(number) was interrupted" + goesOn
        case .cancelled: "job \(number) cancelled" + goesOn
        case .queued, .running, .paused: "job \(number) is \(job.record.status.rawValue)"
        }
    }
}

extension Services {
    /// Stops the server and the jobs of this process since it ends, their checkpoints kept; returns a line for
    /// each.
    public func stopJobs() async -> [String] {
        let server = await surroundings.server?.stop().map(ServeText.stopped)
        await stopServed()
        return [server].compactMap(\.self) + endings(of: await jobs.stopAll())
    }

    /// Does the same at once, for at most so many seconds; called when a signal ends the process.
    public func stopJobs(within seconds: Double) -> [String] {
        let server = surroundings.server?.stopAndWait().map(ServeText.stopped)
        return [server].compactMap(\.self) + endings(of: jobs.stopAll(within: seconds))
    }

    /// Returns a line for each job that can be taken up again or needs to be looked at.
    public func interruptedJobs() -> [String] {
        ((try? workspace.jobs()) ?? []).filter { $0.record.status == .interrupted }.map { job in
            let line = JobView.ending(of: job, workspace)
            return line + "; 'cancel \(job.number)' ends it"
        }
    }

    private func endings(of ids: [String]) -> [String] {
        guard !ids.isEmpty else { return [] }
        return ((try? workspace.jobs()) ?? []).filter { ids.contains($0.record.id) }
            .map { JobView.ending(of: $0, workspace) }
    }
}
