/// Curves over a common axis, such as losses by step.
public struct CurveChart: Hashable, Sendable {
    /// One curve.
    public struct Series: Hashable, Sendable {
        /// A point of a curve.
        public struct Point: Hashable, Sendable {
            /// The place on the common axis.
            public var x: Double
            /// The height.
            public var y: Double

            /// Makes a point.
            public init(_ x: Double, _ y: Double) {
                self.x = x
                self.y = y
            }
        }

        /// What the curve is.
        public var name: String
        /// Its points from left to right.
        public var points: [Point]

        /// Makes a curve.
        public init(_ name: String, _ points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    /// Curves that share a scale, drawn in one frame.
    public struct Panel: Hashable, Sendable {
        /// What its scale measures.
        public var title: String
        /// Its curves.
        public var series: [Series]

        /// Makes a panel.
        public init(_ title: String, _ series: [Series]) {
            self.title = title
            self.series = series
        }
    }

    /// What the common axis measures.
    public var axis: String
    /// The frames from top to bottom.
    public var panels: [Panel]
    /// The same figures for where nothing can be drawn.
    public var table: TextTable

    /// Makes a chart.
    public init(axis: String, panels: [Panel], table: TextTable) {
        self.axis = axis
        self.panels = panels
        self.table = table
    }
}
