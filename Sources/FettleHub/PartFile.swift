import FettleCore
import Glibc

/// A file that is fetched piece by piece and goes on where an earlier fetch stopped.
final class PartFile {
    private let path: String
    private let descriptor: Int32
    /// The bytes that are there.
    private(set) var count = 0
    private var hash = SHA256()

    /// Opens what is there, and reads it for the hash.
    ///
    /// - Throws: `model-unwritable` with the path and the system's reason, or `CancellationError`.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw HubFolder.unwritable(path) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { block.deallocate() }
        while true {
            try Task.checkCancellation()
            let filled = read(descriptor, block.baseAddress, block.count)
            if filled < 0, errno == EINTR { continue }
            guard filled >= 0 else { throw HubFolder.unwritable(path) }
            if filled == 0 { return }
            hash.add(UnsafeRawBufferPointer(rebasing: block[..<filled]))
            count += filled
        }
    }

    deinit {
        close(descriptor)
    }

    /// Leaves nothing, so that the next bytes are the first.
    func clear() throws(Diagnostic) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw HubFolder.unwritable(path)
        }
        count = 0
        hash = SHA256()
    }

    /// Writes bytes after those before.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let done = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if done < 0, errno == EINTR { continue }
            guard done > 0 else { throw HubFolder.unwritable(path) }
            written += done
        }
        hash.add(bytes)
        count += bytes.count
    }

    /// Returns the SHA-256 of all bytes.
    var digits: String {
        let copy = hash
        return copy.digits()
    }

    /// Waits until the bytes are on disk, and gives the file its name.
    func finish(as name: String) throws(Diagnostic) {
        guard fsync(descriptor) == 0, rename(path, name) == 0 else {
            throw HubFolder.unwritable(name)
        }
    }
}

/// The folder that a fetch fills and that stays when it is broken off.
final class HubFolder {
    /// The path of the folder.
    let path: String
    private let lock: Int32

    /// Opens the folder of a fetch of this revision; files of another one are taken away.
    ///
    /// - Throws: `model-unwritable` with the path and the reason.
    init(_ path: String, commit: String) throws(Diagnostic) {
        self.path = path
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Self.unwritable(path) }
        lock = open("\(path)/.commit", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard lock >= 0 else { throw Self.unwritable(path) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw Diagnostic(
                "model-unwritable",
                "another Fettle is fetching into '\(path)'",
                hint: "wait for it to end"
            )
        }
        var earlier = [UInt8](repeating: 0, count: 64)
        let count = read(lock, &earlier, earlier.count)
        guard count > 0, String(decoding: earlier[..<count], as: UTF8.self) == commit else {
            for name in Self.names(path) where name != ".commit" { unlink("\(path)/\(name)") }
            guard ftruncate(lock, 0) == 0,
                pwrite(lock, commit, commit.utf8.count, 0) == commit.utf8.count
            else { throw Self.unwritable(path) }
            return
        }
    }

    deinit { close(lock) }

    /// Gives a fetched folder, or the one file in it, its name.
    ///
    /// - Throws: `model-unwritable` with the path and the reason.
    func finish(as target: String, file: String?) throws(Diagnostic) {
        if let file {
            guard rename("\(path)/\(file)", target) == 0 else { throw Self.unwritable(target) }
            unlink("\(path)/.commit")
            rmdir(path)
        } else {
            unlink("\(path)/.commit")
            guard rename(path, target) == 0 else { throw Self.unwritable(target) }
        }
    }

    /// Returns the bytes of a file, or nil when there is none.
    static func size(_ path: String) throws(Diagnostic) -> Int? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Diagnostic("model-unwritable", "'\(path)' is not a regular file")
        }
        return Int(status.st_size)
    }

    private static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        let start = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        var names: [String] = []
        while let entry = readdir(folder) {
            // The record is as long as its name, not as long as the type.
            let name = UnsafeRawPointer(entry) + start
            names.append(String(cString: name.assumingMemoryBound(to: CChar.self)))
        }
        return names
    }

    static func unwritable(_ path: String) -> Diagnostic {
        Diagnostic(
            "model-unwritable",
            "cannot write the model '\(path)': \(String(cString: strerror(errno)))",
            hint: "check the free space and the permissions of its folder"
        )
    }
}
