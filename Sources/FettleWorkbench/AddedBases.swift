public import FettleCore
import FettleModelFiles
public import FettleStore
import Foundation

/// Base models: those that are built in, and those that the user added to the workspace.
extension ModelLibrary {
    /// What was found in the files of a model.
    public struct BaseFacts: Sendable {
        /// The base model's name.
        public var name: String
        /// Names and values, such as sizes and what memory it takes.
        public var fields: [(label: String, value: String)]
    }

    /// Returns the base models, the built-in ones first.
    public func bases() throws(Diagnostic) -> [BaseModel] {
        let added = try workspace.existingStore()?.addedBases() ?? []
        return BaseModel.all + added.map(BaseModel.transformer)
    }

    /// Returns the base model called `name`, or nil.
    public func base(_ name: String) throws(Diagnostic) -> BaseModel? {
        if let base = BaseModel.named(name) { return base }
        if let base = try ProviderLibrary(workspace).model(name) { return base }
        return try workspace.existingStore()?.addedBase(name).map(BaseModel.transformer)
    }

    /// Returns the tuned model that a job goes on from, or nil when `name` is a base model's.
    ///
    /// - Throws: `unknown-model`.
    func parent(_ name: String) throws(Diagnostic) -> ModelRecord? {
        try base(name) == nil ? try model(name) : nil
    }

    /// Returns what is to be known of where a job trains; nil for this machine.
    ///
    /// - Throws: `unknown-model`, where the model or the provider is gone.
    func elsewhere(of job: JobRecord) throws(Diagnostic) -> BaseModel.Elsewhere? {
        if let place = ClusterPlace(job.settings) {
            return ClusterLibrary(workspace).elsewhere(job.id, at: place)
        }
        return try elsewhere(named: job.base)
    }

    /// Returns what is to be known of where a model is trained on; nil for this machine.
    ///
    /// - Throws: `unknown-model`.
    func elsewhere(named name: String) throws(Diagnostic) -> BaseModel.Elsewhere? {
        let parent = try parent(name)
        return try base(parent?.base ?? name)?.elsewhere
    }

    /// Returns the provider where a job was made that nobody here follows; nil where there is none.
    public func provider(of job: JobRecord) -> String? {
        guard let elsewhere = try? elsewhere(of: job), let folder = try? workspace.jobsFolder(),
            elsewhere.isMade(JobFolder("\(folder)/\(job.id)").checkpoint)
        else { return nil }
        return elsewhere.provider
    }

    /// Sees to it that a tuned model's name is no base model's.
    ///
    /// - Throws: `name-taken`.
    func requireNoBase(_ name: String) throws(Diagnostic) {
        guard try base(name) != nil else { return }
        throw Diagnostic(
            "name-taken",
            "'\(name)' is the name of a base model",
            hint: "choose another name for the tuned model"
        )
    }

    // MARK: - Adding and deleting

    /// Adds a GGUF file, a Hugging Face folder, or an archive with one of them as a base model.
    ///
    /// An archive is unpacked into the workspace; the others stay where they are.
    ///
    /// - Parameters:
    ///   - path: the file or folder.
    ///   - name: what `tune` and `ask` call it.
    ///   - now: milliseconds since 1970.
    ///   - progress: called with the bytes that are unpacked and how many they are.
    /// - Returns: what was found in its files.
    /// - Throws: `name-taken`; `model-unreadable`, `model-foreign`, `model-corrupt` or `model-unsupported`; what is
    ///   wrong with its tokenizer; `CancellationError`.
    public func add(
        _ path: String,
        as name: String,
        at now: Int64,
        progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> BaseFacts {
        try requireFree(name)
        var place = URL(fileURLWithPath: path).standardizedFileURL.path
        var unpacked: String?
        if ModelArchive.recognizes(place) {
            let archive = try ModelArchive(place)
            place = try workspace.folder("bases") + "/\(name)\(archive.isFolder ? "" : ".gguf")"
            // Without a record it is what a killed command left.
            try? FileManager.default.removeItem(atPath: place)
            try archive.unpack(to: place) { done, total in
                try Task.checkCancellation()
                progress(done, total)
            }
            unpacked = place
        }
        return try adopt(place, as: name, at: now, isOwn: unpacked != nil)
    }

    /// Sees to it that no model has this name.
    ///
    /// - Throws: `name-taken`.
    func requireFree(_ name: String) throws(Diagnostic) {
        try requireNoBase(name)
        guard let model = try workspace.existingStore()?.model(name) else { return }
        throw Diagnostic(
            "name-taken",
            "'\(name)' is the name of \(model.id)",
            hint: "choose another name, or rename that model first"
        )
    }

    /// Opens a file or folder and adds it as a base model; `isOwn` removes it when that does not go.
    func adopt(
        _ place: String,
        as name: String,
        at now: Int64,
        isOwn: Bool
    ) throws -> BaseFacts {
        do {
            let files = try LanguageFiles(place, name: name)
            try workspace.store().insert(
                AddedBaseRecord(
                    name: name,
                    path: place,
                    fingerprint: files.fingerprint,
                    summary: files.summary,
                    createdAt: now
                )
            )
            return BaseFacts(name: name, fields: files.fields)
        } catch {
            if isOwn { try? FileManager.default.removeItem(atPath: place) }
            throw error
        }
    }

    /// Returns what is in the files of an added base model, or nil when there is none of this name.
    ///
    /// - Throws: as ``add(_:as:at:progress:)``, and `model-changed`.
    public func facts(ofBase name: String) throws(Diagnostic) -> BaseFacts? {
        guard let record = try workspace.existingStore()?.addedBase(name) else { return nil }
        let files = try LanguageFiles(record)
        return BaseFacts(name: name, fields: files.fields)
    }

    /// Forgets an added base model, and removes what was unpacked of it; false when there is none of this name.
    ///
    /// - Throws: `model-in-use` when a tuned model or a job that has not ended needs it.
    public func deleteBase(_ name: String) throws(Diagnostic) -> Bool {
        guard let store = try workspace.existingStore(), let record = try store.addedBase(name)
        else { return false }
        let users = try store.deleteAddedBase(name)
        if let model = users.models.first {
            throw Diagnostic(
                "model-in-use",
                "'\(name)' is what '\(model.displayName)' was tuned from, which needs it",
                hint: "delete that model first: model delete \(model.displayName)"
            )
        }
        if let job = users.jobs.first {
            throw Diagnostic(
                "model-in-use",
                "'\(name)' is what job \(job.number) tunes, which has not ended",
                hint: "end it with 'cancel \(job.number)'"
            )
        }
        LanguageModels.forget(record.path)
        if let bases = workspace.existingFolder("bases"), record.path.hasPrefix(bases + "/") {
            try? FileManager.default.removeItem(atPath: record.path)
        }
        return true
    }

    // MARK: - Asking a base model as it is

    /// Returns a model to ask on the rows of `dataset`: a tuned one with its own format, or a base model, which
    /// takes the dataset's.
    ///
    /// - Throws: `unknown-model`, `base-model` for one that knows nothing before it is tuned, `no-format`.
    public func model(
        _ name: String,
        on dataset: Dataset?
    ) throws(Diagnostic) -> ModelRecord {
        if try workspace.existingStore()?.model(name) == nil,
            let base = try base(name), base.untuned != nil
        {
            let empty = try PromptTemplate("")
            return ModelRecord(
                id: name,
                name: nil,
                base: name,
                parent: nil,
                file: "",
                format: try dataset?.requiredFormat()
                    ?? .completion(prompt: empty, completion: empty),
                settings: [],
                dataset: "",
                datasetFingerprint: "",
                labelCount: 0,
                examplesSeen: 0,
                trainingMilliseconds: 0,
                createdAt: 0
            )
        }
        return try model(name)
    }

    /// Opens a model that chooses among labels: a tuned one among its own, a base model among these.
    ///
    /// - Throws: `no-labels` for one that writes freely.
    func openToChoose(
        _ record: ModelRecord,
        among completions: some Sequence<String>
    ) throws -> TunedModel {
        guard record.isBase, let untuned = try base(of: record).untuned else {
            let model = try open(record)
            guard !model.labels.isEmpty else {
                throw Diagnostic(
                    "no-labels",
                    "'\(record.displayName)' writes freely, and has no completions to choose among",
                    hint: "ask it: ask \(record.displayName) \"…\""
                )
            }
            return model
        }
        let set = try CompletionSet(completions, of: record.displayName)
        guard set.isClosed else {
            throw Diagnostic(
                "no-labels",
                "the \(NumberText.count(set.total, "row")) have \(NumberText.count(set.names.count)) "
                    + "different completions, and '\(record.displayName)' chooses among a closed set of "
                    + "at most \(NumberText.count(CompletionSet.limit))",
                hint: "use a column with few values as the completion, such as stars"
            )
        }
        return try untuned(set.names, record.format.isChat)
    }

    /// Opens a model that chooses among labels, a base model among the completions of a dataset.
    func openToChoose(_ record: ModelRecord, of dataset: Dataset) throws -> TunedModel {
        guard record.isBase else { return try openToChoose(record, among: []) }
        let set = try ExampleSet(dataset, format: record.format)
        return try openToChoose(record, among: set.examples.lazy.map(\.completion))
    }
}

extension ModelRecord {
    /// Whether this is a base model as it is, which no job wrote.
    public var isBase: Bool { file.isEmpty }
}
