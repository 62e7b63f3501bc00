import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The whole content of a file, in memory.
struct ModelFileBytes: ~Copyable {
    let bytes: UnsafeRawBufferPointer

    init(_ path: String) throws(Diagnostic) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.unreadable(path, systemReason()) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.unreadable(path, systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Self.unreadable(path, "it is not a regular file")
        }
        guard let size = Int(exactly: status.st_size), size < 1 << 36 else {
            throw Self.unreadable(path, "it is too large")
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        var filled = 0
        while filled < size {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = read(file, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count < 0 ? systemReason() : "it became shorter while it was read"
                buffer.deallocate()
                throw Self.unreadable(path, reason)
            }
            filled += count
        }
        bytes = UnsafeRawBufferPointer(buffer)
    }

    deinit { bytes.deallocate() }

    /// Returns the number at an offset, which must be within the file.
    func word(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Returns the number at an offset, which must be within the file.
    func longWord(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func unreadable(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic("model-unreadable", "cannot read the model '\(path)': \(reason)")
    }
}

/// Returns the system's words for the last error, such as "No such file or directory".
private func systemReason() -> String {
    String(cString: strerror(errno))
}

/// Writes two pieces to a new file in the folder of `path`, waits until they are on disk, and gives
/// it that path; when anything fails, what stood there before stays.
func replaceFile(
    _ path: String,
    with head: [UInt8],
    _ body: UnsafeRawBufferPointer
) throws(Diagnostic) {
    let temporary = "\(path).\(getpid()).new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw unwritable(path, systemReason()) }
    let isWritten = head.withUnsafeBytes { writeAll(file, $0) } && writeAll(file, body)
    guard isWritten, fsync(file) == 0 else {
        let reason = systemReason()
        close(file)
        unlink(temporary)
        throw unwritable(path, reason)
    }
    guard close(file) == 0, rename(temporary, path) == 0 else {
        let reason = systemReason()
        unlink(temporary)
        throw unwritable(path, reason)
    }
    // The new name is on disk once its folder is.
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let folder = open(parent, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
        fsync(folder)
        close(folder)
    }
}

private func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var written = 0
    while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = write(file, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
    }
    return true
}

private func unwritable(_ path: String, _ reason: String) -> Diagnostic {
    Diagnostic(
        "model-unwritable",
        "cannot write the model '\(path)': \(reason)",
        hint: "check the free space and the permissions of its folder"
    )
}
