import FettleCore
import FettleStore
import Foundation
import GRDB
import Testing

struct SessionRecordTests {
    private let store: Store

    init() throws {
        store = try Store()
    }

    private func cell(
        _ source: String,
        _ outcome: CellOutcome,
        session: String = "s",
        at: Int64 = 0
    ) throws {
        let id = try store.beginCell(session: session, source: source, startedAt: at)
        if outcome != .running {
            try store.finishCell(id, outcome: outcome, output: "", duration: at * 2)
        }
    }

    @Test func sessionsThatDidNotEndAreOfferedLatestFirst() throws {
        try store.beginSession("one", process: "1:1", startedAt: 10)
        try store.beginSession("two", process: "2:1", startedAt: 20)
        try store.beginSession("three", process: "3:1", startedAt: 30)
        try store.beginSession("two", process: "9:9", startedAt: 99)
        try cell("load a.csv", .succeeded, session: "two")
        try cell("oops", .failed, session: "two")
        try cell("rows", .succeeded, session: "three")
        try cell("where a == 1", .succeeded, session: "two")
        try cell("tune", .running, session: "two")
        try cell("stats", .cancelled, session: "two")
        let all = try store.unfinishedSessions()
        #expect(all.map(\.id) == ["three", "two", "one"])
        #expect(all.map(\.startedAt) == [30, 20, 10])
        #expect(all.map(\.process) == ["3:1", "2:1", "1:1"])
        let sources = all.map { $0.commands.map(\.source) }
        #expect(sources == [["rows"], ["load a.csv", "where a == 1"], []])
        try store.endSession("three", at: 40)
        try store.endSession("none", at: 40)
        #expect(try store.unfinishedSessions().map(\.id) == ["two", "one"])
    }

    @Test func whatACommandDidIsKept() throws {
        try store.beginSession("one", process: "1:1", startedAt: 10)
        let commands = [
            RecordedCommand(source: "check --fix", effect: CellEffect.none),
            RecordedCommand(
                source: "run a",
                effect: .change,
                steps: ["load 'a b'", "use c\n\"d\""]
            ),
            RecordedCommand(source: "use d", effect: .move, steps: []),
        ]
        for command in commands {
            let id = try store.beginCell(session: "one", source: command.source, startedAt: 1)
            try store.finishCell(
                id,
                outcome: .succeeded,
                output: "",
                duration: 1,
                command: command
            )
        }
        #expect(try store.unfinishedSessions().map(\.commands) == [commands])
    }

    @Test func continuedSessionIsPartOfTheNewOneAndNotListedTwice() throws {
        try store.beginSession("one", process: "1:1", startedAt: 10)
        try cell("load a.csv", .succeeded, session: "one")
        try store.beginSession("two", process: "2:1", startedAt: 20)
        let cells = try store.continueSession("one", as: "two", with: ["load a.csv", "x"], at: 30)
        #expect(cells == [2, 3])
        #expect(try store.continueSession("one", as: "three", with: ["load a.csv"], at: 40) == nil)
        try store.finishCell(3, outcome: .failed, output: "", duration: 0)
        let left = try store.unfinishedSessions()
        #expect(left.map(\.id) == ["two"])
        #expect(left.map { $0.commands.map(\.source) } == [["load a.csv"]])
        #expect(try store.cells(limit: 10).map(\.id) == [1])
        #expect(try store.recentSources(limit: 10) == ["load a.csv"])
        try cell("tune", .succeeded, session: "one")
        try store.noteContinuation(of: "one", as: "two")
        try cell("rows", .succeeded, session: "two")
        let whole = try store.unfinishedSessions()
        #expect(whole.map { $0.commands.map(\.source) } == [["load a.csv", "tune", "rows"]])
        try store.noteContinuation(of: "two", as: "one")
        #expect(try store.unfinishedSessions().count == 1)
        try store.endSessions(["one", "two", "none"], at: 50)
        #expect(try store.unfinishedSessions().isEmpty)
    }

    @Test func historyIsNarrowedDownBySessionOutcomeAndText() throws {
        try cell("load a.csv", .succeeded, at: 1)
        try cell("Load 'b 评论'", .failed, at: 2)
        try cell("rows", .succeeded, session: "t", at: 3)
        try cell("tune 100%", .running, at: 4)
        func found(
            session: String? = nil,
            outcome: CellOutcome? = nil,
            containing text: String? = nil,
            limit: Int = 100
        ) throws -> [Int64] {
            try store.cells(
                session: session,
                outcome: outcome,
                containing: text,
                limit: limit
            ).map(\.id)
        }
        #expect(try found() == [1, 2, 3, 4])
        #expect(try found(limit: 2) == [3, 4])
        #expect(try found(limit: 0) == [])
        #expect(try found(session: "s") == [1, 2, 4])
        #expect(try found(session: "u") == [])
        #expect(try found(outcome: .failed) == [2])
        #expect(try found(session: "s", outcome: .succeeded) == [1])
        #expect(try found(containing: "LOAD") == [1, 2])
        #expect(try found(containing: "评论") == [2])
        #expect(try found(containing: "%") == [4])
        #expect(try found(containing: "_") == [])
        #expect(try found(containing: "load", limit: 1) == [2])
        let cells = try store.cells(session: "s", limit: 2)
        #expect(cells.map(\.source) == ["Load 'b 评论'", "tune 100%"])
        #expect(cells.map(\.outcome) == [.failed, .running])
        #expect(cells.map(\.startedAt) == [2, 4])
        #expect(cells.map(\.duration) == [4, nil])
        #expect(cells.map(\.session) == ["s", "s"])
    }
}

struct JobQueryTests {
    private let store: Store

    init() throws {
        store = try Store()
    }

    private func record(
        _ id: String,
        _ status: JobStatus = .running,
        createdAt: Int64 = 1
    ) throws -> JobRecord {
        JobRecord(
            id: id,
            status: status,
            base: "ngram",
            dataset: "d",
            datasetFingerprint: "ff",
            validation: "held",
            settings: [ChosenSetting(name: "seed", value: "0", reason: "r")],
            createdAt: createdAt,
            name: "stars",
            suffix: "s",
            format: .chat(
                system: try PromptTemplate("a"),
                user: try PromptTemplate("{{b}}"),
                assistant: try PromptTemplate("{{c}}")
            ),
            process: "1:2"
        )
    }

    @Test func jobsAreNumberedInTheOrderOfCreation() throws {
        let records = try [
            record("z", createdAt: 9), record("a", .paused, createdAt: 5), record("m", .queued),
        ]
        for record in records { try store.insert(record) }
        let jobs = try store.jobs()
        #expect(jobs.map(\.number) == [1, 2, 3])
        #expect(jobs.map(\.record) == records)
        #expect(try store.events(ofJob: "z").isEmpty)
        try store.insert(record("b"), messages: ["one", "two"])
        #expect(
            try store.events(ofJob: "b").map { "\($0.at) \($0.level) \($0.message)" }
                == ["1 info one", "1 info two"]
        )
        #expect(throws: Diagnostic.self) { try store.insert(records[0], messages: ["again"]) }
        #expect(try store.events(ofJob: "z").isEmpty)
        #expect(try store.metrics(ofJob: "none").isEmpty)
        try store.setTraining(milliseconds: 1500, ofJob: "a")
        #expect(try store.jobs().map(\.trainingMilliseconds) == [0, 1500, 0, 0])
    }

    @Test func aStatusIsSetOnlyOnTheJobAsItWasRead() throws {
        let job = try record("a")
        try store.insert(job)
        try store.finishJob(
            "a",
            JobEnd(.failed, error: "no"),
            message: "Fine-tune failed: no",
            at: 2
        )
        #expect(
            try !store.setStatus(
                .interrupted,
                of: job,
                process: nil,
                message: "Process lost",
                at: 3
            )
        )
        let failed = try store.jobs()[0]
        #expect(failed.record.status == .failed)
        #expect(failed.error == "no" && failed.finishedAt == 2)
        #expect(
            try store.setStatus(.running, of: failed.record, process: "3:4", message: "on", at: 4)
        )
        let running = try store.jobs()[0]
        #expect(running.record.status == .running && running.record.process == "3:4")
        #expect(running.error == nil && running.finishedAt == nil)
        #expect(
            try !store.setStatus(.running, of: failed.record, process: "5:6", message: "on", at: 5)
        )
        #expect(
            try store.setStatus(.interrupted, of: running.record, process: nil, message: "x", at: 6)
        )
        let interrupted = try store.jobs()[0]
        #expect(interrupted.finishedAt == nil)
        #expect(
            try store.setStatus(
                .cancelled,
                of: interrupted.record,
                process: nil,
                message: "y",
                at: 7
            )
        )
        #expect(try store.jobs()[0].finishedAt == 7)
        #expect(
            try store.events(ofJob: "a").map { "\($0.level) \($0.message)" }
                == ["error Fine-tune failed: no", "info on", "info x", "info y"]
        )
    }

    @Test func aJobEndsWithItsModelUnderTheFirstFreeID() throws {
        try store.insert(record("a"))
        try store.insert(modelRecord("m0", name: "stars"))
        try store.insert(modelRecord("m1"))
        let model = try store.finishJob(
            "a",
            with: modelRecord("", name: "stars", createdAt: 5),
            id: { "m\($0)" },
            message: { "Uploaded model: \($0)" },
            at: 6
        )
        #expect(model == (try modelRecord("m2", name: "stars", createdAt: 5)))
        #expect(try store.models().map(\.id) == ["m0", "m1", "m2"])
        #expect(try store.model("stars") == model)
        let job = try store.jobs()[0]
        #expect(job.record.status == .succeeded)
        #expect(job.model == "m2" && job.error == nil && job.finishedAt == 6)
        #expect(try store.events(ofJob: "a").map(\.message) == ["Uploaded model: m2"])
        #expect(throws: Diagnostic.self) {
            try store.finishJob(
                "none",
                with: modelRecord(""),
                id: { "n\($0)" },
                message: { $0 },
                at: 7
            )
        }
        #expect(try store.model("n0") == nil)
    }

    @Test func metricsReadBackInTheOrderOfSteps() throws {
        try store.insert(record("a"))
        let rows = [1, 2, 30].map { step in
            TrainingMetrics(
                step: step,
                totalSteps: 30,
                elapsedExamples: 8 * step,
                elapsedTokens: step,
                trainingLoss: 1 / Double(step),
                trainingAccuracy: 0.1,
                validationLoss: step == 2 ? 0.3 : nil,
                validationAccuracy: step == 2 ? 1 : nil
            )
        }
        try store.insert([rows[2]], job: "a", at: 1)
        try store.insert([rows[0], rows[1]], job: "a", at: 1)
        #expect(try store.metrics(ofJob: "a") == rows)
    }
}
