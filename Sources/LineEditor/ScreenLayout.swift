/// Where prompt, text and hint lie on the screen: rows of cells, and the place of the cursor.
struct ScreenLayout: Equatable {
    /// One glyph on the screen.
    struct Cell: Equatable {
        let glyph: Glyph
        /// The SGR parameters that it is drawn with; empty for none.
        let colour: String
    }

    /// One row of the screen.
    struct Row: Equatable {
        var cells: [Cell] = []
        var width = 0
        /// Whether the text goes on in the next row only because this one is full.
        var isWrapped = false
    }

    /// What is laid out.
    struct Content: Equatable {
        var prompt = PromptText("", colour: false)
        /// What stands before each further line of the text.
        var continuation = PromptText("", colour: false)
        var text: [UInt32] = []
        /// The colours of the text, one for each scalar, or none at all.
        var colours: [String] = []
        /// The index of the scalar that the cursor is on.
        var cursor = 0
        /// What may follow the text, drawn dim in what is left of the last row.
        var hint = ""
        /// What stands in rows of its own below the text.
        var below: [UInt32] = []
        /// What stands at the right of the first row where there is room for it.
        var status = ""
    }

    private static let dim = "2"

    /// The rows, of which there is at least one.
    private(set) var rows = [Row()]

    /// The row of the cursor, counted from the first row of the prompt.
    private(set) var cursorRow = 0

    /// The column of the cursor, from 0.
    private(set) var cursorColumn = 0

    private let columns: Int

    /// Lays out a content in a window of so many columns.
    init(_ content: Content, columns: Int) {
        self.columns = max(columns, 2)
        put(content.prompt)
        let text = content.text
        var isCursorSet = false
        var at = 0
        while at < text.count {
            let colour = at < content.colours.count ? content.colours[at] : ""
            let isBreak = text[at] == 0x09 || text[at] == 0x0A
            let glyph = isBreak ? Glyph([0x20]) : Glyph(text[at...])
            let end = at + max(1, glyph.count)
            if !isCursorSet, content.cursor < end {
                isCursorSet = true
                if !isBreak { wrap(before: glyph) }
                markCursor()
            }
            switch text[at] {
            case 0x09:
                repeat { put(glyph, colour) } while (rows.last?.width ?? 0) % 8 != 0
            case 0x0A:
                rows.append(Row())
                put(content.continuation)
            default:
                put(glyph, colour)
            }
            at = end
        }
        if !isCursorSet { markCursor() }
        put(hint: content.hint)
        put(below: content.below)
        put(status: content.status)
    }

    private mutating func markCursor() {
        cursorRow = rows.count - 1
        cursorColumn = rows[cursorRow].width
    }

    private mutating func put(_ prompt: PromptText) {
        let scalars = prompt.plain
        var at = 0
        while at < scalars.count {
            if scalars[at] == 0x0A {
                rows.append(Row())
                at += 1
            } else {
                let glyph = Glyph(scalars[at...])
                put(glyph, prompt.pieces[at].colour)
                at += max(1, glyph.count)
            }
        }
    }

    private mutating func put(_ glyph: Glyph, _ colour: String) {
        if glyph.isSpelled {
            // Spelled out, it may be wider than the window.
            for byte in glyph.text.utf8 { put(Glyph([UInt32(byte)]), colour) }
            return
        }
        wrap(before: glyph)
        append(Cell(glyph: glyph, colour: colour))
        if rows[rows.count - 1].width >= columns { startRow() }
    }

    private mutating func append(_ cell: Cell) {
        rows[rows.count - 1].cells.append(cell)
        rows[rows.count - 1].width += cell.glyph.width
    }

    private mutating func wrap(before glyph: Glyph) {
        let width = rows[rows.count - 1].width
        let needed = glyph.isSpelled ? 1 : glyph.width
        if width > 0, width + needed > columns { startRow() }
    }

    private mutating func startRow() {
        rows[rows.count - 1].isWrapped = true
        rows.append(Row())
    }

    /// Adds a hint as far as it fits without another row, its first line only.
    private mutating func put(hint: String) {
        guard !hint.isEmpty else { return }
        let scalars = hint.unicodeScalars.map(\.value)
        var at = 0
        let room = columns - 1
        while at < scalars.count {
            let width = rows[rows.count - 1].width
            let isLineEnd = scalars[at] == 0x0A
            let glyph = Glyph(isLineEnd ? [0x2026] : scalars[at...])
            if !isLineEnd, width + glyph.width + 1 > room, at + glyph.count < scalars.count {
                if width < room { append(Cell(glyph: Glyph([0x2026]), colour: Self.dim)) }
                return
            }
            guard width + glyph.width <= room else { return }
            append(Cell(glyph: glyph, colour: Self.dim))
            guard !isLineEnd else { return }
            at += max(1, glyph.count)
        }
    }

    private mutating func put(below text: [UInt32]) {
        guard !text.isEmpty else { return }
        rows.append(Row())
        var at = 0
        while at < text.count {
            let glyph = Glyph(text[at...])
            put(glyph, "")
            at += max(1, glyph.count)
        }
    }

    /// Adds the status to the first row where it does not touch what stands there.
    private mutating func put(status: String) {
        guard !status.isEmpty, !rows[0].isWrapped else { return }
        let width = Glyph.width(of: status)
        let gap = columns - 1 - width - rows[0].width
        guard gap >= 2 else { return }
        let scalars = status.unicodeScalars.map(\.value)
        var cells = Array(repeating: Cell(glyph: Glyph([0x20]), colour: ""), count: gap)
        var at = 0
        while at < scalars.count {
            let glyph = Glyph(scalars[at...])
            cells.append(Cell(glyph: glyph, colour: Self.dim))
            at += max(1, glyph.count)
        }
        rows[0].cells += cells
        rows[0].width += gap + width
    }
}
