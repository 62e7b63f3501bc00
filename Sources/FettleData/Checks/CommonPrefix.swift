import FettleCore

/// What all texts of a part begin with: text of the template, and after it text of its first column.
struct CommonPrefix {
    /// What removes a prefix: steps for what stands in a column, a template for the rest.
    struct Removal {
        var steps: [CheckFix.Change] = []
        var source: String?
        let old: PromptFormat

        func format(
            _ make: (PromptFormat, String) throws -> PromptFormat
        ) -> [CheckFix.Change] {
            guard let source, let format = try? make(old, source) else { return [] }
            return [.format(format)]
        }
    }

    let text: String
    private let literal: String
    private let cells: String
    /// Whether all cells after the literal begin with a blank.
    private let beginsWithBlank: Bool
    private let part: PartFacts
    private let template: PromptTemplate
    private let keepsBlank: Bool

    /// Finds a prefix of more than `least` characters that ends where a word ends.
    init?(_ part: PartFacts, _ template: PromptTemplate, above least: Int, keepsBlank: Bool) {
        guard part.groups.count > 1 else { return nil }
        literal = template.leadingText
        self.part = part
        self.template = template
        self.keepsBlank = keepsBlank
        let shared = part.commonPrefix
        guard shared.utf8.starts(with: literal.utf8) else { return nil }
        var cells = Self.wholeWords(
            String(decoding: shared.utf8.dropFirst(literal.utf8.count), as: UTF8.self)
        )
        let whole = literal + cells
        let length = whole.unicodeScalars.count
        // A text that is nothing but the prefix would become empty.
        let isWhole = part.sizes.indices.contains {
            part.lengths[$0] <= length && part.text(ofGroup: $0).utf8.elementsEqual(whole.utf8)
        }
        beginsWithBlank = cells.hasPrefix(" ")
        let literalIsEnough = literal.unicodeScalars.count > least
        if isWhole || literalIsEnough { cells = "" }
        self.cells = cells
        text = literal + cells
        guard text.unicodeScalars.count > least, !text.withoutBlanksAround.isEmpty else {
            return nil
        }
    }

    /// The text up to the end of its last whole word.
    private static func wholeWords(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let end = scalars.lastIndex { scalar in
            let isLetter = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            // Scripts from here on do not part words.
            return !isLetter || scalar.value >= 0x2E80
        }
        return end.map { String(scalars[...$0]) } ?? ""
    }

    /// Returns what takes the prefix away, or nil when it cannot be taken away.
    func removed(from examples: ExampleFacts) -> Removal? {
        var removal = Removal(old: examples.input.format)
        let blank = keepsBlank && text.hasPrefix(" ") ? " " : ""
        if !literal.isEmpty {
            let blank = cells.isEmpty && beginsWithBlank ? "" : blank
            let rest = template.source.utf8.dropFirst(literal.utf8.count)
            removal.source = blank + String(decoding: rest, as: UTF8.self)
        }
        guard !cells.isEmpty else { return removal }
        guard let step = cut(examples, putting: literal.isEmpty ? blank : "") else { return nil }
        removal.steps = [.step(step)]
        return removal
    }

    private func cut(_ examples: ExampleFacts, putting blank: String) -> Derive? {
        let place = literal.isEmpty ? 0 : 1
        guard place < template.segments.count,
            case .column(let name, _) = template.segments[place],
            examples.input.format.uses(of: name) == 1, !cells.contains("\\E"),
            let column = try? examples.input.frame.column(name), column.kind == .text,
            CheckText.isDerivable(name), let word = CheckText.column(name)
        else { return nil }
        let head = Array(cells.utf8)
        let stands = examples.input.frame.rows.enumerated().allSatisfy { position, row in
            part.blank[Int(part.groups.group[position])]
                || column.withBytes(at: Int(row)) { $0.starts(with: head) }
        }
        let pattern = CheckText.literal("\\A\\Q\(cells)\\E")
        guard stands,
            let expression = try? Expression(
                parsing: "replace(\(word), \(pattern), \(CheckText.literal(blank)))"
            )
        else { return nil }
        return Derive(name, expression)
    }
}
