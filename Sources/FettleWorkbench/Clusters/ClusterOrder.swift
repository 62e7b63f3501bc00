import FettleCore
import FettleProviders
import FettleWorker
import Foundation

/// What a cluster's worker is to do for a run, with the files that it reads.
struct ClusterOrder {
    private let order: WorkOrder
    private let files: [PackagedFile]
    private let cpus: Int
    /// A folder that the cluster and this machine both have under this path; nil for none.
    private let shared: String?

    /// Reads the files of a run.
    ///
    /// - Throws: `cannot-read`, `no-worker`, `CancellationError`.
    init(
        _ run: BaseModel.Run,
        of base: BaseModel,
        cpus: Int,
        shared: String?
    ) throws {
        var order = WorkOrder(
            run: run.job,
            kind: .tune,
            base: base.name,
            hyperparameters: run.hyperparameters,
            suffix: run.suffix,
            threads: cpus
        )
        let folder = JobFolder(run.folder)
        var sources: [(WorkOrder.Role, String)] = [(.train, folder.trainingFile)]
        if !run.validation.isEmpty { sources.append((.validation, folder.validationFile)) }
        if let weights = run.weights { sources.append((.weights, weights)) }
        let program = PackagedFile(
            WorkerProgram.name,
            .file(try WorkerProgram.path()),
            isExecutable: true
        )
        var files = [program]
        for (role, path) in sources {
            try Task.checkCancellation()
            let bytes: [UInt8]
            do {
                bytes = Array(try Data(contentsOf: URL(filePath: path)))
            } catch {
                throw Diagnostic("cannot-read", "'\(path)' cannot be read: \(systemReason(error))")
            }
            let file = WorkOrder.File(role.rawValue, of: bytes)
            order.files[role] = file
            files.append(PackagedFile(file.name, .bytes(bytes)))
        }
        if let shared {
            order.checkpoints = WorkOrder.Checkpoints(
                folder: "\(shared)/fettle/\(run.job).checkpoint"
            )
        }
        (self.order, self.files, self.cpus, self.shared) = (order, files, cpus, shared)
    }

    /// Returns where the results of a job go; nil for its log.
    static func results(of id: String, in shared: String?) -> String? {
        shared.map { "\($0)/fettle/\(id)" }
    }

    /// Returns the job of an attempt.
    ///
    /// The order is an argument and no file, so that all trials of a search have the same files, which are sent once.
    func job(_ id: String, attempt: Int) -> ClusterJob {
        var order = order
        order.results = Self.results(of: id, in: shared)
        return ClusterJob(
            id: id,
            entrypoint: "./\(WorkerProgram.name) \(ShellWord.quoted(order.json.text()))",
            files: files,
            cpus: cpus,
            attempt: attempt
        )
    }
}

extension BaseModel.Run {
    /// The folder of the job.
    var folder: String { URL(filePath: checkpoint).deletingLastPathComponent().path }
}
