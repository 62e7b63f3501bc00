import FettleCore

/// What a command showed, in pieces that can be rendered again, and the prose round it.
public struct CellContent: Hashable, Sendable {
    /// The error that ended a command.
    public struct Failure: Hashable, Sendable {
        /// The error's stable name.
        public var code: String
        /// What is wrong.
        public var message: String
        /// The error as it was shown.
        public var text: String

        /// Makes a failure.
        public init(code: String, message: String, text: String) {
            self.code = code
            self.message = message
            self.text = text
        }
    }

    /// The prose before the command.
    public var prose = ""
    /// What it showed, in order.
    public var blocks: [OutputBlock] = []
    /// The error, if it failed.
    public var failure: Failure?
    /// The prose after the command, when no other follows.
    public var epilogue = ""

    /// Makes a content.
    public init(
        prose: String = "",
        blocks: [OutputBlock] = [],
        failure: Failure? = nil,
        epilogue: String = ""
    ) {
        self.prose = prose
        self.blocks = blocks
        self.failure = failure
        self.epilogue = epilogue
    }

    /// Returns the content with every text replaced by what `change` makes of it, such as one without
    /// secrets.
    public func mapTexts(_ change: (String) -> String) -> CellContent {
        CellContent(
            prose: change(prose),
            blocks: blocks.map { $0.mapTexts(change) },
            failure: failure.map {
                Failure(code: $0.code, message: change($0.message), text: change($0.text))
            },
            epilogue: change(epilogue)
        )
    }
}

// MARK: - A size that can be kept

extension CellContent {
    /// Rows, bars, fields or points of one block that are kept.
    public static let rowLimit = 200
    /// Bytes of one text that are kept, and of a cell's texts together.
    public static let textLimit = 1 << 16
    private static let blockLimit = 500
    private static let totalLimit = 1 << 18

    /// The content with what is too long to be kept cut, each cut said where it is.
    public var capped: CellContent {
        var copy = self
        copy.prose = Self.cut(prose)
        copy.epilogue = Self.cut(epilogue)
        copy.failure?.text = Self.cut(failure?.text ?? "")
        copy.failure?.message = Self.cut(failure?.message ?? "")
        copy.blocks = []
        var size = 0
        for (index, block) in blocks.enumerated() {
            guard index < Self.blockLimit, size < Self.totalLimit else {
                let count = NumberText.count(blocks.count - index, "block")
                copy.blocks.append(.note("\(count) of the output not kept in the record"))
                break
            }
            let kept = block.capped
            _ = kept.mapTexts { text in
                size += text.utf8.count + 4
                return text
            }
            copy.blocks.append(kept)
        }
        return copy
    }

    /// Returns at most `textLimit` bytes of a text and how long it was.
    fileprivate static func cut(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        let end = text.utf8.index(text.startIndex, offsetBy: textLimit)
        let kept = String(decoding: text.utf8[..<end], as: UTF8.self)
        return kept + "\n… cut, \(NumberText.count(text.utf8.count)) bytes in all\n"
    }
}

extension OutputBlock {
    fileprivate var capped: OutputBlock {
        switch self {
        case .text(let text): return .text(CellContent.cut(text))
        case .guide(let text): return .guide(CellContent.cut(text))
        case .note(let text): return .note(CellContent.cut(text))
        case .warning(let text): return .warning(CellContent.cut(text))
        case .data(let text): return .data(CellContent.cut(text))
        case .table(let table): return .table(table.capped)
        case .fields(let fields):
            guard fields.count > CellContent.rowLimit else { return self }
            let kept = fields.prefix(CellContent.rowLimit)
            let left = NumberText.count(fields.count - kept.count)
            return .fields(kept + [Field("…", "\(left) more not kept in the record")])
        case .bars(var chart):
            guard chart.bars.count > CellContent.rowLimit else { return self }
            let left = NumberText.count(chart.bars.count - CellContent.rowLimit)
            chart.bars = Array(chart.bars.prefix(CellContent.rowLimit))
            chart.bars.append(.init("…", 0, "\(left) more not kept in the record"))
            return .bars(chart)
        case .plot(let plot): return .plot(plot.capped)
        }
    }

    /// Returns the block with its texts replaced.
    func mapTexts(_ change: (String) -> String) -> OutputBlock {
        switch self {
        case .text(let text): return .text(change(text))
        case .guide(let text): return .guide(change(text))
        case .note(let text): return .note(change(text))
        case .warning(let text): return .warning(change(text))
        case .data(let text): return .data(change(text))
        case .table(let table): return .table(table.mapTexts(change))
        case .fields(let fields):
            return .fields(fields.map { Field(change($0.label), change($0.value)) })
        case .bars(var chart):
            chart.title = chart.title.map(change)
            chart.bars = chart.bars.map { .init(change($0.label), $0.value, change($0.text)) }
            return .bars(chart)
        case .plot(let plot): return .plot(plot.mapTexts(change))
        }
    }
}

extension TextTable {
    var capped: TextTable {
        var copy = self
        // The hint at 'last' holds for the moment only.
        copy.left = nil
        guard rows.count > CellContent.rowLimit else { return copy }
        copy.rows = Array(rows.prefix(CellContent.rowLimit))
        let kept = NumberText.count(CellContent.rowLimit)
        let cut =
            "\(kept) of the \(NumberText.count(rows.count, "row")) shown are kept in the record"
        copy.footer = footer.map { "\($0); \(cut)" } ?? cut
        return copy
    }

    func mapTexts(_ change: (String) -> String) -> TextTable {
        var copy = self
        copy.columns = columns.map { Column(change($0.name), $0.alignment) }
        copy.rows = rows.map { row in
            row.map { cell in
                switch cell {
                case .text(let text): .text(change(text))
                case .number(let value, let text): .number(value, change(text))
                case .null, .missing, .blank: cell
                }
            }
        }
        copy.footer = footer.map(change)
        return copy
    }
}
