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
        help: "where it trains; 'cluster add' knows clusters"
    )
    static let cpus = Option<Int>.setting(
        "cpus",
        default: "1",
        unit: "processors",
        section: section,
        help: "what each job on the cluster is given"
    )

    static let parameters: [Parameter] = [cluster.parameter, cpus.parameter]

    /// Reads how many processors were asked for.
    ///
    /// - Throws: `bad-value`, `missing-argument` where no cluster is named.
    static func cpus(_ arguments: Arguments) throws(Diagnostic) -> Int? {
        let count = try SweepSpace.whole(cpus, arguments, 1...1024)
        guard count != nil, arguments.word(cluster) == nil else { return count }
        throw Diagnostic(
            "missing-argument",
            "'cpus' says what a job on a cluster is given, and no cluster is named",
            span: arguments.word(cpus)?.span,
            hint: "name one: cluster=NAME"
        )
    }

    /// Returns the place that was asked for; nil for this machine.
    ///
    /// - Throws: `unknown-cluster`.
    static func place(
        _ cluster: ArgumentWord?,
        cpus: Int?,
        _ context: Context
    ) throws(Diagnostic) -> ClusterPlace? {
        guard let cluster else { return nil }
        do {
            let record = try ClusterLibrary(context.services.workspace).cluster(cluster.text)
            return ClusterPlace(record.name, cpus: cpus ?? 1)
        } catch {
            throw error.located(at: cluster.span)
        }
    }
}
