import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// `copy` and `tee`.
struct CopyTests {
    private static func copied(_ text: String) -> String {
        "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}"
    }

    private static func data(_ folder: TemporaryFolder) throws -> String {
        try folder.write("a,b\n1,x\n2,y\n3,z\n", to: "d.csv")
    }

    @Test func lastOutputAndPipesGoToTheClipboard() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        await shell.run("load '\(try Self.data(folder))'; rows 2")
        var result = await shell.run("copy")
        #expect(result.output == "copied 38 B\n")
        #expect(shell.terminal == Self.copied("#  a  b\n─  ─  ─\n1  1  x\n2  2  y\n"))
        await shell.run("copy")
        #expect(
            shell.terminal
                == String(repeating: Self.copied("#  a  b\n─  ─  ─\n1  1  x\n2  2  y\n"), count: 2)
        )
        result = await shell.run("rows 2 | copy as csv")
        #expect(result.output == "copied 12 B\n")
        #expect(shell.terminal.hasSuffix(Self.copied("a,b\n1,x\n2,y\n")))
    }

    @Test func controlCharactersAreNotCopied() async throws {
        var shell = TestShell()
        await shell.run("let a = \"x\\u{1B}]0;y\\u{7}\"; vars; copy")
        let text = try #require(shell.terminal.split(separator: ";").last?.dropLast())
        let copied = String(decoding: Data(base64Encoded: String(text)) ?? Data(), as: UTF8.self)
        #expect(copied.hasPrefix("a  "))
        #expect(!copied.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test func whatIsTooLongOrHasNoTerminalIsAnError() async throws {
        let folder = try TemporaryFolder()
        let rows = (0..<20_000).map { "\($0)\n" }.joined()
        let path = try folder.write("number\n" + rows, to: "n.csv")
        var shell = TestShell()
        var result = await shell.run("load '\(path)'; rows | copy as csv")
        #expect(
            result.errors.hasPrefix(
                "error[too-long]: 109 kB are too much for the clipboard of a terminal, limit 75.0 kB\n"
            )
        )
        #expect(shell.terminal == "")
        shell = TestShell(hasTerminal: false)
        result = await shell.run("let a = 1; vars; copy")
        #expect(result.status == .refused)
        #expect(
            result.errors == """
                error[no-terminal]: the clipboard is the terminal's, and there is no terminal
                    1 | let a = 1; vars; copy
                      |                  ^^^^
                  hint: write it to a file: last > FILE

                """
        )
    }

    @Test func teeWritesAndPassesOn() async throws {
        let folder = try TemporaryFolder()
        let (path, out) = (try Self.data(folder), folder.path + "/out.csv")
        var shell = TestShell()
        var result = await shell.run("load '\(path)'; rows | tee '\(out)' | where a > 2 as big")
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.hasSuffix("big: 1 of 3 rows, version 1\n"), "\(result.output)")
        #expect(try Files.text(out) == "a,b\n1,x\n2,y\n3,z\n")
        let table = folder.path + "/stats.md"
        result = await shell.run("set | tee '\(table)' | as json")
        #expect(result.output.contains("\"setting\": \"timing\""))
        #expect(try Files.text(table).hasPrefix("| setting | value |"))
        result = await shell.run("set | tee '\(table)' | where a > 2")
        #expect(result.errors.hasPrefix("error[not-rows]: 'set' gives no rows to 'where'\n"))
        result = await shell.run("tee x.csv")
        #expect(result.errors.hasPrefix("error[missing-argument]: nothing comes through a pipe"))
    }
}
