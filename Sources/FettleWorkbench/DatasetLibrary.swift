public import FettleCore
import FettleData

/// The datasets of a session, each with all its versions.
///
/// A value: a copy is a snapshot.
public struct DatasetLibrary: Sendable {
    private var versions: [String: [Dataset]] = [:]
    /// Names in the order in which they were first used.
    public private(set) var names: [String] = []
    /// The dataset that a command takes when none is named.
    public private(set) var current: String?
    /// Counts the changes of datasets and formats; `use` is none.
    public private(set) var revision = 0

    /// Makes an empty library.
    public init() {}

    /// The present version of each dataset, in the order of `names`.
    public var datasets: [Dataset] {
        names.compactMap { versions[$0]?.last }
    }

    /// Returns the present version of a dataset; of the current one when `name` is nil.
    ///
    /// The part of a whole may be named alone while the whole or one of its parts is current: `train`
    /// for `reviews.train`.
    ///
    /// - Throws: `no-dataset` when none is loaded, `unknown-dataset` with near names.
    public func dataset(_ name: String?) throws(Diagnostic) -> Dataset {
        guard let name = name ?? current else {
            throw Diagnostic(
                "no-dataset",
                "no dataset is loaded",
                hint: "load one: load samples/reviews.jsonl"
            )
        }
        if let dataset = versions[name]?.last { return dataset }
        if let whole = current?.split(separator: ".").first,
            let part = versions["\(whole).\(name)"]?.last
        {
            return part
        }
        throw unknownDataset(name)
    }

    /// Adds a dataset, as a new version when its name is taken, and returns it with its version.
    @discardableResult
    public mutating func add(_ dataset: Dataset) -> Dataset {
        var added = dataset
        added.version = (versions[dataset.name]?.last?.version ?? 0) + 1
        if versions[dataset.name] == nil { names.append(dataset.name) }
        versions[dataset.name, default: []].append(added)
        revision += 1
        return added
    }

    /// Puts another format on the present version of a dataset, which makes no new rows and no version.
    public mutating func setFormat(_ format: PromptFormat, of name: String) {
        guard var all = versions[name], let last = all.popLast() else { return }
        all.append(last.formatted(as: format))
        versions[name] = all
        revision += 1
    }

    /// Makes a dataset the current one.
    public mutating func use(_ name: String) throws(Diagnostic) {
        guard versions[name] != nil else { throw unknownDataset(name) }
        current = name
    }

    /// Forgets a dataset and its versions.
    public mutating func remove(_ name: String) throws(Diagnostic) {
        guard versions.removeValue(forKey: name) != nil else { throw unknownDataset(name) }
        revision += 1
        names.removeAll { $0 == name }
        if current == name { current = names.last }
    }

    private func unknownDataset(_ name: String) -> Diagnostic {
        var hints: [String] = []
        if let nearest = didYouMean(name, among: names) { hints.append(nearest) }
        if let current, let dataset = versions[current]?.last,
            dataset.frame.position(of: name) != nil
        {
            hints.append("'\(name)' is a column of '\(current)', not a dataset")
        }
        hints.append(
            names.isEmpty
                ? "no dataset is loaded; load one: load samples/reviews.jsonl"
                : "datasets: " + names.joined(separator: ", ")
        )
        return Diagnostic("unknown-dataset", "no dataset '\(name)'", hints: hints)
    }
}
