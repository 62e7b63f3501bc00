import FettleCore
import FettleEvaluation
import Foundation
import Testing

@testable import FettleShell

/// `rate`, with what is said given in the command.
struct RateCommandTests {
    /// A shell with a dataset `d` and two models on it that never agree, `alpha` and `omega`, and `twin`, which
    /// always agrees with `alpha`.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            tune ngram on d n_epochs=3 as alpha
            tune ngram on d n_epochs=3 as twin
            derive label = if(label == "good", "bad", "good") as turned
            tune ngram on turned n_epochs=3 as omega
            use d
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    /// The number of the row and the answer that stands first, of each question.
    private func questions(_ output: String) -> [(row: Int, upper: String)] {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.compactMap { place in
            guard lines[place].hasPrefix("Row "), lines[place].hasSuffix(":"),
                let row = Int(lines[place].dropFirst(4).prefix { $0.isNumber }),
                let upper = lines[place...].firstIndex(of: "1:")
            else { return nil }
            return (row, String(lines[upper + 1]))
        }
    }

    private func truth(of row: Int) -> String { row % 2 == 1 ? "good" : "bad" }

    @Test func namesAreHiddenAndTheOrderIsRandom() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let skips = Array(repeating: "skip", count: 40).joined(separator: ",")
        let result = await shell.run("rate alpha omega on d n=40 answers=\(skips)")
        #expect(result.status == .success, "\(result.errors)")
        let asked = questions(result.output)
        #expect(asked.count == 40)
        #expect(Set(asked.map(\.row)).count == 40)
        #expect(asked.map(\.row) != asked.map(\.row).sorted())
        let rightFirst = asked.count { $0.upper == truth(of: $0.row) }
        #expect((10...30).contains(rightFirst), "\(rightFirst)")
        let names = result.output.components(separatedBy: "alpha was better")
        #expect(!names[0].contains("alpha") && !names[0].contains("omega"), "\(names[0])")
        let again = try await Self.shell(TemporaryFolder())
        var other = again
        let repeated = await other.run("rate alpha omega on d n=40 answers=\(skips)")
        #expect(questions(repeated.output).map(\.row) == asked.map(\.row))
        #expect(questions(repeated.output).map(\.upper) == asked.map(\.upper))
        let seeded = await other.run("rate alpha omega on d n=40 seed=1 answers=\(skips)")
        #expect(questions(seeded.output).map(\.row) != asked.map(\.row))
    }

    @Test func whatIsSaidGoesToTheModelThatSaidIt() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let first = await shell.run("rate alpha omega on d n=8 answers=stop")
        #expect(
            first.output.contains(
                "no row was decided for either, which says nothing about which is better\n"
                    + "0 of up to 8 rows are rated and stored; the same command goes on\n"
            ),
            "\(first.output)"
        )
        // One by one, so that each answer can be chosen by what was shown.
        for place in 0..<8 {
            let shown = await shell.run("rate alpha omega on d n=8 answers=stop")
            let question = try #require(questions(shown.output).first)
            #expect(shown.output.contains(", \(place + 1) of up to 8:"))
            let better = question.upper == truth(of: question.row) ? "1" : "2"
            let said = place == 6 ? "neither" : place == 7 ? "skip" : better
            let result = await shell.run("rate alpha omega on d n=8 answers=\(said)")
            #expect(result.status == .success, "\(result.errors)")
        }
        let end = await shell.run("rate alpha omega on d n=8 answers=1,1,1")
        #expect(
            end.output == """
                alpha was better        6 rows
                omega was better        0 rows
                neither was             1 row
                skipped                 1 row
                same answer, not asked  0 rows
                alpha is better: preferred in 6 of 6 decided rows (100.0 %), p = 0.031, exact sign test

                """
        )
        let value = try #require(shell.session.lastValue)
        #expect(
            value.text()
                == #"{"first": "alpha", "second": "omega", "first_better": 6, "second_better": 0, "neither": 1, "#
                + #""skipped": 1, "same": 0, "p": \#(SignTest(first: 6, second: 0).p)}"#
        )
    }

    @Test func rowsWithTheSameAnswerAreCountedOnly() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("rate alpha twin on d n=5 answers=1")
        #expect(
            result.output == """
                alpha was better        0 rows
                twin was better         0 rows
                neither was             0 rows
                skipped                 0 rows
                same answer, not asked  200 rows
                no row was decided for either, which says nothing about which is better

                """
        )
    }

    @Test func languageModelsWriteOrChoose() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(
            """
            model add '\(Files.root)/samples/tiny-llama' as tiny
            rate tiny omega on d n=1 answers=2
            format prompt={{label}} completion=" {{text}}"
            use d
            sample 30 as few
            tune tiny on few n_epochs=1 as writer
            rate writer tiny on few n=2 max_tokens=4 answers=1,=
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("\nwriter was better "), "\(result.output)")
    }

    @Test func answersOfModelsAreMadeSafe() async throws {
        let folder = try TemporaryFolder()
        let csv =
            "text,label\n"
            + (0..<40).map { "w\($0 % 2) x\($0),\($0 % 2 == 0 ? "a\u{1B}[31m" : "b\u{202E}")\n" }
            .joined()
        let file = try folder.write(csv, to: "h.csv")
        var shell = TestShell()
        let result = await shell.run(
            """
            load '\(file)' as h
            format prompt="{{text}} ->" completion=" {{label}}"
            tune ngram on h n_epochs=3 --no-check as one
            derive text = replace(replace(replace(text, 'w0', 'w2'), 'w1', 'w0'), 'w2', 'w1') as turned
            tune ngram on turned n_epochs=3 --no-check as two
            rate one two on h n=3 answers=1,2,=
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("\n1:\n"))
        #expect(!result.output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }

    @Test(arguments: [
        (
            "rate alpha on d", "error[nothing-to-compare]: 'rate' judges two models, got 1\n"
        ),
        (
            "rate alpha alpha on d",
            "error[nothing-to-compare]: 'alpha' is named twice, and two models are judged\n"
        ),
        (
            "rate alpha ngram:ft-personal-2026-01-01-00-00-00 on d answers=1",
            "error[nothing-to-compare]: 'alpha' and 'ngram:ft-personal-2026-01-01-00-00-00' are the same model, and two "
                + "are judged\n"
        ),
        (
            "rate alpha omega on d answers=1,3",
            "error[bad-value]: 'answers' is '1,3', expected 1, 2, =, skip and stop with commas\n"
        ),
        (
            "rate alpha omega on d n=0 answers=1",
            "error[bad-value]: 'n' is '0', expected a whole number of at least 1\n"
        ),
        (
            "rate alpha omega on d",
            "error[no-terminal]: 'rate' asks about each row, and there is no terminal to ask at\n"
        ),
        (
            "where text == 'none' as nothing; rate alpha omega on nothing answers=1",
            "error[no-examples]: 'nothing' has no rows to judge answers on\n"
        ),
    ])
    func whatCannotBeJudgedIsRefused(line: String, message: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
    }
}
