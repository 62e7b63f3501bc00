import FettleCore
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation

/// Where the last run of a script stopped, and what brings its datasets, formats and variables back.
struct ScriptResume {
    /// The place of the statement to go on with, from 0.
    let next: Int
    /// The commands that bring the state back.
    let lines: [String]

    /// Finds where the last run of a plan's script stopped.
    ///
    /// - Throws: `nothing-to-resume`, or `script-changed` when a statement that was run is not what it was.
    init(_ plan: ScriptPlan, _ store: Store?) throws(Diagnostic) {
        let name = plan.source.file ?? "script"
        guard let run = try store?.lastScriptRun(of: ScriptResume.identity(of: name)) else {
            throw Diagnostic(
                "nothing-to-resume",
                "no run of '\(name)' is recorded in this workspace",
                hint: "run it without --resume"
            )
        }
        let replayed = run.cells.filter { $0.isReplayed && $0.outcome == .succeeded }
        let done = run.cells.filter { !$0.isReplayed }.prefix { $0.outcome == .succeeded }
        let entry = ScriptProgress.Entry(
            first: run.firstStatement,
            replayed: replayed.map(\.command),
            done: done.map(\.command)
        )
        try self.init(plan, entry)
    }

    /// Finds where a run of a plan's script stopped.
    ///
    /// - Throws: `nothing-to-resume`, or `script-changed` when a statement that was run is not what it was.
    init(_ plan: ScriptPlan, _ run: ScriptProgress.Entry) throws(Diagnostic) {
        let name = plan.source.file ?? "script"
        next = run.first + run.done.count
        guard next < plan.count else {
            throw Diagnostic(
                "nothing-to-resume",
                "the last run of '\(name)' came to its end",
                hint: "run it without --resume"
            )
        }
        for (offset, command) in run.done.enumerated() {
            let step = plan.steps[run.first + offset]
            guard Redaction.redact(plan.text(step)) != command.source else { continue }
            throw Diagnostic(
                "script-changed",
                "line \(step.line) of '\(name)' is not what was run: '\(command.source)'",
                hints: [
                    "what was run stands before the command that failed, and must be as it was",
                    "run it without --resume, or with --from \(step.line)",
                ]
            )
        }
        lines = SessionScript.stateOnly(run.replayed + run.done)
    }

    /// Returns the name that the runs of a file are stored under.
    static func identity(of file: String) -> String {
        URL(fileURLWithPath: file).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

extension Shell {
    /// Brings back what the last run of a script had made, and leaves what it had run out of the plan;
    /// returns how that ended when the script cannot go on.
    mutating func resume(_ plan: inout ScriptPlan) async -> ExitStatus? {
        do {
            let store = try services.workspace.existingStore()
            let resume = try ScriptResume(plan, store)
            let cells = try store?.addReplayedCells(
                resume.lines,
                session: services.workspace.session,
                at: services.clock.now()
            )
            noteRun(of: plan, from: resume.next)
            guard await replay(resume.lines, in: cells ?? []) else { return .failure }
            plan.skip(to: resume.next)
            if let step = plan.steps.first {
                output.writeError("going on with line \(step.line)\n")
            }
            return nil
        } catch {
            return show(error)
        }
    }

    /// Notes that this session runs a script; returns whether there was a database to note it in.
    @discardableResult
    func noteRun(of plan: ScriptPlan, from statement: Int) -> Bool {
        guard let file = plan.source.file, let store = try? services.workspace.existingStore()
        else {
            return false
        }
        try? store.noteScriptRun(
            of: ScriptResume.identity(of: file),
            session: services.workspace.session,
            firstStatement: statement
        )
        return true
    }
}
