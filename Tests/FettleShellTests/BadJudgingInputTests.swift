import Foundation
import Testing

@testable import FettleShell

/// The commands that judge, on rows that they can say nothing about.
struct BadJudgingInputTests {
    /// A shell with the models `m` and `m2`, and datasets without rows, of one class, and without a column.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            tune ngram on d n_epochs=1 as m
            tune ngram on d n_epochs=2 as m2
            rows d | where text == "none" as nothing
            rows d | where label == "good" as goods
            rows d | drop label as bare
            rows d | drop text as mute
            use d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test(arguments: [
        ("evaluate m on nothing", "error[no-rows]: there are no rows to judge\n"),
        ("compare m m2 on nothing", "error[no-rows]: there are no rows to judge\n"),
        ("errors m on nothing", "error[no-rows]: there are no rows to judge\n"),
        ("calibrate m on nothing", "error[no-rows]: there are no rows to judge\n"),
        ("noise nothing", "error[no-rows]: 'nothing' has no row with a completion to look at\n"),
        (
            "suggest 3 from nothing with m",
            "error[no-rows]: 'nothing' has no rows to suggest any of\n"
        ),
        (
            "rate m m2 on nothing answers=1",
            "error[no-examples]: 'nothing' has no rows to judge answers on\n"
        ),
        (
            "calibrate m on goods",
            "error[one-class]: 100 rows with a completion that the model knows, all ' good', expected at least two "
                + "different ones\n"
        ),
        (
            "noise goods",
            "error[one-class]: only one completion stands after more than one prompt, and to find wrong labels takes "
                + "two that do\n"
        ),
        (
            "tune ngram on goods class_weights=balanced --no-check",
            "error[one-class]: all 100 examples have the same completion ' good', and a model needs at least two to "
                + "choose from\n"
        ),
        (
            "errors m on goods show=all as odd; use d; drop rows=odd",
            "error[rows-differ]: row 53 of 'd' is not the one that 'odd' speaks of: its 'text' is another\n"
        ),
        (
            "errors m on goods show=all as odd; use d; relabel label good=bad rows=odd",
            "error[rows-differ]: row 53 of 'd' is not the one that 'odd' speaks of: its 'text' is another\n"
        ),
    ])
    func rowsThatSayNothingAreRefused(line: String, message: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
        #expect(result.status != .success)
    }

    @Test(arguments: [
        "evaluate m on bare", "compare m m2 on bare", "errors m on bare", "calibrate m on bare",
        "noise bare",
    ])
    func missingCompletionColumnIsNamed(line: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(line)
        #expect(
            result.errors.hasPrefix(
                "error[unknown-column]: no column 'label' in 'bare', which the format's completion names\n"
            ),
            "\(result.errors)"
        )
        #expect(result.errors.hasSuffix("hint: columns: text, extra\n"))
    }

    @Test(arguments: [
        "evaluate m on mute", "compare m m2 on mute", "errors m on mute", "calibrate m on mute",
        "predict m on mute", "rate m m2 on mute answers=1",
    ])
    func missingPromptColumnIsNamed(line: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(line)
        #expect(
            result.errors.hasPrefix(
                "error[unknown-column]: no column 'text' in 'mute', which the format's prompt names\n"
            ),
            "\(result.errors)"
        )
    }

    @Test func twoThousandClassesAreJudged() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        var text = "text,label\n"
        for row in 0..<4000 { text += "number \(row) was fine,class \(row % 2000)\n" }
        let file = try folder.write(text, to: "many.csv")
        let result = await shell.run(
            "load \(file) as many\nevaluate m on many\ncompare m m2 on many"
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("exact     0.0 %  (95 % from 0.0 % to 0.1 %)\n"))
        #expect(result.output.contains("\nthe 20 largest of 2,001 classes\n"), "\(result.output)")
        #expect(result.output.contains("m2 against m: 0.0 % → 0.0 % exact (+0.0 points)"))
    }
}
