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
        ("\\e[9002~", "ed-prev-word"),
        ("\\e[9003~", "em-next-word"),
        ("\\e[1;5D", "ed-prev-word"),
    ]

    private static func action(
        _ name: String,
        _ keys: [String],
        _ run: @escaping @convention(c) (OpaquePointer?, wint_t) -> UInt8
    ) -> Function {
        Function(name: "fettle-" + name, keys: keys, run: run)
    }

    private static var functions: [Function] { lineFunctions + cursorFunctions + otherFunctions }

    private static var lineFunctions: [Function] {
        [
            action("submit", ["^J", "^M"]) { editor, _ in perform(editor) { $0.submit() } },
            action("newline", ["\\e^J", "\\e^M"]) { editor, _ in
                perform(editor) { $0.insert("\n") }
            },
            action("interrupt", ["^C"]) { editor, _ in perform(editor) { $0.interrupt() } },
            action("end-or-delete", ["^D"]) { editor, _ in
                perform(editor) { core in
                    guard core.currentLine.scalars.isEmpty else { return core.delete(by: 1) }
                    core.ending = .endOfInput
                    return FETTLE_KEY_END_OF_FILE
                }
            },
            action("paste", ["^]"]) { editor, _ in
                perform(editor) { core in
                    guard !core.pendingPastes.isEmpty else { return FETTLE_KEY_NORMAL }
                    return core.insert(core.pendingPastes.removeFirst())
                }
            },
            action("backspace", ["^H", "^?"]) { editor, _ in perform(editor) { $0.delete(by: -1) }
            },
            action("delete", ["\\e[3~"]) { editor, _ in perform(editor) { $0.delete(by: 1) } },
            action("undo", ["^_", "^X^U"]) { editor, _ in
                perform(editor) { $0.show($0.undo.undo()) }
            },
            action("redo", ["\\e_", "^X^R"]) { editor, _ in
                perform(editor) { $0.show($0.undo.redo()) }
            },
        ]
    }

    private static var cursorFunctions: [Function] {
        [
            action("left", ["^B", "\\e[D", "\\eOD"]) { editor, _ in
                perform(editor) { $0.move(by: -1) }
            },
            action("right", ["^F", "\\e[C", "\\eOC"]) { editor, _ in
                perform(editor) { $0.acceptHint() ?? $0.move(by: 1) }
            },
            action("home", ["^A", "\\e[H", "\\eOH", "\\e[1~", "\\e[7~"]) { editor, _ in
                perform(editor) { $0.moveToEdge(end: false) }
            },
            action("end", ["^E", "\\e[F", "\\eOF", "\\e[4~", "\\e[8~"]) { editor, _ in
                perform(editor) { $0.acceptHint() ?? $0.moveToEdge(end: true) }
            },
            action("next-word", ["\\ef", "\\e[1;5C", "\\e[1;3C"]) { editor, _ in
                perform(editor) { $0.acceptHint(word: true) ?? $0.run(nextWordSequence) }
            },
            action("up", ["\\e[A", "\\eOA", "^P"]) { editor, _ in
                perform(editor) { $0.moveRow(by: -1) }
            },
            action("down", ["\\e[B", "\\eOB", "^N"]) { editor, _ in
                perform(editor) { $0.moveRow(by: 1) }
            },
        ]
    }

    private static var otherFunctions: [Function] {
        [
            action("complete", ["^I"]) { editor, _ in perform(editor) { $0.completeWord() } },
            action("search-back", ["^R"]) { editor, _ in
                perform(editor) { core in
                    core.searchHistory(backwards: true)
                    return FETTLE_KEY_REFRESH
                }
            },
            action("search-forward", ["^S"]) { editor, _ in
                perform(editor) { core in
                    core.searchHistory(backwards: false)
                    return FETTLE_KEY_REFRESH
                }
            },
            action("edit", ["^X^E"]) { editor, _ in perform(editor) { $0.editLine() } },
            action("suspend", ["^Z"]) { editor, _ in
                perform(editor) { core in
                    core.suspend()
                    return FETTLE_KEY_NORMAL
                }
            },
            action("clear", ["^L"]) { editor, _ in
                perform(editor) { core in
                    core.clearScreen()
                    return FETTLE_KEY_REFRESH
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

/// Ends the line.
let submitSequence = "\u{1B}[9001~"
private let nextWordSequence = "\u{1B}[9003~"
