import FettleData
import FettleWorkbench
import Testing

@testable import FettleShell

/// `check`, and the checks before training and export.
struct CheckCommandTests {
    /// Rows with a fault for nearly every check.
    private static let faulty: String = {
        var text = "PROMPT,label,Other Column,none\n"
        for row in 0..<60 { text += "number \(row) is \(row % 3 == 0 ? "X" : "y"),good,\(row),\n" }
        for row in 0..<40 { text += "thing \(row) of \(row * 7),bad,\(row),\n" }
        text += "number 1 is y,good,1,\n"  // repeated
        text += "number 2 is y,bad,1,\n"  // contradictory
        text += ",good,2,\n"  // no prompt
        text += "no label,,3,\n"
        text += "strange,odd,4,\n"  // rare
        return text
    }()

    private static func shell(
        _ folder: TemporaryFolder,
        format: String = #"format prompt="{{PROMPT}}" completion="{{label}}""#
    ) async throws -> TestShell {
        let file = try folder.write(faulty, to: "d.csv")
        var shell = TestShell()
        let result = await shell.run("load \(file)\n\(format)")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    private static func fixes(_ output: String) -> [String] {
        output.split(separator: "\n").filter { $0.hasPrefix("   fix: ") }.map {
            String($0.dropFirst(8))
        }
    }

    @Test func findingsAreNumberedWithRowsAndFixes() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("check")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("1. error") == true, "\(result.output)")
        let numbers = lines.compactMap { $0.prefixMatch(of: /(\d+)\.\ /).flatMap { Int($0.1) } }
        #expect(numbers == Array(1...numbers.count))
        #expect(lines.contains { $0.hasPrefix("   rows     ") })
        #expect(!Self.fixes(result.output).isEmpty)
        for code in ["duplicate-rows", "contradictory-labels", "empty-prompt", "empty-completion"] {
            #expect(result.output.contains("[\(code)]"), "\(code)")
        }
    }

    /// Every fix line runs as it is printed, alone, on the dataset that was checked.
    @Test(arguments: [
        #"format prompt="{{PROMPT}}" completion="{{label}}""#,
        #"format prompt="It's \"{{PROMPT}}\"" completion="{{label}}""#,
        #"format prompt="{{Other Column}} {{none}}" completion="{{label}}.""#,
        #"format prompt="{{PROMPT}}\n\n###\n\n" completion=" it is {{label}} END""#,
        #"format chat system="Judge." user="{{PROMPT}}" assistant="{{label}}""#,
    ])
    func everyFixIsACommandThatRuns(format: String) async throws {
        let folder = try TemporaryFolder()
        let shell = try await Self.shell(folder, format: format)
        var checking = shell
        let result = await checking.run("check")
        #expect(result.status == .success, "\(result.errors)")
        for fix in Self.fixes(result.output) {
            var copy = shell
            let result = await copy.run(fix)
            #expect(result.status == .success, "\(fix): \(result.errors)")
        }
    }

    @Test func fixIsAppliedAsRecipeSteps() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let before = try shell.session.library.dataset(nil)
        var result = await shell.run("check --fix --all")
        #expect(result.status == .success, "\(result.errors)")
        let applied = result.output.split(separator: "\n").filter { $0.hasPrefix("applied: ") }
            .map { String($0.dropFirst(9)) }
        let after = try shell.session.library.dataset(nil)
        #expect(after.version == 2)
        #expect(
            after.recipe == before.recipe + applied.filter { !$0.hasPrefix("format ") }
        )
        #expect(applied.contains { $0.hasPrefix("format ") })
        for code in [
            "empty-prompt", "empty-completion", "duplicate-rows", "contradictory-labels",
            "prompt-separator", "completion-space", "rare-classes", "extra-columns",
        ] {
            #expect(!result.output.contains("[\(code)]"), "\(code) is left: \(result.output)")
        }
        #expect(after.frame.columnNames == ["PROMPT", "label"])
        // By hand the same.
        var other = try await Self.shell(folder)
        for line in applied { result = await other.run(line) }
        #expect(result.status == .success, "\(result.errors)")
        #expect(TimeTravelTests.state(other) == TimeTravelTests.state(shell))
        result = await shell.run("check --fix --all")
        #expect(result.output == "'d' has no fault that a fix would mend\n")
    }

    @Test(arguments: ["tune ngram on d as m", "export to FOLDER/o.jsonl"])
    func errorsStopAndCanBeOverridden(line: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("where label == 'good' as d")
        let line = line.replacing("FOLDER", with: folder.path)
        var result = await shell.run(line)
        #expect(result.status == .failure)
        #expect(result.errors.hasPrefix("error[identical-texts]: 'd': all "), "\(result.errors)")
        #expect(result.errors.contains("  hint: 'check d' lists all findings; --no-check goes on"))
        #expect(try folder.names == ["d.csv"])
        guard line.hasPrefix("export") else { return }
        result = await shell.run(line + " --no-check")
        #expect(result.status == .success, "\(result.errors)")
        #expect(try folder.names == ["d.csv", "o.jsonl"])
    }

    @Test func fixesOfAnotherDatasetSaySo() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        await shell.run("sample 10 seed=1 as few")
        let result = await shell.run("check d")
        #expect(result.output.hasSuffix("\nfixes change the current dataset: first 'use d'\n"))
    }

    @Test func cleanDataHasNothingToMend() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        await shell.run("drop extra")
        let result = await shell.run("check > \(folder.path)/f.json")
        #expect(result.status == .success, "\(result.errors)")
        let text = try Files.text(folder.path + "/f.json")
        #expect(!text.contains("\"error\"") && !text.contains("\"warning\""), "\(text)")
    }
}
