import FettleCore
import FettleLanguage
import FettleStore
import FettleWorkbench

/// The parameter that names a job.
enum JobOptions {
    static let job = Option<ArgumentWord>.word(
        "job",
        required: false,
        kind: .text,
        default: "the latest",
        help: "the job's number, its id or its beginning, or its model"
    )
}

extension Services {
    /// Returns the job that a word names, or the latest.
    ///
    /// - Throws: `no-job` when there is none, `unknown-job` when none is called so.
    func job(_ word: ArgumentWord?) throws(Diagnostic) -> StoredJob {
        let all = try workspace.jobs()
        guard let latest = all.last else {
            throw Diagnostic(
                "no-job",
                "no job was started in this workspace",
                span: word?.span,
                hint: "start one: tune ngram on DATASET as NAME"
            )
        }
        guard let word else { return latest }
        let found = all.last { job in
            String(job.number) == word.text || job.record.id == word.text || job.model == word.text
                || job.record.name == word.text
                || (word.text.utf8.count >= 9 && job.record.id.hasPrefix(word.text))
        }
        guard let found else {
            throw Diagnostic(
                "unknown-job",
                "no job '\(word.text)'",
                span: word.span,
                hint: "'jobs' lists them with their numbers"
            )
        }
        return found
    }
}
