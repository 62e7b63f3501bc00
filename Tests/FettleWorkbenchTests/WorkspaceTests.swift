import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Testing

struct WorkspaceTests {
    private static let cells =
        "SELECT id, session, source, startedAt, outcome, output, duration FROM cell"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func make(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: folder.file(name),
            withIntermediateDirectories: true
        )
        return folder.file(name)
    }

    @Test func theNearestFolderUpwardsIsFound() throws {
        let deep = try make("a/b/c")
        #expect(Workspace.folder(for: deep) == deep + "/.fettle")
        let top = try make(".fettle")
        #expect(Workspace.folder(for: deep) == top)
        let near = try make("a/b/.fettle")
        #expect(Workspace.folder(for: deep) == near)
        #expect(Workspace.folder(for: folder.file("a")) == top)
        _ = FileManager.default.createFile(atPath: deep + "/.fettle", contents: nil)
        #expect(Workspace.folder(for: deep) == near)
    }

    @Test func nothingIsMadeBeforeItIsNeeded() throws {
        let path = folder.file(".fettle")
        let workspace = Workspace(.folder(path), session: "s")
        #expect(try workspace.existingStore() == nil)
        let place = try workspace.beginCell("rows", startedAt: 1)
        #expect(place == .waiting(0))
        try workspace.finishCell(place, outcome: .failed, output: "no", duration: 2)
        #expect(try ModelLibrary(workspace).models().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func heldCellsAreWrittenWithTheDatabase() throws {
        let path = folder.file(".fettle")
        let workspace = Workspace(.folder(path), session: "s")
        for (index, source) in ["rows", "stats"].enumerated() {
            let place = try workspace.beginCell(source, startedAt: Int64(index))
            #expect(place == .waiting(index))
            try workspace.finishCell(
                place,
                outcome: index == 0 ? .succeeded : .failed,
                output: "o\(index)",
                duration: 2
            )
        }
        let tune = try workspace.beginCell("tune", startedAt: 5)
        _ = try workspace.store()
        #expect(
            try Samples.rows("SELECT outcome, output, duration FROM cell WHERE id = 3", in: path)
                == [["running", "", "null"]]
        )
        try workspace.finishCell(tune, outcome: .cancelled, output: "", duration: 9)
        let place = try workspace.beginCell("models", startedAt: 7)
        #expect(place == .stored(4))
        try workspace.finishCell(place, outcome: .succeeded, output: "m", duration: 1)
        #expect(
            try Samples.rows(Self.cells, in: path) == [
                ["1", "s", "rows", "0", "succeeded", "o0", "2"],
                ["2", "s", "stats", "1", "failed", "o1", "2"],
                ["3", "s", "tune", "5", "cancelled", "", "9"],
                ["4", "s", "models", "7", "succeeded", "m", "1"],
            ]
        )
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o700)
        let again = Workspace(.folder(path), session: "t")
        #expect(try again.existingStore()?.recentSources(limit: 1) == ["models"])
    }

    @Test func aDatabaseMadeByAnotherProcessTakesTheWaitingCells() throws {
        let path = folder.file(".fettle")
        let workspace = Workspace(.folder(path), session: "s")
        let rows = try workspace.beginCell("rows", startedAt: 1)
        let other = Workspace(.folder(path), session: "t")
        _ = try other.store()
        #expect(try other.beginCell("models", startedAt: 2) == .stored(1))
        try workspace.finishCell(rows, outcome: .failed, output: "no", duration: 3)
        #expect(try workspace.beginCell("stats", startedAt: 4) == .stored(3))
        #expect(
            try Samples.rows(Self.cells, in: path) == [
                ["1", "t", "models", "2", "running", "", "null"],
                ["2", "s", "rows", "1", "failed", "no", "3"],
                ["3", "s", "stats", "4", "running", "", "null"],
            ]
        )
    }

    @Test func anInteractiveSessionIsNotedWithTheDatabase() throws {
        let path = folder.file(".fettle")
        let interactive = Workspace(.folder(path), session: "s", isInteractive: true)
        let place = try interactive.beginCell("load a.csv", startedAt: 1)
        try interactive.finishCell(place, outcome: .succeeded, output: "", duration: 2)
        #expect(!FileManager.default.fileExists(atPath: path))
        _ = try interactive.store()
        let script = Workspace(.folder(path), session: "t")
        let store = try script.store()
        let unfinished = try store.unfinishedSessions()
        #expect(unfinished.map(\.id) == ["s"])
        #expect(unfinished.map(\.process) == [ProcessIdentity.current.text])
        #expect(unfinished.map { $0.commands.map(\.source) } == [["load a.csv"]])
        try store.endSession("s", at: 9)
        #expect(try store.unfinishedSessions().isEmpty)
    }

    @Test func anEphemeralWorkspaceLeavesNothing() throws {
        var models = ""
        do {
            let workspace = Workspace(.ephemeral, session: "s")
            models = try workspace.modelsFolder()
            #expect(try workspace.modelsFolder() == models)
            #expect(FileManager.default.fileExists(atPath: models))
            _ = FileManager.default.createFile(atPath: models + "/a.model", contents: Data([1]))
            #expect(try workspace.store().models().isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: models))
    }

    @Test func aFolderThatCannotBeMadeIsAnError() throws {
        let file = folder.file("file")
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        let workspace = Workspace(.folder(file + "/.fettle"), session: "s")
        let error = diagnostic { _ = try workspace.store() }
        #expect(error?.code == "workspace-write")
        #expect(error?.message.hasPrefix("the folder '\(file)/.fettle' cannot be made: ") == true)
        #expect(
            error?.hints
                == ["name another place with --workspace DIR, or keep nothing with --ephemeral"]
        )
    }
}
