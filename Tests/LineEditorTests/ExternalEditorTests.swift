import FettleTestSupport
import Glibc
import Testing

struct ExternalEditorTests {
    private let open = Key.control("X") + Key.control("E")

    private func terminal(
        editor: String,
        variable: String = "EDITOR"
    ) async throws -> PseudoTerminal {
        try await PseudoTerminal.probe(environment: [variable: editor, "TMPDIR": "/tmp"])
    }

    /// A program that runs a line of shell on its file `$1`.
    private func script(_ line: String) throws -> Script {
        try Script("#!/bin/sh\n" + line + "\n")
    }

    @Test(arguments: ["EDITOR", "VISUAL"])
    func editorChangesTheLine(variable: String) async throws {
        let program = try script("stat -c %a \"$1\"; printf 'two 数\\nlines\\n' >> \"$1\"")
        let terminal = try await terminal(editor: program.path, variable: variable)
        try terminal.send("one 数" + open)
        try await terminal.wait(forText: "> one 数\n600\n> one 数\ntwo 数\nlines", cursorColumn: 5)
        #expect(terminal.screen.isPasteBracketed)
        try terminal.send("!" + Key.enter)
        try await terminal.wait(for: "the edited text") {
            $0.text.hasSuffix("line: one 数⏎two 数⏎lines!\n>")
        }
    }

    @Test func editorHasTheTerminalAndItsArguments() async throws {
        let program = try script(
            "stty -a | grep -o ' icanon'; echo \"$1\"; read x; echo \"got $x\" > \"$2\""
        )
        let terminal = try await terminal(editor: program.path + " -w")
        try terminal.send(open)
        try await terminal.wait(forText: ">\n icanon\n-w", cursorColumn: 0)
        #expect(terminal.isCanonical && !terminal.screen.isPasteBracketed)
        try terminal.send("typed\n")
        try await terminal.wait(forText: ">\n icanon\n-w\ntyped\n> got typed", cursorColumn: 11)
        #expect(!terminal.isCanonical)
        // Taken back like any other change.
        try terminal.send(Key.control("_"))
        try await terminal.wait(forText: ">\n icanon\n-w\ntyped\n>", cursorColumn: 2)
    }

    @Test func controlCInTheEditorIsTheEditors() async throws {
        // Not 'sleep': between its fork and its exec the child would take the signal for nothing.
        let program = try script(
            "trap 'echo caught; echo saved > \"$1\"; exit 0' INT; echo up; while :; do :; done"
        )
        let terminal = try await terminal(editor: program.path)
        try terminal.send("abc" + open)
        try await terminal.wait(forText: "> abc\nup", cursorColumn: 0)
        try terminal.send(Key.control("C"))
        try await terminal.wait(forText: "> abc\nup\n^Ccaught\n> saved", cursorColumn: 7)
    }

    @Test func editorThatFailsLeavesTheLine() async throws {
        let program = try script("echo x > \"$1\"; exit 3")
        let terminal = try await terminal(editor: program.path)
        try terminal.send("abc" + Key.left + open)
        try await terminal.wait(
            forText: "> abc\nthe editor did not end well (status 3): the line is as before\n> abc",
            cursorColumn: 4
        )
    }

    @Test func fileIsGoneAfterwardsAndControlCharactersAreDropped() async throws {
        let program = try script("echo \"$1\"; printf 'a\\033[31mb\\tc\\n' > \"$1\"")
        let terminal = try await terminal(editor: program.path)
        try terminal.send(open)
        try await terminal.wait(for: "the line") { $0.currentLine == "> a[31mb        c" }
        let path = terminal.screen.lines[1]
        #expect(path.hasPrefix("/tmp/fettle-") && path.hasSuffix(".fettle"))
        #expect(access(path, F_OK) != 0)
    }

    @Test func promptCanBeginInTheEditor() async throws {
        let program = try script("echo more >> \"$1\"")
        let terminal = try await terminal(editor: program.path)
        try terminal.send("edit load x" + Key.enter)
        try await terminal.wait(forText: "> edit load x\n> load x\nmore", cursorColumn: 4)
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the text") { $0.text.hasSuffix("line: load x⏎more\n>") }
    }
}

/// An executable file of its own.
private final class Script {
    let path: String

    init(_ text: String) throws {
        var template = Array("\(P_tmpdir)/editor-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failure() }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
        fchmod(descriptor, 0o700)
        close(descriptor)
    }

    deinit {
        unlink(path)
    }

    struct Failure: Error {}
}
