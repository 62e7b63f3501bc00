import FettleCore
import FettleNotebook
import FettleStore
import FettleWorkbench
import Synchronization
import Testing

@testable import FettleShell

/// What a user sees the end of is stored already, since the process may be killed the moment after.
struct AcknowledgementTests {
    /// A text that was written, and what was stored of the command when it was.
    private struct Written: Equatable {
        var text: String
        var outcome: String
        var stored: String
    }

    private let folder: TemporaryFolder
    private let written: Mutexed
    private var shell: Shell

    private final class Mutexed: Sendable {
        private let state = Mutex<[Written]>([])
        var all: [Written] { state.withLock { $0 } }
        func add(_ one: Written) { state.withLock { $0.append(one) } }
        func clear() { state.withLock { $0 = [] } }
    }

    init() async throws {
        folder = try TemporaryFolder()
        try folder.write("a\n1\n2\n3\n", to: "few.csv")
        let workspace = Workspace(.folder(folder.path + "/.fettle"), session: "s")
        let written = Mutexed()
        self.written = written
        let note: @Sendable (String) -> Void = { text in
            let cell = (try? workspace.existingStore()?.notebookCells(session: "s"))??.last
            written.add(
                Written(
                    text: text,
                    outcome: cell?.cell.outcome.rawValue ?? "none",
                    stored: cell?.output ?? ""
                )
            )
        }
        shell = Shell(
            services: Services(
                workspace: workspace,
                clock: .fixed(at: ScriptChecker.moment),
                surroundings: Surroundings(
                    environment: [:],
                    standardInputIsData: false,
                    width: { 80 },
                    runShell: { _, _ in 0 }
                ),
                progress: .silent
            ),
            output: Shell.Output(
                write: note,
                writeError: note,
                renderer: { PlainRenderer(width: $0.width ?? 80) },
                diagnostics: { _ in DiagnosticRenderer(width: 80, colour: false) }
            ),
            interrupts: Interrupts()
        )
        _ = await shell.run(SourceText(text: "load '\(folder.path)/few.csv'"))
    }

    @Test(arguments: ["rows 2", "stats", "rows | as json", "let b = 1; vars", "where a > 1"])
    func outcomeAndOutputAreStoredBeforeTheOutputIsShown(line: String) async throws {
        written.clear()
        var shell = shell
        #expect(await shell.run(SourceText(text: line)) == .success)
        let last = try #require(written.all.last)
        #expect(written.all == [Written(text: last.text, outcome: "succeeded", stored: last.text)])
        #expect(!last.text.isEmpty)
    }

    @Test func fileIsSaidToBeWrittenOnceThatIsStored() async throws {
        written.clear()
        var shell = shell
        let file = folder.path + "/out.csv"
        #expect(await shell.run(SourceText(text: "rows > '\(file)'")) == .success)
        let note = "wrote 3 rows to \(file)\n"
        #expect(written.all == [Written(text: note, outcome: "succeeded", stored: note)])
    }

    @Test func errorIsStoredBeforeItIsShown() async throws {
        written.clear()
        var shell = shell
        #expect(await shell.run(SourceText(text: "where nope == 1")) == .failure)
        let last = try #require(written.all.last)
        #expect(written.all == [Written(text: last.text, outcome: "failed", stored: last.text)])
        #expect(last.text.hasPrefix("error[unknown-column]: "))
    }

    @Test func whatComesWhileACommandRunsIsShownAtOnce() async throws {
        written.clear()
        var shell = shell
        try folder.write("rows 1\nrows 2\n", to: "a.fettle")
        #expect(await shell.run(SourceText(text: "run '\(folder.path)/a.fettle'")) == .success)
        #expect(written.all.map(\.outcome) == ["running", "running"])
        #expect(written.all.map(\.stored) == ["", ""])
    }
}
