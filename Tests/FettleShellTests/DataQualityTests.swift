import FettleCore
import FettleData
import FettleWorkbench
import Testing

@testable import FettleShell

/// `dedupe near=`, `mask`, `language()` and the thorough checks, as they are typed.
struct DataQualityTests {
    private static let rows = """
        text,label,n
        The parcel came late and the box was broken,bad,1
        Write to jane.doe@example.com or call +49 171 1234567,good,2
        "the parcel came late, and the box was broken!",bad,3
        Das Paket kam leider viel zu spät und war kaputt,bad,4
        The parcel came late and the box was broken,bad,5

        """

    private static func shell(
        _ folder: TemporaryFolder,
        format: Bool = true
    ) async throws -> TestShell {
        let file = try folder.write(rows, to: "d.csv")
        var shell = TestShell()
        let result = await shell.run("load \(file)" + (format ? "\n\(SmallData.format)" : ""))
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    /// The output with one blank for each stretch of blanks and line feeds.
    private static func unwrapped(_ output: String) -> String {
        output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func nearDuplicatesAreDroppedAndListed() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("dedupe near=0.8")
        #expect(
            result.output == """
                d: 3 of 5 rows, version 2
                dropped 2 rows at least 0.8 like an earlier one, in 1 cluster
                rows 1, 3, 5 (1.00)

                """
        )
        #expect(
            try shell.session.library.dataset(nil).recipe.last
                == "dedupe prompt='{{text}} ->' near=0.8"
        )
        #expect(
            shell.session.lastValue?.text()
                == #"{"near": 0.8, "dropped": 2, "clusters": [{"rows": [1, 3, 5], "least": 1}]}"#
        )
        let undone = await shell.run("undo")
        #expect(undone.output.hasSuffix("d: 5 rows, version 1\n"), "\(undone.output)")
    }

    @Test(arguments: [
        (
            "dedupe near=0.2",
            """
            error[bad-value]: 'near' is '0.2', expected a similarity from 0.5 to 1, such as 0.8
                1 | dedupe near=0.2
                  |             ^^^

            """
        ),
        (
            "dedupe near=0.8",
            """
            error[no-format]: 'd' has no format, whose prompts near= would compare
                1 | dedupe near=0.8
                  | ^^^^^^
              hint: name the columns to compare: dedupe on=title,body near=0.8
              hint: or set a format: format prompt="{{text}}" completion=" {{label}}"

            """
        ),
        (
            "dedupe on=texts near=0.8",
            """
            error[unknown-column]: no column 'texts'
                1 | dedupe on=texts near=0.8
                  |           ^^^^^
              hint: did you mean 'text'?
              hint: columns: text, label, n

            """
        ),
        (
            "mask n",
            """
            error[type-mismatch]: personal data is looked for in texts, found integer column 'n'
                1 | mask n
                  |      ^
              hint: make it a text first: derive n = text(n)

            """
        ),
        (
            "mask text kinds=mail,fone",
            """
            error[bad-value]: 'kinds' is 'fone', expected some of mail, phone, card, iban, ip, key
                1 | mask text kinds=mail,fone
                  |                      ^^^^

            """
        ),
        (
            "select n as m; mask",
            """
            error[type-mismatch]: 'm' has no column of texts to mask
                1 | select n as m; mask
                  |                ^^^^
              hint: 'columns' shows what its columns are

            """
        ),
        (
            "where language(n) == \"en\"",
            """
            error[type-mismatch]: 'language' wants a text, found integer column 'n'
                1 | where language(n) == "en"
                  |                ^
              hint: write text(n)

            """
        ),
    ])
    func badInputIsSaid(line: String, message: String) async throws {
        var shell = try await Self.shell(TemporaryFolder(), format: false)
        let result = await shell.run(line)
        #expect(result.errors == message)
        #expect(result.status != .success)
    }

    @Test func personalDataAreMaskedAndPutBack() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let masked = await shell.run("mask")
        #expect(
            masked.output == """
                d: 5 rows, version 2
                masked in 1 row of 'text': 1 mail address, 1 phone number

                """
        )
        #expect(try shell.session.library.dataset(nil).recipe.last == "mask text label")
        let row = await shell.run("where label == 'good' | select text | as csv")
        #expect(row.output == "text\nWrite to [mail] or call [phone]\n")
        await shell.run("undo")
        let again = await shell.run("mask text kinds=card")
        #expect(again.output == "no personal data was found; nothing is changed\n")
        #expect(try shell.session.library.dataset(nil).version == 1)
        let piped = await shell.run("mask text kinds=card | as csv")
        #expect(piped.output.hasPrefix("text,label,n\n"), "\(piped.errors)")
    }

    @Test func thoroughFindingsHaveRowsAndAFixThatRuns() async throws {
        let shell = try await Self.shell(TemporaryFolder())
        var checking = shell
        let result = await checking.run("check near=0.9")
        #expect(result.status == .success, "\(result.errors)")
        for line in [
            "[near-duplicates] 1 row has a prompt nearly the same as an earlier row's: 0.9 or more of their "
                + "shingles are the same, in 1 cluster",
            " rows 1 and 3: 1.00 alike",
            " fix: dedupe prompt='{{text}} ->' near=0.9",
            "[personal-data] 1 row has personal data in 'text': 1 mail address, 1 phone number",
            " row 2: 'Write to [mail] or call [phone]'", " fix: mask text",
            "[mixed-languages] 4 prompts are in 'en' and 1 in other languages: de 1",
            " fix: where language(coalesce(text, '')) in ['en', 'unknown']",
        ] {
            #expect(Self.unwrapped(result.output).contains(line), "\(line)\n\(result.output)")
        }
        #expect(!result.output.contains("jane.doe") && !result.output.contains("1234567"))
        for line in result.output.split(separator: "\n") where line.hasPrefix("   fix: ") {
            var copy = shell
            let fixed = await copy.run(String(line.dropFirst(8)))
            #expect(fixed.status == .success, "\(line): \(fixed.errors)")
        }
        let quick = await checking.run("check --quick")
        #expect(
            !quick.output.contains("[near-duplicates]") && quick.output.contains("[personal-data]")
        )
    }

    @Test func rowsNearThoseOfAnotherPartAreNamed() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let file = try folder.write(
            "text,label\nThe parcel came late. And the box was broken,bad\n",
            to: "t.csv"
        )
        await shell.run(
            "where n > 0 as d.train; load \(file) as d.test; use d.train; \(SmallData.format)"
        )
        let result = await shell.run("check")
        #expect(
            Self.unwrapped(result.output).contains(
                "[near-leak] 3 rows of 'd.train' have prompts nearly the same as in 'd.test': 0.8 or more of their "
                    + "shingles are the same"
            ),
            "\(result.output)\(result.errors)"
        )
        #expect(result.output.contains("   fix: drop rows=1,3,5\n"), "\(result.output)")
    }
}
