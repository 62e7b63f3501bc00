import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Testing

/// A workspace in a folder of its own, and what jobs leave in it.
struct JobSite {
    let folder: TemporaryFolder
    let workspace: Workspace
    let runner: JobRunner

    init(clock: WorkClock = Samples.clock) throws {
        try self.init(in: TemporaryFolder(), clock: clock)
    }

    /// Opens a workspace as another process would.
    init(in folder: TemporaryFolder, clock: WorkClock = Samples.clock) throws {
        self.folder = folder
        workspace = Workspace(.folder(folder.path), session: "s")
        runner = JobRunner(workspace, clock: clock)
    }

    func rows(_ sql: String) throws -> [[String]] {
        try Samples.rows(sql, in: folder.path)
    }

    /// Returns a job as it is stored.
    func job(_ id: String) throws -> StoredJob {
        try #require(try workspace.store().jobs().first { $0.record.id == id })
    }

    /// Returns the bytes of a model's weights.
    func weights(_ model: ModelRecord) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: try ModelLibrary(workspace).path(of: model)))
    }

    /// The names of the files of jobs that have not ended.
    var jobFiles: [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: folder.file("jobs")))?.sorted() ?? []
    }

    /// Trains a job up to its first row of metrics, where it is cancelled; returns how it ended.
    func cancelEarly(_ job: JobRunner.Prepared) async -> (any Error)? {
        let runner = runner
        return await Task {
            do {
                _ = try runner.execute(job) { _ in withUnsafeCurrentTask { $0?.cancel() } }
                return nil
            } catch {
                return error
            }
        }.value
    }
}

extension Samples {
    /// Returns a run that takes long enough to be stopped on the way.
    static func longRequest(seed: UInt64 = 3, epochs: Int = 600) throws -> JobRunner.Request {
        JobRunner.Request(
            base: "ngram",
            dataset: try reviews(format: format),
            validation: try reviews(6, name: "held"),
            hyperparameters: Hyperparameters(
                epochs: epochs,
                batchSize: 20,
                learningRateMultiplier: 0.1,
                seed: seed
            ),
            suffix: "s",
            name: "stars"
        )
    }

    /// Returns a job as a process left it that can no longer be there.
    static func job(
        _ id: String,
        _ status: JobStatus,
        process: String? = "2147483647:1"
    ) throws -> JobRecord {
        JobRecord(
            id: id,
            status: status,
            base: "ngram",
            dataset: "reviews",
            datasetFingerprint: "ff",
            validation: nil,
            settings: [],
            createdAt: 1,
            format: try format,
            process: process
        )
    }
}
