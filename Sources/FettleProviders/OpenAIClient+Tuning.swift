import FettleCore
public import OpenAIWire

/// The calls of the API that fine-tuning takes.
extension OpenAIClient {
    // MARK: - Files

    /// Returns the files that the server has for a purpose.
    public func files(for purpose: String = "fine-tune") throws -> [FileObject] {
        let list: WireList<FileObject> = try call(.get, "/files?purpose=\(purpose)")
        // Servers that do not know the query list all.
        return list.data.filter { $0.purpose == purpose || $0.purpose.isEmpty }
    }

    /// Uploads a file, unless the server has one of this name and length already.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: what the server calls it; it stands for the content.
    ///   - purpose: what it is for, as the API has it.
    ///   - progress: called with the bytes that are sent.
    /// - Returns: the file as the server has it.
    /// - Throws: `no-file` when it cannot be read, and what other calls do.
    public func upload(
        _ path: String,
        as name: String,
        for purpose: String = "fine-tune",
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws -> FileObject {
        let form = try MultipartForm([("purpose", purpose)], file: path, named: name)
        func known() throws -> FileObject? {
            try files(for: purpose).first {
                $0.filename == name && Int64($0.bytes) == form.fileSize && $0.status != "error"
            }
        }
        if let known = try known() { return known }
        return try call(
            .post,
            "/files",
            .form(form),
            quietSeconds: 300,
            repeating: .afterLooking(known),
            progress: { progress($0, form.fileSize) }
        )
    }

    /// Returns the bytes of a file.
    public func content(ofFile id: String) throws -> [UInt8] {
        try bytes("/files/\(WebAddress.escaped(id))/content")
    }

    // MARK: - Jobs

    /// The name among a job's metadata by which it is found again when the answer was lost.
    private static let mark = "fettle_job"

    /// Makes a job, with the present API or, where the server has only that, with the old one.
    ///
    /// - Parameters:
    ///   - request: what to train.
    ///   - key: stands for this wish; the same never makes a second job.
    /// - Returns: the job, and the API that it was made with.
    /// - Throws: `provider-forbids` where the account may make no jobs, beside what other calls do.
    public func makeJob(
        _ request: FineTuningJobRequest,
        key: String
    ) throws -> (job: RemoteJob, generation: RemoteJob.Generation) {
        var request = request
        request.metadata = (request.metadata ?? [:]).merging([Self.mark: key]) { old, _ in old }
        do {
            // A process that was killed may have asked before this one.
            if let made = try madeJob(key) { return (RemoteJob(made), .modern) }
            let job: FineTuningJob = try call(
                .post,
                "/fine_tuning/jobs",
                .json(request.json),
                headers: ["Idempotency-Key: \(key)"],
                repeating: .afterLooking { try self.madeJob(key) }
            )
            return (RemoteJob(job), .modern)
        } catch let diagnostic as Diagnostic where diagnostic.code == "provider-lacks" {
            guard let job = try makeLegacyJob(request, key: key, modern: diagnostic) else {
                throw diagnostic
            }
            return (RemoteJob(job), .legacy)
        }
    }

    /// Returns the job that a wish has made.
    private func madeJob(_ key: String) throws -> FineTuningJob? {
        let list: WireList<FineTuningJob> = try call(.get, "/fine_tuning/jobs?limit=100")
        return list.data.first { $0.metadata?[Self.mark] == key }
    }

    /// Makes a job with the old API; nil where the server lacks that, too.
    private func makeLegacyJob(
        _ request: FineTuningJobRequest,
        key: String,
        modern: Diagnostic
    ) throws -> FineTune? {
        let settings = request.method?.hyperparameters ?? request.hyperparameters
        let legacy = FineTuneRequest(
            trainingFile: request.trainingFile,
            validationFile: request.validationFile,
            model: request.model,
            nEpochs: settings?.nEpochs?.value,
            batchSize: settings?.batchSize?.value,
            learningRateMultiplier: settings?.learningRateMultiplier?.value,
            suffix: request.suffix
        )
        let earlier: WireList<FineTune>
        do {
            earlier = try call(.get, "/fine-tunes")
        } catch let diagnostic as Diagnostic where diagnostic.code == "provider-lacks" {
            return nil
        }
        let known = Set(earlier.data.map(\.id))
        return try call(
            .post,
            "/fine-tunes",
            .json(legacy.json),
            headers: ["Idempotency-Key: \(key)"],
            repeating: .afterLooking {
                let list: WireList<FineTune> = try self.call(.get, "/fine-tunes")
                return list.data.first {
                    !known.contains($0.id)
                        && $0.trainingFiles.contains { $0.id == request.trainingFile }
                }
            }
        )
    }

    /// Returns a job as it stands.
    public func job(_ id: String, _ generation: RemoteJob.Generation) throws -> RemoteJob {
        switch generation {
        case .modern:
            let job: FineTuningJob = try call(.get, Self.path(id, generation))
            return RemoteJob(job)
        case .legacy:
            let job: FineTune = try call(.get, Self.path(id, generation))
            return RemoteJob(job)
        }
    }

    /// Ends a job; one that has ended stays as it is.
    public func cancelJob(_ id: String, _ generation: RemoteJob.Generation) throws {
        let path = Self.path(id, generation) + "/cancel"
        switch generation {
        case .modern: let _: FineTuningJob = try call(.post, path)
        case .legacy: let _: FineTune = try call(.post, path)
        }
    }

    /// Jobs that a page has.
    private static let jobsAPage = 100
    /// Pages of jobs that are read.
    private static let mostJobPages = 50

    /// Returns the models that jobs of the account made, the newest first, by both APIs as far as the server has
    /// them.
    public func madeModels() throws -> [MadeModel] {
        var found: [MadeModel] = []
        func lacking(_ read: () throws -> [MadeModel]) throws {
            do {
                let known = Set(found.map(\.model))
                found += try read().filter { !known.contains($0.model) }
            } catch let diagnostic as Diagnostic where diagnostic.code == "provider-lacks" {}
        }
        try lacking { try self.allJobs().compactMap { MadeModel($0) } }
        try lacking {
            let list: WireList<FineTune> = try self.call(.get, "/fine-tunes")
            return list.data.compactMap { MadeModel($0) }
        }
        return found.sorted { ($1.createdAt, $1.model) < ($0.createdAt, $0.model) }
    }

    private func allJobs() throws -> [FineTuningJob] {
        var jobs: [FineTuningJob] = []
        for _ in 0..<Self.mostJobPages {
            var path = "/fine_tuning/jobs?limit=\(Self.jobsAPage)"
            if let last = jobs.last { path += "&after=\(WebAddress.escaped(last.id))" }
            let page: WireList<FineTuningJob> = try call(.get, path)
            jobs += page.data
            guard page.hasMore == true, !page.data.isEmpty else { break }
        }
        return jobs
    }

    private static func path(_ id: String, _ generation: RemoteJob.Generation) -> String {
        let id = WebAddress.escaped(id)
        return generation == .modern ? "/fine_tuning/jobs/\(id)" : "/fine-tunes/\(id)"
    }

    // MARK: - Events

    /// Events that a page has.
    private static let eventsAPage = 100
    /// Pages that are looked at for the event that was seen last.
    private static let mostPages = 100

    /// Returns what happened to a job after the event of this mark, oldest first.
    public func events(
        ofJob id: String,
        _ generation: RemoteJob.Generation,
        after seen: String?
    ) throws -> [RemoteEvent] {
        switch generation {
        case .modern: return try newEvents(id, after: seen)
        case .legacy:
            let path = Self.path(id, generation) + "/events"
            let list: WireList<FineTuneEvent> = try call(.get, path)
            let count = seen.flatMap(Int.init) ?? 0
            return list.data.enumerated().dropFirst(count).map { place, event in
                RemoteEvent(
                    mark: String(place + 1),
                    level: event.level,
                    message: event.message,
                    metrics: nil
                )
            }
        }
    }

    /// Pages go from the newest event to the oldest, so all are read until the one that is known.
    private func newEvents(_ id: String, after seen: String?) throws -> [RemoteEvent] {
        var found: [RemoteEvent] = []
        var last: String?
        for _ in 0..<Self.mostPages {
            var path = Self.path(id, .modern) + "/events?limit=\(Self.eventsAPage)"
            if let last { path += "&after=\(WebAddress.escaped(last))" }
            let page: WireList<FineTuningJobEvent> = try call(.get, path)
            for event in page.data {
                if event.id == seen { return found.reversed() }
                found.append(
                    RemoteEvent(
                        mark: event.id,
                        level: event.level,
                        message: event.message,
                        metrics: event.type == "metrics" ? RemoteMetrics(event.data) : nil
                    )
                )
            }
            guard page.hasMore == true, let next = page.data.last?.id, next != last else { break }
            last = next
        }
        return found.reversed()
    }
}
