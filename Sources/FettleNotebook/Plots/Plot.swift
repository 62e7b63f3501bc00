import FettleCore

/// A picture of figures: one description, from which terminals, plain text, pages and files are drawn.
///
/// Its texts are untrusted as those of every block are: renderers make them safe.
public struct Plot: Hashable, Sendable {
    /// The ground that a file is drawn on.
    public enum Theme: String, CaseIterable, Hashable, Sendable {
        /// Light or dark as whoever looks at it has set.
        case auto
        case light, dark
    }

    /// One frame of a plot.
    public struct Panel: Hashable, Sendable {
        /// A line over it; nil for none.
        public var title: String?
        /// What goes from left to right.
        public var x: Axis
        /// What goes up, or down the labels of rows.
        public var y: Axis
        /// What is drawn.
        public var content: Content

        /// Makes a frame.
        public init(_ title: String? = nil, x: Axis, y: Axis, _ content: Content) {
            self.title = title
            self.x = x
            self.y = y
            self.content = content
        }
    }

    /// What a frame shows.
    public enum Content: Hashable, Sendable {
        /// Lines, points and columns over numbers.
        case series([Series])
        /// Bars of labels, from top to bottom, their lengths along `x`.
        case bars([BarChart.Bar])
        /// Estimates of labels, from top to bottom, their places along `x`.
        case intervals([Interval])
        /// Counts of pairs of classes; `y` is the true class.
        case matrix(Matrix)
        /// Runs as lines over several axes.
        case parallel(Parallel)
    }

    /// The same figures as a table, for programs and for where nothing can be drawn.
    public struct Figures: Hashable, Sendable {
        /// A line over the table; nil for none.
        public var heading: String?
        /// The figures.
        public var table: TextTable
        /// The group of series whose figures they are; nil for those of all.
        public var group: String?

        /// Makes a table of figures.
        public init(_ table: TextTable, heading: String? = nil, group: String? = nil) {
            self.table = table
            self.heading = heading
            self.group = group
        }
    }

    /// What the picture shows.
    public var title: String
    /// The frames from top to bottom.
    public var panels: [Panel]
    /// The figures.
    public var figures: [Figures]
    /// Whether text that is no screen, such as a pipe's, shows the figures instead of a picture.
    public var isTableInText = false
    /// The ground of a file.
    public var theme = Theme.auto

    /// Makes a plot.
    public init(_ title: String, _ panels: [Panel], figures: [Figures]) {
        self.title = title
        self.panels = panels
        self.figures = figures
    }

    /// Makes a plot of bars.
    public init(_ chart: BarChart) {
        self.init(
            chart.title ?? "bars",
            [Panel(x: Axis(""), y: Axis(""), .bars(chart.bars))],
            figures: [Figures(chart.table)]
        )
    }

    /// The names of the series in the order in which they first stand; a series has the colour and the mark of
    /// its place, in every frame.
    var seriesNames: [String] {
        var names: [String] = []
        for panel in panels {
            guard case .series(let series) = panel.content else { continue }
            for name in series.map(\.label) where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The names that a key explains: not that of a series alone in its frame whose axis has the same name.
    var keyNames: [String] {
        let said = panels.compactMap { panel -> String? in
            guard case .series(let series) = panel.content, series.count == 1 else { return nil }
            return series[0].label == panel.y.title ? series[0].label : nil
        }
        return seriesNames.filter { !said.contains($0) }
    }
}

extension Plot {
    /// What one direction of a frame measures.
    public struct Axis: Hashable, Sendable {
        /// The quantity with its unit, such as `loss (nats)`.
        public var title: String
        /// Whether the numbers are fractions that are shown as percentages.
        public var isShare: Bool
        /// Whether it goes from 0, or to it.
        public var holdsZero: Bool
        /// Its lower end; nil for that of the figures.
        public var low: Double?
        /// Its upper end; nil for that of the figures.
        public var high: Double?

        /// Makes an axis.
        public init(
            _ title: String,
            isShare: Bool = false,
            holdsZero: Bool = false,
            low: Double? = nil,
            high: Double? = nil
        ) {
            self.title = title
            self.isShare = isShare
            self.holdsZero = holdsZero
            self.low = low
            self.high = high
        }
    }

    /// Figures over numbers.
    public struct Series: Hashable, Sendable {
        /// How it is drawn.
        public enum Style: String, CaseIterable, Hashable, Sendable {
            /// A line with its points; intervals are a band.
            case line
            /// Points alone; intervals are lines through them.
            case points
            /// Columns from 0, ``Series/width`` wide.
            case columns
            /// A broken line without points, for comparison.
            case reference
        }

        /// A point of a series.
        public struct Point: Hashable, Sendable {
            /// The place along `x`.
            public var x: Double
            /// The height.
            public var y: Double
            /// The lower end of its interval.
            public var low: Double?
            /// The upper end of its interval.
            public var high: Double?

            /// Makes a point.
            public init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
                self.x = x
                self.y = y
                self.low = low
                self.high = high
            }
        }

        /// What it is.
        public var name: String
        /// What it is a part of, such as a run; nil where there is one only.
        public var group: String?
        /// How it is drawn.
        public var style: Style
        /// Its points from left to right.
        public var points: [Point]
        /// How wide a column is, in units of `x`.
        public var width = 1.0

        /// Makes a series.
        public init(
            _ name: String,
            group: String? = nil,
            style: Style = .line,
            _ points: [Point]
        ) {
            self.name = name
            self.group = group
            self.style = style
            self.points = points
        }

        /// The name with the group's before it.
        var label: String { group.map { "\($0) \(name)" } ?? name }
    }

    /// A figure of a label with the interval it is known in.
    public struct Interval: Hashable, Sendable {
        /// Whose figure it is.
        public var label: String
        /// The figure.
        public var value: Double
        /// The lower end.
        public var low: Double
        /// The upper end.
        public var high: Double
        /// What stands beside it.
        public var text: String

        /// Makes an interval.
        public init(_ label: String, _ value: Double, low: Double, high: Double, _ text: String) {
            self.label = label
            self.value = value
            self.low = low
            self.high = high
            self.text = text
        }
    }

    /// Runs over several axes side by side, as in a search for the best settings.
    public struct Parallel: Hashable, Sendable {
        /// One axis: what stands at which height.
        public struct Axis: Hashable, Sendable {
            /// What it measures.
            public var title: String
            /// The text at its lower end.
            public var lowText: String
            /// The text at its upper end.
            public var highText: String

            /// Makes an axis.
            public init(_ title: String, low: String, high: String) {
                self.title = title
                lowText = low
                highText = high
            }
        }

        /// One run.
        public struct Line: Hashable, Sendable {
            /// What it is.
            public var label: String
            /// Its height on each axis, 0 to 1; not a number where it has none.
            public var heights: [Double]
            /// Whether it stands out, such as the best.
            public var isMarked: Bool

            /// Makes a run.
            public init(_ label: String, _ heights: [Double], isMarked: Bool = false) {
                self.label = label
                self.heights = heights
                self.isMarked = isMarked
            }
        }

        /// The axes from left to right.
        public var axes: [Axis]
        /// The runs.
        public var lines: [Line]

        /// Makes runs over axes.
        public init(axes: [Axis], lines: [Line]) {
            self.axes = axes
            self.lines = lines
        }
    }
}

extension BarChart {
    /// The bars as a table for programs.
    public var table: TextTable {
        TextTable(
            columns: [.init("label"), .init("value", .right), .init("text")],
            rows: bars.map {
                [
                    .text($0.label), .number($0.value, NumberText.decimal($0.value, digits: 6)),
                    .text($0.text),
                ]
            }
        )
    }
}
