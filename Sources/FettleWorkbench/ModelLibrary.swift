public import FettleCore
public import FettleStore

/// Opens the workspace's models and names new ones.
public struct ModelLibrary: Sendable {
    private let workspace: Workspace

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
        if BaseModel.named(name) != nil {
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
        guard let base = BaseModel.named(record.base) else {
            throw Diagnostic(
                "unknown-base",
                "'\(record.displayName)' descends from '\(record.base)', which this Fettle does not have",
                hints: ["base models: " + BaseModel.all.map(\.name).joined(separator: ", ")]
            )
        }
        return try base.open(path(of: record))
    }

    /// The path of a model's weights.
    public func path(of record: ModelRecord) throws(Diagnostic) -> String {
        try workspace.modelsFolder() + "/" + record.file
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
    /// - Throws: `bad-value` when nothing is left or more than 40 characters were given.
    public static func suffix(_ text: String) throws(Diagnostic) -> String {
        let parts = text.lowercased().split { !($0.isLetter || $0.isNumber) || !$0.isASCII }
        guard !parts.isEmpty, text.count <= 40 else {
            throw Diagnostic(
                "bad-value",
                "'suffix' is '\(text)', expected 1 to 40 characters with a letter or digit of ASCII"
            )
        }
        return parts.joined(separator: "-")
    }
}
