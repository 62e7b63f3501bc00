public import FettleCore
import FettleStore
import Synchronization

/// The queue: one job of the API trains at a time in a process.
extension ServedJobs {
    /// Queues again what a process that is gone left behind, and begins to train.
    public func start() throws(Diagnostic) {
        try queueAgain()
        state.withLock { state in
            guard state.loop == nil else { return }
            state.isStopping = false
            state.loop = Task { [wakes] in
                for await _ in wakes { await self.work() }
            }
        }
        wake.yield()
    }

    /// Lets nothing new begin, has the job that trains keep a checkpoint, leaves all that have not ended to the
    /// next process, and ends the streams of events.
    public func stop() async {
        state.withLock { $0.isStopping = true }
        wake.finish()
        let store = try? workspace.existingStore()
        // A job that was just taken on is not among those that train yet.
        let interrupting = Task { [center] in
            repeat {
                let served = Set(((try? store?.servedJobs()) ?? []).map(\.job))
                for job in center.active where served.contains(job.id) {
                    _ = center.interrupt(job.id)
                }
            } while (try? await Task.sleep(for: .milliseconds(20))) != nil
        }
        await state.withLock { $0.loop }?.value
        interrupting.cancel()
        for job in (try? store?.queuedJobs(of: ProcessIdentity.current.text)) ?? [] {
            _ = try? store?.setStatus(
                .interrupted,
                of: job.record,
                process: nil,
                message: job.record.wording.interrupted,
                at: clock.now()
            )
        }
        followers.stop()
    }

    private func queueAgain() throws(Diagnostic) {
        guard let store = try workspace.existingStore() else { return }
        let served = Set(try store.servedJobs().map(\.job))
        let mine = ProcessIdentity.current.text
        for job in try workspace.jobs()
        where job.record.status == .interrupted && served.contains(job.record.id) {
            // Where another process serves the workspace too, one of the two gets the job.
            _ = try store.enqueue(
                job.record,
                process: mine,
                message: job.record.wording.queuedAgain(
                    behind: try store.queuedJobs(of: mine).count
                ),
                at: clock.now()
            )
        }
    }

    /// Trains what waits, one after the other.
    private func work() async {
        while !state.withLock({ $0.isStopping }) {
            do {
                let store = try workspace.store()
                let queue = try store.queuedJobs(of: ProcessIdentity.current.text)
                guard let job = queue.first else { return }
                try await train(job, queue.dropFirst())
            } catch {
                // The database takes nothing just now: the jobs wait on.
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// Trains a job to its end; what ends it is kept with the job.
    ///
    /// - Throws: what kept it from being taken on, when it still waits.
    private func train(_ job: StoredJob, _ others: ArraySlice<StoredJob>) async throws(Diagnostic) {
        let prepared: JobRunner.Prepared
        do {
            prepared = try runner.prepareToStart(job)
        } catch {
            try cannotStart(job, error)
            return
        }
        for (place, other) in others.enumerated() {
            guard let message = other.record.wording.movedUp(behind: place) else { continue }
            try? workspace.store().addEvent(
                job: other.record.id,
                message: message,
                at: clock.now()
            )
        }
        _ = try? await center.run(prepared, givesWay: true) { _ in }
        settle(job.record.id)
    }

    private func cannotStart(_ job: StoredJob, _ error: any Error) throws(Diagnostic) {
        let diagnostic = error as? Diagnostic
        // Its user or another process was faster.
        if diagnostic?.code == "job-state" { return }
        if let diagnostic, ["workspace-write", "workspace-read"].contains(diagnostic.code) {
            throw diagnostic
        }
        let end = JobEnd(failedBy: error)
        workspace.finishJob(
            job.record.id,
            end,
            message: job.record.wording.failed(end.error ?? ""),
            at: clock.now()
        )
    }

    // MARK: - What users ask of a job

    /// Ends a job that waits or trains, in whichever process, and returns it as it is then.
    ///
    /// - Throws: `unknown-job`; `job-state` when it has ended.
    public func cancel(_ id: String) async throws -> ServedJob {
        let job = try lawful(id, .cancelRequested)
        _ = try await center.end(job.stored)
        return try self.job(id)
    }

    /// Stops a job that waits or trains for a while, its checkpoint kept.
    ///
    /// - Throws: `unknown-job`; `job-state` when it cannot be paused.
    public func pause(_ id: String) async throws -> ServedJob {
        let job = try lawful(id, .pause)
        let record = job.stored.record
        if record.status == .queued {
            let isPaused = try workspace.store().setStatus(
                .paused,
                of: record,
                process: nil,
                message: record.wording.paused,
                at: clock.now()
            )
            // It began to train meanwhile.
            return isPaused ? try self.job(id) : try await pause(id)
        }
        guard record.process == ProcessIdentity.current.text else {
            throw Diagnostic(
                "job-state",
                "job \(id) trains in another process, so it cannot be paused here",
                hint: "cancel it, or wait for it"
            )
        }
        // A job is stored as running a moment before it trains.
        while !center.pause(record.id), try workspace.job(record.id)?.record.status == .running {
            try await Task.sleep(for: .milliseconds(10))
        }
        try await center.wait(for: record.id)
        return try self.job(id)
    }

    /// Puts a job that was paused back into the queue, where it goes on from its checkpoint.
    ///
    /// - Throws: `unknown-job`; `job-state` when it is not paused; `queue-full`.
    public func resume(_ id: String) throws -> ServedJob {
        let job = try lawful(id, .resume)
        let record = job.stored.record
        guard job.served != nil, [.paused, .interrupted].contains(record.status) else {
            throw JobRefusal(state: JobLifecycle(record.status), event: .resume).diagnostic(job: id)
        }
        try arrive()
        defer { state.withLock { $0.arriving -= 1 } }
        let store = try workspace.store()
        let mine = ProcessIdentity.current.text
        let isQueued = try store.enqueue(
            record,
            process: mine,
            message: record.wording.queuedAgain(behind: try store.queuedJobs(of: mine).count),
            at: clock.now()
        )
        guard isQueued else {
            throw Diagnostic(
                "job-state",
                "job \(id) was just taken on or changed by another process",
                hint: "ask how it stands"
            )
        }
        wake.yield()
        return try self.job(id)
    }

    /// Returns a job to which an event can happen.
    private func lawful(
        _ id: String,
        _ event: JobLifecycle.Event
    ) throws(Diagnostic) -> ServedJob {
        let job = try job(id)
        do {
            _ = try JobLifecycle(job.status).after(event)
            return job
        } catch {
            throw error.diagnostic(job: id)
        }
    }
}
