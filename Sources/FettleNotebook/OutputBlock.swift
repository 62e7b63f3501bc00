/// A piece of what a command shows; renderers turn it into text for a terminal or a file.
///
/// Blocks carry untrusted text as it is: making it safe for a terminal is the renderer's work.
public enum OutputBlock: Hashable, Sendable {
    /// Text shown as it is, one or more lines.
    case text(String)
    /// A remark beside the result: what was done, what was left out; dim on a terminal.
    case note(String)
    /// Something that the user should look at, though the command went on.
    case warning(String)
    /// A table.
    case table(TextTable)
    /// Labelled values, one a line, the values aligned.
    case fields([Field])
    /// Horizontal bars, one a line.
    case bars(BarChart)
    /// A picture of figures, which is a table where nothing can be drawn.
    case plot(Plot)
    /// Text of the help, whose long lines are broken at blanks on a terminal.
    case guide(String)
    /// Text in a form for programs: files and pipes get it byte for byte.
    case data(String)

    /// One labelled value.
    public struct Field: Hashable, Sendable {
        /// The label.
        public var label: String
        /// The value as text.
        public var value: String

        /// Makes a field.
        public init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }
}

/// A table of texts that a renderer fits to the window.
public struct TextTable: Hashable, Sendable {
    /// Which side a column's cells stand at.
    public enum Alignment: Hashable, Sendable {
        case left, right
    }

    /// A column's head.
    public struct Column: Hashable, Sendable {
        /// The name over the column.
        public var name: String
        /// Where its cells stand; numbers stand right.
        public var alignment: Alignment

        /// Makes a head.
        public init(_ name: String, _ alignment: Alignment = .left) {
            self.name = name
            self.alignment = alignment
        }
    }

    /// One cell.
    ///
    /// Null, missing and the empty text are shown as three different dim words.
    public enum Cell: Hashable, Sendable {
        case text(String)
        /// A number and how it is shown; machine-readable forms write the number itself.
        case number(Double, String)
        /// Shown as `null`.
        case null
        /// Shown as `·missing`.
        case missing
        /// A cell that has nothing to show, such as the corner of a matrix.
        case blank
    }

    /// The heads.
    public var columns: [Column]
    /// The rows; each has a cell for each head.
    public var rows: [[Cell]]
    /// A line under the table, such as how many rows were left out.
    public var footer: String?
    /// Rows of the command's result that the table leaves out and `last` shows; nil when the table is no
    /// view of such rows.
    public var left: Int?
    /// Whether nothing may be cut or hidden to fit the window.
    public var isWhole = false
    /// Which part of a longer table it is, if it is one.
    public var part: Part?

    /// A stretch of the rows of a table that is too long to be in memory as cells at once.
    public struct Part: Hashable, Sendable {
        /// The columns of the window that each column of the whole table wants.
        public var widths: [Int]
        /// The number of the first row, from 0.
        public var start: Int
        /// Whether no part follows.
        public var isLast: Bool

        /// Makes a part.
        public init(widths: [Int], start: Int, isLast: Bool) {
            self.widths = widths
            self.start = start
            self.isLast = isLast
        }
    }

    /// Returns how wide each column of the table is when nothing is cut.
    public var wantedWidths: [Int] {
        TableLayout(self, width: 80).wantedWidths()
    }

    /// Makes a table.
    public init(columns: [Column], rows: [[Cell]], footer: String? = nil) {
        self.columns = columns
        self.rows = rows
        self.footer = footer
    }
}

/// Bars with a label on the left and a text after the bar.
public struct BarChart: Hashable, Sendable {
    /// One bar.
    public struct Bar: Hashable, Sendable {
        /// What stands before the bar.
        public var label: String
        /// The length, 0 or more, in the chart's own unit.
        public var value: Double
        /// What stands after the bar.
        public var text: String

        /// Makes a bar.
        public init(_ label: String, _ value: Double, _ text: String) {
            self.label = label
            self.value = value
            self.text = text
        }
    }

    /// A line over the bars.
    public var title: String?
    /// The bars from top to bottom.
    public var bars: [Bar]

    /// Makes a chart.
    public init(title: String? = nil, bars: [Bar]) {
        self.title = title
        self.bars = bars
    }
}
