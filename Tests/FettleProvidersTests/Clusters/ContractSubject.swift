import FettleCore
import Foundation
import Testing

@testable import FettleProviders

/// An engine that the contract is kept by, with a cluster behind it.
///
/// To add one, make a suite as `SlurmContractTests`, which gives a subject to each rule.
struct ContractSubject: Sendable {
    /// What the engine is called in a failure.
    let name: String
    /// Processors of the cluster's largest machine.
    let cpus: Int
    /// How many machines it has.
    let machines: Int
    /// Opens the cluster, each time anew as after a restart of Fettle.
    let open: @Sendable () throws -> any ClusterEngine

    /// Waits until something is so, for at most two minutes.
    ///
    /// Of a stand-in's job, Foundation knows the end when no other process holds its socket, and one that was started
    /// at the same moment may, such as one that sleeps for a minute.
    ///
    /// - Throws: an error that names what did not come.
    static func wait(for what: String, _ isSo: () throws -> Bool) throws {
        let begin = ContinuousClock.now
        while try !isSo() {
            guard ContinuousClock.now - begin < .seconds(120) else {
                throw Diagnostic("test", "two minutes have passed without \(what)")
            }
            usleep(50_000)
        }
    }

    /// Waits for a job's end and returns it.
    func end(of id: String, _ engine: any ClusterEngine) throws -> ClusterJobState {
        var state = ClusterJobState.queued
        try Self.wait(for: "the end of '\(id)'") {
            state = try engine.state(of: id)
            return state.isEnd
        }
        return state
    }
}

/// A folder of a test's own, and ids that no other test has.
final class ContractFolder {
    /// Its path.
    let path: String
    private let name: String
    private var count = 0

    init() throws {
        name = UUID().uuidString.prefix(8).lowercased()
        path = NSTemporaryDirectory() + "fettle-contract-" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Returns an id that was not there.
    func id() -> String {
        count += 1
        return "ft-\(name)-\(count)"
    }

    /// The lines of a file of the folder; none where there is no such file.
    func lines(_ name: String) -> [String] {
        let text = (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Has a job run.
    func submit(_ job: ClusterJob, _ engine: any ClusterEngine) throws {
        try engine.submit(job, packedIn: path) { _, _ in }
    }
}
