import FettleNotebook

/// Shows a text at the terminal as it comes, safe to draw.
final class LiveText {
    private let write: @Sendable (String) -> Void
    /// Whether a carriage return waits for what follows it: before a line end it is none.
    private var holdsReturn = false
    private var isAtLineStart = true

    init(_ write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    /// Shows whole lines.
    func show(lines: String) {
        add(lines)
        endLine()
    }

    /// Shows more of the text; a character is never cut, as pieces are whole ones.
    func add(_ piece: String) {
        guard !piece.isEmpty else { return }
        var text = (holdsReturn ? "\r" : "") + piece
        holdsReturn = text.unicodeScalars.last == "\r"
        if holdsReturn { text.unicodeScalars.removeLast() }
        let safe = Sanitizer.block(text)
        guard !safe.isEmpty else { return }
        isAtLineStart = safe.utf8.last == UInt8(ascii: "\n")
        write(safe)
    }

    /// Ends the line that the text stands in, if it does not end one itself.
    func endLine() {
        if holdsReturn {
            holdsReturn = false
            write(Sanitizer.block("\r"))
            isAtLineStart = false
        }
        if !isAtLineStart { write("\n") }
        isAtLineStart = true
    }
}

extension Context {
    /// What shows a text as it comes; nil where it does not go to a terminal, or where it could have a secret
    /// in it, which is found in whole texts only.
    var live: LiveText? {
        guard let write = stream, !isPiped, !isInBackground, !services.secrets.hasRevealed else {
            return nil
        }
        let isAbandoned = Interrupts.abandonmentOfCommand()
        return LiveText { text in if !isAbandoned() { write(text) } }
    }
}
