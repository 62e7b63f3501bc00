import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder of a run's files, which names without folders are looked up in.
struct WorkFolder {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Returns a file's path.
    func path(of name: String) -> String {
        path.isEmpty || path == "." ? name : "\(path)/\(name)"
    }

    /// Makes the folder, and those it lies in, where they are not there.
    ///
    /// - Throws: `cannot-write`.
    func make() throws(Diagnostic) {
        var place = path.startIndex
        while place < path.endIndex {
            let next = path.index(after: place)
            place = path[next...].firstIndex(of: "/") ?? path.endIndex
            let folder = String(path[..<place])
            guard mkdir(folder, 0o777) != 0, errno != EEXIST else { continue }
            let reason = Self.systemReason()
            var status = stat()
            // A folder that may not be written in may be there all the same.
            if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
            throw Diagnostic("cannot-write", "cannot make the folder '\(folder)': \(reason)")
        }
    }

    /// Returns the bytes of a file.
    ///
    /// - Throws: `cannot-read` also for what is no regular file, and for one of more than `limit` bytes.
    func read(_ name: String, atMost limit: Int) throws(Diagnostic) -> [UInt8] {
        let path = path(of: name)
        // A pipe without a writer would otherwise be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Self.unreadable(path, Self.systemReason()) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.unreadable(path, Self.systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Self.unreadable(path, "it is not a regular file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw Self.unreadable(
                path,
                "it has \(NumberText.count(size, "byte")), and at most "
                    + "\(NumberText.count(limit)) are expected"
            )
        }
        var problem: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size, let base = buffer.baseAddress {
                let count = readSome(file, base + filled, size - filled)
                if count < 0, errno == EINTR { continue }
                if count < 0 { problem = Self.systemReason() }
                guard count > 0 else { return }
                filled += count
            }
        }
        if let problem { throw Self.unreadable(path, problem) }
        return bytes
    }

    /// Writes a file in one piece: until all of it is on disk, what stood there stays.
    ///
    /// - Throws: `cannot-write`.
    func write(_ bytes: [UInt8], to name: String) throws(Diagnostic) {
        let path = path(of: name)
        let temporary = "\(path).\(getpid()).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.unwritable(path) }
        let isWritten = Self.writeAll(file, bytes) && fsync(file) == 0
        var problem = isWritten ? nil : Self.unwritable(path)
        if close(file) != 0, problem == nil { problem = Self.unwritable(path) }
        if problem == nil, rename(temporary, path) != 0 { problem = Self.unwritable(path) }
        guard let problem else { return }
        unlink(temporary)
        throw problem
    }

    /// Removes a file where it is there.
    func remove(_ name: String) { unlink(path(of: name)) }

    /// Whether there is a file of this name.
    func has(_ name: String) -> Bool { access(path(of: name), F_OK) == 0 }

    /// Writes all bytes to an open file; false, with the system's reason in `errno`, where that fails.
    static func writeAll(_ file: Int32, _ bytes: [UInt8]) -> Bool {
        var written = 0
        return bytes.withUnsafeBytes { bytes in
            while written < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                let count = writeSome(file, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }

    private static func systemReason() -> String { String(cString: strerror(errno)) }

    private static func unreadable(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic("cannot-read", "cannot read '\(path)': \(reason)")
    }

    private static func unwritable(_ path: String) -> Diagnostic {
        Diagnostic("cannot-write", "cannot write '\(path)': \(systemReason())")
    }
}

private func readSome(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(file, bytes, count)
}

private func writeSome(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(file, bytes, count)
}
