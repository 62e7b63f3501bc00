import FettleTestSupport
import Foundation
import Testing

/// `rate` at a terminal and with standard input.
struct RateTests {
    private static let question = "1 or 2 is better, = neither, s skips, q stops"

    /// A folder with a workspace of two models that never agree.
    private func folder() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var csv = "text,label\n"
        for row in 0..<60 {
            csv += row % 2 == 0 ? "bright and fine \(row),good\n" : "dull and poor \(row),bad\n"
        }
        try folder.write(csv, to: "d.csv")
        let made = try await FettleProgram.run(
            [
                "-c",
                """
                load d.csv
                format prompt="{{text}} ->" completion=" {{label}}"
                tune ngram on d n_epochs=3 as right
                derive label = if(label == "good", "bad", "good") as turned
                tune ngram on turned n_epochs=3 as wrong
                """,
            ],
            in: folder
        )
        #expect(made.status == 0, "\(made.errors)")
        return folder
    }

    private func wait(for number: Int, _ terminal: PseudoTerminal) async throws {
        try await terminal.wait(for: "question \(number)") {
            $0.text.contains(", \(number) of up to 4:") && $0.currentLine == Self.question
        }
    }

    @Test func roundGoesOnAfterStopAndAfterAKill() async throws {
        let folder = try await folder()
        let line = "load d.csv; rate right wrong on d n=4\r"
        let first = try Prompt(folder)
        try await first.wait(for: "Ctrl-D leaves")
        try first.terminal.send(line)
        try await wait(for: 1, first.terminal)
        // A key that is no answer, and an arrow, whose letters are none either.
        try first.terminal.send("x\u{1B}[C1")
        try await wait(for: 2, first.terminal)
        #expect(first.terminal.screen.text.contains("\n1 is better\n"))
        try first.terminal.send("q")
        try await first.wait(
            for: "1 of up to 4 rows are rated and stored; the same command goes on"
        )
        try first.terminal.send(line)
        try await wait(for: 2, first.terminal)
        try first.terminal.send("=")
        try await wait(for: 3, first.terminal)
        try await first.kill()

        let second = try Prompt(folder)
        try await second.terminal.wait(for: "the offer to bring the session back") {
            $0.currentLine.hasSuffix("[y/N]")
        }
        try second.terminal.send("n\r")
        try await second.wait(for: "Ctrl-D leaves")
        try second.terminal.send(line)
        try await wait(for: 3, second.terminal)
        try second.terminal.send("\u{3}")
        try await second.wait(for: "interrupted: 2 of up to 4 rows are rated and stored")
        try second.terminal.send(line)
        try await wait(for: 3, second.terminal)
        try second.terminal.send("s")
        try await wait(for: 4, second.terminal)
        try second.terminal.send("2")
        try await second.wait(for: "exact sign test")
        let text = second.terminal.screen.text
        #expect(text.contains("neither was             1 row\n"), "\(text)")
        #expect(text.contains("skipped                 1 row\n"), "\(text)")
        try await second.quit()
    }

    @Test func wordsComeFromStandardInput() async throws {
        let folder = try await folder()
        let command = "load d.csv; rate right wrong on d n=4"
        let part = try await FettleProgram.run(["-c", command], input: "1\nskip\n", in: folder)
        #expect(part.status == 0, "\(part.errors)")
        #expect(
            part.output.hasSuffix(
                "2 of up to 4 rows are rated and stored; the same command goes on\n"
            ),
            "\(part.output)"
        )
        let wrong = try await FettleProgram.run(["-c", command], input: "maybe\n", in: folder)
        #expect(
            wrong.errors.contains(
                "error[bad-value]: line 1 of standard input is 'maybe', expected one of 1, 2, =, skip, stop\n"
            ),
            "\(wrong.errors)"
        )
        let rest = try await FettleProgram.run(["-c", command], input: "=\n stop \n", in: folder)
        #expect(
            rest.output.hasSuffix(
                "3 of up to 4 rows are rated and stored; the same command goes on\n"
            ),
            "\(rest.output)"
        )
    }
}
