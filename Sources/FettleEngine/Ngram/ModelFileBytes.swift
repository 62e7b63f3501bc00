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

    /// Reads a file; `kind` is what a diagnostic calls it, such as "model".
    init(_ path: String, _ kind: String) throws(Diagnostic) {
        // A pipe without a writer would otherwise be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Self.unreadable(path, kind, systemReason()) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.unreadable(path, kind, systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Self.unreadable(path, kind, "it is not a regular file")
        }
        guard let size = Int(exactly: status.st_size), size < 1 << 36 else {
            throw Self.unreadable(path, kind, "it is too large")
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
                throw Self.unreadable(path, kind, reason)
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

    private static func unreadable(
        _ path: String,
        _ kind: String,
        _ reason: String
    ) -> Diagnostic {
        Diagnostic("\(kind)-unreadable", "cannot read the \(kind) '\(path)': \(reason)")
    }
}

/// Returns the system's words for the last error, such as "No such file or directory".
private func systemReason() -> String {
    String(cString: strerror(errno))
}

/// Writes two pieces to a new file in the folder of `path`, waits until they are on disk, and gives
/// it that path; when anything fails, what stood there before stays.
///
/// - Parameters:
///   - path: the file to replace.
///   - temporary: the new file's path until it is complete, in the same folder.
///   - kind: what a diagnostic calls the file, such as "model".
///   - head: the first piece.
///   - body: the second piece.
/// - Throws: `KIND-unwritable` with the path and the system's reason.
func replaceFile(
    _ path: String,
    by temporary: String,
    _ kind: String,
    with head: [UInt8],
    _ body: UnsafeRawBufferPointer
) throws(Diagnostic) {
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw unwritable(path, kind, systemReason()) }
    let isWritten = head.withUnsafeBytes { writeAll(file, $0) } && writeAll(file, body)
    guard isWritten, fsync(file) == 0 else {
        let reason = systemReason()
        close(file)
        unlink(temporary)
        throw unwritable(path, kind, reason)
    }
    guard close(file) == 0, rename(temporary, path) == 0 else {
        let reason = systemReason()
        unlink(temporary)
        throw unwritable(path, kind, reason)
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

private func unwritable(_ path: String, _ kind: String, _ reason: String) -> Diagnostic {
    Diagnostic(
        "\(kind)-unwritable",
        "cannot write the \(kind) '\(path)': \(reason)",
        hint: "check the free space and the permissions of its folder"
    )
}

extension [UInt8] {
    /// Appends a number's bytes, lowest first.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
