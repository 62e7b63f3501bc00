import Foundation
import Testing

@testable import FettleShell

/// `note`: what the user writes down about rows.
struct NoteCommandTests {
    @Test func noteIsShownWhereTheRowIsOpened() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        let result = await shell.run(
            """
            tune ngram on d n_epochs=1 as m
            note "reads like sarcasm" row=7
            row 7
            errors m on d row=7 limit=1
            row 8
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("noted of row 7 of d\n"), "\(result.output)")
        let shown = result.output.components(separatedBy: "note: reads like sarcasm\n")
        #expect(shown.count == 3, "\(result.output)")
        #expect(shown[0].contains("number 6 was") && shown[1].contains("Nearest rows of d:"))
        #expect(shown[2].contains("number 7 was"))
    }

    @Test func noteGoesWithTheRowOfTheSource() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            note "seventh" row=7
            note "ninth of all" row=9
            where label == "good" as good
            note on good
            load '\(folder.path)/d.csv' as again
            shuffle seed=3
            note
            concat d again as both
            note on both
            note "in both" row=7 on both
            note on both
            note on d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        // Odd rows are the good ones: the 7th is the 4th of them, the 9th the 5th.
        #expect(
            result.output.contains(
                """
                #  note
                ─  ────────────
                4  seventh
                5  ninth of all

                """
            ),
            "\(result.output)"
        )
        #expect(result.output.contains("no row of both has a note: note \"…\" row=17\n"))
        #expect(result.output.contains("7  in both\n"))
        #expect(result.output.components(separatedBy: "seventh\n").count == 4)
    }

    @Test func noteIsReplacedAndTakenAway() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        let result = await shell.run(
            """
            note one row=2
            note "two\\u{1B}[31m words" row=2
            note row=2 --remove
            note
            """
        )
        #expect(
            result.output == """
                noted of row 2 of d
                noted of row 2 of d; it was "one"
                the note of row 2 of d is taken away: "two\\u001b[31m words"
                no row of d has a note: note "…" row=17

                """,
            "\(result.output)"
        )
    }

    @Test(arguments: [
        ("note hello", "error[missing-argument]: 'note' needs row=, the number of the row\n"),
        ("note row=2", "error[missing-argument]: 'note row=' needs a text, or --remove\n"),
        (
            "note hello row=2 --remove",
            "error[unexpected-word]: '--remove' takes a note away, and 'hello' is a new one\n"
        ),
        ("note row=2 --remove", "error[no-row]: row 2 of d has no note\n"),
        ("note hello row=201", "error[no-row]: no row 201 in 'd', which has 200 rows\n"),
        ("note ' ' row=2", "error[bad-value]: the note is empty, expected a text\n"),
    ])
    func whatIsNoNoteIsRefused(line: String, message: String) async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
    }
}
