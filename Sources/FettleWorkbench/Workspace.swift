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

    private struct Cell {
        var source: String
        var startedAt: Int64
        var outcome: CellOutcome
        var output: String
        var duration: Int64
    }

    private struct State {
        var store: Store?
        var waiting: [Cell] = []
        var models: String?
    }

    private let location: Location
    private let session: String
    private let state = Mutex(State())

    /// Makes a workspace; nothing is touched on disk.
    ///
    /// This session's cells are stored under the name `session`.
    public init(_ location: Location, session: String) {
        self.location = location
        self.session = session
    }

    deinit {
        guard case .ephemeral = location, let folder = state.withLock({ $0.models }) else { return }
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

    /// Returns the database, made when needed.
    public func store() throws(Diagnostic) -> Store {
        if let store = state.withLock({ $0.store }) { return store }
        let store: Store
        switch location {
        case .ephemeral: store = try Store()
        case .folder(let folder):
            try Workspace.makeFolder(folder)
            store = try Store(path: folder + "/fettle.sqlite")
        }
        let waiting = state.withLock { state in
            state.store = store
            defer { state.waiting = [] }
            return state.waiting
        }
        for cell in waiting {
            let id = try store.beginCell(
                session: session,
                source: cell.source,
                startedAt: cell.startedAt
            )
            try store.finishCell(
                id,
                outcome: cell.outcome,
                output: cell.output,
                duration: cell.duration
            )
        }
        return store
    }

    /// Returns the folder of the weights, made when needed.
    public func modelsFolder() throws(Diagnostic) -> String {
        switch location {
        case .folder(let folder):
            try Workspace.makeFolder(folder + "/models")
            return folder + "/models"
        case .ephemeral:
            if let folder = state.withLock({ $0.models }) { return folder }
            let folder = NSTemporaryDirectory() + "fettle-" + UUID().uuidString
            try Workspace.makeFolder(folder)
            state.withLock { $0.models = folder }
            return folder
        }
    }

    /// Stores a command before it runs; returns its number, or nil while there is no database yet.
    public func beginCell(_ source: String, startedAt: Int64) throws(Diagnostic) -> Int64? {
        guard let store = try existingStore() else { return nil }
        return try store.beginCell(session: session, source: source, startedAt: startedAt)
    }

    /// Stores a command's outcome; one that has no number is held until there is a database.
    ///
    /// `duration` is in milliseconds.
    public func finishCell(
        _ id: Int64?,
        source: String,
        startedAt: Int64,
        outcome: CellOutcome,
        output: String,
        duration: Int64
    ) throws(Diagnostic) {
        let store = state.withLock { $0.store }
        switch (id, store) {
        case (let id?, let store?):
            try store.finishCell(id, outcome: outcome, output: output, duration: duration)
        case (nil, let store?):
            let id = try store.beginCell(session: session, source: source, startedAt: startedAt)
            try store.finishCell(id, outcome: outcome, output: output, duration: duration)
        default:
            let cell = Cell(
                source: source,
                startedAt: startedAt,
                outcome: outcome,
                output: output,
                duration: duration
            )
            state.withLock { $0.waiting.append(cell) }
        }
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
                "the folder '\(path)' cannot be made: \(error.localizedDescription)",
                hints: [
                    "name another place with --workspace DIR, or keep nothing with --ephemeral"
                ]
            )
        }
    }
}
