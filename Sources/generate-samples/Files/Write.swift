import ArgumentParser
import Foundation

/// `generate-samples write`: writes every generated file of the samples folder.
struct Write: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes every sample file into a folder (the default subcommand)."
    )

    @Option(help: "The folder to write into; it is made when it is not there.")
    var output = "samples"

    @Option(help: "The seed of every random choice.")
    var seed: UInt64 = 41

    @Option(help: "The number of reviews in reviews.jsonl, at least 1,000.")
    var rows = 9_000

    func validate() throws {
        guard (1_000...1_000_000).contains(rows) else {
            throw ValidationError("--rows is \(rows); it must be from 1000 to 1000000")
        }
    }

    func run() throws {
        let folder = URL(filePath: output, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in SampleFiles.all(rows: rows, seed: seed) {
            try Data(file.bytes).write(to: folder.appending(path: file.name), options: .atomic)
            print("\(file.name): \(file.bytes.count) bytes")
        }
    }
}
