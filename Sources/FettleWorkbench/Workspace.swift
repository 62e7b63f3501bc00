public import FettleCore
public import FettleStore
import Foundation
import Synchronization

/// The folder `.fettle` with the database and the models, or nothing but memory.
///
/// The folder is made by the first command that has something to keep; cells from before are held until
/// then and written with it.
public final class Workspace: Sendable {
    /// Where the workspace is.
    public enum Location: Sendable {
        /// This folder, made when first needed.
        case folder(String)
        /// Memory and a temporary folder for weights, both gone at the end.
        case ephemeral
    }

    /// A command that is held until there is a database.
    private struct WaitingCell {
        var source: String
        var startedAt: Int64
        var end: (outcome: CellOutcome, output: String, duration: Int64, command: RecordedCommand?)?
        var content: String?
    }

    /// Where a command is recorded.
    public enum CellPlace: Hashable, Sendable {
        /// In the database, under this number.
        case stored(Int64)
        /// Among those that wait for a database.
        case waiting(Int)
    }

    private struct State {
        var store: Store?
        var waiting: [WaitingCell] = []
        /// The numbers that cells got which had waited.
        var numbers: [Int64] = []
        var files: String?
        /// Ends of jobs of this process that the database did not take.
        var ends: [WaitingEnd] = []
    }

    /// The end of a job that is to be stored.
    private struct WaitingEnd {
        var job: String
        var end: JobEnd
        var message: String
        var at: Int64
    }

    private let location: Location
    /// The name that this session's cells are stored under.
    public let session: String
    private let isInteractive: Bool
    private let state = Mutex(State())
    /// What knows the keys of providers.
    let secrets = SecretFinder()

    /// Makes a workspace; nothing is touched on disk.
    ///
    /// An interactive session is noted in the database, so that it can be offered again when it ends
    /// without a word.
    public init(_ location: Location, session: String, isInteractive: Bool = false) {
        self.location = location
        self.session = session
        self.isInteractive = isInteractive
    }

    deinit {
        discardFiles()
    }

    /// Removes the files of an ephemeral workspace; called before the process ends by a signal.
    public func discardFiles() {
        guard case .ephemeral = location, let folder = state.withLock({ $0.files }) else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Returns the workspace folder for work in `folder`: the nearest `.fettle` upwards, else a new one
    /// in `folder` itself.
    public static func folder(for folder: String) -> String {
        var url = URL(fileURLWithPath: folder).standardizedFileURL
        while true {
            let candidate = url.appendingPathComponent(".fettle").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
                isFolder.boolValue
            {
                return candidate
            }
            let parent = url.deletingLastPathComponent()
            guard parent.path != url.path else { return folder + "/.fettle" }
            url = parent
        }
    }

    /// Returns the database when there is one already, without making it.
    public func existingStore() throws(Diagnostic) -> Store? {
        if let store = state.withLock({ $0.store }) { return store }
        guard case .folder(let folder) = location,
            FileManager.default.fileExists(atPath: folder + "/fettle.sqlite")
        else { return nil }
        return try store()
    }

    /// Returns the database, made when needed; jobs whose process is gone are marked on the way.
    public func store() throws(Diagnostic) -> Store {
        do {
            return try state.withLock { state in
                if let store = state.store { return store }
                let store = try open()
                for cell in state.waiting.dropFirst(state.numbers.count) {
                    let id = try store.beginCell(
                        session: session,
                        source: cell.source,
                        startedAt: cell.startedAt
                    )
                    state.numbers.append(id)
                    guard let end = cell.end else { continue }
                    try store.finishCell(
                        id,
                        outcome: end.outcome,
                        output: end.output,
                        duration: end.duration,
                        command: end.command,
                        content: cell.content
                    )
                }
                state.waiting = []
                state.store = store
                return store
            }
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw Diagnostic("workspace-read", "the workspace cannot be opened: \(error)")
        }
    }

    private func open() throws(Diagnostic) -> Store {
        guard case .folder(let folder) = location else { return try Store() }
        try Workspace.makeFolder(folder)
        let store = try Store(path: folder + "/fettle.sqlite")
        let now = WorkClock.system.now()
        try Workspace.markLostJobs(in: store, at: now)
        Leftovers.remove(from: folder, store)
        if isInteractive {
            try store.beginSession(
                session,
                process: ProcessIdentity.current.text,
                startedAt: now
            )
        }
        return store
    }

    /// Returns the jobs, oldest first; those whose process is gone are marked on the way.
    ///
    /// A job of this process whose end could not be stored is shown as it ended.
    public func jobs() throws(Diagnostic) -> [StoredJob] {
        guard let store = try existingStore() else { return [] }
        storeEnds(in: store)
        try Workspace.markLostJobs(in: store, at: WorkClock.system.now())
        let ends = state.withLock { $0.ends }
        return try store.jobs().map { job in
            guard let waiting = ends.last(where: { $0.job == job.record.id }) else { return job }
            return job.ended(waiting.end, at: waiting.at)
        }
    }

    /// Returns one job as ``jobs()`` does, or nil.
    public func job(_ id: String) throws(Diagnostic) -> StoredJob? {
        guard let store = try existingStore() else { return nil }
        storeEnds(in: store)
        guard var job = try store.job(id) else { return nil }
        if job.record.status.isActive,
            !ProcessIdentity(text: job.record.process ?? "").isAlive
        {
            try Workspace.markLost(job, in: store, at: WorkClock.system.now())
            job = try store.job(id) ?? job
        }
        let ends = state.withLock { $0.ends }
        guard let waiting = ends.last(where: { $0.job == id }) else { return job }
        return job.ended(waiting.end, at: waiting.at)
    }

    /// Stores the end of a job of this process, or keeps it until the database takes it.
    func finishJob(_ job: String, _ end: JobEnd, message: String, at: Int64) {
        state.withLock {
            $0.ends.append(WaitingEnd(job: job, end: end, message: message, at: at))
        }
        if let store = try? store() { storeEnds(in: store) }
    }

    private func storeEnds(in store: Store) {
        state.withLock { state in
            state.ends.removeAll { waiting in
                do {
                    try store.finishJob(
                        waiting.job,
                        waiting.end,
                        message: waiting.message,
                        at: waiting.at
                    )
                    return true
                } catch {
                    return false
                }
            }
        }
    }

    private static func markLostJobs(in store: Store, at now: Int64) throws(Diagnostic) {
        for job in try store.jobs() where job.record.status.isActive {
            let process = ProcessIdentity(text: job.record.process ?? "")
            guard !process.isAlive else { continue }
            try markLost(job, in: store, at: now)
        }
    }

    private static func markLost(
        _ job: StoredJob,
        in store: Store,
        at now: Int64
    ) throws(Diagnostic) {
        // One that was asked to stop has done so, if not as it was meant to.
        try store.setStatus(
            job.stopRequestedAt == nil ? .interrupted : .cancelled,
            of: job.record,
            process: nil,
            message: "Process lost",
            at: now
        )
    }

    /// Whether `resume` can take a job up: it stopped before its end, and its examples are kept.
    public func canResume(_ job: StoredJob) -> Bool {
        guard (try? JobLifecycle(job.record.status).after(.resume)) != nil,
            let folder = try? jobsFolder()
        else { return false }
        return JobFolder("\(folder)/\(job.record.id)").canGoOn
    }

    /// Removes the checkpoints of jobs that were cancelled or failed, which then cannot go on; returns the
    /// numbers of those jobs.
    public func removeOldCheckpoints() throws(Diagnostic) -> [Int] {
        guard case .folder(let folder) = location, let store = try existingStore() else {
            return []
        }
        return try Leftovers.removeCheckpoints(from: folder, store)
    }

    /// Returns the folder of the weights, made when needed.
    public func modelsFolder() throws(Diagnostic) -> String {
        try folder("models")
    }

    /// Returns the folder of the jobs' checkpoints, made when needed.
    func jobsFolder() throws(Diagnostic) -> String {
        try folder("jobs")
    }

    /// Returns a folder of the workspace for files of a kind when it is there, without making it.
    public func existingFolder(_ name: String) -> String? {
        existingFile(name)
    }

    /// Returns the path of a file of the workspace when it is there.
    public func existingFile(_ name: String) -> String? {
        let parent: String? =
            switch location {
            case .folder(let folder): folder
            case .ephemeral: state.withLock { $0.files }
            }
        guard let path = parent.map({ "\($0)/\(name)" }),
            FileManager.default.fileExists(atPath: path)
        else { return nil }
        return path
    }

    /// Returns a folder of the workspace for files of a kind, made when needed.
    public func folder(_ name: String) throws(Diagnostic) -> String {
        let path = "\(root)/\(name)"
        try Workspace.makeFolder(path)
        return path
    }

    /// Returns the path for a file of the workspace, whose folder is made when needed.
    public func file(_ name: String) throws(Diagnostic) -> String {
        let root = root
        try Workspace.makeFolder(root)
        return "\(root)/\(name)"
    }

    /// The folder of all files, which need not be there.
    private var root: String {
        switch location {
        case .folder(let folder): folder
        case .ephemeral:
            state.withLock { state in
                let folder = state.files ?? NSTemporaryDirectory() + "fettle-" + UUID().uuidString
                state.files = folder
                return folder
            }
        }
    }

    /// Stores a command before it runs, or holds it while there is no database.
    public func beginCell(_ source: String, startedAt: Int64) throws(Diagnostic) -> CellPlace {
        if try existingStore() == nil {
            let place: CellPlace? = state.withLock { state in
                guard state.store == nil else { return nil }
                state.waiting.append(WaitingCell(source: source, startedAt: startedAt))
                return .waiting(state.waiting.count - 1)
            }
            if let place { return place }
        }
        return .stored(
            try store().beginCell(session: session, source: source, startedAt: startedAt)
        )
    }

    /// Stores a command's outcome beside it, what it was seen to do, and what it showed in a form that can
    /// be rendered again; `duration` is in milliseconds.
    public func finishCell(
        _ place: CellPlace,
        outcome: CellOutcome,
        output: String,
        duration: Int64,
        command: RecordedCommand? = nil,
        content: String? = nil
    ) throws(Diagnostic) {
        let number: Int64? = state.withLock { state in
            switch place {
            case .stored(let number): return number
            case .waiting(let index) where state.store != nil: return state.numbers[index]
            case .waiting(let index):
                state.waiting[index].end = (outcome, output, duration, command)
                state.waiting[index].content = content
                return nil
            }
        }
        guard let number, let store = state.withLock({ $0.store }) else { return }
        try store.finishCell(
            number,
            outcome: outcome,
            output: output,
            duration: duration,
            command: command,
            content: content
        )
    }

    /// Keeps what a command showed in a form that can be rendered again.
    public func keepContent(_ content: String, of place: CellPlace) throws(Diagnostic) {
        let number: Int64? = state.withLock { state in
            switch place {
            case .stored(let number): return number
            case .waiting(let index) where state.store != nil: return state.numbers[index]
            case .waiting(let index):
                state.waiting[index].content = content
                return nil
            }
        }
        guard let number, let store = state.withLock({ $0.store }) else { return }
        try store.keepContent(content, ofCell: number)
    }

    private static func makeFolder(_ path: String) throws(Diagnostic) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Diagnostic(
                "workspace-write",
                "the folder '\(path)' cannot be made: \(systemReason(error))",
                hints: [
                    "name another place with --workspace DIR, or keep nothing with --ephemeral"
                ]
            )
        }
    }
}
