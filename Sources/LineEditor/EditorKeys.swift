import CEditLine
import Glibc

/// What keys do, beyond libedit's own functions.
///
/// A key function cannot end the line cleanly by its return code (libedit's "go to the bottom" is
/// private), so it pushes a private sequence that is bound to the libedit function.
enum EditorKeys {
    /// Stands for the next pending paste; not a key people press.
    static let pasteKey: UInt32 = 0x1D

    /// Ctrl-C.
    static let interruptKey: UInt32 = 0x03

    /// Stands for an ESC that nothing followed, in vi mode only; not a key people press.
    private static let escapeKey: UInt32 = 0x1C

    /// Returns what a token stands for after which nothing came for a while.
    ///
    /// ESC begins the sequences of arrow keys, so libedit waits for the key after it; in vi mode it
    /// is a key of its own.
    static func afterPause(
        isVi: Bool
    ) -> (InputDecoder.Token) -> InputDecoder.Token {
        { token in isVi && token == .scalar(0x1B) ? .scalar(escapeKey) : token }
    }

    /// Adds the functions and binds the keys; choosing a key map after that would drop them.
    static func bind(_ editor: OpaquePointer, isVi: Bool) {
        for flag in ["-isig", "-ixon"] {
            fettle_el_set_tty(editor, "-d".wide, flag.wide)
        }
        // Between two lines as while a command runs: a canonical moment would cut type-ahead.
        for flag in ["-icanon", "-echo"] {
            fettle_el_set_tty(editor, "-x".wide, flag.wide)
        }
        for function in functions {
            fettle_el_add_function(editor, function.name.wide, function.run)
            for keys in function.keys {
                fettle_el_bind(editor, keys.wide, function.name.wide)
            }
        }
        for (keys, name) in libeditBindings {
            fettle_el_bind(editor, keys.wide, name.wide)
        }
        if isVi { fettle_el_bind(editor, "\\034".wide, "vi-command-mode".wide) }
    }

    private struct Function {
        let name: String
        let keys: [String]
        let run: @convention(c) (OpaquePointer?, wint_t) -> UInt8
    }

    private static let libeditBindings = [
        ("\\e[9001~", "ed-newline"),
        ("\\e[9002~", "ed-delete-next-char"),
        ("\\e[9003~", "ed-prev-history"),
        ("\\e[9004~", "ed-next-history"),
        ("^R", "em-inc-search-prev"),
        ("^S", "em-inc-search-next"),
        ("\\e[3~", "ed-delete-next-char"),
        ("\\e[1~", "ed-move-to-beg"),
        ("\\e[4~", "ed-move-to-end"),
        ("\\e[H", "ed-move-to-beg"),
        ("\\e[F", "ed-move-to-end"),
        ("\\eOH", "ed-move-to-beg"),
        ("\\eOF", "ed-move-to-end"),
        ("\\e[1;5D", "ed-prev-word"),
        ("\\e[1;5C", "em-next-word"),
    ]

    private static var functions: [Function] {
        [
            Function(name: "fettle-submit", keys: ["^J", "^M"]) { editor, _ in
                perform(editor) { core in
                    let text = String(scalars: core.currentLine.scalars)
                    if core.isComplete(text) {
                        el_wpush(core.editor, submitSequence.wide)
                        // Drawing tells libedit how far down the line reaches.
                        return FETTLE_KEY_REFRESH
                    }
                    return core.insert("\n")
                }
            },
            Function(name: "fettle-newline", keys: ["\\e^J", "\\e^M"]) { editor, _ in
                perform(editor) { $0.insert("\n") }
            },
            Function(name: "fettle-interrupt", keys: ["^C"]) { editor, _ in
                perform(editor) { core in
                    let (scalars, cursor) = core.currentLine
                    core.addToHistory(String(scalars: scalars))
                    el_cursor(core.editor, Int32(scalars.count - cursor))
                    core.ending = .interrupted
                    el_wpush(core.editor, submitSequence.wide)
                    return core.insert("^C")
                }
            },
            Function(name: "fettle-end-or-delete", keys: ["^D"]) { editor, _ in
                perform(editor) { core in
                    if core.currentLine.scalars.isEmpty {
                        core.ending = .endOfInput
                        return FETTLE_KEY_END_OF_FILE
                    }
                    el_wpush(core.editor, deleteSequence.wide)
                    return FETTLE_KEY_NORMAL
                }
            },
            Function(name: "fettle-paste", keys: ["^]"]) { editor, _ in
                perform(editor) { core in
                    guard !core.pendingPastes.isEmpty else { return FETTLE_KEY_NORMAL }
                    return core.insert(core.pendingPastes.removeFirst())
                }
            },
            Function(name: "fettle-up", keys: ["\\e[A", "\\eOA", "^P"]) { editor, _ in
                perform(editor) { $0.moveRow(by: -1, otherwise: previousSequence) }
            },
            Function(name: "fettle-down", keys: ["\\e[B", "\\eOB", "^N"]) { editor, _ in
                perform(editor) { $0.moveRow(by: 1, otherwise: nextSequence) }
            },
            Function(name: "fettle-complete", keys: ["^I"]) { editor, _ in
                perform(editor) { $0.completeWord() }
            },
            Function(name: "fettle-suspend", keys: ["^Z"]) { editor, _ in
                perform(editor) { core in
                    core.suspend()
                    return FETTLE_KEY_NORMAL
                }
            },
        ]
    }
}

/// Runs the body of a key function on the core behind an editor.
///
/// At file scope, like the sequences: a function that libedit calls can capture nothing.
private func perform(
    _ editor: OpaquePointer?,
    _ body: (EditorCore) -> fettle_key_result
) -> UInt8 {
    guard let core = EditorCore.of(editor) else { return UInt8(FETTLE_KEY_ERROR.rawValue) }
    return UInt8(body(core).rawValue)
}

private let submitSequence = "\u{1B}[9001~"
private let deleteSequence = "\u{1B}[9002~"
private let previousSequence = "\u{1B}[9003~"
private let nextSequence = "\u{1B}[9004~"

extension EditorCore {
    /// Inserts text at the cursor.
    fileprivate func insert(_ text: String) -> fettle_key_result {
        guard !text.isEmpty else { return FETTLE_KEY_NORMAL }
        return el_winsertstr(editor, text.wide) == 0 ? FETTLE_KEY_REFRESH : FETTLE_KEY_ERROR
    }

    /// Moves the cursor to the line above or below within the text, or runs a sequence at its edge.
    fileprivate func moveRow(by step: Int, otherwise sequence: String) -> fettle_key_result {
        let (scalars, cursor) = currentLine
        let newline: UInt32 = 0x0A
        let start = (scalars[..<cursor].lastIndex(of: newline) ?? -1) + 1
        let offset = cursor - start
        let target: Range<Int>
        if step < 0 {
            guard start > 0 else {
                el_wpush(editor, sequence.wide)
                return FETTLE_KEY_NORMAL
            }
            let above = (scalars[..<(start - 1)].lastIndex(of: newline) ?? -1) + 1
            target = above..<(start - 1)
        } else {
            guard let end = scalars[cursor...].firstIndex(of: newline) else {
                el_wpush(editor, sequence.wide)
                return FETTLE_KEY_NORMAL
            }
            target = (end + 1)..<(scalars[(end + 1)...].firstIndex(of: newline) ?? scalars.count)
        }
        let place = min(target.lowerBound + offset, target.upperBound)
        el_cursor(editor, Int32(place - cursor))
        return FETTLE_KEY_REFRESH
    }

    /// Completes the word at the cursor as far as the candidates agree, else lists them.
    fileprivate func completeWord() -> fettle_key_result {
        let (scalars, cursor) = currentLine
        let before = String(scalars: scalars[..<cursor])
        let text = before + String(scalars: scalars[cursor...])
        let candidates = complete(text, before.utf8.count)
        guard let first = candidates.first, let start = wordStart(first.start, in: before) else {
            return FETTLE_KEY_ERROR
        }
        let typed = String(before[start...])
        if candidates.count == 1 {
            return replace(typed, by: first.replacement + first.suffix)
        }
        let shared = CompletionList.commonPrefix(candidates.filter { $0.start == first.start })
        if shared.utf8.count > typed.utf8.count, shared != typed {
            return replace(typed, by: shared)
        }
        printBelow(CompletionList.rows(candidates, columns: columns))
        return FETTLE_KEY_NORMAL
    }

    /// Returns the index of a UTF-8 offset, or nil where it is not the start of a scalar before the
    /// cursor.
    private func wordStart(_ offset: Int, in text: String) -> String.Index? {
        guard offset >= 0, offset <= text.utf8.count else { return nil }
        let index = text.utf8.index(text.utf8.startIndex, offsetBy: offset)
        return index.samePosition(in: text.unicodeScalars)
    }

    private func replace(_ typed: String, by text: String) -> fettle_key_result {
        el_deletestr(editor, Int32(typed.unicodeScalars.count))
        _ = insert(text)
        return FETTLE_KEY_REFRESH
    }
}
