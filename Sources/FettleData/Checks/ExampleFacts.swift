import FettleCore

/// What several checks need to know of a dataset's examples, found once.
struct ExampleFacts {
    /// What a dataset teaches, as far as its texts show.
    enum Aim {
        /// There is no prompt.
        case openEnded
        /// Few different completions, each of them often.
        case classification
        /// Texts that answer prompts.
        case conditional
    }

    /// A completion of a classification, and how often it stands.
    struct Class {
        /// The completion without blanks at its ends.
        let label: String
        let count: Int
        /// Its number among the completions' groups.
        let group: Int

        /// The label and its count, as `'bad' (3)`.
        var withCount: String {
            "\(CheckText.shown(label)) (\(NumberText.count(count)))"
        }
    }

    /// What was given to check.
    let input: CheckInput
    let prompt: PartFacts
    let completion: PartFacts
    let task: Aim
    /// The classes of a classification from the rarest on, equally rare ones in the order of the
    /// rows; empty for other tasks.
    let classes: [Class]

    /// The number of examples.
    var count: Int { input.frame.count }

    /// The column that alone makes the completions.
    var labelColumn: Frame.NamedColumn? {
        completion.columns.count == 1 ? completion.columns.first : nil
    }

    /// Looks at the examples; all columns of the format must be there.
    init(_ input: CheckInput) throws {
        let template = try input.format.promptTemplate()
        try Self.group(by: template, input)
        let prompt = try PartFacts("prompt", template, input.frame)
        let completion = try PartFacts("completion", input.format.target, input.frame)
        let classes = Self.classes(prompt, completion)
        self.input = input
        self.prompt = prompt
        self.completion = completion
        self.classes = classes
        task =
            !classes.isEmpty
            ? .classification : prompt.blank.contains(false) ? .conditional : .openEnded
    }

    /// Groups the rows by their prompts together with the other parts' rows of the same columns, which a
    /// search for shared prompts looks at, so that all are hashed once.
    private static func group(by template: PromptTemplate, _ input: CheckInput) throws {
        let parts = input.otherParts.map(\.frame).filter { $0.groups === input.frame.groups }
        guard !parts.isEmpty else { return }
        let all = input.frame.showing(parts.reduce(input.frame.rows) { $0 + $1.rows })
        _ = try RowGroups(all, by: .template(template))
    }

    /// The completions of a classification; rows without one are no class of their own.
    private static func classes(_ prompt: PartFacts, _ completion: PartFacts) -> [Class] {
        let groups = completion.sizes.indices.filter { !completion.blank[$0] }
        let labelled = groups.reduce(0) { $0 + completion.sizes[$1] }
        guard prompt.blank.contains(false), groups.count * 3 < labelled else { return [] }
        return groups.sorted { (completion.sizes[$0], $0) < (completion.sizes[$1], $1) }
            .map { group in
                Class(
                    label: completion.text(ofGroup: group).withoutBlanksAround,
                    count: completion.sizes[group],
                    group: group
                )
            }
    }
}

/// What several checks need to know of the prompts, or of the completions, of a dataset.
struct PartFacts {
    /// `prompt` or `completion`.
    let name: String
    /// What makes the texts; for a chat, that of all messages the model reads.
    let template: PromptTemplate
    /// The columns that the template reads.
    let columns: [Frame.NamedColumn]
    /// The rows in groups of equal texts.
    let groups: RowGroups
    /// The rows of each group.
    let sizes: [Int]
    /// The characters of each group's text.
    let lengths: [Int]
    /// Whether a group's text has nothing in it that comes from a row.
    let blank: [Bool]
    /// What all texts that are not blank begin with, whole characters only.
    let commonPrefix: String
    /// What all texts that are not blank end with, whole characters only.
    let commonSuffix: String
    private let frame: Frame
    private let compiled: CompiledTemplate

    init(_ name: String, _ template: PromptTemplate, _ frame: Frame) throws {
        self.name = name
        self.template = template
        self.frame = frame
        compiled = try CompiledTemplate(template, frame)
        columns = try template.columns.map { .init($0, try frame.column($0)) }
        groups = try RowGroups(frame, by: .template(template))
        var sizes = [Int](repeating: 0, count: groups.count)
        for group in groups.group { sizes[Int(group)] += 1 }
        self.sizes = sizes
        let (groups, compiled) = (groups, compiled)
        let chunks = try RawColumn.withRaw(columns.map(\.column)) { cells in
            try Self.folded(groups, compiled, frame, into: TextFacts()) { facts, row, text in
                facts.add(text, of: cells, at: row)
            }
        }
        lengths = chunks.flatMap(\.lengths)
        blank = chunks.flatMap(\.blank)
        var shared = SharedEnds()
        for chunk in chunks { shared.narrow(to: chunk.shared) }
        (commonPrefix, commonSuffix) = shared.texts
    }

    /// The text of a group.
    func text(ofGroup group: Int) -> String {
        compiled.text(row: Int(frame.rows[Int(groups.first[group])]))
    }

    /// Returns for each group whether a condition holds for its text; several threads ask.
    func texts(
        where condition: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool
    ) throws -> [Bool] {
        let chunks = try Self.folded(groups, compiled, frame, into: [Bool]()) { holds, _, text in
            holds.append(condition(text))
        }
        return chunks.flatMap(\.self)
    }

    /// The rows of the groups for which `condition` holds.
    func rows(where condition: (Int) -> Bool) -> ConcernedRows {
        var rows = ConcernedRows()
        let concerned = sizes.indices.map(condition)
        for (position, group) in groups.group.enumerated() where concerned[Int(group)] {
            rows.add(position)
        }
        return rows
    }

    /// Returns what `body` makes of the rows and texts of stretches of groups, each from `start` on, in
    /// the order of the groups; several threads call it.
    private static func folded<Facts: Sendable>(
        _ groups: RowGroups,
        _ template: CompiledTemplate,
        _ frame: Frame,
        into start: Facts,
        _ body: @escaping @Sendable (inout Facts, Int, UnsafeRawBufferPointer) -> Void
    ) throws -> [Facts] {
        let (first, rows) = (groups.first, frame.rows)
        return try template.withRaw { template in
            try Chunks.map(rows: first.count, size: 1 << 13) { range in
                let scratch = ScratchBytes(capacity: 4096)
                var facts = start
                for group in range {
                    scratch.count = 0
                    let row = Int(rows[Int(first[group])])
                    template.render(row: row, to: scratch)
                    body(&facts, row, scratch.bytes)
                }
                return facts
            }
        }
    }
}

/// What is known of a stretch of groups' texts.
private struct TextFacts: Sendable {
    var lengths: [Int] = []
    var blank: [Bool] = []
    var shared = SharedEnds()

    /// Adds the text that cells make at a source row.
    mutating func add(_ text: UnsafeRawBufferPointer, of cells: [RawColumn], at row: Int) {
        lengths.append(CharacterCount.scalars(in: text))
        let isBlank =
            cells.isEmpty
            ? Blanks.trimmed(text).isEmpty
            : cells.allSatisfy { cell in
                cell.text(at: row).map { Blanks.trimmed($0).isEmpty }
                    ?? (cell.presence(at: row) != .value)
            }
        blank.append(isBlank)
        if !isBlank { shared.narrow(to: text) }
    }
}

/// What all of some texts begin and end with.
private struct SharedEnds: Sendable {
    private var prefix: [UInt8] = []
    private var suffix: [UInt8] = []
    private var isFirst = true

    /// Keeps what a text begins and ends with too.
    mutating func narrow(to text: UnsafeRawBufferPointer) {
        guard !isFirst else {
            isFirst = false
            (prefix, suffix) = (Array(text), Array(text))
            return
        }
        narrow(beginning: text, end: text)
    }

    /// Keeps what other texts begin and end with too.
    mutating func narrow(to others: SharedEnds) {
        guard !others.isFirst else { return }
        guard !isFirst else {
            self = others
            return
        }
        others.prefix.withUnsafeBytes { beginning in
            others.suffix.withUnsafeBytes { narrow(beginning: beginning, end: $0) }
        }
    }

    private mutating func narrow(
        beginning text: UnsafeRawBufferPointer,
        end: UnsafeRawBufferPointer
    ) {
        var same = 0
        let limit = min(prefix.count, text.count)
        while same < limit, prefix[same] == text[same] { same += 1 }
        if same < prefix.count { prefix.removeLast(prefix.count - same) }
        var tail = 0
        let most = min(suffix.count, end.count)
        while tail < most, suffix[suffix.count - 1 - tail] == end[end.count - 1 - tail] {
            tail += 1
        }
        if tail < suffix.count { suffix.removeFirst(suffix.count - tail) }
    }

    /// The two without the bytes of a character that is not there in whole.
    var texts: (prefix: String, suffix: String) {
        let tail = suffix.drop { $0 & 0xC0 == 0x80 }
        var head = prefix[...]
        if let lead = head.lastIndex(where: { $0 & 0xC0 != 0x80 }) {
            let first = head[lead]
            let width = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if lead + width > head.endIndex { head = head[..<lead] }
        }
        return (String(decoding: head, as: UTF8.self), String(decoding: tail, as: UTF8.self))
    }
}
