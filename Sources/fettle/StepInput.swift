import CTerminal
import FettleShell
import Foundation
import LineEditor
import Synchronization

/// Where `run --step` reads keys and has lines edited: the prompt's editor, or one made when first needed.
final class StepInput: Sendable {
    private let editor = Mutex<LineEditor?>(nil)
    private let make: @Sendable () throws -> LineEditor

    /// Makes an input; `make` gives an editor where no prompt has one.
    init(make: @escaping @Sendable () throws -> LineEditor) {
        self.make = make
    }

    /// What asks.
    var dialog: StepDialog {
        StepDialog(
            readKey: { try await self.readKey($0, $1) },
            edit: { try await self.edit($0) }
        )
    }

    /// Reads a line of a conversation, a text of no language.
    func type(_ prompt: String) async throws -> TypedLine {
        let editor = try current()
        switch await editor.readLine(prompt: prompt, isPlain: true) {
        case .line(let line): return .line(line)
        case .interrupted: return .interrupted
        case .endOfInput: return .end
        case .terminated: throw CancellationError()
        }
    }

    private func current() throws -> LineEditor {
        try editor.withLock { editor in
            let made = try editor ?? make()
            editor = made
            return made
        }
    }

    /// Uses the editor of the prompt.
    func use(_ editor: LineEditor) {
        self.editor.withLock { $0 = editor }
    }

    /// Gives the terminal back where an editor was made for it.
    func close() async {
        let editor = editor.withLock { editor in
            defer { editor = nil }
            return editor
        }
        await editor?.close()
    }

    private func edit(_ text: String) async throws -> String? {
        let editor = try current()
        switch await editor.readLine(prompt: "edit> ", text: text) {
        case .line(let line): return line
        case .interrupted, .endOfInput: return nil
        case .terminated: throw CancellationError()
        }
    }

    /// Shows the question, reads one of the keys, and takes the question away.
    ///
    /// Cancelling the task ends it within 50 ms.
    @concurrent
    private func readKey(_ question: String, _ keys: String) async throws -> Character? {
        // An editor's own mode for commands that run echoes nothing either.
        let isAlone = editor.withLock { $0 == nil }
        if isAlone, fettle_terminal_save(0) == 0 { fettle_terminal_enter(FETTLE_TERMINAL_BUSY) }
        Self.write(question)
        defer {
            Self.write(Self.isDumb ? "\n" : "\r\u{1B}[K")
            if isAlone { fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL) }
        }
        while true {
            try Task.checkCancellation()
            guard fettle_wait_readable(0, -1, 50) != 0 else { continue }
            var byte: UInt8 = 0
            let count = Foundation.read(0, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count == 1, byte != Self.endOfInput else { return nil }
            guard byte != Self.escape else {
                Self.skipSequence()
                continue
            }
            let letter = Character(Unicode.Scalar(byte | Self.smaller(byte)))
            let key: Character = byte == 0x0D ? "\n" : letter
            if keys.contains(key) { return key }
        }
    }

    private static let endOfInput: UInt8 = 0x04
    private static let escape: UInt8 = 0x1B

    /// The bit that makes a capital letter a small one.
    private static func smaller(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? 0x20 : 0
    }

    /// Drops what a function key sends after Escape: its letters are no answers.
    private static func skipSequence() {
        var byte: UInt8 = 0
        var isFirst = true
        while fettle_pending_bytes(0) > 0, Foundation.read(0, &byte, 1) == 1 {
            let isIntroducer = isFirst && (byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O"))
            if !isIntroducer, !(0x20...0x3F).contains(byte) { return }
            isFirst = false
        }
    }

    private static var isDumb: Bool {
        ProcessInfo.processInfo.environment["TERM"] ?? "dumb" == "dumb"
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = fettle_write_all(1, $0.baseAddress, $0.count) }
    }
}
