import FettleCore
import FettleLanguage
import FettleStore
import FettleWorkbench

/// The settings of commands that can have a cluster do their work.
enum ClusterOptions {
    private static let section = "clusters"

    static let cluster = Option<ArgumentWord>.setting(
        "cluster",
        kind: .cluster,
        default: "this machine",
        section: section,
        help: "where it is done; 'cluster add' knows clusters"
    )
    static let cpus = Option<Int>.setting(
        "cpus",
        default: "1",
        unit: "processors",
        section: section,
        help: "what each job on the cluster, or each of its workers, is given"
    )
    static let gpus = Option<Int>.setting(
        "gpus",
        default: "0",
        unit: "GPUs",
        section: section,
        help: "what each worker on the cluster is given"
    )
    static let load = Option<ArgumentWord>.setting(
        "load",
        kind: .choice(ClusterPlace.Load.allCases.map(\.rawValue)),
        default: "full",
        section: section,
        help: "how a cluster holds a language model's weights; 4bit is QLoRA"
    )
    static let model = Option<ArgumentWord>.setting(
        "cluster_model",
        kind: .text,
        default: "the model is sent",
        section: section,
        help: "where the cluster has the language model: a folder there, or a name of the hub"
    )
    static let parallel = Option<ArgumentWord>.setting(
        "parallel",
        kind: .choice(ClusterPlace.Parallel.allCases.map(\.rawValue)),
        default: "ddp",
        section: section,
        help: "whether workers have the whole language model each (ddp), or a part (fsdp)"
    )
    static let workers = Option<Int>.setting(
        "workers",
        default: "1",
        section: section,
        help: "how many processes of the cluster share the training of a language model"
    )
    private static let parts = Option<Int>.setting(
        "workers",
        default: "4 on a cluster",
        section: section,
        help: "how many jobs of the cluster share the work"
    )

    /// Those of `tune`.
    static let ofTuning: [Parameter] = [
        cluster.parameter, cpus.parameter, workers.parameter, gpus.parameter, parallel.parameter,
        load.parameter, model.parameter,
    ]
    /// Those of `sweep`, whose own `workers` are trials.
    static let ofSearching: [Parameter] = [
        cluster.parameter, cpus.parameter, gpus.parameter, load.parameter, model.parameter,
    ]
    /// Those of commands that answer rows.
    static let ofAnswering: [Parameter] = [cluster.parameter, cpus.parameter, parts.parameter]
}

/// What a command line says of the cluster that is to do its work.
struct ClusterChoice: Sendable {
    private let cluster: ArgumentWord?
    private var place = ClusterPlace("")

    /// Whether a cluster was named.
    var isMade: Bool { cluster != nil }

    /// Reads what was said.
    ///
    /// - Parameters:
    ///   - arguments: the command's.
    ///   - parameters: those of ``ClusterOptions`` that the command takes.
    /// - Throws: `bad-value`, `missing-argument` where no cluster is named.
    init(_ arguments: Arguments, _ parameters: [Parameter]) throws(Diagnostic) {
        let names = Set(parameters.map(\.name))
        cluster = try arguments.value(ClusterOptions.cluster)
        func whole(
            _ option: Option<Int>,
            _ range: ClosedRange<Int>
        ) throws(Diagnostic) -> Int? {
            guard names.contains(option.parameter.name) else { return nil }
            return try SweepSpace.whole(option, arguments, range)
        }
        func text(_ option: Option<ArgumentWord>) throws(Diagnostic) -> String? {
            guard names.contains(option.parameter.name) else { return nil }
            return try arguments.value(option)?.text
        }
        place.cpus = try whole(ClusterOptions.cpus, 1...1024) ?? 1
        place.gpus = try whole(ClusterOptions.gpus, 0...64) ?? 0
        let isAnswering = parameters == ClusterOptions.ofAnswering
        place.workers =
            try whole(ClusterOptions.workers, isAnswering ? 1...64 : 1...4096)
            ?? (isAnswering ? 4 : 1)
        place.load = try text(ClusterOptions.load).flatMap { .init(rawValue: $0) } ?? .full
        place.parallel = try text(ClusterOptions.parallel).flatMap { .init(rawValue: $0) } ?? .ddp
        place.model = try text(ClusterOptions.model)
        guard cluster == nil else { return }
        for parameter in parameters.dropFirst() {
            guard let word = arguments.word(of: parameter) else { continue }
            throw Diagnostic(
                "missing-argument",
                "'\(parameter.name)' says what a job on a cluster is given, and no cluster is named",
                span: word.span,
                hint: "name one: cluster=NAME"
            )
        }
    }

    /// Returns the place that was asked for; nil for this machine.
    ///
    /// - Throws: `unknown-cluster`.
    func place(_ context: Context) throws(Diagnostic) -> ClusterPlace? {
        guard let cluster else { return nil }
        do {
            let record = try ClusterLibrary(context.services.workspace).cluster(cluster.text)
            var place = place
            place.cluster = record.name
            return place
        } catch {
            throw error.located(at: cluster.span)
        }
    }

    /// Returns the place as ``place(_:)`` does; while the command waits for it, a line says what it counts and how long.
    func place(
        _ context: Context,
        counting unit: String,
        of total: Int? = nil
    ) throws(Diagnostic) -> ClusterPlace? {
        let place = try place(context)
        if let place {
            context.services.progress.wait(for: total, unit: unit, saying: "at '\(place.cluster)'")
        }
        return place
    }
}
