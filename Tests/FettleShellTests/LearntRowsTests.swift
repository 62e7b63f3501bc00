import Testing

@testable import FettleShell

/// Models that are judged on rows that they have learnt.
struct LearntRowsTests {
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        await shell.run("split 60/40 seed=2\ntune ngram on d.train n_epochs=1 as m")
        return shell
    }

    @Test(arguments: [
        "evaluate m on d", "compare majority m on d", "calibrate m on d", "plot confusion m on d",
        "plot reliability m on d", "plot rejection m on d", "plot comparison majority m on d",
    ])
    func someOfTheJudgedRowsWereLearnt(line: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(line)
        let shown = (result.output + result.errors).replacing("\n", with: " ")
        #expect(
            shown.contains(
                "'m' was tuned on 120 of the 200 rows of 'd', in 'd.train': the figures are too good; judge it on "
                    + "rows that it has not seen"
            ),
            "\(result)"
        )
    }

    @Test(arguments: [
        ("evaluate m on d.test", ""), ("evaluate m on other", ""),
        ("concat d.test d.test as both; evaluate m on both", ""),
        ("use d.test; where extra > 2 as few; evaluate m on few", ""),
        (
            "use d.train; where extra > 2 as few; evaluate m on few",
            "was tuned on 75 of the 75 rows of 'few'"
        ),
        (
            "evaluate m on d.train",
            "'m' was tuned on 'd.train': the figures say how well it remembers"
        ),
    ])
    func onlyRowsOfTheSameLoadCount(line: String, warning: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let file = try folder.write(
            SmallData.csv + "last one was warm and fine,good,1\n",
            to: "o.csv"
        )
        await shell.run("load \(file) as other\nformat like=d\nuse d")
        let result = await shell.run(line)
        #expect(result.status == .success, "\(result.errors)")
        let shown = (result.output + result.errors).replacing("\n", with: " ")
        #expect(shown.contains("was tuned on") == !warning.isEmpty, "\(shown)")
        #expect(warning.isEmpty || shown.contains(warning), "\(shown)")
    }
}
