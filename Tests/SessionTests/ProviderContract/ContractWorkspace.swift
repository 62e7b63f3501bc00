import Foundation
import GRDB
import Testing

/// A workspace of a test's own with rows to learn from, the program in it, and what the workspace has stored.
final class ContractWorkspace {
    /// An event as it is stored.
    struct Event: Equatable {
        var id: Int
        var at: Int
        var level: String
        var message: String
    }

    /// A row of metrics as it is stored.
    struct Metric: Equatable {
        var step: Int
        var totalSteps: Int
        var examples: Int
        var loss: Double
        var accuracy: Double
    }

    /// A job as it is stored.
    struct Job {
        var id: String
        var status: String
        var model: String?
        var error: String?
    }

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
        var lines: [String] = []
        for row in 0..<20_000 {
            let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
            lines.append(line.joined(separator: " ") + " \(row),\(row % 5)\n")
        }
        try folder.write("text,label\n" + lines.joined(), to: "long.csv")
        try folder.write("text,label\n" + lines[..<4000].joined(), to: "learn.csv")
        try folder.write("text,label\n" + lines[..<100].joined(), to: "measure.csv")
    }

    // MARK: - The program

    /// What is written before a line that needs a dataset: `learn`, or `long`, for jobs of some seconds.
    static func load(_ file: String, as name: String? = nil) -> String {
        "load \(file).csv as \(name ?? file); format prompt=\"{{text}} ->\" completion=\" {{label}}\""
    }

    /// Runs lines in a process of their own.
    func run(
        _ lines: [String],
        _ environment: [String: String] = [:]
    ) async throws -> FettleProgram.Result {
        try await FettleProgram.run(
            lines.flatMap { ["-c", $0] },
            environment: environment,
            in: folder
        )
    }

    /// Starts lines in a process of their own.
    func start(
        _ lines: [String],
        _ environment: [String: String]
    ) throws -> FettleProgram.Running {
        try FettleProgram.start(lines.flatMap { ["-c", $0] }, environment: environment, in: folder)
    }

    // MARK: - What is stored

    /// The jobs in the order of their starts; none before the first.
    func jobs() throws -> [Job] {
        try rows("SELECT id, status, model, error FROM job ORDER BY rowid").map { row in
            Job(id: row["id"], status: row["status"], model: row["model"], error: row["error"])
        }
    }

    /// The first job.
    func job() throws -> Job { try #require(try jobs().first) }

    /// The events of the first job in the order in which they came.
    func events() throws -> [Event] {
        guard let job = try jobs().first else { return [] }
        return try rows("SELECT * FROM event WHERE job = ? ORDER BY id", [job.id]).map { row in
            Event(id: row["id"], at: row["at"], level: row["level"], message: row["message"])
        }
    }

    /// The metrics of the first job in the order in which they came.
    func metrics() throws -> [Metric] {
        let sql = "SELECT * FROM metric WHERE job = ? ORDER BY afterEvent, at, step"
        return try rows(sql, [job().id]).map { row in
            Metric(
                step: row["step"],
                totalSteps: row["totalSteps"],
                examples: row["elapsedExamples"],
                loss: row["trainingLoss"],
                accuracy: row["trainingAccuracy"]
            )
        }
    }

    private func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        let path = folder.path + "/.fettle/fettle.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        var settings = Configuration()
        settings.readonly = true
        settings.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: settings).read { database in
            // A workspace that is being made has no tables yet.
            guard try database.tableExists("metric") else { return [] }
            return try Row.fetchAll(database, sql: sql, arguments: arguments)
        }
    }

    /// Whether a file of the jobs has such a name.
    func hasJobFile(_ name: String) -> Bool {
        let names = FileManager.default.subpaths(atPath: folder.path + "/.fettle/jobs") ?? []
        return names.contains { $0.hasSuffix("/" + name) }
    }

    /// The file of a job's model.
    func weights(ofJob id: String) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(folder.path)/.fettle/models/\(id).model"))
    }
}

/// What training on this machine gives that nobody disturbs.
actor ContractReference {
    struct Training: Sendable {
        var weights: Data
        var metrics: [ContractWorkspace.Metric]
    }

    static let shared = ContractReference()
    private var trainings: [String: Training] = [:]

    /// Trains on a file for so many epochs, or returns what that gave before.
    func training(on file: String, epochs: Int) async throws -> Training {
        let key = "\(file) \(epochs)"
        if let known = trainings[key] { return known }
        let here = try ContractWorkspace()
        let result = try await here.run([
            ContractWorkspace.load(file, as: "learn"),
            "tune ngram on learn n_epochs=\(epochs) seed=4 as tuned --no-check",
        ])
        try #require(result.status == 0, "\(result.errors)")
        let training = try Training(
            weights: here.weights(ofJob: here.job().id),
            metrics: here.metrics()
        )
        trainings[key] = training
        return training
    }
}
