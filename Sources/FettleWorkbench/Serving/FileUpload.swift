public import FettleCore
import FettleData
public import FettleStore
import Foundation

/// A file that is being taken: its bytes go to disk as they come, and it is none of the workspace's files
/// before ``finish()``.
///
/// One that is given up, or that its process does not live to finish, leaves nothing that counts as a file.
public final class FileUpload {
    /// The id that the file will have.
    public let id: String
    /// How many bytes came so far.
    public private(set) var count: Int64 = 0

    private let library: FileLibrary
    private let filename: String
    private let purpose: String?
    private let path: String
    private let partPath: String
    private let isChecked: Bool
    private var descriptor: Int32
    private var fingerprint = FingerprintStream()
    private var lines = JSONLinesCheck()
    /// What is wrong with its lines, where it is not known whether that matters.
    private var problem: Diagnostic?

    init(
        _ library: FileLibrary,
        filename: String,
        purpose: String?,
        isChecked: Bool? = nil
    ) throws(Diagnostic) {
        self.library = library
        // A name with a zero byte would be cut short at it in the database.
        self.filename = String(filename.map { $0 == "\0" ? "\u{FFFD}" : $0 })
        self.purpose = purpose
        self.isChecked = isChecked ?? (purpose == nil || purpose == "fine-tune")
        id = FileLibrary.newID("file-")
        path = try library.workspace.folder(FileLibrary.folder) + "/" + id
        partPath = path + ".part"
        descriptor = open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileUpload.unwritable(errno) }
        // Tells those who clear up after killed processes that this one lives.
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        abandon()
    }

    /// Takes the next bytes.
    ///
    /// - Throws: `bad-lines` when a line of a file for fine-tuning is no JSON object; `workspace-write`.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
        if isChecked, problem == nil {
            do {
                try lines.feed(bytes)
            } catch {
                guard purpose == nil else { throw error }
                problem = error
            }
        }
        fingerprint.update(bytes)
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = write(
                descriptor,
                UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                rest.count
            )
            if written < 0 {
                guard errno == EINTR else { throw FileUpload.unwritable(errno) }
                continue
            }
            rest = rest.dropFirst(written)
        }
        count += Int64(bytes.count)
    }

    /// Takes the next bytes; see the form that takes a buffer.
    public func append(_ bytes: [UInt8]) throws(Diagnostic) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(Diagnostic) in try append(buffer) }
        }
        try result.get()
    }

    /// Makes what came one of the workspace's files, for what was said at its beginning, else for `purpose`.
    ///
    /// - Throws: `bad-lines` when the last line of a file for fine-tuning is no JSON object, or there is none;
    ///   `workspace-write`.
    public func finish(purpose end: String? = nil) throws(Diagnostic) -> FileRecord {
        precondition(descriptor >= 0, "a file that is finished or given up takes no end")
        let purpose = purpose ?? end ?? "fine-tune"
        if isChecked, purpose == "fine-tune" {
            if let problem { throw problem }
            try lines.finish()
        }
        let record = FileRecord(
            id: id,
            filename: filename,
            purpose: purpose,
            bytes: count,
            fingerprint: fingerprint.digest.hex,
            createdAt: library.clock.now()
        )
        let store = try library.workspace.store()
        guard rename(partPath, path) == 0 else { throw FileUpload.unwritable(errno) }
        do {
            try store.insert(record)
        } catch {
            unlink(path)
            throw error
        }
        close(descriptor)
        descriptor = -1
        return record
    }

    /// Gives the file up; nothing of it stays.
    public func abandon() {
        guard descriptor >= 0 else { return }
        unlink(partPath)
        close(descriptor)
        descriptor = -1
    }

    private static func unwritable(_ code: Int32) -> Diagnostic {
        let reason = String(cString: strerror(code))
        return Diagnostic(
            "workspace-write",
            "the upload cannot be kept: \(reason.prefix(1).lowercased() + reason.dropFirst())",
            hint: "check the free space and the rights of the folder .fettle"
        )
    }
}
