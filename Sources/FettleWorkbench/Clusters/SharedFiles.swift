import FettleCore
import Foundation

/// Files that a cluster reads, in a folder that it shares with this machine: each under its hash, written once.
struct SharedFiles {
    /// Where they are.
    let folder: String

    /// Takes the folder that is shared.
    init(_ shared: String) { folder = "\(shared)/fettle/files" }

    /// Writes a file unless it is there; returns its name.
    ///
    /// - Throws: `cannot-write`.
    func keep(_ bytes: [UInt8], sha256: String) throws(Diagnostic) -> String {
        let place = URL(filePath: "\(folder)/\(sha256)")
        let size = try? place.resourceValues(forKeys: [.fileSizeKey]).fileSize
        guard size != bytes.count else { return sha256 }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try Data(bytes).write(to: place, options: .atomic)
        } catch {
            throw Diagnostic(
                "cannot-write",
                "'\(place.path)' cannot be written: \(systemReason(error))",
                hint: "see the folder's rights and its free space; 'cluster add' names another"
            )
        }
        return sha256
    }
}
