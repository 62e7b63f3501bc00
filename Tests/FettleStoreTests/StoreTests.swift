import Dispatch
import FettleCore
import FettleStore
import Foundation
import GRDB
import Testing

struct StoreTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("fettle.sqlite")
    }

    private func rows(_ sql: String) throws -> [[String]] {
        try DatabaseQueue(path: path).read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.map { value in
                    value.1.isNull ? "null" : String.fromDatabaseValue(value.1) ?? "\(value.1)"
                }
            }
        }
    }

    @Test func emptyFileIsMigratedAndReopened() throws {
        _ = FileManager.default.createFile(atPath: path, contents: Data())
        let id = try Store(path: path).beginCell(session: "s", source: "rows", startedAt: 5)
        #expect(id == 1)
        #expect(try Store(path: path).recentSources(limit: 10) == ["rows"])
        let tables = try rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        )
        #expect(
            tables.flatMap(\.self) == [
                "addedBase", "alias", "apiJob", "calibration", "cell", "cellContent", "cluster",
                "dataset", "epochMeasure", "evaluation", "event", "file", "grdb_migrations", "job",
                "metric",
                "model", "note", "prediction", "provider", "rating", "scriptRun", "session",
                "sweep", "trial",
            ]
        )
        #expect(try rows("PRAGMA journal_mode") == [["wal"]])
    }

    @Test func versionIsAnotherOneAfterAnyWriteAndNoneBefore() throws {
        let store = try Store(path: path)
        let other = try Store(path: path)
        let first = try #require(store.version())
        #expect(try store.recentSources(limit: 1).isEmpty)
        #expect(store.version() == first)
        _ = try store.beginCell(session: "s", source: "rows", startedAt: 5)
        let second = try #require(store.version())
        #expect(second != first)
        #expect(store.version() == second)
        _ = try other.beginCell(session: "t", source: "rows", startedAt: 6)
        #expect(store.version() != second)
        #expect(try Store().version() == nil)
    }

    @Test func cellsKeepSourceOutcomeAndOutput() throws {
        let store = try Store(path: path)
        let first = try store.beginCell(session: "s", source: "rows\n 评论 'x'", startedAt: 10)
        let second = try store.beginCell(session: "t", source: "oops", startedAt: 20)
        try store.finishCell(first, outcome: .succeeded, output: "a\t😀\n", duration: 3)
        #expect(
            try rows("SELECT id, session, source, startedAt, outcome, output, duration FROM cell")
                == [
                    ["1", "s", "rows\n 评论 'x'", "10", "succeeded", "a\t😀\n", "3"],
                    ["2", "t", "oops", "20", "running", "", "null"],
                ]
        )
        try store.finishCell(second, outcome: .cancelled, output: "", duration: 0)
        #expect(try store.recentSources(limit: 1) == ["oops"])
        #expect(try store.recentSources(limit: 5) == ["rows\n 评论 'x'", "oops"])
        #expect(try store.recentSources(limit: 0) == [])
    }

    @Test func datasetsKeepTheirRecipe() throws {
        let record = DatasetRecord(
            name: "r",
            version: 2,
            source: "a.csv",
            sourceFingerprint: "aa",
            recipe: ["load a.csv", "where a == \"b\""],
            fingerprint: "bb",
            rowCount: 7
        )
        try Store(path: path).insert([record, record], createdAt: 9)
        let expected = ["r", "2", "a.csv", "aa", "load a.csv\nwhere a == \"b\"", "bb", "7", "9"]
        let columns =
            "name, version, source, sourceFingerprint, recipe, fingerprint, rowCount, createdAt"
        #expect(try rows("SELECT \(columns) FROM dataset") == [expected, expected])
    }

    @Test func modelsReadBackAsTheyWere() throws {
        let formats: [PromptFormat] = [
            .completion(
                prompt: try PromptTemplate("{{标题}}\n\n\"{{ body }}\" \\n {x}\t'###'\n"),
                completion: try PromptTemplate(" {{stars}}")
            ),
            .chat(
                system: try PromptTemplate("你是 😀\u{1}"),
                user: try PromptTemplate("{{a}}"),
                assistant: try PromptTemplate("")
            ),
            .chat(
                system: nil,
                user: try PromptTemplate("\r\n{{a}}{{b}}"),
                assistant: try PromptTemplate("{{c}}")
            ),
        ]
        let settings = [
            ChosenSetting(name: "n_epochs", value: "4", reason: "few\texamples\nin \"en\""),
            ChosenSetting(name: "suffix", value: "a\tb\nc"),
            ChosenSetting(name: "seed", value: "", reason: ""),
        ]
        let store = try Store(path: path)
        var written: [ModelRecord] = []
        for (index, format) in formats.enumerated() {
            written.append(
                try modelRecord(
                    "m\(index)",
                    name: index == 1 ? "好" : nil,
                    parent: index == 2 ? "m0" : nil,
                    format: format,
                    settings: index == 0 ? settings : [],
                    createdAt: Int64(index)
                )
            )
            try store.insert(written[index])
        }
        let reopened = try Store(path: path)
        #expect(try reopened.models() == written)
        #expect(try reopened.model("好") == written[1])
        #expect(try reopened.model("m2") == written[2])
        #expect(try reopened.model("m3") == nil)
        #expect(try reopened.model("m0") != nil)
        #expect(try reopened.model("好好") == nil)
    }

    @Test func shortNameMovesToTheNewerModel() throws {
        let store = try Store()
        try store.insert(modelRecord("m1", name: "stars", createdAt: 1))
        try store.insert(modelRecord("m2", name: "stars", createdAt: 2))
        #expect(try store.model("stars")?.id == "m2")
        #expect(try store.models().map(\.name) == [nil, "stars"])
        #expect(try store.models().map(\.displayName) == ["m1", "stars"])
    }

    @Test func aNameIsFoundBeforeAnEqualID() throws {
        let store = try Store()
        try store.insert(modelRecord("x", createdAt: 1))
        try store.insert(modelRecord("y", name: "x", createdAt: 2))
        #expect(try store.model("x")?.id == "y")
    }

    @Test func jobsEventsMetricsAndEvaluationsAreRows() throws {
        let store = try Store(path: path)
        let job = JobRecord(
            id: "ftjob-1",
            status: .running,
            base: "ngram",
            dataset: "d",
            datasetFingerprint: "ff",
            validation: nil,
            settings: [ChosenSetting(name: "seed", value: "0")],
            createdAt: 1
        )
        try store.insert(job)
        try store.addEvent(job: job.id, message: "Created fine-tune: ftjob-1", at: 2)
        var metrics = TrainingMetrics(
            step: 1,
            totalSteps: 2,
            elapsedExamples: 8,
            elapsedTokens: 80,
            trainingLoss: 0.5,
            trainingAccuracy: 0.25
        )
        try store.insert([metrics], job: job.id, at: 1)
        metrics.validationLoss = 0.75
        metrics.validationAccuracy = 1
        try store.insert([metrics], job: job.id, at: 1)
        try store.finishJob(
            job.id,
            JobEnd(.failed, error: "no 'space'"),
            message: "Fine-tune failed: no 'space'",
            at: 3
        )
        try store.insertEvaluation(
            model: "m",
            dataset: "d",
            datasetFingerprint: "ff",
            report: .object([.init("accuracy", .number(0.5))]),
            createdAt: 4
        )
        #expect(
            try rows("SELECT * FROM job") == [
                [
                    "ftjob-1", "failed", "ngram", "d", "ff", "null",
                    #"[{"name": "seed", "value": "0"}]"#, "null", "no 'space'", "1", "3", "null",
                    "null", "null", "null", "0", "null", "shell", "null", "null", "null",
                ]
            ]
        )
        #expect(
            try rows("SELECT * FROM event") == [
                ["1", "ftjob-1", "2", "info", "Created fine-tune: ftjob-1"],
                ["2", "ftjob-1", "3", "error", "Fine-tune failed: no 'space'"],
            ]
        )
        #expect(
            try rows("SELECT * FROM metric")
                == [["ftjob-1", "1", "8", "80", "0.5", "0.25", "0.75", "1.0", "2", "1", "1"]]
        )
        #expect(
            try rows("SELECT * FROM evaluation")
                == [["1", "m", "d", "ff", #"{"accuracy": 0.5}"#, "4"]]
        )
    }

    @Test func eventsOfNoJobAreRefused() throws {
        let store = try Store()
        #expect(
            throws: Diagnostic(
                "workspace-write",
                "the workspace could not be written: FOREIGN KEY constraint failed",
                hint: "check the free space and the rights of the folder .fettle"
            )
        ) { try store.addEvent(job: "none", message: "x", at: 0) }
    }
}

struct StoreFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("fettle.sqlite")
    }

    @Test func anotherFileIsRefused() throws {
        let text = Data(String(repeating: "stars,body\n5,great\n", count: 50).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        let error = diagnostic { _ = try Store(path: path) }
        #expect(
            error
                == Diagnostic(
                    "bad-workspace",
                    "the workspace database '\(path)' cannot be used: file is not a database",
                    hint: "move the file away to start a new workspace, "
                        + "or name another with --workspace"
                )
        )
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test func onlyItsOwnerReadsANewDatabase() throws {
        _ = try Store(path: path).beginCell(session: "s", source: "rows", startedAt: 5)
        let store = try Store(path: path)
        for name in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(try store.recentSources(limit: 1) == ["rows"])
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        let path = folder.file("none/fettle.sqlite")
        #expect(
            throws: Diagnostic(
                "bad-workspace",
                "the workspace database '\(path)' cannot be used: its folder is missing or read-only",
                hint: "name another place with --workspace DIR, or keep nothing with --ephemeral"
            )
        ) { try Store(path: path) }
    }

    @Test func aDatabaseOfANewerFettleIsRefusedAndKept() throws {
        try Store(path: path).insert(modelRecord("m1"))
        try DatabaseQueue(path: path).write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('later')")
        }
        #expect(
            throws: Diagnostic(
                "newer-workspace",
                "the workspace database '\(path)' was made by a newer Fettle than this one",
                hint: "use the newer Fettle, or name another workspace with --workspace"
            )
        ) { try Store(path: path) }
    }

    @Test func recordsChangedByHandAreNamed() throws {
        let store = try Store(path: path)
        try store.insert(modelRecord("m1"))
        let hint = "it was changed by hand or by another program; name another with --workspace"
        for (column, value, what) in [
            ("format", "{}", "format"), ("format", #"{"kind": "odd"}"#, "format"),
            ("settings", "n_epochs 4", "list of settings"),
        ] {
            let old = try DatabaseQueue(path: path).write { database in
                let old = try String.fetchOne(database, sql: "SELECT \(column) FROM model")
                try database.execute(sql: "UPDATE model SET \(column) = ?", arguments: [value])
                return old
            }
            #expect(
                throws: Diagnostic(
                    "workspace-read",
                    "the workspace has the \(what) '\(value)', which cannot be read",
                    hint: hint
                )
            ) { try store.models() }
            try DatabaseQueue(path: path).write { database in
                try database.execute(sql: "UPDATE model SET \(column) = ?", arguments: [old])
            }
        }
        #expect(try store.models().count == 1)
    }

    @Test func twoStoresWriteToOneFile() throws {
        let stores = [try Store(path: path), try Store(path: path)]
        DispatchQueue.concurrentPerform(iterations: 2) { writer in
            for count in 0..<40 {
                let id = try? stores[writer].beginCell(
                    session: "\(writer)",
                    source: "\(count)",
                    startedAt: 0
                )
                guard let id else { continue }
                try? stores[writer].finishCell(id, outcome: .succeeded, output: "", duration: 1)
            }
        }
        #expect(try stores[0].recentSources(limit: 1000).count == 80)
        #expect(try stores[1].recentSources(limit: 1000).count == 80)
    }

    @Test func storesThatOpenAtOnceAllMigrate() throws {
        for round in 0..<4 {
            let path = folder.file("\(round).sqlite")
            DispatchQueue.concurrentPerform(iterations: 4) { opener in
                let error = diagnostic {
                    _ = try Store(path: path).beginCell(
                        session: "\(opener)",
                        source: "a",
                        startedAt: 0
                    )
                }
                #expect(error == nil)
            }
            #expect(try Store(path: path).recentSources(limit: 10).count == 4)
        }
    }
}
