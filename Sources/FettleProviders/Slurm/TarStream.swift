import FettleCore
import Foundation

/// The files of a job as a tar archive, piece by piece.
struct TarStream {
    /// How many bytes of files it has in all.
    let total: Int64
    private let files: [(file: PackagedFile, size: Int64)]
    private var next = 0
    /// The file that is read, and how many bytes of it are to come.
    private var open: (handle: FileHandle, path: String, left: Int64)?
    private var isDone = false

    private static let pieceSize = 1 << 16
    private static let blockSize = 512
    /// The longest name that a header has room for.
    private static let nameLimit = 100

    /// Makes an archive of files.
    ///
    /// - Throws: `no-file` for one that cannot be read.
    init(_ files: [PackagedFile]) throws(Diagnostic) {
        var sizes: [(file: PackagedFile, size: Int64)] = []
        for file in files {
            switch file.source {
            case .bytes(let bytes): sizes.append((file, Int64(bytes.count)))
            case .file(let path):
                var facts = stat()
                guard stat(path, &facts) == 0 else { throw Self.unreadable(path) }
                sizes.append((file, Int64(facts.st_size)))
            }
        }
        self.files = sizes
        total = sizes.reduce(0) { $0 + $1.size }
    }

    /// Returns the next piece; nil at the end.
    ///
    /// - Throws: `no-file` for a file that cannot be read, or has fewer bytes than it had.
    mutating func piece() throws(Diagnostic) -> [UInt8]? {
        if let open { return try more(of: open) }
        guard next < files.count else {
            defer { isDone = true }
            // Two blocks of zeros are the end.
            return isDone ? nil : [UInt8](repeating: 0, count: 2 * Self.blockSize)
        }
        let (file, size) = files[next]
        next += 1
        var piece = Self.headers(file, size)
        switch file.source {
        case .bytes(let bytes): piece += bytes + Self.padding(size)
        case .file(let path):
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw Self.unreadable(path)
            }
            if size > 0 { open = (handle, path, size) }
        }
        return piece
    }

    private mutating func more(
        of file: (handle: FileHandle, path: String, left: Int64)
    ) throws(Diagnostic) -> [UInt8] {
        let read = try? file.handle.read(upToCount: Int(min(file.left, Int64(Self.pieceSize))))
        guard let read, !read.isEmpty else { throw Self.unreadable(file.path) }
        let left = file.left - Int64(read.count)
        open = left > 0 ? (file.handle, file.path, left) : nil
        // The size that the padding goes by is that of the whole file.
        return Array(read) + (left > 0 ? [] : Self.padding(files[next - 1].size))
    }

    // MARK: - Headers

    private static func headers(_ file: PackagedFile, _ size: Int64) -> [UInt8] {
        let name = Array(file.name.utf8)
        let mode = file.isExecutable ? 0o700 : 0o600
        guard name.count > nameLimit else { return header(name, size, mode, "0") }
        // GNU's way: the name is the content of an entry before.
        let long = name + [0]
        return header(Array("././@LongLink".utf8), Int64(long.count), 0o600, "L") + long
            + padding(Int64(long.count)) + header(Array(name.prefix(nameLimit)), size, mode, "0")
    }

    private static func header(
        _ name: [UInt8],
        _ size: Int64,
        _ mode: Int,
        _ kind: Character
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ bytes: some Collection<UInt8>, at place: Int) {
            block.replaceSubrange(place..<(place + bytes.count), with: bytes)
        }
        func octal(_ value: Int64, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - digits.count) + digits).utf8)
        }
        put(name, at: 0)
        put(octal(Int64(mode), 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        if size < 1 << 33 {
            put(octal(size, 11), at: 124)
        } else {
            // Eleven octal digits end at 8 GiB; above, the number stands in bytes after a bit that says so.
            put([0x80, 0, 0, 0] + withUnsafeBytes(of: size.bigEndian, Array.init), at: 124)
        }
        put(octal(0, 11), at: 136)
        put(Array("        ".utf8), at: 148)
        put(Array(String(kind).utf8), at: 156)
        put(Array("ustar\u{0}00".utf8), at: 257)
        let sum = block.reduce(0) { $0 + Int64($1) }
        put(octal(sum, 6) + [0, 0x20], at: 148)
        return block
    }

    private static func padding(_ size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((512 - size % 512) % 512))
    }

    private static func unreadable(_ path: String) -> Diagnostic {
        Diagnostic("no-file", "'\(path)' cannot be read")
    }
}
