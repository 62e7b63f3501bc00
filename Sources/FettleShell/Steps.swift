import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// The parameters that every command which makes rows has.
enum StepOptions {
    /// The name for the rows that the command makes.
    static let name = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        default: "a new version of the same dataset",
        help: "keep the result as this dataset"
    )

    /// The name for rows of a command that only shows them without one.
    static let nameToKeep = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        default: "they are shown only",
        help: "keep the rows as this dataset"
    )

    /// The name for rows that never become a new version of those they are from.
    static let nameOfNew = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        default: "the dataset's name and '.next'",
        help: "keep the result as this dataset"
    )
}

extension Context {
    /// Returns the rows that a command works on: those from the pipe, else the dataset named, else the
    /// current one.
    func source(_ word: ArgumentWord?, _ session: Session) throws(Diagnostic) -> Dataset {
        if let input {
            if let word {
                throw Diagnostic(
                    "unexpected-word",
                    "'\(word.text)' is named, but rows come through the pipe",
                    span: word.span,
                    hint: "leave the name out, or start the pipe with 'rows \(word.text) | …'"
                )
            }
            return input
        }
        return try session.dataset(word)
    }

    /// Applies a step, and keeps its rows unless they go on through a pipe.
    func apply(
        _ step: some RecipeStep,
        to dataset: Dataset,
        as name: ArgumentWord?,
        in session: inout Session,
        seed: UInt64? = nil
    ) throws -> CommandOutput {
        try keep(
            try dataset.applying(step),
            was: dataset.frame.count,
            as: name,
            in: &session,
            seed: seed
        )
    }

    /// Keeps rows as a new version, or passes them on when they are in a pipe and have no name.
    ///
    /// `was` is the number of rows before, to be shown beside the rows after; `remarks` are what else
    /// there is to say.
    func keep(
        _ dataset: Dataset,
        was: Int,
        as name: ArgumentWord?,
        in session: inout Session,
        seed: UInt64? = nil,
        remarks: [OutputBlock] = []
    ) throws(Diagnostic) -> CommandOutput {
        if name == nil, isPiped || input != nil {
            return CommandOutput(
                blocks: remarks + [.table(RowsView.table(dataset.frame))],
                rows: dataset
            )
        }
        var kept = dataset
        if let name { kept.name = try DatasetName.checked(name) }
        kept = session.library.add(kept)
        try session.library.use(kept.name)
        try record([kept])
        let count = NumberText.count(kept.frame.count)
        var text =
            was == kept.frame.count
            ? "\(kept.name): \(NumberText.count(was, "row")), version \(kept.version)"
            : "\(kept.name): \(count) of \(NumberText.count(was, "row")), version \(kept.version)"
        if let seed { text += " (seed \(seed))" }
        return CommandOutput(blocks: [.note(text)] + remarks, rows: kept)
    }

    /// Stores what datasets are made of.
    func record(_ datasets: [Dataset]) throws(Diagnostic) {
        let records = datasets.map { dataset in
            DatasetRecord(
                name: dataset.name,
                version: dataset.version,
                source: Redaction.redact(dataset.source.name),
                sourceFingerprint: dataset.source.fingerprint,
                recipe: dataset.recipe.map(Redaction.redact),
                fingerprint: dataset.fingerprint,
                rowCount: dataset.frame.count
            )
        }
        try services.workspace.store().insert(records, createdAt: services.clock.now())
    }
}

/// The names that datasets may have.
enum DatasetName {
    /// Returns the word's text when it can name a dataset.
    ///
    /// - Throws: `bad-name` for anything but letters, digits, `_`, `-` and `.`, a number, or a key.
    static func checked(_ word: ArgumentWord) throws(Diagnostic) -> String {
        let isWord = word.text.allSatisfy { character in
            character.isLetter || character.isNumber || "_-.".contains(character)
        }
        guard isWord, let first = word.text.first, first.isLetter || first == "_" else {
            throw Diagnostic(
                "bad-name",
                "'\(word.text)' cannot be a name",
                span: word.span,
                hint: "names are letters, digits, '_', '-' and '.', and start with a letter"
            )
        }
        try checkNoKey(word)
        return word.text
    }

    /// Sees to it that a name, which is stored, is no key.
    static func checkNoKey(_ word: ArgumentWord) throws(Diagnostic) {
        guard Redaction.hasToken(word.text) else { return }
        throw Diagnostic(
            "bad-name",
            "'\(word.text)' looks like a key, and names are stored",
            span: word.span,
            hint: "choose another name; 'secret set NAME' keeps a key"
        )
    }
}

extension ArgumentWord {
    /// Returns the parts of a list with commas, each with its place.
    ///
    /// A quoted comma belongs to a name when there is one like that among `names`; a whole list may be in
    /// quotes.
    func listParts(among names: [String] = []) -> [ArgumentWord] {
        parts { !isQuoted(at: $0) }.flatMap { part in
            names.contains(part.text) ? [part] : part.parts { _ in true }
        }
    }

    /// Returns the stretches between the commas that separate.
    private func parts(where separates: (Int) -> Bool) -> [ArgumentWord] {
        let bytes = Array(text.utf8)
        var parts: [ArgumentWord] = []
        var start = 0
        for end in 0...bytes.count
        where end == bytes.count || (bytes[end] == UInt8(ascii: ",") && separates(end)) {
            if end > start { parts.append(part(start, end)) }
            start = end + 1
        }
        return parts
    }
}

extension Frame {
    /// Returns the names of columns that words with commas list.
    ///
    /// - Throws: `unknown-column` at the word that is none.
    func columnNames(_ words: [ArgumentWord]) throws(Diagnostic) -> [String] {
        var names: [String] = []
        for word in words {
            for part in word.listParts(among: columnNames) {
                guard position(of: part.text) != nil else {
                    throw unknownColumn(part.text, span: part.span)
                }
                names.append(part.text)
            }
        }
        return names
    }
}

extension String {
    /// The text as a word of a command line: bare, or in quotes when it has to be.
    var commandWord: String {
        let isBare = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "._-/,:+".contains($0) }
        return isBare ? self : CommandText.quoted(self)
    }
}
