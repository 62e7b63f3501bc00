import FettleProviders

/// A piece of work for a cluster, such as a training or the answering of rows.
protocol ClusterWork {
    /// The id that its events repeat.
    var run: String { get }
    /// A folder that the cluster and this machine both have under this path; nil for none.
    var shared: String? { get }

    /// Returns the job of an attempt; reads what it takes along.
    func job(_ id: String, attempt: Int) throws -> ClusterJob
}

extension ClusterWork {
    /// Returns the folder where the results of a job go; nil for its log.
    func results(of id: String) -> String? { shared.map { "\($0)/fettle/\(id)" } }
}
