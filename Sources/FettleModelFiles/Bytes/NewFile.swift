import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that is written under another name and takes its own at ``finish()``, so that a reader sees all
/// of it or nothing; without that it goes away.
final class NewFile {
    private static let bufferSize = 1 << 20

    /// The name it takes.
    let path: String
    /// The name that errors say.
    private let shown: String
    private let temporary: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    /// The bytes written so far.
    private(set) var count = 0

    /// Makes the file in the folder of `path`.
    ///
    /// - Parameters:
    ///   - path: the name it takes.
    ///   - shown: the name that errors say, where that folder takes another name; nil for the same.
    /// - Throws: `model-unwritable` with the path and the system's reason.
    init(_ path: String, shownAs shown: String? = nil) throws(Diagnostic) {
        self.path = path
        self.shown = shown ?? path
        temporary = Self.unusedName(beside: path)
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFault.unwritable(self.shown, systemReason()) }
    }

    deinit {
        discard()
    }

    /// Takes away what is not finished.
    fileprivate func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporary)
    }

    /// Returns a name in the same folder that no other program takes.
    static func unusedName(beside path: String) -> String {
        "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).part"
    }

    /// Writes bytes after those before.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
        count += bytes.count
        guard buffer.count + bytes.count > Self.bufferSize else {
            buffer.append(contentsOf: bytes)
            return
        }
        try flush()
        try writeOut(bytes)
    }

    /// Writes bytes after those before.
    func write(_ bytes: [UInt8]) throws(Diagnostic) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(Diagnostic) in try write(buffer) }
        }
        try result.get()
    }

    /// Writes zeros up to a multiple of `alignment`.
    func pad(to alignment: Int) throws(Diagnostic) {
        let missing = (alignment - count % alignment) % alignment
        try write([UInt8](repeating: 0, count: missing))
    }

    /// Waits until the bytes are on disk, and gives the file its name.
    func finish() throws(Diagnostic) {
        try flush()
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw FileFault.unwritable(shown, systemReason())
        }
        close(descriptor)
        descriptor = -1
        // A folder keeps its finished files, which must not keep their bytes.
        buffer = []
        NewFolder.synchronize(containerOf: path)
    }

    private func flush() throws(Diagnostic) {
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(Diagnostic) in try writeOut(buffer) }
        }
        try result.get()
    }

    private func writeOut(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFault.unwritable(shown, systemReason()) }
            written += count
        }
    }
}

/// A folder of files that is written under another name and takes its own at ``finish()``; without that
/// it goes away with all of its files.
final class NewFolder {
    /// The name it takes.
    let path: String
    private let temporary: String
    /// Kept until the folder goes, which must be after them: without the last one the folder is not empty.
    private var files: [(name: String, file: NewFile)] = []
    private var isOpen = true

    /// Makes the folder beside `path`, where nothing or an empty folder is.
    ///
    /// - Throws: `model-unwritable` with the path and the reason.
    init(_ path: String) throws(Diagnostic) {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        temporary = NewFile.unusedName(beside: path)
        guard Self.isFree(path) else {
            throw FileFault.unwritable(path, "it exists and is not an empty folder")
        }
        guard mkdir(temporary, 0o755) == 0 else {
            throw FileFault.unwritable(path, systemReason())
        }
    }

    deinit {
        guard isOpen else { return }
        for (name, file) in files {
            file.discard()
            unlink("\(temporary)/\(name)")
        }
        rmdir(temporary)
    }

    /// Returns a new file in the folder, to be finished before the folder is.
    func file(_ name: String) throws(Diagnostic) -> NewFile {
        let file = try NewFile("\(temporary)/\(name)", shownAs: "\(path)/\(name)")
        files.append((name, file))
        return file
    }

    /// Gives the folder its name.
    func finish() throws(Diagnostic) {
        Self.synchronize(temporary)
        guard rename(temporary, path) == 0 else {
            throw FileFault.unwritable(path, systemReason())
        }
        isOpen = false
        Self.synchronize(containerOf: path)
    }

    private static func isFree(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return errno == ENOENT }
        defer { closedir(folder) }
        let start = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        while let entry = readdir(folder) {
            // The record is as long as its name, not as long as the type.
            let name = UnsafeRawPointer(entry) + start
            let text = String(cString: name.assumingMemoryBound(to: CChar.self))
            if text != ".", text != ".." { return false }
        }
        return true
    }

    /// Waits until the folder that holds `path` is on disk with its names.
    static func synchronize(containerOf path: String) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        synchronize(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
    }

    private static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
