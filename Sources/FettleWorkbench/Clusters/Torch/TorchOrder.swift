import FettleCore
import FettleModelFiles
import FettleProviders
import FettleStore
import FettleWorker
import Foundation

/// The training of a language model's adapter on a cluster by PyTorch.
///
/// The script gets all that this machine would train on as tokens, in the order of the same seed, so that it needs no
/// tokenizer and comes to the same numbers but for rounding.
struct TorchOrder: ClusterWork {
    /// The name of the adapter among the results.
    static let adapterName = "adapter"
    private static let script = "fettle_torch.py"

    private let source: BaseModel.Run
    private let files: LanguageFiles
    private let place: ClusterPlace
    private let kind: ClusterRecord.Kind
    private let fetches: Bool
    let shared: String?

    var run: String { source.job }

    /// Makes an order; its examples are read when it is sent, and again when it is done, not kept meanwhile.
    init(
        _ run: BaseModel.Run,
        _ files: LanguageFiles,
        at place: ClusterPlace,
        _ site: ClusterSite
    ) {
        (source, self.files, self.place) = (run, files, place)
        (kind, shared, fetches) = (site.kind, site.shared, site.fetches)
    }

    /// The error for a run that tunes no adapter.
    static func noAdapter(_ train: LanguageHyperparameters.Trained) -> Diagnostic {
        Diagnostic(
            "bad-hyperparameter",
            "train is \(train.rawValue), and clusters tune adapters",
            hint: "leave train out, or tune on this machine: without cluster="
        )
    }

    /// Returns the job of an attempt.
    ///
    /// - Throws: `bad-hyperparameter` and what else is wrong with the run; `cluster-log-too-large` for an adapter that
    ///   could not come back; `package-too-large`, `cannot-read`, `CancellationError`.
    func job(_ id: String, attempt: Int) throws -> ClusterJob {
        let parts = try TorchParts(source, files)
        try requireWayBack(of: parts)
        let model = try place.model.map { (path: $0, gguf: nil, files: [PackagedFile]()) } ?? base()
        let order = TorchOrderText(
            parts: parts,
            place: place,
            isRay: kind == .ray,
            run: run,
            model: model.path,
            gguf: model.gguf,
            results: results(of: id),
            checkpoints: shared.map { "\($0)/fettle/\(run).checkpoint" }
        ).json
        var files = [
            PackagedFile(Self.script, .bytes(PackageResources.fettle_torch_py)),
            PackagedFile("order.json", .bytes(Array(order.text(pretty: true).utf8))),
            PackagedFile("train.jsonl", .bytes(try parts.examples())),
            PackagedFile("steps.jsonl", .bytes(try parts.steps())),
        ]
        if !parts.task.validation.isEmpty {
            files.append(PackagedFile("validation.jsonl", .bytes(try parts.validation())))
        }
        if let start = try parts.start(in: source.folder) {
            files.append(PackagedFile(TorchOrderText.startName, .bytes(start)))
        }
        return ClusterJob(
            id: id,
            entrypoint: "\(kind == .ray ? "python" : "python3") \(Self.script)",
            files: files + model.files,
            workers: .init(count: place.workers, cpus: place.cpus, gpus: place.gpus),
            attempt: attempt
        )
    }

    /// Bytes that a job's log may have, less those of what else may be in it.
    private static let logLimit = 60_000_000
    /// Bytes that a step's row of metrics takes at most there.
    private static let rowBytes = 500

    /// Sees to it that the adapter can come back.
    private func requireWayBack(of parts: TorchParts) throws(Diagnostic) {
        let size = parts.adapterBytes
        let limit =
            shared == nil
            ? (Self.logLimit - Self.rowBytes * parts.stepCount) / 4 * 3 : 1 << 30
        guard size > limit else { return }
        throw Diagnostic(
            "cluster-log-too-large",
            "the adapter will have \(NumberText.bytes(size)), and \(NumberText.bytes(max(0, limit))) can come back "
                + (shared == nil ? "by the log of a job" : "at most"),
            hints: ["take a smaller rank or fewer projections"]
                + (shared == nil
                    ? [
                        "or a Ray cluster with a folder that this machine sees, too: cluster add NAME URL shared=FOLDER"
                    ] : [])
        )
    }

    // MARK: - The base model

    /// Returns where the job finds the base model, its file where it is one of GGUF, and what is to be sent of it.
    private func base() throws(Diagnostic) -> (
        path: String, gguf: String?, files: [PackagedFile]
    ) {
        let path = files.model.path
        let place = URL(filePath: path)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let folder = exists && isFolder.boolValue ? path : place.deletingLastPathComponent().path
        let gguf = exists && isFolder.boolValue ? nil : place.lastPathComponent
        if let shared, path.hasPrefix(shared + "/") { return (folder, gguf, []) }
        let names = if let gguf { [gguf] } else { try Self.names(in: folder) }
        if kind == .ray, !fetches {
            try Self.requireRoom(names.map { "\(folder)/\($0)" }, of: path)
        }
        let packed = names.map { PackagedFile("model/\($0)", .file("\(folder)/\($0)")) }
        return ("model", gguf, packed)
    }

    /// The files of a folder that make the network; the tokens are Fettle's.
    private static func names(in folder: String) throws(Diagnostic) -> [String] {
        let index = "model.safetensors.index.json"
        do {
            let all = try FileManager.default.contentsOfDirectory(atPath: folder)
            let isWhole = all.contains("model.safetensors") && !all.contains(index)
            return all.filter { name in
                ["config.json", "generation_config.json", index].contains(name)
                    || (isWhole ? name == "model.safetensors" : name.hasSuffix(".safetensors"))
            }.sorted()
        } catch {
            throw Diagnostic("cannot-read", "'\(folder)' cannot be read: \(systemReason(error))")
        }
    }

    /// Sees to it that a cluster takes a model's files: numbers do not get smaller by packing.
    private static func requireRoom(
        _ files: [String],
        of model: String
    ) throws(Diagnostic) {
        let size = files.reduce(Int64(0)) { sum, file in
            // A folder of a hub's cache has links.
            let path = URL(filePath: file).resolvingSymlinksInPath().path
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return sum + Int64(attributes?[.size] as? Int ?? 0)
        }
        guard size > RayPackage.sizeLimit else { return }
        throw Diagnostic(
            "package-too-large",
            "'\(model)' has \(NumberText.bytes(Int(size))), and a Ray cluster takes packages of at most "
                + NumberText.bytes(Int(RayPackage.sizeLimit)),
            hints: [
                "say where the cluster has it: cluster_model=/models/NAME, or a name of the hub",
                "or put it under a folder that both share: cluster add NAME URL shared=FOLDER",
                "or let its machines fetch it from a server of Fettle's: cluster add NAME URL files=PROVIDER",
            ]
        )
    }
}

extension ClusterTraining {
    /// The training of a language model's adapter by PyTorch.
    init(_ order: TorchOrder, _ run: BaseModel.Run, _ files: LanguageFiles) {
        self.init(
            work: order,
            measured: { row in
                row.validationLoss.map { loss in
                    TransformerValidation.Result(loss: loss, accuracy: row.validationAccuracy).text
                }
            },
            outcome: { outcome in
                let parts = try TorchParts(run, files)
                let tuned = try parts.adapter(
                    outcome.content(TorchOrder.adapterName),
                    in: run.checkpoint + ".adapter"
                )
                let task = parts.task
                return BaseModel.Outcome(
                    model: TunedModel(files, tuned),
                    settings: task.settings + task.validation.settings + outcome.log.settings
                )
            }
        )
    }
}
