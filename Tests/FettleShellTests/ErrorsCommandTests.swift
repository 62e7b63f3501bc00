import FettleCore
import FettleData
import FettleWorkbench
import Testing

@testable import FettleShell

/// `errors`, and rows dropped and relabelled by what it found.
struct ErrorsCommandTests {
    /// A shell with a dataset `d` of which rows 3 and 8 are labelled wrongly, and the model `mine` of the others.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        let words = ["bright fine", "dull poor"]
        var text = "text,label\n"
        for row in 1...40 {
            let isGood = row % 2 == 1
            let label = isGood != [3, 8].contains(row) ? "good" : "bad"
            text += "number \(row) was \(words[isGood ? 0 : 1]),\(label)\n"
        }
        let file = try folder.write(text, to: "d.csv")
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(file)
            \(SmallData.format)
            drop rows=3,8 as clean
            tune ngram on clean n_epochs=3 as mine --no-check
            use d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func wrongRowsKeepTheirNumbers() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("errors mine on d sort=row")
        #expect(result.errors == "")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "mine on d: 2 of 40 rows are wrong")
        #expect(
            lines[1].split(separator: " ") == [
                "#", "true", "predicted", "p", "p", "true", "prompt",
            ]
        )
        #expect(lines[3].split(separator: " ").prefix(3) == ["3", "bad", "good"])
        #expect(lines[4].split(separator: " ").prefix(3) == ["8", "good", "bad"])
        #expect(lines[5] == "open one: errors mine on d row=3")
    }

    @Test func rowsOfOneConfusionAreShown() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let one = await shell.run("errors mine on d true=bad pred=good")
        #expect(
            one.output.hasPrefix("mine on d: 1 of 40 rows is wrong, true bad, predicted good\n")
        )
        let none = await shell.run("errors mine on clean")
        #expect(none.output == "mine on clean: 0 of 38 rows are wrong\n")
    }

    @Test func pipeGetsTheRowsWithTheirNumbers() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(
            "errors mine on d sort=row | select row label prediction | as csv"
        )
        #expect(result.output == "row,label,prediction\n3,bad,good\n8,good,bad\n")
        let limited = await shell.run("errors mine on d sort=row limit=1 | select row | as csv")
        #expect(limited.output == "row\n3\n")
    }

    @Test func openRowShowsLabelsEvidenceAndNearestTrainingRows() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("errors mine on d row=3 limit=2")
        #expect(result.errors == "")
        let parts = [
            "Prompt:\nnumber 3 was bright fine ->\nPredicted: \" good\"\nTruth: \" bad\"\nProbabilities:\n",
            "\nFor \" good\" against \" bad\":\n", "\nhow common both are ",
            "\nNearest rows of clean:\n",
        ]
        var rest = result.output[...]
        for part in parts {
            let range = rest.firstRange(of: part)
            #expect(range != nil, "\(part)\n\(result.output)")
            if let range { rest = rest[range.upperBound...] }
        }
        // Two completions, two n-grams for the answer, and two training rows.
        #expect(result.output.contains("bright fine "))
        #expect(rest.split(separator: "\n").count == 4)
    }

    @Test func nearestRowsWantTheTrainingDatasetAsItWas() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("use clean; drop rows=1; use d")
        let result = await shell.run("errors mine on d row=3")
        #expect(
            result.output.hasSuffix(
                "no nearest rows: 'clean' is not loaded as it was in training\n"
            )
        )
    }

    @Test func rowsAreDroppedAndBroughtBack() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let dropped = await shell.run("errors mine on d as odd; use d; drop rows=odd")
        #expect(dropped.errors == "")
        #expect(dropped.output.hasSuffix("d: 38 of 40 rows, version 2\n"))
        #expect(shell.session.library.datasets.first?.recipe.last == "drop rows=3,8")
        await shell.run("undo")
        #expect(shell.session.library.datasets.first?.frame.count == 40)
    }

    @Test func rowsAreRelabelledByNumber() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("relabel label bad=good rows=3; relabel label good=bad rows=8")
        #expect(result.errors == "")
        let check = await shell.run("errors mine on d")
        #expect(check.output == "mine on d: 0 of 40 rows are wrong\n")
    }

    @Test(arguments: [
        (
            "errors mine on d true=ugly",
            """
            error[unknown-value]: 'true' is 'ugly', which is no completion of 'mine' or the rows
                1 | errors mine on d true=ugly
                  |                       ^^^^
              hint: completions: bad, good

            """
        ),
        (
            "errors mine on d row=41",
            """
            error[no-row]: no row 41 in 'd', which has 40 rows
                1 | errors mine on d row=41
                  |                      ^^
              hint: rows count from 1

            """
        ),
        (
            "errors mine on d limit=0",
            """
            error[bad-value]: 'limit' is '0', expected a whole number of at least 1
                1 | errors mine on d limit=0
                  |                        ^

            """
        ),
        (
            "drop rows=41",
            """
            error[no-row]: no row 41 among 40 rows
                1 | drop rows=41
                  |           ^^
              hint: rows count from 1

            """
        ),
        (
            "drop rows=3;4",
            """
            error[unknown-command]: no command '4'
                1 | drop rows=3;4
                  |             ^
              hint: 'help' lists the commands

            """
        ),
        (
            "drop rows=-1",
            """
            error[bad-value]: 'rows' is '-1', expected numbers of rows such as 3,17,40-60, or a dataset that \
            names them
                1 | drop rows=-1
                  |           ^^

            """
        ),
        (
            "drop rows=clean",
            """
            error[unknown-column]: 'clean' has no column 'row' with the numbers of rows
                1 | drop rows=clean
                  |           ^^^^^
              hint: 'errors MODEL on DATASET as NAME' and 'noise DATASET as NAME' make one

            """
        ),
        (
            "drop label rows=3",
            """
            error[missing-argument]: 'drop' takes one of columns and rows=
                1 | drop label rows=3
                  |                 ^
              hint: synopsis: drop [NAMES…] [rows=TEXT] [--dataset] [as NAME]

            """
        ),
        (
            "relabel label rows=3",
            """
            error[missing-argument]: 'relabel' needs OLD=NEW for these rows
                1 | relabel label rows=3
                  |                    ^
              hint: only a dataset that 'noise' made suggests values

            """
        ),
        (
            "relabel label good=bad rows=3",
            """
            error[unknown-value]: column 'label' has no value 'good' in the rows named
                1 | relabel label good=bad rows=3
                  |               ^^^^
              hint: values: bad

            """
        ),
    ])
    func badInputIsExplained(line: String, errors: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        #expect(await shell.run(line).errors == errors)
    }

    @Test func findingsOfAnotherDatasetAreRefused() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("errors mine on d as odd; use clean; drop rows=odd")
        #expect(
            result.errors.hasPrefix(
                "error[rows-differ]: row 8 of 'clean' is not the one that 'odd' speaks of: its 'text' is another\n"
            )
                || result.errors.hasPrefix(
                    "error[rows-differ]: row 3 of 'clean' is not the one that 'odd' speaks of: its 'text' is another\n"
                ),
            "\(result.errors)"
        )
        let gone = await shell.run("use odd; drop rows=odd")
        #expect(gone.errors.hasPrefix("error[no-row]: 'odd' names row "), "\(gone.errors)")
    }

    @Test func emptyDatasetAndMissingColumnAreExplained() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let empty = await shell.run("where text == \"\" as none; errors mine on none")
        #expect(
            empty.errors.hasPrefix("error[no-rows]: there are no rows to judge\n"),
            "\(empty.errors)"
        )
        let missing = await shell.run("use d; drop label as unlabelled; errors mine on unlabelled")
        #expect(
            missing.errors.hasPrefix(
                "error[unknown-column]: no column 'label' in 'unlabelled', which the format's completion names\n"
            ),
            "\(missing.errors)"
        )
    }
}
