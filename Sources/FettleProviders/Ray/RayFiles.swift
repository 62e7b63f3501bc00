import FettleCore
import Foundation
import OpenAIWire
import Synchronization

/// What keeps the large files of a cluster's jobs, from which its machines fetch them by links.
///
/// The files are known by their hash, so that none is sent twice; they stay there until somebody deletes them.
public struct RayFiles: Sendable {
    /// Where they are.
    public enum Place: Sendable {
        /// A server of Fettle's, of whose keys the client shows one.
        case server(OpenAIClient)
        case folder(WebFolder)
    }

    /// Bytes from which on a file goes there, and not into the package.
    static let leastBytes: Int64 = 1 << 20
    /// For how many days at least a link can be followed; those of one day are the same, as is the package with them.
    private static let days: Int64 = 8

    private var place: Place
    var now: @Sendable () -> Date = { Date() }

    /// Takes the place.
    public init(at place: Place) {
        self.place = place
    }

    /// Returns one that makes no request again.
    public func withoutRepeating() -> RayFiles {
        var files = self
        switch place {
        case .server(let server): files.place = .server(server.withoutRepeating())
        case .folder(var folder):
            folder.policy = .once
            files.place = .folder(folder)
        }
        return files
    }

    // MARK: - Jobs

    /// Returns a job without its large files, which it fetches before it begins.
    ///
    /// - Parameters:
    ///   - job: a job whose line is one program with its arguments.
    ///   - folder: a folder of this machine for what is written on the way.
    ///   - progress: called with the bytes that are sent.
    /// - Returns: the job as the cluster is to get it.
    /// - Throws: `no-file`, and as ``probe(in:)``.
    func placing(
        _ job: ClusterJob,
        by folder: String,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws -> ClusterJob {
        let sized = try job.files.map { (file: $0, size: try Self.size(of: $0.source)) }
        let large = sized.filter { !$0.file.isExecutable && $0.size >= Self.leastBytes }
        guard !large.isEmpty else { return job }
        // Whoever gives no files by links is sent none that tells anything.
        if case .server = place { _ = try Self.turn.whileHeld { try probe(in: folder) } }
        let total = large.reduce(0) { $0 + $1.size }
        var done: Int64 = 0
        var links: [JSONValue] = []
        for (file, size) in large {
            let (sha256, address) = try Self.turn.whileHeld {
                let sha256 = try Hashes.all.sha256(of: file.source)
                let path = "\(folder)/\(job.id).upload"
                let address = try self.address(of: file.source, sha256, by: path) { sent in
                    progress(done + sent, total)
                }
                return (sha256, address)
            }
            done += size
            links.append(
                .object([
                    .init("name", .string(file.name)),
                    .init("url", .string(address)),
                    .init("bytes", .integer(size)),
                    .init("sha256", .string(sha256)),
                ])
            )
        }
        let names = Set(large.map(\.file.name))
        var job = job
        job.files.removeAll { names.contains($0.name) }
        job.files += [
            PackagedFile("fettle_fetch.py", .bytes(PackageResources.fettle_fetch_py)),
            PackagedFile("fettle_files.json", .bytes(Array(JSONValue.array(links).text().utf8))),
        ]
        // A job of workers has each of them fetch for its own machine.
        if job.workers == nil { job.entrypoint = Self.fetching + job.entrypoint }
        return job
    }

    /// What a line begins with that has large files; what ends it ends its program, which takes the shell's place.
    static let fetching =
        "p=$(command -v python || command -v python3) || { echo no Python is on the PATH of jobs; exit 127; }; "
        + "\"$p\" fettle_fetch.py && exec "

    /// Jobs of this process that send at the same time send one after the other, so that a file is sent once.
    private static let turn = Turn()

    /// Returns the address of a file, which is sent where it is not there.
    private func address(
        of source: PackagedFile.Source,
        _ sha256: String,
        by path: String,
        progress: @escaping (Int64) -> Void
    ) throws -> String {
        let bytes: [UInt8]
        switch source {
        case .file(let file):
            let address = try link(toFile: resolved(file), sha256, progress)
            guard try Hashes.all.sha256(of: source) == sha256 else {
                throw Diagnostic(
                    "no-file",
                    "'\(file)' was changed while it was sent",
                    hint: "the same command sends it as it is now"
                )
            }
            return address
        case .bytes(let all): bytes = all
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        // As the package of the same rows: its owner's alone.
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: Data(bytes),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else {
            throw Diagnostic(
                "cannot-write",
                "cannot write '\(path)'",
                hint: "check the free space and the rights of its folder"
            )
        }
        return try link(toFile: path, sha256, progress)
    }

    // MARK: - Links

    /// What the file of ``probe(in:)`` holds.
    public static let probeText = "A job of the cluster can read this.\n"

    /// Returns the address of a small file, which shows whether what is sent can be fetched.
    ///
    /// - Parameter folder: a folder of this machine for what is written on the way.
    /// - Returns: the address under which those who have no key get it.
    /// - Throws: `no-file-links` where the server gives it only to those who have its key; `provider-unreachable` and
    ///   its like; `web-folder`; `cannot-write`, `CancellationError`.
    public func probe(in folder: String) throws -> String {
        let bytes = Array(Self.probeText.utf8)
        let path = "\(folder)/fettle-check-\(UUID().uuidString)"
        return try address(of: .bytes(bytes), SHA256.digits(of: bytes), by: path) { _ in }
    }

    /// Returns the address under which those who have no key get a file, which is sent where it is not there.
    private func link(
        toFile path: String,
        _ sha256: String,
        _ progress: @escaping (Int64) -> Void
    ) throws -> String {
        let name = "fettle-\(sha256)"
        switch place {
        case .folder(let folder): return try folder.keep(path, as: name, progress: progress)
        case .server(let server): return try link(to: server, path, name, progress)
        }
    }

    private func link(
        to server: OpenAIClient,
        _ path: String,
        _ name: String,
        _ progress: @escaping (Int64) -> Void
    ) throws -> String {
        let file: FileObject
        do {
            file = try server.upload(path, as: name, for: "user_data") { sent, _ in progress(sent) }
        } catch let diagnostic as Diagnostic where diagnostic.code == "provider-lacks" {
            throw diagnostic.hinting(
                "it is no server of Fettle's, or its address does not end with /v1"
            )
        }
        let today = Int64(now().timeIntervalSince1970) / 86_400
        let link = server.link(toFile: file.id, until: (today + 1 + Self.days) * 86_400)
        guard try server.length(at: link) == Self.size(of: .file(path)) else {
            throw Diagnostic(
                "no-file-links",
                "'\(server.name)' does not give its files to those who have a link instead of its key, which stays here",
                hint:
                    "take 'fettle serve host=0.0.0.0 --api-key-file FILE' on a machine that the cluster reaches, too"
            )
        }
        return link
    }

    private static func size(of source: PackagedFile.Source) throws(Diagnostic) -> Int64 {
        switch source {
        case .bytes(let bytes): return Int64(bytes.count)
        case .file(let path):
            let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
            guard let size = attributes?[.size] as? Int64 else { throw unreadable(path) }
            return size
        }
    }
}

/// The file itself: a folder of a hub's cache has links.
private func resolved(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().path
}

private func unreadable(_ path: String) -> Diagnostic {
    Diagnostic("no-file", "'\(path)' cannot be read")
}

/// The hashes of files, each of which is read once as long as it stays as it is.
private final class Hashes: Sendable {
    static let all = Hashes()

    /// What changes with a file.
    private struct State: Hashable {
        let path: String
        let file: UInt64
        let size: Int64
        let seconds: Double
    }

    private let known = Mutex<[State: String]>([:])

    func sha256(of source: PackagedFile.Source) throws -> String {
        switch source {
        case .bytes(let bytes): return SHA256.digits(of: bytes)
        case .file(let path):
            let state = state(resolved(path))
            if let state, let hash = known.withLock({ $0[state] }) { return hash }
            let hash = try Self.read(path)
            if let state { known.withLock { $0[state] = hash } }
            return hash
        }
    }

    private func state(_ path: String) -> State? {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
            let file = facts[.systemFileNumber] as? UInt64, let size = facts[.size] as? Int64,
            let date = facts[.modificationDate] as? Date
        else { return nil }
        return State(path: path, file: file, size: size, seconds: date.timeIntervalSince1970)
    }

    private static func read(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw unreadable(path) }
        var hash = SHA256()
        while true {
            try Task.checkCancellation()
            let piece: Data?
            do {
                piece = try handle.read(upToCount: 1 << 20)
            } catch {
                throw unreadable(path)
            }
            guard let piece, !piece.isEmpty else { return hash.digits() }
            piece.withUnsafeBytes { hash.add($0) }
        }
    }
}

/// What one thread does at a time, while others wait until they are cancelled.
private final class Turn: Sendable {
    private let lock = NSLock()

    func whileHeld<Value>(_ body: () throws -> Value) throws -> Value {
        while !lock.try() {
            try Task.checkCancellation()
            Thread.sleep(forTimeInterval: 0.02)
        }
        defer { lock.unlock() }
        return try body()
    }
}
