import CMappedFile
import FettleCore

#if canImport(Glibc)
import Glibc
#endif

/// A source's bytes in memory: a mapped file, or a copy of what came through a pipe.
final class SourceBytes: @unchecked Sendable {
    let buffer: UnsafeRawBufferPointer
    private var owned = true

    private init(_ buffer: UnsafeRawBufferPointer) {
        self.buffer = buffer
    }

    deinit {
        if owned, let base = buffer.baseAddress {
            fettle_unmap(UnsafeMutableRawPointer(mutating: base), buffer.count)
        }
    }

    /// Hands the bytes over to a heap with a side buffer that `fill` sets all of.
    func heap(sideCount: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) -> ByteHeap {
        owned = false
        return ByteHeap(mapping: buffer, sideCount: sideCount, fill: fill)
    }

    /// Opens a source.
    ///
    /// - Throws: `no-such-file`, `is-a-folder` or `cannot-read` with what to do, and
    ///   `CancellationError` when the task was cancelled while a pipe was silent.
    static func open(_ input: SourceInput) throws -> SourceBytes {
        switch input {
        case .bytes(let bytes, _): return try copy(bytes)
        case .standardInput: return try read(STDIN_FILENO, named: "standard input")
        case .path(let path):
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileProblem.cannotOpen(path, errno) }
            defer { close(descriptor) }
            return try read(descriptor, named: path)
        }
    }

    private static func read(_ descriptor: Int32, named name: String) throws -> SourceBytes {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileProblem.cannotRead(name, errno) }
        if status.st_mode & S_IFMT == S_IFDIR { throw FileProblem.isFolder(name) }
        if descriptor != STDIN_FILENO, status.st_mode & S_IFMT == S_IFCHR {
            throw Diagnostic(
                "cannot-read",
                "'\(name)' is a device, which may never end",
                hint: "name a file, or pipe it in and load from '-'"
            )
        }
        if status.st_mode & S_IFMT == S_IFREG, lseek(descriptor, 0, SEEK_CUR) == 0 {
            return try map(descriptor, count: Int(status.st_size), named: name)
        }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            try Task.checkCancellation()
            // A pipe may be silent for long; the wait is short so that cancelling is noticed.
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, 100) == 0 { continue }
            let count = Glibc.read(descriptor, &block, block.count)
            if count == 0 { return try copy(bytes) }
            if count > 0 {
                bytes.append(contentsOf: block[..<count])
            } else if errno != EINTR, errno != EAGAIN {
                throw FileProblem.cannotRead(name, errno)
            }
        }
    }

    private static func map(
        _ descriptor: Int32,
        count: Int,
        named name: String
    ) throws(Diagnostic) -> SourceBytes {
        guard count > 0 else {
            // Files that the kernel makes up, such as those of /proc, say 0 and yet have bytes.
            var byte: UInt8 = 0
            guard Glibc.read(descriptor, &byte, 1) == 1 else {
                return SourceBytes(UnsafeRawBufferPointer(start: nil, count: 0))
            }
            throw Diagnostic(
                "cannot-read",
                "'\(name)' is no regular file",
                hint: "pipe it in: cat FILE | fettle …, and load from '-'"
            )
        }
        guard count < 1 << 39 else {
            throw Diagnostic("file-too-big", "'\(name)' has \(count) bytes, limit 512 GiB")
        }
        guard let address = fettle_map_file(descriptor, count) else {
            throw FileProblem.cannotRead(name, errno)
        }
        return SourceBytes(UnsafeRawBufferPointer(start: address, count: count))
    }

    private static func copy(_ bytes: [UInt8]) throws(Diagnostic) -> SourceBytes {
        guard !bytes.isEmpty else {
            return SourceBytes(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        let address = mmap(nil, bytes.count, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let address, address != UnsafeMutableRawPointer(bitPattern: -1) else {
            throw Diagnostic("out-of-memory", "no memory for \(bytes.count) bytes of the source")
        }
        UnsafeMutableRawBufferPointer(start: address, count: bytes.count).copyBytes(from: bytes)
        return SourceBytes(UnsafeRawBufferPointer(start: address, count: bytes.count))
    }
}
