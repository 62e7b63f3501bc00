import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench
import Synchronization

/// Collects what a command shows while it runs; from any thread.
final class CellRecorder: Sendable {
    private struct State {
        var content: CellContent
        var ending: [OutputBlock] = []
    }

    private let state: Mutex<State>

    /// Begins with the prose before the command.
    init(prose: String) {
        state = Mutex(State(content: CellContent(prose: prose)))
    }

    /// What the command shows at its end, whole; it is shown once it is stored.
    var ending: [OutputBlock] { state.withLock { $0.ending } }

    /// Takes a block; of a long one only what is kept.
    func add(_ block: OutputBlock) {
        let kept = CellContent(blocks: [block]).capped.blocks
        state.withLock { $0.content.blocks += kept }
    }

    /// Takes what the command shows at its end; `shown` of the first blocks have been.
    func end(with blocks: [OutputBlock], shown: Int = 0) {
        for block in blocks { add(block) }
        state.withLock { $0.ending += blocks.dropFirst(shown) }
    }

    /// Takes the error that ended the command, with its text as it was shown without colours.
    func fail(_ diagnostic: Diagnostic) {
        let text = DiagnosticRenderer(width: 80, colour: false).render(diagnostic)
        state.withLock {
            $0.content.failure = .init(
                code: diagnostic.code,
                message: diagnostic.message,
                text: text
            )
        }
    }

    /// Returns what was collected, cut to what is kept and without secrets.
    func content(knowing variables: [String: Session.Value]) -> CellContent {
        state.withLock { $0.content }.capped.mapTexts { Redaction.redact($0, knowing: variables) }
    }
}

extension CellContent {
    /// What was shown as plain text.
    var plainText: String {
        PlainRenderer(width: 80).render(blocks) + (failure?.text ?? "")
    }
}

/// Prose that waits for the command after it.
struct WaitingProse {
    private(set) var text = ""
    private var end: Int?

    /// Adds a line; one that does not stand right under the line before begins a paragraph.
    mutating func add(_ line: String, at span: SourceSpan, in source: SourceText) {
        if let end {
            let between = source.text.utf8.dropFirst(end).prefix(max(0, span.start - end))
            text += between.count { $0 == UInt8(ascii: "\n") } > 1 ? "\n\n" : "\n"
        } else if !text.isEmpty {
            text += "\n\n"
        }
        text += line
        end = span.end
    }

    /// Returns the prose and begins anew.
    mutating func take() -> String {
        defer { self = WaitingProse() }
        return text
    }

    /// Notes that the next line is from another source.
    mutating func endSource() {
        end = nil
    }
}

extension Services {
    /// Records a command that has ended, so that `history` and `export notebook` find it; a record that cannot
    /// be written is left alone.
    func record(_ source: String, _ recorder: CellRecorder, outcome: CellOutcome) {
        let content = recorder.content(knowing: [:])
        let now = clock.now()
        guard let cell = try? workspace.beginCell(Redaction.redact(source), startedAt: now) else {
            return
        }
        try? workspace.finishCell(
            cell,
            outcome: outcome,
            output: content.plainText,
            duration: 0,
            content: content.json
        )
    }
}
