public import FettleCore
import FettleData
public import FettleStore
import Foundation

/// The files that programs uploaded, and those that jobs made for them.
///
/// Their bytes are in the workspace's folder `files` under ids that are made here; the names that users give
/// are data and never become paths.
public struct FileLibrary: Sendable {
    let workspace: Workspace
    let clock: WorkClock

    /// Makes a library over a workspace.
    public init(_ workspace: Workspace, clock: WorkClock) {
        self.workspace = workspace
        self.clock = clock
    }

    /// Begins to take a file whose bytes come in pieces; a file for `fine-tune` is checked by line as it comes.
    ///
    /// Where `purpose` is nil, what the file is for is said at its end.
    public func begin(filename: String, purpose: String?) throws(Diagnostic) -> FileUpload {
        try FileUpload(self, filename: filename, purpose: purpose)
    }

    /// Keeps a text as a file, such as a job's results.
    public func add(
        text: String,
        filename: String,
        purpose: String
    ) throws(Diagnostic) -> FileRecord {
        let upload = try FileUpload(self, filename: filename, purpose: purpose, isChecked: false)
        try upload.append(Array(text.utf8))
        return try upload.finish()
    }

    /// Returns the files, oldest first.
    public func files() throws(Diagnostic) -> [FileRecord] {
        try workspace.existingStore()?.files() ?? []
    }

    /// Returns the file with this id.
    ///
    /// - Throws: `unknown-file` with near ids.
    public func file(_ id: String) throws(Diagnostic) -> FileRecord {
        if let file = try workspace.existingStore()?.file(id) { return file }
        throw Diagnostic(
            "unknown-file",
            "No such File object: \(id)",
            hints: [didYouMean(id, among: try files().map(\.id))].compactMap(\.self)
        )
    }

    /// Deletes a file: its record, and then its bytes.
    ///
    /// - Throws: `unknown-file`.
    @discardableResult
    public func delete(_ id: String) throws(Diagnostic) -> FileRecord {
        let file = try file(id)
        let path = try path(of: file)
        guard try workspace.store().deleteFile(file.id) else {
            throw Diagnostic("unknown-file", "No such File object: \(id)")
        }
        try? FileManager.default.removeItem(atPath: path)
        return file
    }

    /// Returns where the bytes of a file are.
    public func path(of file: FileRecord) throws(Diagnostic) -> String {
        try workspace.folder(FileLibrary.folder) + "/" + file.id
    }

    /// Removes what killed processes left of uploads that they did not finish.
    public func removeLeftovers() {
        guard let folder = workspace.existingFolder(FileLibrary.folder),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder),
            let store = try? workspace.existingStore()
        else { return }
        for name in names where name.hasPrefix("file-") {
            let path = folder + "/" + name
            guard isUnknown(name, to: store) else { continue }
            // A process that takes a file holds its lock until the record is stored.
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isUnknown(name, to: store) else {
                continue
            }
            unlink(path)
        }
    }

    /// Whether the store was asked and has no file of this id.
    private func isUnknown(_ id: String, to store: Store) -> Bool {
        do {
            return try store.file(id) == nil
        } catch {
            return false
        }
    }

    static let folder = "files"

    /// Returns a new id of 24 letters and digits after `prefix`.
    static func newID(_ prefix: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return prefix
            + String((0..<24).map { _ in alphabet[Int.random(in: 0..<62, using: &generator)] })
    }
}
