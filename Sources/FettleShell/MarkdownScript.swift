import FettleCore
import FettleLanguage

/// A Markdown walkthrough as a script: the blocks fenced by ```` ```fettle ```` are commands, all other text
/// is prose.
struct MarkdownScript {
    /// The bytes between a fence's marks, one range for each block of commands.
    private(set) var fences: [Range<Int>] = []
    private let bytes: [UInt8]

    /// Whether a file of this name is a walkthrough.
    static func isName(_ path: String) -> Bool {
        let lowered = path.lowercased()
        return lowered.hasSuffix(".md") || lowered.hasSuffix(".markdown")
    }

    /// Finds the fences (CommonMark 0.31, section 4.5).
    init(_ text: String) {
        bytes = Array(text.utf8)
        var open: (mark: UInt8, count: Int, start: Int, isCommands: Bool)?
        var start = textStart
        while start < bytes.count {
            let end =
                bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            let line = Fence(bytes[start..<end])
            if let fence = open {
                if let line, line.mark == fence.mark, line.count >= fence.count, line.info.isEmpty {
                    if fence.isCommands { fences.append(fence.start..<start) }
                    open = nil
                }
            } else if let line, line.mark != UInt8(ascii: "`") || !line.info.contains("`") {
                let word = line.info.prefix { $0 != " " && $0 != "\t" && $0 != "{" && $0 != "," }
                open = (line.mark, line.count, end, word == "fettle")
            }
            start = end
        }
        // One that is not closed goes on to the end.
        if let fence = open, fence.isCommands { fences.append(fence.start..<bytes.count) }
    }

    /// Where the text begins: after a byte order mark, if there is one.
    private var textStart: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// A line that opens or closes a block.
    private struct Fence {
        var mark: UInt8
        var count: Int
        var info: Substring

        /// Reads a line; nil for one that is no fence.
        ///
        /// Any indent is taken, for a block may stand in a list.
        init?(_ line: ArraySlice<UInt8>) {
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard let mark = text.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
            else {
                return nil
            }
            self.mark = mark
            count = text.prefix { $0 == mark }.count
            guard count >= 3 else { return nil }
            info = String(decoding: text.dropFirst(count), as: UTF8.self)[...].trimmingBlanks
        }
    }

    /// Returns the statements, expected outputs and prose in the order of the text, with their places in it.
    ///
    /// - Throws: `no-commands` for a text without a block, and the language's errors; a command ends where its
    ///   block does.
    func script(of file: String) throws(Diagnostic) -> Script {
        guard !fences.isEmpty else {
            throw Diagnostic(
                "no-commands",
                "'\(file)' has no block of commands",
                hint: "put commands between lines with ```fettle and ```"
            )
        }
        guard case .complete(var script) = outcome(upTo: bytes.count), isWithinFences(script) else {
            throw firstError()
        }
        script.items = merged(script.items)
        return script
    }

    /// Whether no command goes on from one block to the next.
    private func isWithinFences(_ script: Script) -> Bool {
        var rest = fences[...]
        for case .statement(let statement) in script.items {
            while let fence = rest.first, fence.upperBound <= statement.span.start {
                rest.removeFirst()
            }
            if let fence = rest.first, statement.span.end > fence.upperBound { return false }
        }
        return true
    }

    /// Returns the error of the first block that has one: what comes before it can be read by itself.
    private func firstError() -> Diagnostic {
        var (low, high) = (0, fences.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if case .complete = outcome(upTo: fences[middle].upperBound) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        do {
            _ = try CommandCatalogue.parser.parse(commands(upTo: fences[low].upperBound))
        } catch {
            return error
        }
        return Diagnostic("syntax", "the blocks of commands cannot be read")
    }

    private func outcome(upTo end: Int) -> ParseOutcome {
        CommandCatalogue.parser.outcome(of: commands(upTo: end))
    }

    /// Returns the text with blanks in place of all that is no command, so that every place stays the same.
    private func commands(upTo end: Int) -> String {
        var text = [UInt8](repeating: UInt8(ascii: " "), count: end)
        for (index, byte) in bytes[..<end].enumerated() where byte == UInt8(ascii: "\n") {
            text[index] = byte
        }
        for fence in fences where fence.upperBound <= end {
            text.replaceSubrange(fence, with: bytes[fence])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Puts the prose between the blocks among the commands.
    private func merged(_ items: [Script.Item]) -> [Script.Item] {
        var prose = proses[...]
        var all: [Script.Item] = []
        for item in items {
            while let next = prose.first, next.span.start < item.start {
                all.append(.prose(next.text, next.span))
                prose.removeFirst()
            }
            all.append(item)
        }
        return all + prose.map { .prose($0.text, $0.span) }
    }

    /// The texts between the blocks, without the lines of the fences.
    private var proses: [(text: String, span: SourceSpan)] {
        var found: [(text: String, span: SourceSpan)] = []
        var start = textStart
        for fence in fences + [bytes.count..<bytes.count] {
            let end =
                fence.lowerBound == bytes.count ? bytes.count : lineStart(before: fence.lowerBound)
            let text = String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
            let trimmed = text[...].trimmingNewlines
            if !trimmed.isEmpty { found.append((String(trimmed), SourceSpan(start, end))) }
            let close = bytes[fence.upperBound...].firstIndex(of: UInt8(ascii: "\n"))
            start = close.map { $0 + 1 } ?? bytes.count
        }
        return found
    }

    /// Returns where the line begins that ends right before `end`.
    private func lineStart(before end: Int) -> Int {
        guard end > 0 else { return 0 }
        return bytes[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
}

extension Script.Item {
    fileprivate var start: Int {
        switch self {
        case .statement(let statement): statement.span.start
        case .prose(_, let span), .expected(_, let span, _): span.start
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    fileprivate var trimmingNewlines: Substring {
        var text = drop { $0.isNewline }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

extension SourceText {
    /// Returns the parsed script of the text; of a Markdown file that of its blocks of commands.
    ///
    /// - Throws: errors with their places in the text.
    func script() throws(Diagnostic) -> Script {
        do {
            guard let file, MarkdownScript.isName(file) else {
                return try CommandCatalogue.parser.parse(text)
            }
            return try MarkdownScript(text).script(of: file)
        } catch {
            throw placing(error)
        }
    }
}
