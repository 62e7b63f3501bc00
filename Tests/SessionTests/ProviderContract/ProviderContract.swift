import FettleTestSupport
import Foundation
import Testing

/// What a job keeps to wherever it trains.
enum ProviderContract: CaseIterable {
    case isDoneOnce
    case isToldInOrderAndOnce
    case isCancelledFromAnotherProcess
    case goesOnAfterInterrupt
    case goesOnAfterTermination
    case goesOnAfterKill
    case failsWithAReason
    case isMissedWhereItIsUnknown

    /// Tries the rule with a provider.
    func check(_ type: any ContractProvider.Type) async throws {
        let here = try ContractWorkspace()
        let trial = ContractTrial(here: here, provider: try await type.init(here))
        if let introduction = trial.provider.introduction {
            let result = try await trial.run(introduction)
            try #require(result.status == 0, "\(result.errors)")
        }
        switch self {
        case .isDoneOnce: try await trial.isDoneOnce()
        case .isToldInOrderAndOnce: try await trial.isToldInOrderAndOnce()
        case .isCancelledFromAnotherProcess: try await trial.isCancelledFromAnotherProcess()
        case .goesOnAfterInterrupt: try await trial.goesOn(after: SIGINT)
        case .goesOnAfterTermination: try await trial.goesOn(after: SIGTERM)
        case .goesOnAfterKill: try await trial.goesOn(after: SIGKILL)
        case .failsWithAReason: try await trial.failsWithAReason()
        case .isMissedWhereItIsUnknown: try await trial.isMissedWhereItIsUnknown()
        }
    }
}

/// One rule with one provider.
private struct ContractTrial {
    let here: ContractWorkspace
    let provider: any ContractProvider

    private static let load = ContractWorkspace.load("learn")

    func run(_ lines: String...) async throws -> FettleProgram.Result {
        try await here.run(lines, provider.environment)
    }

    private func tuning(epochs: Int) -> String {
        "tune \(provider.model) on learn n_epochs=\(epochs) seed=4\(provider.settings) as tuned --no-check"
    }

    /// Waits until something is so; fails after two minutes.
    private func wait(for what: String, _ isSo: () throws -> Bool) async throws {
        let begin = ContinuousClock.now
        while try !isSo() {
            try #require(ContinuousClock.now - begin < .seconds(120), "\(what) did not come")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Starts a job that is held, and returns when it has begun.
    private func startHeld(epochs: Int) async throws -> FettleProgram.Running {
        try provider.hold()
        let load = ContractWorkspace.load("long", as: "learn")
        let running = try here.start([load, tuning(epochs: epochs)], provider.environment)
        try await wait(for: "the job's beginning") {
            if running.process.isRunning { return try provider.isUnderway() }
            throw ContractEnded(text: try here.folder.text("standard-error"))
        }
        return running
    }

    /// The place has each of the jobs that it was asked for in such a state.
    private func expect(_ states: [ContractState]) async throws {
        guard try provider.states() != nil else { return }
        try await wait(for: "\(states) there") { try provider.states() == states }
    }

    /// The job has made the model that nobody disturbs, told all once, and was asked for once.
    private func expectWhole(on file: String = "long", epochs: Int) async throws {
        let reference = try await ContractReference.shared.training(on: file, epochs: epochs)
        #expect(try here.job().status == "succeeded")
        #expect(try await provider.weights() == reference.weights)
        #expect(try here.metrics() == reference.metrics)
        let events = try here.events()
        let messages = events.map(\.message)
        #expect(Set(messages).count == messages.count, "\(messages)")
        #expect(events.map(\.at) == events.map(\.at).sorted(), "\(events)")
        #expect(messages.first == "Created fine-tune: \(try here.job().id)")
        #expect(messages.dropFirst().first == "Fine-tune started")
        #expect(messages.last == "Uploaded model: \(try here.job().model ?? "")")
        try await expect([.succeeded])
    }

    // MARK: - Rules

    func isDoneOnce() async throws {
        let result = try await run(Self.load, tuning(epochs: 2))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\ntuned: "), "\(result.output)")
        let judged = try await run(
            ContractWorkspace.load("measure"),
            "evaluate tuned on measure > judged.json"
        )
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(try here.folder.text("judged.json").contains("\n  \"accuracy\": 1,\n"))
        try await expectWhole(on: "learn", epochs: 2)
        #expect(try await run("jobs").output.contains("succeeded"))
    }

    func isToldInOrderAndOnce() async throws {
        let result = try await run(Self.load, tuning(epochs: 2), "events 1", "curve 1 | as json")
        #expect(result.status == 0, "\(result.errors)")
        try await expectWhole(on: "learn", epochs: 2)
        let steps = try here.metrics().map(\.step)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }, "\(steps)")
        #expect(steps.last == 8000)
        let shown = result.output.matches(of: #/"step": ([0-9]+)/#).map { String($0.1) }
        #expect(shown.last == "8000" && Set(shown).isSubset(of: steps.map(String.init)))
        for event in try here.events() where !event.message.contains("model") {
            #expect(result.output.contains("  \(event.message)\n"), "\(result.output)")
        }
        // Another process that watches sees the same end.
        let watched = try await run("watch 1")
        #expect(watched.output == "job 1 succeeded: tuned\n", "\(watched.errors)")
    }

    func isCancelledFromAnotherProcess() async throws {
        let running = try await startHeld(epochs: provider.epochsOfCancelled)
        let cancelled = try await run("cancel 1")
        #expect(cancelled.status == 0, "\(cancelled.errors)")
        #expect(cancelled.output == provider.cancellation + "\n", "\(cancelled.errors)")
        let ended = try await FettleProgram.finish(running, in: here.folder)
        #expect(ended.status == 1)
        let line = tuning(epochs: provider.epochsOfCancelled)
        let error = ContractError(
            code: "job-cancelled",
            message: provider.cancellation,
            hints: ["it was cancelled in another shell"]
        )
        #expect(ended.errors.hasSuffix(error.text(of: line)), "\(ended.errors)")
        #expect(try here.job().status == "cancelled")
        #expect(try here.events().last?.message == "Fine-tune cancelled")
        try await expect([.cancelled])
        guard let end = provider.endAfterCancellation else { return }
        let resumed = try await run("resume 1")
        #expect(resumed.status == 1)
        #expect(resumed.errors == end.text(of: "resume 1", marksLast: true))
        try await expect([.cancelled])
    }

    func goesOn(after signal: Int32) async throws {
        let running = try await startHeld(epochs: provider.epochsOfHeld)
        kill(running.process.processIdentifier, signal)
        let ended = try await FettleProgram.finish(running, in: here.folder)
        #expect(ended.status == 128 + signal)
        let said = signal == SIGKILL ? "" : provider.farewell(signal) + "\n"
        #expect(ContractText.withoutProgress(ended.errors) == said)
        if let states = try provider.states() { #expect(states == [.running]) }
        try provider.release()
        let resumed = try await run("resume 1")
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.output.hasPrefix("tuned: "), "\(resumed.output)")
        #expect(ContractText.withoutProgress(resumed.errors) == "")
        try await expectWhole(epochs: provider.epochsOfHeld)
    }

    func failsWithAReason() async throws {
        let error = try await provider.fail()
        let result = try await run(Self.load, tuning(epochs: 2))
        #expect(result.status == 1)
        #expect(
            ContractText.withoutProgress(result.errors) == error.text(of: tuning(epochs: 2))
        )
        let job = try here.job()
        #expect(job.status == "failed")
        #expect(job.error == error.message)
        #expect(try here.events().last?.message == "Fine-tune failed: \(error.message)")
    }

    func isMissedWhereItIsUnknown() async throws {
        let running = try await startHeld(epochs: provider.epochsOfHeld)
        kill(running.process.processIdentifier, SIGKILL)
        _ = try await FettleProgram.finish(running, in: here.folder)
        let unknown = ContractError(
            code: "unknown-job",
            message: "no job '99'",
            hints: ["'jobs' lists them with their numbers"]
        )
        for command in ["job 99", "cancel 99", "resume 99", "watch 99", "events 99"] {
            let result = try await run(command)
            #expect(result.status == 1)
            #expect(result.errors == unknown.text(of: command, marksLast: true))
        }
        let loss = try await provider.lose()
        try provider.release()
        guard let loss else { return }
        let resumed = try await run("resume 1")
        switch loss {
        case .askedAgain(let warning):
            #expect(resumed.status == 0, "\(resumed.errors)")
            let warnings = try here.events().filter { $0.level == "warn" }.map(\.message)
            #expect(warnings == [warning])
            try await expectWhole(epochs: provider.epochsOfHeld)
        case .failed(let error):
            #expect(resumed.status == 1)
            #expect(resumed.errors == error.text(of: "resume 1", marksLast: true))
            #expect(try here.job().status == "failed")
            #expect(try here.job().error == error.message)
        }
    }
}

/// The program ended before what it was started for.
private struct ContractEnded: Error, CustomStringConvertible {
    let text: String
    var description: String { "the program has ended: \(text)" }
}

/// What the program writes.
enum ContractText {
    /// Returns what is on standard error beside how much is done.
    static func withoutProgress(_ errors: String) -> String {
        let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.filter { !$0.contains(#/^ +[0-9]+ % /#) }.joined(separator: "\n")
    }
}
