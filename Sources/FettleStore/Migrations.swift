import FettleCore
import GRDB

/// The steps that bring a database of any earlier version to the present one; a step is never changed
/// after a release, only followed by another.
enum Migrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: version1)
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: version2)
        }
        migrator.registerMigration("3") { database in
            try database.execute(sql: version3)
        }
        migrator.registerMigration("4") { database in
            try database.execute(sql: version4)
        }
        migrator.registerMigration("cell-effects") { database in
            try database.execute(sql: cellEffects)
        }
        migrator.registerMigration("cell-content") { database in
            try database.execute(sql: cellContent)
        }
        migrator.registerMigration("script-runs") { database in
            try database.execute(sql: scriptRuns)
        }
        migrator.registerMigration("session-continues") { database in
            try database.execute(sql: "ALTER TABLE session ADD COLUMN continues TEXT")
        }
        migrator.registerMigration("added-bases") { database in
            try database.execute(sql: addedBases)
        }
        migrator.registerMigration("served-files") { database in
            try database.execute(sql: servedFiles)
        }
        migrator.registerMigration("aliases") { database in
            try database.execute(sql: aliases)
        }
        migrator.registerMigration("served-jobs") { database in
            try database.execute(sql: servedJobs)
        }
        migrator.registerMigration("predictions") { database in
            try database.execute(sql: predictions)
        }
        migrator.registerMigration("providers") { database in
            try database.execute(sql: providers)
        }
        migrator.registerMigration("training-prices") { database in
            try database.execute(sql: "ALTER TABLE provider ADD COLUMN trainingPrice REAL")
        }
        migrator.registerMigration("calibrations") { database in
            try database.execute(sql: calibrations)
        }
        migrator.registerMigration("sweeps") { database in
            try database.execute(sql: sweeps)
        }
        migrator.registerMigration("ratings") { database in
            try database.execute(sql: ratings)
        }
        migrator.registerMigration("notes") { database in
            try database.execute(sql: notes)
        }
        migrator.registerMigration("clusters") { database in
            try database.execute(sql: clusters)
        }
        migrator.registerMigration("cluster-files") { database in
            try database.execute(sql: "ALTER TABLE cluster ADD COLUMN fileServer TEXT")
        }
        return migrator
    }

    /// Brings the database to the present version.
    ///
    /// - Throws: `newer-workspace` when it has steps that are not known here.
    static func migrate(_ writer: DatabaseQueue, at path: String) throws {
        if try isSuperseded(writer) {
            throw Diagnostic(
                "newer-workspace",
                "the workspace database '\(path)' was made by a newer Fettle than this one",
                hint: "use the newer Fettle, or name another workspace with --workspace"
            )
        }
        let isChanged = try !writer.read(migrator.hasCompletedMigrations)
        try migrator.migrate(writer)
        // The steps leave a log of every page that they wrote; where others have the database open it stays.
        if isChanged {
            _ = try? writer.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        }
    }

    /// Whether the database has steps that are not known here; a table that another process is just making
    /// has none.
    private static func isSuperseded(_ writer: DatabaseQueue) throws -> Bool {
        do {
            return try writer.read(migrator.hasBeenSuperseded)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            return false
        }
    }

    /// When somebody asked the process that works on a job to stop it.
    private static let version4 = "ALTER TABLE job ADD COLUMN stopRequestedAt INTEGER"
    /// What cells showed, in a form that can be rendered again; beside the cells, which are read more often.
    private static let cellContent =
        "CREATE TABLE cellContent (cell INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT"

    /// How long a job had trained at its last checkpoint, in milliseconds.
    private static let version3 =
        "ALTER TABLE job ADD COLUMN trainingDuration INTEGER NOT NULL DEFAULT 0"

    /// What a job needs to go on in another process, and sessions, to be offered when one ended unsaved.
    private static let version2 = """
        ALTER TABLE job ADD COLUMN name TEXT;
        ALTER TABLE job ADD COLUMN suffix TEXT;
        ALTER TABLE job ADD COLUMN format TEXT;
        ALTER TABLE job ADD COLUMN process TEXT;
        ALTER TABLE metric ADD COLUMN totalSteps INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE session (
            id TEXT PRIMARY KEY, process TEXT NOT NULL, startedAt INTEGER NOT NULL, endedAt INTEGER
        ) STRICT;
        """

    /// Times are milliseconds since 1970 (UTC); durations are milliseconds; losses are nats.
    private static let version1 = """
        CREATE TABLE cell (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL, source TEXT NOT NULL,
            startedAt INTEGER NOT NULL, outcome TEXT NOT NULL DEFAULT 'running',
            output TEXT NOT NULL DEFAULT '', duration INTEGER
        ) STRICT;
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
        CREATE TABLE job (
            id TEXT PRIMARY KEY, status TEXT NOT NULL, base TEXT NOT NULL, dataset TEXT NOT NULL,
            datasetFingerprint TEXT NOT NULL, validation TEXT, settings TEXT NOT NULL,
            model TEXT, error TEXT, createdAt INTEGER NOT NULL, finishedAt INTEGER
        ) STRICT;
        CREATE TABLE event (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL REFERENCES job (id), at INTEGER NOT NULL,
            level TEXT NOT NULL, message TEXT NOT NULL
        ) STRICT;
        CREATE INDEX eventByJob ON event (job);
        CREATE TABLE metric (
            job TEXT NOT NULL REFERENCES job (id), step INTEGER NOT NULL,
            elapsedExamples INTEGER NOT NULL, elapsedTokens INTEGER NOT NULL,
            trainingLoss REAL NOT NULL, trainingAccuracy REAL NOT NULL,
            validationLoss REAL, validationAccuracy REAL,
            PRIMARY KEY (job, step)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE evaluation (
            id INTEGER PRIMARY KEY, model TEXT NOT NULL, dataset TEXT NOT NULL,
            datasetFingerprint TEXT NOT NULL, report TEXT NOT NULL, createdAt INTEGER NOT NULL
        ) STRICT;
        """

    /// What a command was seen to do, the commands that bring that back, and whether it was run again to
    /// bring back an earlier session, which is no command of the user's.
    private static let cellEffects = """
        ALTER TABLE cell ADD COLUMN effect TEXT;
        ALTER TABLE cell ADD COLUMN steps TEXT;
        ALTER TABLE cell ADD COLUMN isReplayed INTEGER NOT NULL DEFAULT 0;
        """

    /// Which script a session runs, and the place among its statements of the session's first command.
    private static let scriptRuns = """
        CREATE TABLE scriptRun (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL, file TEXT NOT NULL,
            firstStatement INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX scriptRunByFile ON scriptRun (file);
        """

    /// Jobs that were asked for through the fine-tuning API: in whose words they tell their events, what their
    /// model's id begins with, how they are measured, and where rows of metrics stand among the events.
    private static let servedJobs = """
        ALTER TABLE job ADD COLUMN wording TEXT NOT NULL DEFAULT 'shell';
        ALTER TABLE job ADD COLUMN idBase TEXT;
        ALTER TABLE job ADD COLUMN classification TEXT;
        ALTER TABLE job ADD COLUMN errorCode TEXT;
        ALTER TABLE metric ADD COLUMN at INTEGER;
        ALTER TABLE metric ADD COLUMN afterEvent INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE epochMeasure (
            job TEXT NOT NULL REFERENCES job (id), step INTEGER NOT NULL, name TEXT NOT NULL,
            value REAL NOT NULL, PRIMARY KEY (job, step, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE apiJob (
            job TEXT PRIMARY KEY REFERENCES job (id), apiID TEXT NOT NULL UNIQUE,
            generation TEXT NOT NULL, model TEXT NOT NULL, trainingFile TEXT NOT NULL,
            validationFile TEXT, resultFile TEXT, options TEXT NOT NULL,
            idempotencyKey TEXT UNIQUE, queuedAt INTEGER NOT NULL,
            isHidden INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        """

    /// Base models that the user added, where their files are, and what these were then.
    private static let addedBases = """
        CREATE TABLE addedBase (
            name TEXT PRIMARY KEY, path TEXT NOT NULL, fingerprint TEXT NOT NULL,
            summary TEXT NOT NULL, createdAt INTEGER NOT NULL
        ) STRICT;
        """

    /// Files that were uploaded or that jobs made; their bytes are in the folder `files`, under their ids.
    private static let servedFiles = """
        CREATE TABLE file (
            id TEXT PRIMARY KEY, filename TEXT NOT NULL, purpose TEXT NOT NULL,
            bytes INTEGER NOT NULL, fingerprint TEXT NOT NULL, createdAt INTEGER NOT NULL,
            status TEXT NOT NULL, statusDetails TEXT
        ) STRICT;
        """

    /// Servers elsewhere whose models are used; of a key only the name of the secret.
    private static let providers = """
        CREATE TABLE provider (
            name TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT, createdAt INTEGER NOT NULL
        ) STRICT;
        """

    /// Clusters that jobs may run on; of a token only the name of the secret.
    private static let clusters = """
        CREATE TABLE cluster (
            name TEXT PRIMARY KEY, kind TEXT NOT NULL, url TEXT NOT NULL, secret TEXT,
            sharedFolder TEXT, partition TEXT, account TEXT, minutes INTEGER, isInsecure INTEGER NOT NULL, createdAt INTEGER NOT NULL
        ) STRICT;
        """

    /// The temperatures of models, one at most for each.
    private static let calibrations = """
        CREATE TABLE calibration (
            model TEXT PRIMARY KEY, temperature REAL NOT NULL, dataset TEXT NOT NULL,
            datasetFingerprint TEXT NOT NULL, rowCount INTEGER NOT NULL, createdAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Searches over settings, and their trials; the jobs of a trial are ids with blanks between them.
    private static let sweeps = """
        CREATE TABLE sweep (
            number INTEGER PRIMARY KEY, key TEXT NOT NULL, base TEXT NOT NULL, dataset TEXT NOT NULL,
            metric TEXT NOT NULL, trialCount INTEGER NOT NULL, process TEXT, createdAt INTEGER NOT NULL,
            finishedAt INTEGER, best INTEGER, model TEXT, test TEXT, testFingerprint TEXT, testFigure REAL,
            testLow REAL, testHigh REAL
        ) STRICT;
        CREATE TABLE trial (
            sweep INTEGER NOT NULL, number INTEGER NOT NULL, round INTEGER NOT NULL,
            settings TEXT NOT NULL, rowCount INTEGER NOT NULL, jobs TEXT NOT NULL, figure REAL, low REAL,
            high REAL, milliseconds INTEGER NOT NULL, error TEXT,
            PRIMARY KEY (sweep, round, number)
        ) STRICT, WITHOUT ROWID;
        """

    /// What a person said of two models' answers to rows, one row of this table for each.
    private static let ratings = """
        CREATE TABLE rating (
            first TEXT NOT NULL, second TEXT NOT NULL, datasetFingerprint TEXT NOT NULL,
            settings TEXT NOT NULL, dataset TEXT NOT NULL, row INTEGER NOT NULL,
            verdict TEXT NOT NULL, firstAnswer TEXT NOT NULL, secondAnswer TEXT NOT NULL,
            ratedAt INTEGER NOT NULL,
            PRIMARY KEY (first, second, datasetFingerprint, settings, row)
        ) STRICT, WITHOUT ROWID;
        """

    /// What the user wrote down about rows; the source is the fingerprint of what the row numbers count in.
    private static let notes = """
        CREATE TABLE note (
            source TEXT NOT NULL, row INTEGER NOT NULL, text TEXT NOT NULL, notedAt INTEGER NOT NULL,
            PRIMARY KEY (source, row)
        ) STRICT, WITHOUT ROWID;
        """

    /// What names stand for, one row for each change, so that the way back is known; no target is the way
    /// back to what a name stands for by itself.
    private static let aliases = """
        CREATE TABLE alias (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, target TEXT, isBack INTEGER NOT NULL,
            setAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX aliasByName ON alias (name);
        """

    /// What served models answered, one row for each prompt of a request, and what would have been right.
    private static let predictions = """
        CREATE TABLE prediction (
            number INTEGER PRIMARY KEY, completion TEXT NOT NULL, firstChoice INTEGER NOT NULL,
            choices INTEGER NOT NULL, model TEXT NOT NULL, at INTEGER NOT NULL, prompt TEXT NOT NULL,
            answer TEXT NOT NULL, probabilities TEXT NOT NULL, label TEXT, judgedAt INTEGER
        ) STRICT;
        CREATE INDEX predictionByCompletion ON prediction (completion);
        CREATE INDEX predictionUnjudged ON prediction (number) WHERE label IS NULL;
        """
}
