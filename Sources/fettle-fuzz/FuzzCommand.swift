import ArgumentParser
import FettleCore
import FettleFuzz
import Foundation

/// Gives random and changed inputs to the parts of the program that read what others wrote.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fettle-fuzz",
        abstract:
            "Give random and changed inputs to what reads scripts, data, templates and models.",
        discussion: """
            Case N of a run has the seed SEED + N. A case that fails, crashes or takes too long is named with \
            its seed, and its input written to a file; --seed THAT --count 1 runs it again.
            """
    )

    @Argument(help: "What to fuzz, of \(FuzzTargets.names.joined(separator: ", ")); default all.")
    var targets: [String] = []

    @Option(help: "Inputs for each target.")
    var count = 200_000

    @Option(help: "Seed of the first input.")
    var seed: UInt64 = 1

    @Option(help: "Most seconds for one input.")
    var limit = 10

    @Option(help: "Folder for inputs that fail.")
    var failures = "."

    @Option(help: "Root of the repository, whose samples and sessions are changed.")
    var root = "."

    @Option(help: ArgumentHelp("Give this file's bytes instead of the seed's.", valueName: "file"))
    var input: String?

    @Option(help: .private)
    var worker: String?

    func run() throws {
        if let worker {
            try Worker(self, folder: worker).run()
        } else {
            try Supervisor(self).run()
        }
    }

    func validate() throws {
        let known = FuzzTargets.names + FuzzTargets.faulty.map(\.name)
        for name in targets where !known.contains(name) {
            throw ValidationError("no target '\(name)'; there are \(known.joined(separator: ", "))")
        }
    }

    /// Returns a target, with files in `folder`.
    func target(_ name: String, in folder: String) throws -> (any FuzzTarget)? {
        let all = try FuzzTargets.all(FuzzCorpus(root: root), folder: folder) + FuzzTargets.faulty
        return all.first { $0.name == name }
    }
}
