import CTerminal

/// Where prompt and text lie on the screen, by the same rules that libedit draws by.
///
/// libedit has no public view of its screen model, and whoever prints above the line has to know
/// how many rows up it begins.
struct ScreenLayout {
    /// The row of the cursor, counted from the first row of the prompt.
    private(set) var cursorRow = 0

    /// The column of the cursor, from 0.
    private(set) var cursorColumn = 0

    /// What each row shows, without padding, and how many columns that takes.
    private(set) var rowContents = [(text: String.UnicodeScalarView(), width: 0)]

    /// The row of the end of the text.
    var lastRow: Int { row }

    private let columns: Int
    private let rows: Int
    private var row = 0
    private var column = 0

    /// Lays out a prompt and a text, whose cursor is an index of a scalar.
    init(
        prompt: PromptText,
        text: some Collection<UInt32>,
        cursor: Int,
        columns: Int,
        rows: Int
    ) {
        self.columns = max(columns, 2)
        self.rows = max(rows, 1)
        for piece in prompt.pieces {
            rowContents[row].text.append(contentsOf: String(scalars: piece.escape).unicodeScalars)
            put(piece.scalar, width: max(0, Int(fettle_character_width(piece.scalar))))
        }
        var isCursorSet = false
        for (index, scalar) in text.enumerated() {
            if index == cursor {
                isCursorSet = true
                markCursor()
                let width = Int(fettle_character_width(scalar))
                if width > 1, column + width > self.columns {
                    cursorColumn = 0
                    cursorRow += 1
                }
            }
            add(scalar)
        }
        if !isCursorSet { markCursor() }
    }

    private mutating func markCursor() {
        cursorRow = row
        cursorColumn = column
    }

    private mutating func add(_ scalar: UInt32) {
        switch scalar {
        case 0x09:
            repeat { put(0x20, width: 1) } while column % 8 != 0
        case 0x0A:
            nextLine()
        case 0..<0x20, 0x7F..<0xA0:
            put(0x5E, width: 1)
            put(scalar == 0x7F ? 0x3F : scalar | 0x40, width: 1)
        default:
            if fettle_character_is_printable(scalar) {
                put(scalar, width: max(0, Int(fettle_character_width(scalar))))
            } else {
                let digits = String(scalar & 0xFFFFF, radix: 16, uppercase: true)
                let count = scalar > 0xFFFF ? 5 : 4
                let zeros = String(repeating: "0", count: max(0, count - digits.count))
                for shown in "\\U+\(zeros)\(digits)".unicodeScalars {
                    put(shown.value, width: 1)
                }
            }
        }
    }

    private mutating func put(_ scalar: UInt32, width: Int) {
        while column + width > columns { put(0x20, width: 1) }
        rowContents[row].text.append(Unicode.Scalar(scalar) ?? "\u{FFFD}")
        column += width
        rowContents[row].width = column
        if column >= columns { nextLine() }
    }

    private mutating func nextLine() {
        column = 0
        rowContents.append((String.UnicodeScalarView(), 0))
        // Past the screen's height libedit scrolls its rows away at the top.
        if row + 1 < rows {
            row += 1
        } else {
            rowContents.removeFirst()
        }
    }
}
