import FettleCore
import FettleLanguage
import FettleNotebook
import Synchronization

/// `!openai …`, which no shell of the system runs.
extension Interpreter {
    /// Returns the words of a line that calls `openai`, nil for any other line.
    func words(
        ofOpenAI line: String,
        _ span: SourceSpan,
        _ expander: WordExpander
    ) throws(Diagnostic) -> [String]? {
        guard let line = OpenAILine(line) else { return nil }
        do {
            return try line.words { variable throws(Diagnostic) in
                try expander.text(of: variable, at: span)
            }
        } catch {
            throw error.located(at: span)
        }
    }

    static func takesNothing(_ span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "not-rows",
            "'!openai' takes nothing from a pipe",
            span: span,
            hint: "write the rows to a file first: export to train.jsonl"
        )
    }

    /// Runs such a line, whose output is shown line by line; returns what it gives with its fields.
    func runOpenAI(
        _ words: [String],
        _ span: SourceSpan,
        _ show: @escaping @Sendable (OutputBlock) -> Void
    ) async throws -> CommandOutput {
        let lines = ShownLines(show)
        let typing = services.surroundings.typing
        let errors = Mutex("")
        let value = Mutex<JSONValue?>(nil)
        let line = OpenAICommandLine(
            services,
            OpenAICommandLine.Terminal(
                write: lines.write,
                writeError: { text in errors.withLock { $0 += text } },
                readLine: {
                    guard let typing else { return nil }
                    switch try await typing(lines.takePart()) {
                    case .line(let line): return line
                    case .interrupted: throw CancellationError()
                    case .end: return nil
                    }
                }
            )
        ) { given in
            value.withLock { $0 = given }
        }
        let status = try await line.run(Array(words.dropFirst()))
        lines.finish()
        // What it wrote says what goes on.
        guard !Task.isCancelled else { throw Interruption(text: "") }
        guard status != 0 else { return CommandOutput(value: value.withLock { $0 }) }
        let name = words.prefix(3).joined(separator: " ")
        var text = errors.withLock { $0 }
        if text.hasPrefix("Error: ") { text.removeFirst(7) }
        let reason = text.split(separator: "\n").map(String.init).joined(separator: " ")
        throw Diagnostic(
            "shell-failed",
            "'\(name)' ended with status \(status)" + (reason.isEmpty ? "" : ": \(reason)"),
            span: span
        )
    }
}

/// Text that comes in pieces, shown line by line.
private final class ShownLines: Sendable {
    private let part = Mutex("")
    private let show: @Sendable (OutputBlock) -> Void

    init(_ show: @escaping @Sendable (OutputBlock) -> Void) {
        self.show = show
    }

    func write(_ text: String) {
        let whole = part.withLock { part -> String? in
            part += text
            guard let end = part.lastIndex(of: "\n") else { return nil }
            defer { part = String(part[part.index(after: end)...]) }
            return String(part[..<end])
        }
        if let whole { show(.text(whole)) }
    }

    /// Returns the line that has begun, which is shown elsewhere.
    func takePart() -> String {
        part.withLock { part in
            defer { part = "" }
            return part
        }
    }

    func finish() {
        let rest = takePart()
        if !rest.isEmpty { show(.text(rest)) }
    }
}
