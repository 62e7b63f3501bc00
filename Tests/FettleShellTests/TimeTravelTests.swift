import FettleCore
import FettleData
import FettleWorkbench
import Testing

@testable import FettleShell

/// `undo` and `redo` of datasets, formats and variables.
struct TimeTravelTests {
    /// What a session's datasets are, for comparing.
    static func state(_ shell: TestShell) -> [String] {
        let library = shell.session.library
        return ["current \(library.current ?? "none")"]
            + library.datasets.sorted { $0.name < $1.name }.map { dataset in
                "\(dataset.name) \(dataset.fingerprint) \(dataset.frame.count) "
                    + (dataset.format.map { "\($0.json)" } ?? "no format")
            }
    }

    @Test(arguments: [
        "where label == 'good'",
        #"format prompt="{{text}}" completion="{{extra}}""#,
        "drop extra",
        "drop --dataset d",
        "load FOLDER/d.csv as again",
        "split 80/20 seed=1",
        "sample 20 seed=2 as few",
        "rows | where extra == 3 as threes",
    ])
    func undoAndRedoGoBackAndForth(line: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let line = line.replacing("FOLDER", with: folder.path)
        let before = Self.state(shell)
        var result = await shell.run(line)
        #expect(result.status == .success, "\(result.errors)")
        let after = Self.state(shell)
        #expect(after != before)
        result = await shell.run("undo")
        #expect(Self.oneLine(result.output).hasPrefix("undone: \(line) "))
        #expect(Self.state(shell) == before)
        result = await shell.run("redo")
        #expect(Self.oneLine(result.output).hasPrefix("redone: \(line) "))
        #expect(Self.state(shell) == after)
    }

    @Test func undoSaysWhereItCameTo() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        let result = await shell.run("where label == 'good'; undo")
        #expect(
            result.output == """
                d: 100 of 200 rows, version 2
                undone: where label == 'good'
                d: 200 rows, version 1

                """
        )
    }

    @Test func nothingIsLeftToUndoBeforeTheFirstChange() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        let result = await shell.run("undo; undo; undo")
        #expect(result.status == .failure)
        #expect(result.output.hasSuffix("no dataset is loaded\n"))
        #expect(
            result.errors == """
                error[nothing-to-undo]: there is no change of a dataset, format, variable or setting to take back
                    1 | undo; undo; undo
                      |             ^^^^
                  hint: files, models and jobs are not undone

                """
        )
    }

    @Test func anotherChangeEndsWhatCouldBeRedone() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        let result = await shell.run("where extra == 3; undo; drop extra; redo")
        #expect(result.status == .failure)
        #expect(
            result.errors.hasPrefix("error[nothing-to-redo]: there is no change to make again\n")
        )
        #expect(try shell.session.library.dataset(nil).frame.columnNames == ["text", "label"])
    }

    @Test func looksAreNoChanges() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("where extra == 3; rows 1; stats; use d; check; let a = 1; let a = 1")
        #expect(await shell.run("undo").output == "undone: let a = 1\na is not set\n")
        let result = await shell.run("undo")
        #expect(result.output.hasPrefix("undone: where extra == 3\n"))
    }

    @Test func variablesAreUndoneInTheirTurn() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("let a = 1; where extra == 3; let a = 'b c'")
        #expect(await shell.run("undo").output == "undone: let a = 'b c'\na is 1\n")
        #expect(
            await shell.run("undo").output == "undone: where extra == 3\nd: 200 rows, version 1\n"
        )
        #expect(await shell.run("redo").output.hasPrefix("redone: where extra == 3\nd: "))
        #expect(await shell.run("redo").output == "redone: let a = 'b c'\na is \"b c\"\n")
        await shell.run("undo; undo; undo")
        #expect(shell.session.variables.isEmpty)
    }

    @Test func whatStaysIsSaid() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("where label == 'good'; rows > /dev/null; !true")
        #expect(
            await shell.run("undo").output == """
                what 'rows > /dev/null' wrote stays
                what '!true' did stays
                undone: where label == 'good'
                d: 200 rows, version 1

                """
        )
        #expect(await shell.run("redo; undo").output.contains("stays") == false)
    }

    /// A note's text, whose lines are broken at the width.
    private static func oneLine(_ text: String) -> String {
        text.replacing("\n", with: " ")
    }

    @Test func scriptIsOneChange() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let before = Self.state(shell)
        let script = try folder.write(
            "where extra < 4\ndrop extra\nundo\nshuffle seed=4\n",
            to: "a.fettle"
        )
        var result = await shell.run("run \(script)")
        #expect(result.status == .success, "\(result.errors)")
        #expect(try shell.session.library.dataset(nil).frame.columnNames.count == 3)
        result = await shell.run("undo")
        #expect(Self.oneLine(result.output).hasPrefix("undone: run \(script) "))
        #expect(Self.state(shell) == before)
        let greedy = try folder.write("undo\n", to: "b.fettle")
        result = await shell.run("run \(greedy)")
        #expect(result.errors.hasPrefix("error[nothing-to-undo]: "))
        #expect(Self.state(shell) == before)
    }

    @Test func failedChangeCannotBeUndone() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("where extra == 3")
        await shell.run("where nonsense == 3")
        let result = await shell.run("undo")
        #expect(result.output.hasPrefix("undone: where extra == 3\n"))
    }
}
