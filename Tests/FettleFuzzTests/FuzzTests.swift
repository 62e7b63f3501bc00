import CTerminal
import FettleCore
import FettleFuzz
import FettleTestSupport
import Foundation
import Testing

/// A few inputs of every target; `make fuzz` gives them many more.
struct FuzzTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test(arguments: FuzzTargets.names)
    func inputsAreTakenOrRefusedWithAPlace(_ name: String) throws {
        let folder = try TemporaryFolder()
        let targets = try FuzzTargets.all(FuzzCorpus(root: Self.root), folder: folder.path)
        let target = try #require(targets.first { $0.name == name })
        var good = 0
        for seed in 0..<UInt64(200) {
            do {
                if try FuzzCase(target, seed: seed).check() { good += 1 }
            } catch {
                Issue.record("fettle-fuzz \(name) --seed \(seed) --count 1: \(error)")
            }
        }
        #expect(good > 0)
    }

    @Test func namesAreThoseOfTheTargets() throws {
        let folder = try TemporaryFolder()
        let targets = try FuzzTargets.all(FuzzCorpus(root: Self.root), folder: folder.path)
        #expect(targets.map(\.name) == FuzzTargets.names)
    }

    @Test(arguments: [
        ("faulty-finding", "finding\nit begins with 7"), ("faulty-crash", "crashed with signal "),
        ("faulty-hang", "took longer than 2 s"),
    ])
    func failureIsToldWithItsSeedAndInput(_ name: String, _ what: String) throws {
        let folder = try TemporaryFolder()
        func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
            let said = folder.path + "/said"
            let output = open(said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            defer { close(output) }
            let line =
                [
                    "env", "SWIFT_BACKTRACE=enable=no",
                    PseudoTerminal.builtProgram(named: "fettle-fuzz"), name, "--root", Self.root,
                    "--failures", folder.path, "--limit", "2",
                ] + arguments
            var argv = line.map { strdup($0) } + [nil]
            defer { argv.forEach { free($0) } }
            let status = fettle_wait_child(fettle_spawn(&argv, -1, output))
            return (status, try String(contentsOfFile: said, encoding: .utf8))
        }
        let first = try run(["--seed", "40"])
        #expect(first.status == 1)
        let number = try #require(
            first.output.firstMatch(of: #/case (\d+) /#).flatMap { UInt64($0.1) }
        )
        #expect(first.output.hasPrefix("\(name): case \(number) \(what)"), "\(first.output)")
        let file = "\(folder.path)/fuzz-\(name)-\(40 + number).input"
        #expect(FileManager.default.contents(atPath: file) == Data([7, 1]))
        #expect(
            first.output.hasSuffix(
                "  input: \(file)\n  again: fettle-fuzz \(name) --seed \(40 + number) --count 1\n"
            )
        )
        let again = try run(["--seed", "\(40 + number)", "--count", "1"])
        #expect(again.status == 1)
        #expect(again.output.hasPrefix("\(name): case 0 \(what)"))
        #expect(try run(["--seed", "\(40 + number)", "--input", file]).status == 1)
    }
}

/// A folder of its own that goes away with the object.
private final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
