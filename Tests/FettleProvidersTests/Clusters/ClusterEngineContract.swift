import FettleCore
import FettleEngine
import FettleWorker
import Foundation
import Testing

@testable import FettleProviders

/// What every engine of clusters keeps, each rule by itself.
enum ClusterEngineContract: String, CaseIterable, CustomTestStringConvertible {
    case tuningGivesTheBytesOfThisProcess
    case filesComeAsTheyAre
    case jobAskedForTwiceRunsOnce
    case anotherEngineFollowsTheSameJob
    case stoppedJobEndsAndSaysSo
    case failureHasItsReason
    case failureOfTheWorkerHasItsReason
    case unknownJobIsAnError
    case jobThatFitsNowhereIsNotTaken

    var testDescription: String { rawValue }

    /// Sees whether an engine keeps the rule.
    func check(_ subject: ContractSubject) throws {
        let folder = try ContractFolder()
        let engine = try subject.open()
        switch self {
        case .tuningGivesTheBytesOfThisProcess: try Self.tuning(subject, folder, engine)
        case .filesComeAsTheyAre: try Self.files(subject, folder, engine)
        case .jobAskedForTwiceRunsOnce: try Self.twice(subject, folder, engine)
        case .anotherEngineFollowsTheSameJob: try Self.restart(subject, folder, engine)
        case .stoppedJobEndsAndSaysSo: try Self.stop(subject, folder, engine)
        case .failureHasItsReason: try Self.failure(subject, folder, engine)
        case .failureOfTheWorkerHasItsReason: try Self.workersFailure(subject, folder, engine)
        case .unknownJobIsAnError: try Self.unknown(subject, engine)
        case .jobThatFitsNowhereIsNotTaken: try Self.tooLarge(subject, folder, engine)
        }
    }

    // MARK: - What succeeds

    private static func tuning(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let work = ContractWork(run: folder.id())
        try folder.submit(work.job(), engine)
        var log = WorkLog(run: work.order.run)
        var events: [WorkEvent] = []
        var state = ClusterJobState.queued
        try ContractSubject.wait(for: "the end of the training") {
            state = try engine.state(of: work.order.run)
            events += log.read(try engine.log(of: work.order.run))
            return state.isEnd
        }
        // What is read again tells nothing again.
        events += log.read(try engine.log(of: work.order.run))
        #expect(log.read(try engine.log(of: work.order.run)) == [])
        #expect(state == .succeeded)
        #expect(log.problems.count == 0)
        let expected = try work.trained()
        #expect(log.metrics == expected.metrics)
        let told = events.compactMap { event -> TrainingMetrics? in
            if case .metrics(let row) = event { row } else { nil }
        }
        #expect(told == expected.metrics)
        #expect(told.count == 45)
        if case .start(_, step: 0)? = events.first {
        } else {
            Issue.record("\(events.first as Any)")
        }
        guard case .succeeded(let files)? = events.last, let model = files.first else {
            throw Diagnostic("test", "the last event is \(String(describing: events.last))")
        }
        #expect(files.map(\.name) == ["model"])
        #expect(try log.content(of: model) == expected.model)
    }

    private static func files(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let long = String(repeating: "l", count: 70) + "/" + String(repeating: "m", count: 70)
        let path = "\(folder.path)/large"
        let large = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
        try Data(large).write(to: URL(filePath: path))
        let contents: [(String, [UInt8])] = [
            ("a b/it's $HOME `x` \u{e9}", Array(0...255)), ("empty", []), ("large", large),
            (long, [10]),
        ]
        let files = contents.map { name, bytes in
            PackagedFile(name, name == "large" ? .file(path) : .bytes(bytes))
        }
        let program =
            "#!/bin/sh\nfind . -type f ! -name show | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum\n"
        let job = ClusterJob(
            id: folder.id(),
            entrypoint: "bin/show && test ! -x empty && echo 'plain'",
            files: files + [
                PackagedFile("bin/show", .bytes(Array(program.utf8)), isExecutable: true)
            ]
        )
        var progress: [(Int64, Int64)] = []
        try engine.submit(job, packedIn: folder.path) { progress.append(($0, $1)) }
        #expect(try subject.end(of: job.id, engine) == .succeeded)
        let expected = contents.map { name, bytes in
            "\(WorkOrder.File("x", of: bytes).sha256)  ./\(name)"
        }
        // An engine may say something of its own before.
        let lines = (expected + ["plain"]).map { $0 + "\n" }.joined()
        #expect(try engine.log(of: job.id).hasSuffix(lines))
        #expect(progress.last?.0 == progress.last?.1)
        #expect(progress.map(\.0) == progress.map(\.0).sorted())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["large"])
    }

    private static func twice(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let job = ClusterJob(
            id: folder.id(),
            entrypoint: "echo run >> '\(folder.path)/runs'; sleep 1",
            files: []
        )
        try folder.submit(job, engine)
        try folder.submit(job, engine)
        try folder.submit(job, try subject.open())
        #expect(try subject.end(of: job.id, engine) == .succeeded)
        try folder.submit(job, engine)
        #expect(try engine.state(of: job.id) == .succeeded)
        // What ran a second time would have begun by now.
        let other = ClusterJob(id: folder.id(), entrypoint: "true", files: [])
        try folder.submit(other, engine)
        #expect(try subject.end(of: other.id, engine) == .succeeded)
        #expect(folder.lines("runs") == ["run"])
    }

    private static func restart(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let go = "\(folder.path)/go"
        let job = ClusterJob(
            id: folder.id(),
            entrypoint: "echo one; while [ ! -e '\(go)' ]; do sleep 0.1; done; echo two",
            files: []
        )
        try folder.submit(job, engine)
        let other = try subject.open()
        try ContractSubject.wait(for: "the first line") {
            try other.log(of: job.id).hasSuffix("one\n")
        }
        #expect(try other.state(of: job.id) == .running)
        try Data().write(to: URL(filePath: go))
        #expect(try subject.end(of: job.id, other) == .succeeded)
        #expect(try subject.open().log(of: job.id).hasSuffix("one\ntwo\n"))
    }

    // MARK: - What does not

    private static func stop(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let work = ContractWork(run: folder.id(), isEndless: true)
        try folder.submit(work.job(), engine)
        var log = WorkLog(run: work.order.run)
        try ContractSubject.wait(for: "the first weight updates") {
            _ = log.read(try engine.log(of: work.order.run))
            return log.metrics.count > 3
        }
        #expect(try engine.state(of: work.order.run) == .running)
        try engine.stop(work.order.run)
        #expect(try subject.end(of: work.order.run, engine) == .stopped)
        // Before it was ended by force it had the time to say what it did.
        try ContractSubject.wait(for: "the worker's last line") {
            _ = log.read(try engine.log(of: work.order.run))
            return log.end != nil
        }
        #expect(log.end == .stopped("signal 15"))
        try engine.stop(work.order.run)
        #expect(try subject.open().state(of: work.order.run) == .stopped)
    }

    private static func failure(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        for (line, reason) in [
            ("echo said; exit 3", "it ended with exit code 3"),
            ("echo said; kill -9 $$", "it was ended by signal 9"),
            ("echo said; exec ./nothing 2>/dev/null", "it ended with exit code 127"),
        ] {
            let job = ClusterJob(id: folder.id(), entrypoint: line, files: [])
            try folder.submit(job, engine)
            #expect(try subject.end(of: job.id, engine) == .failed(reason), "\(line)")
            #expect(try engine.log(of: job.id).hasSuffix("said\n"))
            try engine.stop(job.id)
            #expect(try engine.state(of: job.id) == .failed(reason), "\(line)")
        }
    }

    private static func workersFailure(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let work = ContractWork(run: folder.id())
        try folder.submit(work.job(without: "train.jsonl"), engine)
        #expect(
            try subject.end(of: work.order.run, engine) == .failed("it ended with exit code 1")
        )
        var log = WorkLog(run: work.order.run)
        _ = log.read(try engine.log(of: work.order.run))
        guard case .failed(let problem)? = log.end else {
            throw Diagnostic("test", "it ended with \(String(describing: log.end))")
        }
        #expect(problem.code == "cannot-read")
        #expect(problem.message == "cannot read 'train.jsonl': No such file or directory")
    }

    private static func unknown(_ subject: ContractSubject, _ engine: any ClusterEngine) throws {
        for id in ["ft-nothing", "ft-nothing-\(UUID().uuidString)"] {
            for ask in [
                { _ = try engine.state(of: id) }, { _ = try engine.log(of: id) },
                { try engine.stop(id) },
            ] {
                let problem = #expect(throws: Diagnostic.self) { try ask() }
                #expect(problem?.code == "unknown-cluster-job")
                #expect(problem?.message.contains("'\(id)'") == true)
            }
        }
    }

    private static func tooLarge(
        _ subject: ContractSubject,
        _ folder: ContractFolder,
        _ engine: any ClusterEngine
    ) throws {
        let machines = NumberText.count(subject.machines, "machine")
        for (cpus, gpus, message, hint) in [
            (
                9_999, 0,
                "the job takes 9,999 processors, and the largest of the cluster's \(machines) has "
                    + "\(NumberText.count(subject.cpus, "processor"))",
                "take fewer: cpus=\(subject.cpus)"
            ),
            (
                1, 77,
                "the job takes 1 processor and 77 GPUs, and the largest of the cluster's \(machines) has "
                    + "\(NumberText.count(subject.cpus, "processor")) and 1 GPU",
                "take fewer: gpus=1"
            ),
        ] {
            let job = ClusterJob(
                id: folder.id(),
                entrypoint: "true",
                files: [],
                cpus: cpus,
                gpus: gpus
            )
            #expect(throws: Diagnostic("cluster-too-small", message, hint: hint)) {
                try folder.submit(job, engine)
            }
            let problem = #expect(throws: Diagnostic.self) { _ = try engine.state(of: job.id) }
            #expect(problem?.code == "unknown-cluster-job")
        }
        let job = ClusterJob(
            id: folder.id(),
            entrypoint: "true",
            files: [],
            cpus: subject.cpus,
            gpus: 1
        )
        try folder.submit(job, engine)
        #expect(try subject.end(of: job.id, engine) == .succeeded)
    }
}
