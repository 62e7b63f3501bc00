import FettleCore
import FettleLanguage
import FettleShell
import FettleStore
import FettleWorkbench
import LineEditor

/// How the line being typed looks: its colours, and the running job at its right.
enum PromptAppearance {
    /// How often the running job is looked at.
    private static let interval = Duration.milliseconds(500)

    /// Returns what colours a line: what each part of it is, and what the parser does not understand.
    static func highlighter() -> @Sendable (String) -> [LineEditor.Highlight] {
        let highlighter = Highlighter(
            declarations: CommandCatalogue.declarations,
            parser: CommandCatalogue.parser
        )
        return { text in
            highlighter.stretches(of: text).map { stretch in
                LineEditor.Highlight(
                    stretch.span.start..<stretch.span.end,
                    colour: colour(of: stretch.kind)
                )
            }
        }
    }

    /// Shows the job that trains and how far it is at the right of the prompt, until cancelled.
    static func showJobs(_ jobs: JobCenter, in workspace: Workspace, on editor: LineEditor) async {
        var numbers: [String: Int] = [:]
        while !Task.isCancelled {
            let active = jobs.active
            if active.contains(where: { numbers[$0.id] == nil }) {
                for job in (try? workspace.existingStore()?.jobs()) ?? [] {
                    numbers[job.record.id] = Int(job.number)
                }
            }
            let shown = active.prefix(2).map { job in
                let number = numbers[job.id].map { "job \($0)" } ?? "job"
                guard let latest = job.latest, latest.totalSteps > 0 else { return number }
                return "\(number) \(min(100, latest.step * 100 / latest.totalSteps))%"
            }
            let rest = active.count > 2 ? " +\(active.count - 2)" : ""
            editor.show(status: shown.joined(separator: ", ") + rest)
            try? await Task.sleep(for: interval)
        }
    }

    private static func colour(of kind: Highlighter.Kind) -> String {
        switch kind {
        case .verb: "1"
        case .unknownVerb: "31"
        case .shell, .variable: "35"
        case .string: "32"
        case .setting: "36"
        case .number: "33"
        case .comment: "2"
        case .sign: "1"
        case .placeholder: "34"
        case .error: "4;31"
        }
    }
}
