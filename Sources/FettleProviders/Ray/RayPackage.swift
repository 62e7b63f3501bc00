import CXXHash
import FettleCore
import Foundation

/// A file of a package.
public struct PackagedFile: Sendable {
    /// Where its bytes come from.
    public enum Source: Sendable {
        case bytes([UInt8])
        /// A file of this machine.
        case file(String)
    }

    /// Its path in the folder that the job runs in, with `/` between folders.
    public let name: String
    /// Where its bytes come from.
    public let source: Source
    /// Whether it is a program.
    public let isExecutable: Bool

    /// Makes a file; its name is relative and goes nowhere above its folder.
    public init(_ name: String, _ source: Source, isExecutable: Bool = false) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        precondition(
            !name.isEmpty && parts.allSatisfy { !["", ".", ".."].contains($0) },
            "'\(name)' is no name of a packaged file"
        )
        (self.name, self.source, self.isExecutable) = (name, source, isExecutable)
    }
}

/// The files that a job of a Ray cluster runs among, in a zip archive whose name is the hash of its content.
public struct RayPackage: Hashable, Sendable {
    /// The archive on this machine.
    public let path: String
    /// Its bytes.
    public let size: Int64
    /// What the cluster calls it: `_ray_pkg_`, 32 hexadecimal digits, `.zip`.
    public let name: String

    /// The most bytes that a cluster takes, 100 MiB.
    public static let sizeLimit: Int64 = 100 << 20

    /// Packs files into a new archive at `path`; the same files give the same bytes.
    ///
    /// - Parameters:
    ///   - files: what goes in; no two of one name.
    ///   - path: the archive to write.
    ///   - salt: gives the same files another name, which helps where a cluster's node has lost an unpacked
    ///     package and holds on to its name.
    /// - Throws: `no-file` for one that cannot be read, `cannot-write`, or `CancellationError`.
    public init(_ files: [PackagedFile], at path: String, salt: String = "") throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable(path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let hash = PackageHash()
        hash.add(Array(salt.utf8))
        var size: Int64 = 0
        var writer = ZipWriter { bytes in
            hash.add(bytes)
            size += Int64(bytes.count)
            do {
                try handle.write(contentsOf: bytes)
            } catch {
                throw Self.unwritable(path)
            }
        }
        for file in files.sorted(by: { $0.name < $1.name }) {
            try writer.begin(file.name, isExecutable: file.isExecutable)
            switch file.source {
            case .bytes(let bytes): try writer.add(bytes)
            case .file(let source): try Self.add(source, to: &writer)
            }
            try writer.end()
        }
        try writer.finish()
        try handle.close()
        (self.path, self.size) = (path, size)
        name = "_ray_pkg_\(hash.digits).zip"
    }

    private static let pieceSize = 1 << 18

    private static func add(_ source: String, to writer: inout ZipWriter) throws {
        guard let handle = FileHandle(forReadingAtPath: source) else { throw unreadable(source) }
        while true {
            try Task.checkCancellation()
            let piece: Data?
            do {
                piece = try handle.read(upToCount: pieceSize)
            } catch {
                throw unreadable(source)
            }
            guard let piece, !piece.isEmpty else { return }
            try writer.add(Array(piece))
        }
    }

    private static func unreadable(_ path: String) -> Diagnostic {
        Diagnostic("no-file", "'\(path)' cannot be read")
    }

    private static func unwritable(_ path: String) -> Diagnostic {
        Diagnostic(
            "cannot-write",
            "cannot write '\(path)': \(String(cString: strerror(errno)).lowercased())",
            hint: "check the free space and the rights of its folder"
        )
    }
}

/// The 128-bit XXH3 hash of bytes given piece by piece.
private final class PackageHash {
    private let state = XXH3_createState()

    init() {
        XXH3_128bits_reset(state)
    }

    deinit {
        XXH3_freeState(state)
    }

    func add(_ bytes: [UInt8]) {
        XXH3_128bits_update(state, bytes, bytes.count)
    }

    /// 32 hexadecimal digits.
    var digits: String {
        let hash = XXH3_128bits_digest(state)
        return [hash.high64, hash.low64].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
