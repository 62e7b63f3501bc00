import FettleCore
import FettleData
import FettleStore
import FettleWorkbench
import Foundation

/// A new folder that is removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-workbench-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file, with the folders above it.
    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }
}

enum Samples {
    /// 2026-01-01 00:00:00 UTC.
    static let moment: Int64 = 1_767_225_600_000

    static let clock = WorkClock.fixed(at: moment)

    static var format: PromptFormat {
        get throws {
            .completion(
                prompt: try PromptTemplate("{{body}}"),
                completion: try PromptTemplate(" {{stars}}")
            )
        }
    }

    /// Returns a text column; nil is null.
    static func text(_ values: [String?]) throws -> Column {
        var builder = ColumnBuilder(.text)
        for value in values {
            if let value { try builder.append(value) } else { builder.appendNull() }
        }
        return builder.build()
    }

    /// Returns reviews whose words tell their stars, `count` of them, with columns `body` and `stars`.
    static func reviews(
        _ count: Int = 60,
        name: String = "reviews",
        format: PromptFormat? = nil
    ) throws -> Dataset {
        let words = [
            ("awful broken", "1"), ("plain okay", "2"), ("lovely great", "3"),
        ]
        let rows = (0..<count).map { words[$0 % 3] }
        return try dataset(
            bodies: rows.enumerated().map { "\($1.0) item \($0)" },
            stars: rows.map(\.1),
            name: name,
            format: format
        )
    }

    /// Returns a dataset of these cells.
    static func dataset(
        bodies: [String],
        stars: [String?],
        name: String,
        format: PromptFormat? = nil
    ) throws -> Dataset {
        Dataset(
            name: name,
            source: .init(name: "\(name).jsonl", fingerprint: "00ff"),
            recipe: ["load \(name).jsonl"],
            frame: Frame(columns: [
                .init("body", try text(bodies)), .init("stars", try text(stars)),
            ]),
            format: format
        )
    }
}

extension JobRunner {
    /// Prepares and trains a job.
    func run(_ request: Request, onMetrics: (TrainingMetrics) -> Void = { _ in }) throws -> Result {
        try execute(try prepare(request), onMetrics: onMetrics)
    }
}

/// Returns the error that `body` throws, or nil.
func diagnostic(_ body: () throws -> Void) -> Diagnostic? {
    do {
        try body()
        return nil
    } catch {
        return error as? Diagnostic
    }
}
