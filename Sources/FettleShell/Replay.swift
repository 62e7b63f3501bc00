import FettleCore
import FettleNotebook
public import FettleStore
import FettleWorkbench

extension Shell {
    /// Whether an earlier session's commands hold datasets that can be brought back.
    public static func canContinue(_ session: UnfinishedSession) -> Bool {
        SessionScript.stateOnly(session.commands).contains { line in
            guard case .change = SessionScript.effect(of: line) else { return false }
            return !line.contains(Redaction.mark)
        }
    }

    /// Brings an earlier session's datasets, formats and variables back as this session's: nothing is
    /// trained, judged or written.
    ///
    /// A command that fails is said, and those after it that build on it are left out; the rest goes on.
    /// What the earlier session did becomes part of this one for `session save` and for the next offer,
    /// trained models included, and is not listed by `history` a second time.
    public mutating func continueSession(_ earlier: UnfinishedSession) async {
        let lines = SessionScript.stateOnly(earlier.commands)
        let cells: [Int64]
        let fingerprints: [String: String]
        do {
            let store = try services.workspace.store()
            fingerprints = try store.sourceFingerprints(inSession: earlier.id)
            guard
                let places = try store.continueSession(
                    earlier.id,
                    as: services.workspace.session,
                    with: lines,
                    at: services.clock.now()
                )
            else {
                output.write("another Fettle has taken it up meanwhile\n")
                return
            }
            cells = places
        } catch {
            output.writeError(output.diagnostics(session.settings).render(error))
            return
        }
        guard await replay(lines, in: cells, comparing: fingerprints) else { return }
        goOn(from: earlier)
    }

    /// Runs commands of an earlier session in their cells; returns whether all came back.
    ///
    /// A file that is loaded with another fingerprint than that of its name is said.
    mutating func replay(
        _ lines: [String],
        in cells: [Int64],
        comparing fingerprints: [String: String] = [:]
    ) async -> Bool {
        var replay = Replay()
        for (line, cell) in zip(lines, cells) {
            guard replay.runs(line) else {
                leaveOut(line, cell, because: replay.reason(for: line), outcome: replay.outcome)
                continue
            }
            let status = await run(SourceText(text: line), replaying: cell)
            replay.note(line, status)
            if status == .success, line.hasPrefix("load ") { compareSource(with: fingerprints) }
        }
        guard replay.missing > 0 else { return true }
        output.writeError(
            "\(NumberText.count(replay.missing, "command")) of \(lines.count) could not be repeated; "
                + "'datasets' lists what is back\n"
        )
        return false
    }

    /// Says when the file that was just loaded has other bytes than it had for the earlier session.
    private func compareSource(with fingerprints: [String: String]) {
        guard let source = try? session.library.dataset(nil).source,
            let before = fingerprints[Redaction.redact(source.name)], before != source.fingerprint
        else { return }
        output.writeError(
            "warning: '\(Sanitizer.line(source.name))' has other bytes than when the session loaded it; "
                + "what is made of it may differ\n"
        )
    }

    private func leaveOut(
        _ line: String,
        _ cell: Int64,
        because reason: String,
        outcome: CellOutcome
    ) {
        output.writeError("not repeated, \(reason): \(Sanitizer.line(line))\n")
        let store = try? services.workspace.existingStore()
        try? store?.finishCell(cell, outcome: outcome, output: "", duration: 0)
    }
}

/// How far the commands of an earlier session have come back.
private struct Replay {
    /// Commands that did not come back.
    private(set) var missing = 0
    private var isInterrupted = false
    /// Whether the current dataset is not the one that the next command was meant for.
    private var isLost = false

    /// Whether a command can be repeated; counts it when it cannot.
    mutating func runs(_ line: String) -> Bool {
        let runs =
            !isInterrupted && !line.contains(Redaction.mark) && !(isLost && needsCurrent(line))
        if !runs { missing += 1 }
        if !runs, SessionScript.effect(of: line) != .variable { isLost = true }
        return runs
    }

    func reason(for line: String) -> String {
        if isInterrupted { return "interrupted" }
        return line.contains(Redaction.mark)
            ? "its secret was not kept" : "what it builds on is gone"
    }

    /// How a command ended that is left out.
    var outcome: CellOutcome { isInterrupted ? .cancelled : .failed }

    mutating func note(_ line: String, _ status: ExitStatus) {
        let isVariable = SessionScript.effect(of: line) == .variable
        switch status {
        case .success: if !isVariable { isLost = false }
        case .interrupted:
            isInterrupted = true
            missing += 1
        default:
            missing += 1
            if !isVariable { isLost = true }
        }
    }

    /// Whether a command works on the dataset that happens to be the current one, rather than on what it
    /// names.
    private func needsCurrent(_ line: String) -> Bool {
        SessionScript.effect(of: line) != .variable && !line.hasPrefix("load ")
            && !line.hasPrefix("use ") && !line.hasPrefix("concat ")
    }
}
