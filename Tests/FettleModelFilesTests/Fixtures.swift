import FettleCore
import FettleModelFiles
import Foundation
import Testing

/// Files that `Fixtures/make_fixtures.py` writes, and files in a folder of the test's own.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"

    static func path(_ name: String) -> String {
        "\(folder)/\(name)"
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(name))))
    }

    /// The whole numbers that the script gives a tensor.
    static func numbers(_ seed: Int, _ count: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7 + seed * 31) % 201 - 100) }
    }
}

/// A folder that goes away with the object.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }
}

/// Returns the error that `body` throws, with the folder's path left out of its message.
func diagnostic(
    in folder: String,
    _ body: () throws -> Void
) throws -> Diagnostic {
    let error = #expect(throws: Diagnostic.self) { try body() }
    var diagnostic = try #require(error)
    diagnostic.message = diagnostic.message.replacing(folder + "/", with: "")
    return diagnostic
}
