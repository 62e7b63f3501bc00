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
        let prompt = try PartFacts("prompt", input.format.promptTemplate(), input.frame)
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
        var shared = SharedEnds()
        var lengths: [Int] = []
        var blank: [Bool] = []
        let columns = columns
        try Self.texts(groups, compiled, frame) { row, text in
            lengths.append(CharacterCount.scalars(in: text))
            let isBlank =
                columns.isEmpty
                ? Blanks.trimmed(text).isEmpty
                : columns.allSatisfy { named in
                    named.column.withBytes(at: row) { Blanks.trimmed($0).isEmpty }
                }
            blank.append(isBlank)
            if !isBlank { shared.narrow(to: text) }
        }
        self.lengths = lengths
        self.blank = blank
        (commonPrefix, commonSuffix) = shared.texts
    }

    /// The text of a group.
    func text(ofGroup group: Int) -> String {
        compiled.text(row: Int(frame.rows[Int(groups.first[group])]))
    }

    /// Calls `body` with each group's text, in the order of the groups.
    func forEachText(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try Self.texts(groups, compiled, frame) { _, text in try body(text) }
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

    private static func texts(
        _ groups: RowGroups,
        _ template: CompiledTemplate,
        _ frame: Frame,
        _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let scratch = ScratchBytes(capacity: 4096)
        try template.withRaw { template in
            for (group, first) in groups.first.enumerated() {
                if group & 0x3FF == 0 { try Task.checkCancellation() }
                scratch.count = 0
                let row = Int(frame.rows[Int(first)])
                template.render(row: row, to: scratch)
                try body(row, scratch.bytes)
            }
        }
    }
}

/// What all of some texts begin and end with.
private struct SharedEnds {
    private var prefix: [UInt8] = []
    private var suffix: [UInt8] = []
    private var isFirst = true

    mutating func narrow(to text: UnsafeRawBufferPointer) {
        guard !isFirst else {
            isFirst = false
            (prefix, suffix) = (Array(text), Array(text))
            return
        }
        var same = 0
        let limit = min(prefix.count, text.count)
        while same < limit, prefix[same] == text[same] { same += 1 }
        if same < prefix.count { prefix.removeLast(prefix.count - same) }
        var tail = 0
        let most = min(suffix.count, text.count)
        while tail < most, suffix[suffix.count - 1 - tail] == text[text.count - 1 - tail] {
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
