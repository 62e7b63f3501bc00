import FettleCore
import FettleData
import Foundation

/// The files of a job that has not ended: its checkpoint and the examples that it trains on, so that it can
/// go on in another process without its dataset.
struct JobFolder {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// The checkpoint's path.
    var checkpoint: String { path + "/checkpoint" }

    /// The path of the training examples.
    var trainingFile: String { "\(path)/\(Self.files[0])" }

    /// The path of the validation examples.
    var validationFile: String { "\(path)/\(Self.files[1])" }

    /// Whether there is a folder.
    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether there are weights to go on from.
    var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpoint) }

    /// Whether the job can be done without its dataset: from its checkpoint, or else from its examples.
    var canGoOn: Bool {
        hasCheckpoint
            || Self.files.allSatisfy { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
    }

    private static let files = ["train.jsonl", "validation.jsonl"]

    /// Makes the folder and writes the examples, once.
    ///
    /// - Parameters:
    ///   - examples: the training examples.
    ///   - validation: the validation examples.
    ///   - checkGoingOn: called every few thousand examples; an error ends the writing.
    /// - Throws: what `checkGoingOn` throws, and a `Diagnostic` when a file cannot be written; that file
    ///   is then not there.
    func keep(
        _ examples: [Example],
        _ validation: [Example],
        checkGoingOn: () throws -> Void = {}
    ) throws {
        try make()
        for (file, examples) in zip(Self.files, [examples, validation]) {
            try keep(examples, as: file, checkGoingOn)
        }
    }

    /// Reads the examples back.
    func examples() throws -> (training: [Example], validation: [Example]) {
        (try read(Self.files[0]), try read(Self.files[1]))
    }

    /// Makes the folder.
    private func make() throws(Diagnostic) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Diagnostic(
                "workspace-write",
                "the folder '\(path)' cannot be made: \(systemReason(error))"
            )
        }
    }

    /// Removes the files, the checkpoint first, without which the others are nothing to go on from.
    func remove() {
        try? FileManager.default.removeItem(atPath: checkpoint)
        try? FileManager.default.removeItem(atPath: path)
    }

    private func keep(
        _ examples: [Example],
        as name: String,
        _ checkGoingOn: () throws -> Void
    ) throws {
        guard !FileManager.default.fileExists(atPath: "\(path)/\(name)") else { return }
        let writer = try ExampleWriter(path: "\(path)/\(name)")
        for example in examples {
            if writer.count % 4096 == 0 { try checkGoingOn() }
            try writer.write(example)
        }
        try writer.finish()
    }

    private func read(_ name: String) throws -> [Example] {
        let file = "\(path)/\(name)"
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        // A file without rows has no columns.
        if attributes?[.size] as? Int == 0 { return [] }
        let types: [String: ColumnKind] = ["prompt": .text, "completion": .text]
        let frame = try DatasetLoader.load(.path(file), options: LoadOptions(types: types)).frame
        let prompt = try frame.column("prompt")
        let completion = try frame.column("completion")
        return (0..<frame.count).map { row in
            Example(prompt: prompt[row].displayText, completion: completion[row].displayText)
        }
    }
}
