public import FettleCore
import FettleData
import FettleStore

/// What the user wrote down about the rows of a dataset.
///
/// A note belongs to the row of the source, so that it is there in every version, part and sample of the dataset, and
/// for whoever loads the same bytes again.
public struct RowNotes: Sendable {
    /// A note and where its row is.
    public struct Note: Hashable, Sendable {
        /// The position in the dataset, from 0; the first where the row is repeated.
        public var position: Int
        /// The text.
        public var text: String
    }

    /// The most bytes of a note.
    public static let limit = 10_000

    private let workspace: Workspace
    private let clock: WorkClock
    private let dataset: Dataset

    /// Makes the notes of a dataset.
    public init(of dataset: Dataset, in workspace: Workspace, clock: WorkClock) {
        self.dataset = dataset
        self.workspace = workspace
        self.clock = clock
    }

    /// Returns the notes of the dataset's rows, in the order of the dataset.
    public func all() throws(Diagnostic) -> [Note] {
        let notes = try workspace.existingStore()?.notes(ofSource: source) ?? []
        guard !notes.isEmpty else { return [] }
        var texts = Dictionary(
            notes.map { (UInt32(clamping: $0.row), $0.text) },
            uniquingKeysWith: { $1 }
        )
        var found: [Note] = []
        for (position, row) in dataset.frame.rows.enumerated() {
            guard let text = texts.removeValue(forKey: row) else { continue }
            found.append(Note(position: position, text: text))
            if texts.isEmpty { break }
        }
        return found
    }

    /// Returns the note of the row at a position, or nil.
    public func text(at position: Int) throws(Diagnostic) -> String? {
        let notes = try workspace.existingStore()?.notes(ofSource: source) ?? []
        return notes.first { $0.row == row(at: position) }?.text
    }

    /// Keeps a note of the row at a position; returns the text of an earlier one, in whose place it comes.
    ///
    /// - Throws: `bad-value` for a text without anything to read, or one that is too long; `workspace-write`.
    public func keep(_ text: String, at position: Int) throws(Diagnostic) -> String? {
        guard text.contains(where: { !$0.isWhitespace }), text.utf8.count <= Self.limit else {
            throw Diagnostic(
                "bad-value",
                text.utf8.count > Self.limit
                    ? "the note has \(NumberText.count(text.utf8.count)) bytes, expected at most "
                        + NumberText.count(Self.limit)
                    : "the note is empty, expected a text",
                hint: "to take a note away: note row=\(position + 1) --remove"
            )
        }
        return try workspace.store().keep(
            NoteRecord(row: row(at: position), text: text, notedAt: clock.now()),
            ofSource: source
        )
    }

    /// Takes the note of the row at a position away; returns its text, or nil where there was none.
    public func remove(at position: Int) throws(Diagnostic) -> String? {
        try workspace.existingStore()?.removeNote(ofRow: row(at: position), ofSource: source)
    }

    private func row(at position: Int) -> Int { Int(dataset.frame.rows[position]) }

    /// What row numbers count in: the source's fingerprint, or that of what was put together last, whose rows are
    /// numbered anew.
    private var source: String {
        guard let last = dataset.recipe.lastIndex(where: { $0.hasPrefix("concat ") }) else {
            return dataset.source.fingerprint
        }
        var stream = FingerprintStream()
        stream.update(
            ([dataset.source.fingerprint] + dataset.recipe[...last]).joined(separator: "\n")
        )
        return stream.digest.hex
    }
}
