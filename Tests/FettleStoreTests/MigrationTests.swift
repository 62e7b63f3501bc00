import FettleCore
import FettleStore
import Foundation
import GRDB
import Testing

struct MigrationTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("fettle.sqlite")
    }

    /// The tables of the first version with a row in each that the second one changes or reads.
    private static let version1 = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('1');
        CREATE TABLE cell (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL, source TEXT NOT NULL,
            startedAt INTEGER NOT NULL, outcome TEXT NOT NULL DEFAULT 'running',
            output TEXT NOT NULL DEFAULT '', duration INTEGER
        ) STRICT;
        INSERT INTO cell VALUES (7, 's', 'rows', 5, 'succeeded', 'out', 3);
        CREATE TABLE dataset (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL,
            source TEXT NOT NULL, sourceFingerprint TEXT NOT NULL, recipe TEXT NOT NULL,
            fingerprint TEXT NOT NULL, rowCount INTEGER NOT NULL, createdAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX datasetByName ON dataset (name, version);
        CREATE TABLE model (
            id TEXT PRIMARY KEY, name TEXT UNIQUE, base TEXT NOT NULL, parent TEXT,
            file TEXT NOT NULL, format TEXT NOT NULL, settings TEXT NOT NULL,
            dataset TEXT NOT NULL, datasetFingerprint TEXT NOT NULL, labels INTEGER NOT NULL,
            examplesSeen INTEGER NOT NULL, trainingDuration INTEGER NOT NULL,
            createdAt INTEGER NOT NULL
        ) STRICT;
        INSERT INTO model VALUES ('m1', 'stars', 'ngram', NULL, 'a.model',
            '{"kind": "completion", "prompt": "{{a}}", "completion": " {{b}}"}', '[]',
            'reviews.train', '00ff', 5, 3200, 1500, 9);
        CREATE TABLE job (
            id TEXT PRIMARY KEY, status TEXT NOT NULL, base TEXT NOT NULL, dataset TEXT NOT NULL,
            datasetFingerprint TEXT NOT NULL, validation TEXT, settings TEXT NOT NULL,
            model TEXT, error TEXT, createdAt INTEGER NOT NULL, finishedAt INTEGER
        ) STRICT;
        INSERT INTO job VALUES ('ftjob-1', 'succeeded', 'ngram', 'd', 'ff', 'held',
            '[{"name": "seed", "value": "3"}]', 'm1', NULL, 1, 2);
        INSERT INTO job VALUES ('ftjob-2', 'running', 'm1', 'd', 'ff', NULL, '[]',
            NULL, NULL, 3, NULL);
        CREATE TABLE event (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL REFERENCES job (id), at INTEGER NOT NULL,
            level TEXT NOT NULL, message TEXT NOT NULL
        ) STRICT;
        CREATE INDEX eventByJob ON event (job);
        INSERT INTO event VALUES (1, 'ftjob-1', 2, 'info', 'Uploaded model: m1');
        CREATE TABLE metric (
            job TEXT NOT NULL REFERENCES job (id), step INTEGER NOT NULL,
            elapsedExamples INTEGER NOT NULL, elapsedTokens INTEGER NOT NULL,
            trainingLoss REAL NOT NULL, trainingAccuracy REAL NOT NULL,
            validationLoss REAL, validationAccuracy REAL,
            PRIMARY KEY (job, step)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO metric VALUES ('ftjob-1', 4, 8, 80, 0.5, 0.25, NULL, 1);
        CREATE TABLE evaluation (
            id INTEGER PRIMARY KEY, model TEXT NOT NULL, dataset TEXT NOT NULL,
            datasetFingerprint TEXT NOT NULL, report TEXT NOT NULL, createdAt INTEGER NOT NULL
        ) STRICT;
        """

    private func makeVersion1() throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: Self.version1) }
    }

    @Test func theFirstVersionKeepsItsRowsAndGetsTheNewColumns() throws {
        try makeVersion1()
        let store = try Store(path: path)
        #expect(
            try store.models() == [modelRecord("m1", name: "stars", createdAt: 9)]
        )
        let jobs = try store.jobs()
        #expect(
            jobs.map(\.record) == [
                JobRecord(
                    id: "ftjob-1",
                    status: .succeeded,
                    base: "ngram",
                    dataset: "d",
                    datasetFingerprint: "ff",
                    validation: "held",
                    settings: [ChosenSetting(name: "seed", value: "3")],
                    createdAt: 1
                ),
                JobRecord(
                    id: "ftjob-2",
                    status: .running,
                    base: "m1",
                    dataset: "d",
                    datasetFingerprint: "ff",
                    validation: nil,
                    settings: [],
                    createdAt: 3
                ),
            ]
        )
        #expect(jobs.map(\.number) == [1, 2])
        #expect(jobs.map(\.model) == ["m1", nil])
        #expect(jobs.map(\.finishedAt) == [2, nil])
        #expect(jobs.map(\.trainingMilliseconds) == [0, 0])
        #expect(
            try store.metrics(ofJob: "ftjob-1") == [
                TrainingMetrics(
                    step: 4,
                    totalSteps: 0,
                    elapsedExamples: 8,
                    elapsedTokens: 80,
                    trainingLoss: 0.5,
                    trainingAccuracy: 0.25,
                    validationAccuracy: 1
                )
            ]
        )
        #expect(try store.events(ofJob: "ftjob-1").map(\.message) == ["Uploaded model: m1"])
        #expect(
            try store.cells(limit: 9).map { "\($0.id) \($0.source) \($0.outcome)" }
                == ["7 rows succeeded"]
        )
        #expect(try store.unfinishedSessions().isEmpty)
        try store.beginSession("s", process: "1:1", startedAt: 4)
        #expect(
            try Store(path: path).unfinishedSessions().map(\.commands) == [[.init(source: "rows")]]
        )
    }

    @Test func aMigratedFileHasTheTablesOfANewOne() throws {
        try makeVersion1()
        let other = folder.file("new.sqlite")
        let layouts = try [path, other].map { path in
            _ = try Store(path: path)
            return try DatabaseQueue(path: path).read { database in
                try ["cell", "dataset", "model", "job", "event", "metric", "evaluation", "session"]
                    .flatMap { table in
                        try Row.fetchAll(database, sql: "PRAGMA table_info(\(table))")
                            .map { "\(table) \($0)" }
                    }
            }
        }
        #expect(layouts[0] == layouts[1])
        #expect(layouts[0].count == 80)
    }
}
