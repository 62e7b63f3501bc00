import FettleTestSupport
import Glibc
import Testing

struct UserSettingsTests {
    @Test func bindingsOfTheUserWin() async throws {
        let file = try SettingsFile(
            """
            # a comment
            bind "^T" ed-move-to-beg
            bind "^P" ed-move-to-beg
            other:bind "^A" ed-move-to-end
            fettle:bind "^O" ed-move-to-end
            """
        )
        let terminal = try await PseudoTerminal.probe(environment: file.environment)
        try terminal.send("数b" + Key.control("T") + "1" + Key.control("O") + "2")
        try terminal.send(Key.control("P") + "0" + Key.enter)
        try await terminal.wait(forText: "> 01数b2\nline: 01数b2\n>", cursorColumn: 2)
    }

    @Test func viKeysKeepTheEditorsOwn() async throws {
        let file = try SettingsFile("bind -v\n")
        let terminal = try await PseudoTerminal.probe(environment: file.environment)
        try terminal.send("x lo" + Key.tab)
        try await terminal.wait(for: "the list") { $0.text.contains("shows rows") }
        try terminal.send("\u{1B}")
        try await terminal.wait(for: "the cursor on the last character") {
            $0.cursorColumn == 5
        }
        try terminal.send("hiX")
        try await terminal.wait(for: "the insertion") { $0.currentLine == "> x Xlo" }
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the line") { $0.text.hasSuffix("line: x Xlo\n>") }
    }
}

extension UserSettingsTests {
    @Test func viKeysEditWideTextAndRecallLines() async throws {
        let file = try SettingsFile("bind -v\n")
        let terminal = try await PseudoTerminal.probe(environment: file.environment)
        try terminal.send("数据 one two\u{1B}")
        try await terminal.wait(forText: "> 数据 one two", cursorColumn: 13)
        // Back a word, delete it, to the start of the line, delete a character, append at the end.
        try terminal.send("bdw0xA!")
        try await terminal.wait(forText: "> 据 one !", cursorColumn: 10)
        try terminal.send("\u{1B}")
        try await terminal.wait(forText: "> 据 one !", cursorColumn: 9)
        try terminal.send("k")
        try await terminal.wait(for: "the line before") { $0.currentLine == "> third" }
        try terminal.send("k\r")
        try await terminal.wait(forText: "> second 数据\nline: second 数据\n>", cursorColumn: 2)
    }

    @Test func emacsKeysMoveKillAndYank() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("one 数据 two" + Key.control("A") + "\u{1B}f" + Key.control("K"))
        try await terminal.wait(forText: "> one", cursorColumn: 5)
        try terminal.send(Key.control("A") + Key.control("Y") + " x")
        try await terminal.wait(forText: ">  数据 two xone", cursorColumn: 13)
        try terminal.send(Key.control("W") + Key.enter)
        try await terminal.wait(for: "the line") { $0.text.hasSuffix("line:  数据 two one\n>") }
    }
}

/// An `.editrc` in a place of its own.
private final class SettingsFile {
    private var path: [CChar]

    init(_ text: String) throws {
        path = Array("\(P_tmpdir)/editrc-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Failure() }
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
    }

    deinit {
        unlink(path)
    }

    struct Failure: Error {}

    var environment: [String: String] {
        ["EDITRC": String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)]
    }
}
