public import FettleCore
public import FettleStore
import Foundation

/// Opens the workspace's models and names new ones.
public struct ModelLibrary: Sendable {
    let workspace: Workspace

    /// Makes a library over a workspace.
    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Returns the tuned models, oldest first.
    public func models() throws(Diagnostic) -> [ModelRecord] {
        try workspace.existingStore()?.models() ?? []
    }

    /// Returns the tuned model with this short name or id.
    ///
    /// - Throws: `unknown-model` with near names; the hint says how to make one when it is a base model.
    public func model(_ name: String) throws(Diagnostic) -> ModelRecord {
        if let model = try workspace.existingStore()?.model(name) { return model }
        let names = try models().flatMap { [$0.name, $0.id] }.compactMap(\.self)
        if try base(name) != nil {
            throw Diagnostic(
                "base-model",
                "'\(name)' is a base model that knows no completions yet",
                hints: ["tune it first: tune \(name) on DATASET as NAME"]
            )
        }
        var hints: [String] = []
        if let nearest = didYouMean(name, among: names) { hints.append(nearest) }
        let known = try models().map(\.displayName)
        hints.append(
            known.isEmpty
                ? "no model is tuned yet: tune ngram on DATASET as NAME"
                : "models: " + known.joined(separator: ", ")
        )
        throw Diagnostic("unknown-model", "no model '\(name)'", hints: hints)
    }

    /// Opens a model for use.
    public func open(_ record: ModelRecord) throws(Diagnostic) -> TunedModel {
        let base = try base(of: record)
        if record.isBase, let untuned = base.untuned {
            return try untuned([], record.format.isChat)
        }
        return try base.open(path(of: record))
    }

    /// Returns the base model that a model descends from.
    ///
    /// - Throws: `unknown-base`.
    func base(of record: ModelRecord) throws(Diagnostic) -> BaseModel {
        guard let base = try base(record.base) else {
            throw Diagnostic(
                "unknown-base",
                "'\(record.displayName)' descends from '\(record.base)', which this Fettle does not have",
                hints: ["base models: " + (try bases()).map(\.name).joined(separator: ", ")]
            )
        }
        return base
    }

    /// Deletes a model: its record, and then its weights.
    ///
    /// What models that were tuned on from it can do stays the same.
    ///
    /// - Throws: `base-model` for a base model, `unknown-model` with near names, `model-in-use` when a job
    ///   that has not ended goes on from it.
    public func delete(_ name: String) throws(Diagnostic) -> ModelRecord {
        let record = try own(name, to: "deleted")
        try refuse(record, usedBy: try workspace.store().deleteModel(record.id))
        // Were the process killed here, the next start would remove what no record names.
        try? FileManager.default.removeItem(atPath: path(of: record))
        return record
    }

    /// Gives a model another short name; returns it as it was.
    ///
    /// - Throws: as ``delete(_:)``, and `name-taken` when another model has the name.
    public func rename(_ name: String, to newName: String) throws(Diagnostic) -> ModelRecord {
        let record = try own(name, to: "renamed")
        try requireNoBase(newName)
        try refuse(
            record,
            usedBy: try workspace.store().renameModel(record.id, to: newName)
        )
        return record
    }

    private func own(_ name: String, to verb: String) throws(Diagnostic) -> ModelRecord {
        if let base = try base(name), try workspace.existingStore()?.model(name) == nil {
            let kind = BaseModel.named(base.name) == nil ? "a base model" : "built in"
            throw Diagnostic(
                "base-model",
                "'\(name)' is \(kind) and cannot be \(verb)",
                hint: "'models' lists the tuned models"
            )
        }
        return try model(name)
    }

    private func refuse(
        _ record: ModelRecord,
        usedBy jobs: [StoredJob]
    ) throws(Diagnostic) {
        guard let job = jobs.first else { return }
        throw Diagnostic(
            "model-in-use",
            "'\(record.displayName)' is what job \(job.number) goes on from, "
                + "which \(job.record.status == .running ? "is running" : "has not ended")",
            hint: job.record.status.isActive
                ? "wait for it with 'wait \(job.number)', or stop it with 'cancel \(job.number)'"
                : "end it with 'cancel \(job.number)', or let it go on with 'resume \(job.number)'"
        )
    }

    /// The path of a model's weights.
    public func path(of record: ModelRecord) throws(Diagnostic) -> String {
        try workspace.modelsFolder() + "/" + record.file
    }

    /// Returns what the ids of the models begin with that a model is tuned to: what its own does, so that names
    /// never nest.
    static func idBase(of record: ModelRecord) -> String {
        guard let mark = record.id.range(of: ":ft-"), mark.lowerBound > record.id.startIndex else {
            return record.base
        }
        return String(record.id[..<mark.lowerBound])
    }

    /// Returns the id of a new model after the API's convention: `ngram:ft-personal-2026-11-22-10-30-00`.
    ///
    /// A suffix stands before the time, `ngram:ft-personal:suffix-…`. `attempt` counts from 0; each further
    /// one is a second later.
    static func id(
        base: String,
        suffix: String?,
        at milliseconds: Int64,
        attempt: Int
    ) -> String {
        let head = "\(base):ft-personal" + (suffix.map { ":\($0)" } ?? "")
        return "\(head)-\(WorkClock.stamp(of: milliseconds + 1000 * Int64(attempt)))"
    }

    /// Returns a suffix as ids have it: lower case, runs of anything but letters and digits as one `-`.
    ///
    /// - Throws: `bad-value` when nothing is left or more than `limit` characters were given.
    public static func suffix(
        _ text: String,
        atMost limit: Int = 40
    ) throws(Diagnostic) -> String {
        let parts = text.lowercased().split { !($0.isLetter || $0.isNumber) || !$0.isASCII }
        guard !parts.isEmpty, text.count <= limit else {
            throw Diagnostic(
                "bad-value",
                "'suffix' is '\(text)', expected 1 to \(limit) characters with a letter or digit of ASCII"
            )
        }
        return parts.joined(separator: "-")
    }
}
