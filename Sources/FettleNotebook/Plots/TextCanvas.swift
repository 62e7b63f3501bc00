/// A frame of characters that lines, points and columns are drawn in: braille dots and blocks, or ASCII.
///
/// Places are shares of the frame, 0 to 1, from the left and from the bottom.
struct TextCanvas {
    /// A place in the frame.
    struct Place: Hashable {
        var x: Double
        var y: Double

        init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    private struct Cell {
        var dots: UInt8 = 0
        var sign: Character?
        var series = 0
    }

    /// The bits of a braille character's dots, by row and column (Unicode, block 2800).
    private static let bits: [[UInt8]] = [
        [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
    ]
    private static let eighths = Array("▁▂▃▄▅▆▇█")

    let columns: Int
    let rows: Int
    private let isASCII: Bool
    private var cells: [Cell]

    init(columns: Int, rows: Int, isASCII: Bool) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        self.isASCII = isASCII
        cells = [Cell](repeating: Cell(), count: self.columns * self.rows)
    }

    /// Returns the row of a height, from the top.
    func row(of y: Double) -> Int {
        min(rows - 1, max(0, Int(((1 - y) * Double(rows - 1)).rounded())))
    }

    /// Returns the column of a share of the width.
    func column(of x: Double) -> Int {
        min(columns - 1, max(0, Int((x * Double(columns - 1)).rounded())))
    }

    /// Draws a line, in ASCII of the character `sign`, over others' when it `covers`; of a broken one every other
    /// stretch is left out.
    mutating func line(
        _ from: Place,
        _ to: Place,
        series: Int,
        sign: Character,
        isBroken: Bool = false,
        covers: Bool = false
    ) {
        let (across, down) = isASCII ? (1, 1) : (2, 4)
        let (width, height) = (Double(columns * across - 1), Double(rows * down - 1))
        let (x, y) = (from.x * width, (1 - from.y) * height)
        let (dx, dy) = (to.x * width - x, (1 - to.y) * height - y)
        let steps = max(1, Int(max(abs(dx), abs(dy)).rounded(.up)))
        for step in 0...steps where !isBroken || step % 4 < 2 {
            let share = Double(step) / Double(steps)
            let column = min(columns * across - 1, max(0, Int((x + share * dx).rounded())))
            let row = min(rows * down - 1, max(0, Int((y + share * dy).rounded())))
            let cell = row / down * columns + column / across
            if isASCII {
                cells[cell].sign = covers ? sign : cells[cell].sign ?? sign
            } else {
                cells[cell].dots |= Self.bits[row % 4][column % 2]
            }
            cells[cell].series = series
        }
    }

    /// Puts a character over what is at a place.
    mutating func mark(_ place: Place, _ sign: Character, series: Int) {
        let cell = row(of: place.y) * columns + column(of: place.x)
        cells[cell].sign = sign
        cells[cell].series = series
    }

    /// Fills the characters from one share of the width to another, from one height to another.
    mutating func column(_ from: Place, _ to: Place, series: Int) {
        let left = min(columns - 1, max(0, Int((from.x * Double(columns)).rounded())))
        let right = min(columns, max(left + 1, Int((to.x * Double(columns)).rounded())))
        let (low, high) = (min(from.y, to.y), max(from.y, to.y))
        guard high > low else { return }
        for row in 0..<rows {
            let bottom = Double(rows - 1 - row) / Double(rows)
            let top = bottom + 1 / Double(rows)
            let isLast = low <= bottom && high < top
            let share = (min(top, high) - max(bottom, low)) * Double(rows)
            // What is above nothing shows.
            let isFoot = bottom <= low && low < top
            guard share > (isASCII ? 0.5 : 0.0625) || (isFoot && share > 0) else { continue }
            let eighth = isLast ? min(8, max(1, Int((share * 8).rounded()))) : 8
            for column in left..<right {
                cells[row * columns + column].sign =
                    isASCII ? (share > 0.5 ? "#" : "_") : Self.eighths[eighth - 1]
                cells[row * columns + column].series = series
            }
        }
    }

    /// Returns a row, its characters in the colours of their series.
    func line(_ row: Int) -> StyledLine {
        var line = StyledLine()
        var text = ""
        var series: Int?
        for cell in cells[row * columns..<(row + 1) * columns] {
            let character = cell.sign ?? Self.braille(cell.dots)
            let own = character == " " ? series : cell.series
            if own != series {
                line.append(text, series.map { .series($0) } ?? .plain)
                text = ""
                series = own
            }
            text.append(character)
        }
        line.append(text, series.map { .series($0) } ?? .plain)
        return line
    }

    private static func braille(_ dots: UInt8) -> Character {
        guard dots > 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots)) else { return " " }
        return Character(scalar)
    }
}

/// The characters of frames, marks and shades.
struct TextSigns {
    let isASCII: Bool

    private static let marks = Array("●▲■◆○△□◇")
    private static let plainMarks = Array("o*x+#@%&")

    /// Returns the mark of a series.
    func mark(_ number: Int) -> Character {
        let marks = isASCII ? Self.plainMarks : Self.marks
        return marks[number % marks.count]
    }

    var upright: Character { isASCII ? "|" : "│" }
    var tickLeft: Character { isASCII ? "+" : "┤" }
    var corner: Character { isASCII ? "+" : "└" }
    var level: Character { isASCII ? "-" : "─" }
    var tickBelow: Character { isASCII ? "+" : "┬" }
    var leftEnd: Character { isASCII ? "|" : "├" }
    var rightEnd: Character { isASCII ? "|" : "┤" }

    /// What a column of blank cells is followed by.
    var guide: Character { isASCII ? "|" : "┊" }
    /// Where a difference is none, beside an interval and in one.
    var zero: Character { isASCII ? ":" : "┊" }
    var crossing: Character { isASCII ? "+" : "┼" }
    /// A class of which no row is right.
    var missed: Character { isASCII ? "\\" : "╲" }

    /// The shares from which on a character is darker; the first is that of the smallest share.
    ///
    /// Most cells beside the diagonal are below a tenth, and those that are not are what one looks for: even
    /// steps would show both alike.
    static let shadeSteps = [.leastNonzeroMagnitude, 0.1, 0.35, 0.7]

    /// Returns a character as dark as a share, 0 to 1, that is no part of a number; blank for 0 only.
    func shade(_ share: Double) -> Character {
        let shades = Array(isASCII ? " :x#@" : " ░▒▓█")
        return shades[Self.shadeSteps.count { share >= $0 }]
    }
}
