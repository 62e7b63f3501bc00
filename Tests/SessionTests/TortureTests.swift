import FettleTestSupport
import Foundation
import GRDB
import Testing

/// A session that is killed at any moment: what it acknowledged stays, and the rest can be done.
///
/// FETTLE_KILLS moments are tried, by a generator seeded with FETTLE_SEED.
struct TortureTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let kills = environment["FETTLE_KILLS"].flatMap { Int($0) } ?? 4
    private static let seed = environment["FETTLE_SEED"].flatMap { UInt64($0) } ?? 1

    /// Each command with what it prints at its end.
    private static let commands = [
        ("load many.csv", "many: 1,500 rows"),
        ("where label < 4", "many: 1,200 of 1,500 rows"),
        (#"format prompt="{{text}} ->" completion=" {{label}}""#, "format of many"),
        ("split 80/10/10 seed=1", "no prompt stands in two parts"),
        ("export many.train to train.jsonl --no-check", "wrote 960 examples to train.jsonl"),
        ("rows many.test > test.csv", "wrote 120 rows to test.csv"),
        (tune, "in this run"),
        ("evaluate long on many.test", "mean absolute error"),
        ("rows many.validation > validation.jsonl", "wrote 120 rows to validation.jsonl"),
    ]
    private static let tune = "tune ngram on many.train n_epochs=60 seed=4 as long --no-check"
    private static let files = ["train.jsonl", "test.csv", "validation.jsonl"]
    private static let script = commands.map { $0.0 + "\n" }.joined()

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let words = ["good", "poor", "fair", "odd", "fine", "dull", "warm", "cold"]
        var text = "text,label\n"
        for row in 0..<1500 {
            let line = (0..<12).map { words[(row * 7 + $0 * $0 * 5 + row / 8) % 8] }
            text += line.joined(separator: " ") + " \(row),\(row % 5)\n"
        }
        try folder.write(text, to: "many.csv")
        try folder.write(script, to: "a.fettle")
        return folder
    }

    /// The bytes of the tuned models.
    private static func models(_ folder: TemporaryFolder) throws -> [Data] {
        let path = folder.path + "/.fettle/models"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return try names.filter { $0.hasSuffix(".model") }.sorted()
            .map { try Data(contentsOf: URL(filePath: path + "/" + $0)) }
    }

    private static func bytes(_ name: String, _ folder: TemporaryFolder) -> Data? {
        FileManager.default.contents(atPath: folder.path + "/" + name)
    }

    @Test func killedSessionKeepsWhatItAcknowledgedAndGoesOn() async throws {
        let whole = try Self.folder()
        let start = ContinuousClock.now
        let result = try await FettleProgram.run(["run", "a.fettle"], in: whole)
        let duration = ContinuousClock.now - start
        #expect(result.status == 0, "\(result.errors)")
        var generator = Moments(state: Self.seed)
        var stages: [Int: Int] = [:]
        var resumed = 0
        for number in 0..<Self.kills {
            // Training takes most of the time; half of the moments are before and after it.
            let share = generator.next()
            let moment = duration * [share, share * 0.12, share, 0.85 + share * 0.14][number % 4]
            let folder = try Self.folder()
            let running = try FettleProgram.start(["run", "a.fettle"], in: folder)
            try await Task.sleep(for: moment)
            kill(running.process.processIdentifier, SIGKILL)
            let killed = try await FettleProgram.finish(running, in: folder)
            let what = "kill \(number) of seed \(Self.seed), at \(moment) of \(duration)"
            let done = Self.commands.prefix { killed.output.contains($0.1) }.count
            stages[done, default: 0] += 1
            try Self.checkRecords(folder, done: done, what)
            if try await Self.checkWork(folder, whole, done: done, what) { resumed += 1 }
        }
        print("killed after so many commands, how often: \(stages.sorted { $0.key < $1.key })")
        print("jobs resumed: \(resumed)")
        #expect(resumed > 0)
    }

    /// The database is sound and has what the commands whose end was shown had stored.
    private static func checkRecords(
        _ folder: TemporaryFolder,
        done: Int,
        _ what: String
    ) throws {
        let path = folder.path + "/.fettle/fettle.sqlite"
        guard done > 0 || FileManager.default.fileExists(atPath: path) else { return }
        let database = try DatabaseQueue(path: path)
        try database.read { database in
            #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok", "\(what)")
            guard done > 0 else { return }
            let cells = try Row.fetchAll(
                database,
                sql: "SELECT source, outcome FROM cell ORDER BY id"
            )
            #expect(cells.count >= done, "\(what)")
            for (index, command) in commands.prefix(done).enumerated() {
                #expect(cells[index]["source"] as String == command.0, "\(what)")
                #expect(cells[index]["outcome"] as String == "succeeded", "\(what)")
            }
            let datasets = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM dataset") ?? 0
            #expect(datasets >= [0, 1, 2, 2, 5][min(done, 4)], "\(what)")
            let evaluations =
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM evaluation") ?? 0
            #expect(evaluations >= (done > 7 ? 1 : 0), "\(what)")
            let models = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM model") ?? 0
            #expect(models >= (done > 6 ? 1 : 0), "\(what)")
        }
    }

    /// Files are whole or not there, and an interrupted job ends with the same weights; returns whether
    /// there was one.
    private static func checkWork(
        _ folder: TemporaryFolder,
        _ whole: TemporaryFolder,
        done: Int,
        _ what: String
    ) async throws -> Bool {
        for (index, name) in files.enumerated() {
            guard let found = bytes(name, folder) else {
                #expect(done <= [4, 5, 8][index], "\(name) is missing, \(what)")
                continue
            }
            #expect(found == bytes(name, whole), "\(name), \(what)")
        }
        let jobs = try await FettleProgram.run(["-c", "jobs"], in: folder)
        #expect(jobs.status == 0, "\(jobs.errors), \(what)")
        let goesOn = jobs.output.contains("interrupted")
        #expect(!jobs.output.contains("running"), "\(jobs.output), \(what)")
        if goesOn {
            let resumed = try await FettleProgram.run(["-c", "resume long"], in: folder)
            #expect(resumed.status == 0, "\(resumed.errors), \(what)")
        }
        if goesOn || done > 6 {
            #expect(try models(folder) == models(whole), "\(what)")
            let asked = try await FettleProgram.run(["-c", "ask long 'good ->'"], in: folder)
            #expect(asked.status == 0, "\(asked.errors), \(what)")
        }
        if !goesOn, done <= 6 {
            let again = try await FettleProgram.run(["run", "a.fettle"], in: folder)
            #expect(again.status == 0, "\(again.errors), \(what)")
            #expect(try models(folder).last == models(whole).first, "\(what)")
        }
        return goesOn
    }
}

/// Shares of a run, from 0 to 1, the same for the same seed.
private struct Moments {
    var state: UInt64

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33) / Double(1 << 31)
    }
}
