import Foundation

/// A folder of its own that goes away with the object.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Returns the path of a file in it.
    func file(_ name: String) -> String { path + "/" + name }
}
