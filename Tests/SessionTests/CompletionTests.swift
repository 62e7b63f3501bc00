import FettleTestSupport
import Foundation
import Testing

/// Tab at the prompt of the program itself.
struct CompletionTests {
    private static func prompt() async throws -> (Prompt, TemporaryFolder) {
        let folder = try TemporaryFolder()
        try folder.write("review title,评分\na,1\nb,2\n", to: "my reviews.csv")
        try folder.write("review title,评分\na,1\n", to: "数据/评论 一.csv")
        try folder.write("a,b\n1,2\n", to: "home only.csv")
        try folder.write("no rows", to: "notes.txt")
        try folder.write("a,b\n1,2\n", to: ".hidden.csv")
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        return (prompt, folder)
    }

    /// Waits until the line being typed is as expected.
    private static func wait(_ prompt: Prompt, for line: String) async throws {
        try await prompt.terminal.wait(for: "the line '\(line)'") { $0.currentLine == line }
    }

    @Test func filesWithBlanksAndChineseNamesAreQuotedAndLoaded() async throws {
        let (prompt, folder) = try await Self.prompt()
        defer { withExtendedLifetime(folder) {} }
        try prompt.terminal.send("load my\t")
        try await Self.wait(prompt, for: "fettle> load 'my reviews.csv'")
        try prompt.terminal.send("as r\r")
        try await prompt.wait(for: "r: 2 rows")
        try prompt.terminal.send("load 数\t")
        try await Self.wait(prompt, for: "fettle r[2]> load 数据/")
        try prompt.terminal.send("\t")
        try await Self.wait(prompt, for: "fettle r[2]> load '数据/评论 一.csv'")
        try prompt.terminal.send("as 数\r")
        try await prompt.wait(for: "数: 1 row")
        try prompt.terminal.send("load ~/ho\t")
        try await Self.wait(prompt, for: "fettle 数[1]> load ~/'home only.csv'")
        try prompt.terminal.send("\r")
        try await prompt.wait(for: "home_only: 1 row")
        try prompt.terminal.send("load \"my\t")
        try await Self.wait(prompt, for: "fettle home_only[1]> load \"my reviews.csv\"")
        try prompt.terminal.send("\u{3}load .h\t")
        try await Self.wait(prompt, for: "fettle home_only[1]> load .hidden.csv")
        try prompt.terminal.send("\u{3}")
        try await prompt.quit()
    }

    @Test func datasetsColumnsAndVariablesAreCompletedWhereTheyStand() async throws {
        let (prompt, folder) = try await Self.prompt()
        defer { withExtendedLifetime(folder) {} }
        try await prompt.run("load 'my reviews.csv' as 评论", until: "评论: 2 rows")
        try await prompt.run("load 'home only.csv' as other", until: "other: 1 row")
        try await prompt.run("let seed = 7", until: "let seed = 7")
        try prompt.terminal.send("rows 评\t")
        try await Self.wait(prompt, for: "fettle other[1]> rows 评论")
        try prompt.terminal.send("| where rev\t")
        try await Self.wait(prompt, for: "fettle other[1]> rows 评论 | where `review title`")
        try prompt.terminal.send("== 'a'\r")
        try await prompt.wait(for: "1  a")
        try prompt.terminal.send("use 评\t\r")
        try await prompt.wait(for: "评论: 2 rows")
        try prompt.terminal.send("format prompt=\"{{rev\t")
        try await Self.wait(prompt, for: "fettle 评论[2]> format prompt=\"{{review title}}")
        try prompt.terminal.send(" ->\" completion=\" {{评\t")
        try await Self.wait(
            prompt,
            for: "fettle 评论[2]> format prompt=\"{{review title}} ->\" completion=\" {{评分}}"
        )
        try prompt.terminal.send("\"\r")
        try await prompt.wait(for: "format of 评论")
        try prompt.terminal.send("dedupe on='rev\t")
        try await Self.wait(prompt, for: "fettle 评论[2]> dedupe on='review title'")
        try prompt.terminal.send("\u{3}shuffle seed=$s\t")
        try await Self.wait(prompt, for: "fettle 评论[2]> shuffle seed=$seed")
        try prompt.terminal.send("\r")
        try await prompt.wait(for: "(seed 7)")
        try prompt.terminal.send("rows > my\t")
        try await Self.wait(prompt, for: "fettle 评论[2]> rows > 'my reviews.csv'")
        try prompt.terminal.send("\u{3}")
        try await prompt.quit()
    }

    @Test func modelsAreCompleted() async throws {
        let (prompt, folder) = try await Self.prompt()
        defer { withExtendedLifetime(folder) {} }
        var text = "text,label\n"
        for row in 0..<40 { text += "\(row % 2 == 0 ? "good" : "bad") \(row),\(row % 2)\n" }
        try folder.write(text, to: "t.csv")
        try await prompt.run("load t.csv", until: "t: 40 rows")
        try await prompt.run(
            "format prompt=\"{{text}}\" completion=\" {{label}}\"",
            until: "format of t"
        )
        try await prompt.run("tune ngram as sterne-模型 --no-check", until: "sterne-模型: ")
        try prompt.terminal.send("model ste\t")
        try await Self.wait(prompt, for: "fettle t[40]> model sterne-模型")
        try prompt.terminal.send("\u{3}tune ng\t")
        try await Self.wait(prompt, for: "fettle t[40]> tune ngram")
        try prompt.terminal.send("\u{3}")
        try await prompt.quit()
    }
}
