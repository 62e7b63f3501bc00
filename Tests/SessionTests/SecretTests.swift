import FettleTestSupport
import Foundation
import Testing

/// Secrets at a terminal and through a pipe.
struct SecretTests {
    private static let value = "hunter2-Ä-very-secret"

    /// The files under a folder that hold the value.
    private static func filesWithTheValue(_ folder: TemporaryFolder) throws -> [String] {
        try (FileManager.default.subpaths(atPath: folder.path) ?? []).filter { name in
            let url = URL(filePath: folder.path).appending(path: name)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
                return false
            }
            return try Data(contentsOf: url).range(of: Data(value.utf8)) != nil
        }.sorted()
    }

    @Test func typedSecretIsNeverSeenAndOnlyInItsFile() async throws {
        let folder = try TemporaryFolder()
        var text = "text,label\n"
        for row in 0..<40 { text += "\(row % 2 == 0 ? "good" : "bad") \(row),\(row % 2)\n" }
        try folder.write(text, to: "t.csv")
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try prompt.terminal.send("secret set openai\r")
        try await prompt.terminal.wait(for: "the question") {
            $0.currentLine == "value of 'openai':"
        }
        try prompt.terminal.send("x\u{7F}wrong\u{15}\(Self.value)\r")
        try await prompt.wait(for: "secret 'openai' is stored")
        try await prompt.run("let key = secret:openai; vars", until: "key  ‹secret›")
        try await prompt.run("load t.csv", until: "t: 40 rows")
        try await prompt.run(
            "format prompt=\"{{text}}\" completion=\" {{label}}\"",
            until: "format of t"
        )
        try await prompt.run("tune ngram as m --no-check", until: "m: ")
        try await prompt.run("ask m \"hello $key and ${secret:openai}\"", until: "Predicted: ")
        #expect(prompt.terminal.screen.text.contains("\nhello ‹secret› and ‹secret›\n"))
        try await prompt.run("session save s.fettle", until: "wrote ")
        #expect(!prompt.terminal.screen.text.contains(Self.value))
        #expect(try Self.filesWithTheValue(folder) == [".config/fettle/secrets"])
        // Ctrl-C while it is asked for leaves what was stored.
        try prompt.terminal.send("secret set openai\r")
        try await prompt.terminal.wait(for: "the question") {
            $0.currentLine == "value of 'openai':"
        }
        try prompt.terminal.send("other\u{3}")
        try await prompt.wait(for: "interrupted")
        try await prompt.quit()
        #expect(try Self.filesWithTheValue(folder) == [".config/fettle/secrets"])
    }

    @Test func pipedSecretIsALineOfStandardInput() async throws {
        let folder = try TemporaryFolder()
        let result = try await FettleProgram.run(
            ["-c", "secret set a; secret set b; secret list"],
            input: "first\r\n\(Self.value)\n",
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("a\nb\n"))
        #expect(
            try folder.text(".config/fettle/secrets")
                == "{\n  \"a\": \"first\",\n  \"b\": \"\(Self.value)\"\n}\n"
        )
        let none = try await FettleProgram.run(["-c", "secret set c"], in: folder)
        #expect(
            none.errors.hasPrefix(
                "error[no-input]: standard input has no line for the secret 'c'\n"
            )
        )
    }
}
