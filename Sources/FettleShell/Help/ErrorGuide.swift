import FettleCore
import FettleLanguage

/// What `help error CODE` says of one error or finding.
struct ErrorEntry: Sendable {
    /// How the error comes about.
    enum Cause: Sendable {
        /// Commands that make it, on the sample data.
        case commands(String)
        /// What has to happen, where no command makes it at will.
        case situation(String)
    }

    /// The name in brackets.
    let code: String
    /// What it means, a sentence without a full stop.
    let meaning: String
    /// How it comes about.
    let cause: Cause
    /// What to do, a sentence without a full stop.
    let remedy: String

    /// Makes an entry.
    init(_ code: String, _ meaning: String, _ cause: Cause, _ remedy: String) {
        self.code = code
        self.meaning = meaning
        self.cause = cause
        self.remedy = remedy
    }

    /// The entry as `help error CODE` shows it.
    var text: String {
        var lines = ["\(code): \(meaning)", ""]
        switch cause {
        case .commands(let commands):
            lines += commands.split(separator: "\n").map { "  \($0)" }
        case .situation(let situation):
            lines += ["it happens when \(situation)"]
        }
        return (lines + ["", "what to do: \(remedy)"]).joined(separator: "\n")
    }

    fileprivate var markdown: String {
        var lines = ["### `\(code)`", "", meaning.asSentence, ""]
        switch cause {
        case .commands(let commands): lines += ["```sh", commands, "```", ""]
        case .situation(let situation): lines += ["It happens when \(situation).", ""]
        }
        return (lines + ["What to do: \(remedy)."]).joined(separator: "\n")
    }
}

/// Every error and finding by its code.
enum ErrorGuide {
    /// The entries in groups, as `help error` and `docs/errors.md` list them.
    static let groups: [(title: String, entries: [ErrorEntry])] = [
        ("commands and scripts", language),
        ("files and rows", files),
        ("expressions, formats and steps", steps),
        ("findings of 'check'", findings),
        ("models, jobs and judging", work),
        ("searches over settings", sweeps),
        ("work on other machines", workers),
        ("Slurm clusters", slurm),
        ("tokenizers and chat templates", tokenizers),
        ("language models at work", transformers),
        ("jobs of the fine-tuning API", servedJobs),
        ("serving", serving),
        ("clusters", clusters),
        ("language models on clusters", torch),
        ("workspace and session", session),
        ("scripts, walkthroughs and notebooks", scripts),
    ]

    /// The codes in alphabetical order.
    static let codes: [String] = groups.flatMap { $0.entries.map(\.code) }.sorted()

    /// Returns the entry of a code, or nil when there is none.
    static func entry(_ code: String) -> ErrorEntry? {
        groups.lazy.flatMap(\.entries).first { $0.code == code }
    }

    /// Returns the entry that a word names, as `unknown-column`, `error[unknown-column]` or
    /// `[unknown-column]`.
    ///
    /// - Throws: `unknown-error` with near codes.
    static func entry(named word: ArgumentWord) throws(Diagnostic) -> ErrorEntry {
        var code = word.text[...]
        if let bracket = code.firstIndex(of: "[") { code = code[code.index(after: bracket)...] }
        if code.hasSuffix("]") { code.removeLast() }
        if let entry = entry(String(code)) { return entry }
        throw Diagnostic(
            "unknown-error",
            "no error has the code '\(code)'",
            span: word.span,
            hints: [
                didYouMean(String(code), among: codes), "'help error' lists them all",
            ].compactMap(\.self)
        )
    }

    /// All codes with their meanings, as `help error` shows them.
    static var overview: String {
        let width = codes.map(\.count).max() ?? 0
        var lines: [String] = []
        for group in groups {
            lines.append(group.title)
            lines += group.entries.map { entry in
                let blanks = String(repeating: " ", count: width - entry.code.count + 2)
                return "  \(entry.code)\(blanks)\(entry.meaning)"
            }
        }
        return (lines + ["'help error CODE' explains one, with an example"])
            .joined(separator: "\n")
    }

    /// The page that `docs/errors.md` holds.
    static var markdown: String {
        var lines = [
            "# Errors", "",
            "Made from the program's own table by `fettle -c 'help error --markdown'`; tests compare the"
                + " two, run the examples, and look for codes without an entry.", "",
        ]
        for group in groups {
            lines += ["## \(group.title.prefix(1).uppercased() + group.title.dropFirst())", ""]
            lines.append(group.entries.map(\.markdown).joined(separator: "\n\n"))
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n")
    }
}

extension String {
    fileprivate var asSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
