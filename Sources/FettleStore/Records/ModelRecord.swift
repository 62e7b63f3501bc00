public import FettleCore
import GRDB

/// A fine-tuned model as the workspace remembers it.
public struct ModelRecord: Hashable, Sendable {
    /// The id of the API's convention: `ngram:ft-personal-2026-11-22-10-30-00`.
    public var id: String
    /// The short name given with `as`, if any.
    public var name: String?
    /// The base model it descends from, such as `ngram`.
    public var base: String
    /// The id of the model that was tuned further, if any.
    public var parent: String?
    /// The weights' file name in the workspace's `models` folder.
    public var file: String
    /// How rows become examples; one object for training and use.
    public var format: PromptFormat
    /// The settings of the run.
    public var settings: [ChosenSetting]
    /// The training dataset's name.
    public var dataset: String
    /// The training dataset's fingerprint.
    public var datasetFingerprint: String
    /// How many completions it knows.
    public var labelCount: Int
    /// Examples shown since the base model, repeats counted.
    public var examplesSeen: Int
    /// Milliseconds of training since the base model.
    public var trainingMilliseconds: Int64
    /// When it was made, in milliseconds since 1970.
    public var createdAt: Int64

    /// Makes a record.
    public init(
        id: String,
        name: String?,
        base: String,
        parent: String?,
        file: String,
        format: PromptFormat,
        settings: [ChosenSetting],
        dataset: String,
        datasetFingerprint: String,
        labelCount: Int,
        examplesSeen: Int,
        trainingMilliseconds: Int64,
        createdAt: Int64
    ) {
        self.id = id
        self.name = name
        self.base = base
        self.parent = parent
        self.file = file
        self.format = format
        self.settings = settings
        self.dataset = dataset
        self.datasetFingerprint = datasetFingerprint
        self.labelCount = labelCount
        self.examplesSeen = examplesSeen
        self.trainingMilliseconds = trainingMilliseconds
        self.createdAt = createdAt
    }

    /// What the user calls it: the short name, else the id.
    public var displayName: String { name ?? id }
}

extension Store {
    /// Adds a model; a short name that was another's moves to it.
    public func insert(_ model: ModelRecord) throws(Diagnostic) {
        try write { database in try Store.insert(database, model) }
    }

    /// Adds a model under the first id that is free, and returns it.
    static func insert(
        _ database: Database,
        _ model: ModelRecord,
        id: (Int) -> String
    ) throws -> ModelRecord {
        var model = model
        var attempt = 0
        repeat {
            model.id = id(attempt)
            attempt += 1
        } while try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM model WHERE id = ?)",
            arguments: [model.id]
        ) == true
        try insert(database, model)
        return model
    }

    private static func insert(_ database: Database, _ model: ModelRecord) throws {
        if let name = model.name {
            try database.execute(
                sql: "UPDATE model SET name = NULL WHERE name = ?",
                arguments: [name]
            )
        }
        try database.execute(
            sql: """
                INSERT INTO model (id, name, base, parent, file, format, settings, dataset,
                    datasetFingerprint, labels, examplesSeen, trainingDuration, createdAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                model.id, model.name, model.base, model.parent, model.file,
                FormatText.encode(model.format), SettingsText.encode(model.settings), model.dataset,
                model.datasetFingerprint, model.labelCount, model.examplesSeen,
                model.trainingMilliseconds, model.createdAt,
            ]
        )
    }

    /// Returns all models, oldest first.
    public func models() throws(Diagnostic) -> [ModelRecord] {
        try read { database in try Store.models(database) }
    }

    static func models(_ database: Database) throws -> [ModelRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM model ORDER BY createdAt, id")
            .map { try ModelRecord(row: $0) }
    }

    /// Removes a model's record and its temperature, unless a job that has not ended goes on from the model.
    ///
    /// - Returns: the jobs that need it; the record is gone when there are none.
    public func deleteModel(_ id: String) throws(Diagnostic) -> [StoredJob] {
        try write { database in
            let users = try Store.users(database, ofModel: id)
            guard users.isEmpty else { return users }
            try database.execute(sql: "DELETE FROM model WHERE id = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM calibration WHERE model = ?", arguments: [id])
            return []
        }
    }

    /// Gives a model a short name, which another model then no longer has.
    public func giveName(_ name: String, toModel id: String) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "UPDATE model SET name = NULL WHERE name = ?",
                arguments: [name]
            )
            try database.execute(
                sql: "UPDATE model SET name = ? WHERE id = ?",
                arguments: [name, id]
            )
        }
    }

    /// Gives a model another short name, unless a job that has not ended goes on from the model.
    ///
    /// - Returns: the jobs that need it; the name is changed when there are none.
    /// - Throws: `name-taken` when another model has the name.
    public func renameModel(_ id: String, to name: String) throws(Diagnostic) -> [StoredJob] {
        try write { database in
            let users = try Store.users(database, ofModel: id)
            guard users.isEmpty else { return users }
            let owner = try String.fetchOne(
                database,
                sql: "SELECT id FROM model WHERE (name = ?1 OR id = ?1) AND id <> ?2",
                arguments: [name, id]
            )
            if let owner {
                throw Diagnostic(
                    "name-taken",
                    "'\(name)' is the name of \(owner)",
                    hint: "choose another name, or rename that model first"
                )
            }
            try database.execute(
                sql: "UPDATE model SET name = ? WHERE id = ?",
                arguments: [name, id]
            )
            return []
        }
    }

    static func users(
        _ database: Database,
        ofModel id: String
    ) throws -> [StoredJob] {
        try jobs(database).filter { $0.record.base == id && !$0.record.status.isFinal }
    }

    /// Returns the model with this short name or id, or nil.
    public func model(_ nameOrID: String) throws(Diagnostic) -> ModelRecord? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM model WHERE name = ?1 OR id = ?1 ORDER BY name IS NULL LIMIT 1",
                arguments: [nameOrID]
            ).map { try ModelRecord(row: $0) }
        }
    }
}

extension ModelRecord {
    fileprivate init(row: Row) throws {
        self.init(
            id: row["id"],
            name: row["name"],
            base: row["base"],
            parent: row["parent"],
            file: row["file"],
            format: try FormatText.decode(row["format"]),
            settings: try SettingsText.decode(row["settings"]),
            dataset: row["dataset"],
            datasetFingerprint: row["datasetFingerprint"],
            labelCount: row["labels"],
            examplesSeen: row["examplesSeen"],
            trainingMilliseconds: row["trainingDuration"],
            createdAt: row["createdAt"]
        )
    }
}
