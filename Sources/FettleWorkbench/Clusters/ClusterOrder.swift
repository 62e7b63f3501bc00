import FettleCore
import FettleProviders
import FettleWorker
import Foundation

/// An order to `fettle-worker`, with the files that it reads.
struct ClusterOrder: ClusterWork {
    /// What a file of the order is made of.
    enum Source {
        case file(String)
        case bytes([UInt8])
    }

    private let order: WorkOrder
    private let sources: [(role: WorkOrder.Role, source: Source)]
    private let cpus: Int
    let shared: String?

    var run: String { order.run }

    /// Makes an order; its files are read when it is sent.
    ///
    /// - Parameters:
    ///   - order: what is to be done, without files.
    ///   - sources: its files.
    ///   - cpus: processors that are set aside.
    ///   - shared: a folder that the cluster and this machine both have under this path; nil for none.
    init(
        _ order: WorkOrder,
        _ sources: [(role: WorkOrder.Role, source: Source)],
        cpus: Int,
        shared: String?
    ) {
        var order = order
        order.threads = cpus
        if order.kind == .tune, let shared {
            order.checkpoints = WorkOrder.Checkpoints(
                folder: "\(shared)/fettle/\(order.run).checkpoint"
            )
        }
        (self.order, self.sources, self.cpus, self.shared) = (order, sources, cpus, shared)
    }

    /// Returns the job of an attempt.
    ///
    /// The order is an argument and no file, so that all trials of a search have the same files, which are sent once.
    /// Where there is a shared folder, files lie there under their hash, and are written once.
    ///
    /// - Throws: `cannot-read`, `cannot-write`, `no-worker`, `CancellationError`.
    func job(_ id: String, attempt: Int) throws -> ClusterJob {
        var order = order
        order.results = results(of: id)
        var packed = [
            PackagedFile(WorkerProgram.name, .file(try WorkerProgram.path()), isExecutable: true)
        ]
        let store = shared.map { SharedFiles($0) }
        order.inputs = store?.folder
        for (role, source) in sources {
            try Task.checkCancellation()
            let bytes = try Self.bytes(source)
            var file = WorkOrder.File(role.rawValue, of: bytes)
            if let store {
                file.name = try store.keep(bytes, sha256: file.sha256)
            } else {
                packed.append(PackagedFile(file.name, .bytes(bytes)))
            }
            order.files[role] = file
        }
        return ClusterJob(
            id: id,
            entrypoint: "./\(WorkerProgram.name) \(ShellWord.quoted(order.json.text()))",
            files: packed,
            cpus: cpus,
            attempt: attempt
        )
    }

    private static func bytes(_ source: Source) throws(Diagnostic) -> [UInt8] {
        switch source {
        case .bytes(let bytes): return bytes
        case .file(let path):
            do {
                return Array(try Data(contentsOf: URL(filePath: path)))
            } catch {
                throw Diagnostic("cannot-read", "'\(path)' cannot be read: \(systemReason(error))")
            }
        }
    }
}

extension ClusterTraining {
    /// The training of a model that `fettle-worker` knows.
    init(_ run: BaseModel.Run, of base: BaseModel, cpus: Int, shared: String?) {
        let folder = JobFolder(run.folder)
        var sources: [(WorkOrder.Role, ClusterOrder.Source)] = [
            (.train, .file(folder.trainingFile))
        ]
        if !run.validation.isEmpty { sources.append((.validation, .file(folder.validationFile))) }
        if let weights = run.weights { sources.append((.weights, .file(weights))) }
        let order = WorkOrder(
            run: run.job,
            kind: .tune,
            base: base.name,
            hyperparameters: run.hyperparameters,
            suffix: run.suffix,
            scoresEpochs: run.measuresEpochs && !run.validation.isEmpty
        )
        let path = run.checkpoint + ".model"
        self.init(
            work: ClusterOrder(order, sources, cpus: cpus, shared: shared),
            outcome: { outcome in
                defer { try? FileManager.default.removeItem(atPath: path) }
                let model = try outcome.content(WorkEvent.modelName)
                try Data(model).write(to: URL(filePath: path))
                return BaseModel.Outcome(model: try base.open(path), settings: outcome.log.settings)
            }
        )
    }
}

extension BaseModel.Run {
    /// The folder of the job.
    var folder: String { URL(filePath: checkpoint).deletingLastPathComponent().path }
}
