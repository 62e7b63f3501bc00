/// A Markdown walkthrough: prose as it is, commands in fences marked `fettle`, what they showed in fences
/// marked `text`.
///
/// `fettle run FILE.md` runs the commands again. One that failed, or whose secret was taken out, is shown and
/// not run.
public enum MarkdownExport: TranscriptExport {
    /// The ending.
    public static let fileExtension = "md"
    /// Another ending.
    public static let aliases = ["markdown"]
    private static let width = 80
    private static let secret = "‹secret›"

    /// Returns the document.
    public static func text(of transcript: Transcript) -> String {
        var parts: [String] = []
        if !transcript.beginsWithHeading {
            parts.append("# " + Sanitizer.line(transcript.title))
            if !transcript.subtitle.isEmpty { parts.append(Sanitizer.line(transcript.subtitle)) }
        }
        for cell in transcript.cells {
            switch cell {
            case .prose(let text): parts.append(trimmed(Sanitizer.block(text)))
            case .command(let command): parts += sections(command)
            }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func sections(_ command: Transcript.Command) -> [String] {
        // Other characters than those of the display are the command's own, and are run again.
        let source = command.source
        var shown = Sanitizer.block(
            PlainRenderer(width: width, hints: false).render(command.blocks)
        )
        guard command.outcome == .succeeded, !source.contains(secret) else {
            shown += Sanitizer.block(command.failure?.text ?? "")
            if command.outcome == .cancelled { shown += "interrupted\n" }
            return [fence(Sanitizer.block(source) + "\n" + shown, "console")]
        }
        return [fence(source, "fettle")] + (shown.isEmpty ? [] : [fence(shown, "text")])
    }

    /// Returns the text between fences that are longer than any in it.
    public static func fence(_ text: String, _ kind: String) -> String {
        var longest = 2
        var run = 0
        for character in text.utf8 {
            run = character == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let marks = String(repeating: "`", count: longest + 1)
        return "\(marks)\(kind)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(marks)"
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isNewline == true { text.removeLast() }
        while text.first?.isNewline == true { text.removeFirst() }
        return String(text)
    }
}

extension Transcript {
    /// Whether its prose has a title of its own.
    var beginsWithHeading: Bool {
        guard case .prose(let text)? = cells.first else { return false }
        return text.drop { $0.isWhitespace }.hasPrefix("# ")
    }
}
