import FettleCore

extension Plot {
    /// Classes of a matrix and runs over axes that are kept.
    private static let mostKept = 100

    /// The plot as it is kept in a record: bars, points and rows beyond a limit left out.
    var capped: Plot {
        var copy = self
        copy.figures = figures.map {
            Figures($0.table.capped, heading: $0.heading, group: $0.group)
        }
        copy.panels = panels.map { panel in
            var panel = panel
            switch panel.content {
            case .series(let series):
                panel.content = .series(series.map(\.thinned))
            case .bars(let bars): panel.content = .bars(Self.cut(bars))
            case .intervals(let intervals):
                panel.content = .intervals(Array(intervals.prefix(CellContent.rowLimit)))
            case .matrix(let matrix): panel.content = .matrix(matrix.folded(to: Self.mostKept))
            case .parallel(var parallel):
                let marked = parallel.lines.filter(\.isMarked)
                let others = parallel.lines.filter { !$0.isMarked }
                parallel.lines = Array((marked + others).prefix(Self.mostKept))
                panel.content = .parallel(parallel)
            }
            return panel
        }
        return copy
    }

    private static func cut(_ bars: [BarChart.Bar]) -> [BarChart.Bar] {
        guard bars.count > CellContent.rowLimit else { return bars }
        let left = NumberText.count(bars.count - CellContent.rowLimit)
        return bars.prefix(CellContent.rowLimit)
            + [.init("…", 0, "\(left) more not kept in the record")]
    }

    /// Returns the plot with its texts replaced.
    func mapTexts(_ change: (String) -> String) -> Plot {
        var copy = self
        copy.title = change(title)
        copy.figures = figures.map {
            Figures(
                $0.table.mapTexts(change),
                heading: $0.heading.map(change),
                group: $0.group.map(change)
            )
        }
        copy.panels = panels.map { panel in
            var panel = panel
            panel.title = panel.title.map(change)
            panel.x.title = change(panel.x.title)
            panel.y.title = change(panel.y.title)
            panel.content = panel.content.mapTexts(change)
            return panel
        }
        return copy
    }
}

extension Plot.Content {
    fileprivate func mapTexts(_ change: (String) -> String) -> Plot.Content {
        switch self {
        case .series(let series):
            return .series(
                series.map { one in
                    var one = one
                    one.name = change(one.name)
                    one.group = one.group.map(change)
                    return one
                }
            )
        case .bars(let bars):
            return .bars(bars.map { .init(change($0.label), $0.value, change($0.text)) })
        case .intervals(let intervals):
            return .intervals(
                intervals.map { one in
                    var one = one
                    one.label = change(one.label)
                    one.text = change(one.text)
                    return one
                }
            )
        case .matrix(var matrix):
            matrix.labels = matrix.labels.map(change)
            return .matrix(matrix)
        case .parallel(let parallel):
            return .parallel(
                .init(
                    axes: parallel.axes.map {
                        .init(
                            change($0.title),
                            low: change($0.lowText),
                            high: change($0.highText)
                        )
                    },
                    lines: parallel.lines.map {
                        .init(change($0.label), $0.heights, isMarked: $0.isMarked)
                    }
                )
            )
        }
    }
}

extension Plot.Series {
    /// The series with the last point of each of `rowLimit` stretches when there are more.
    fileprivate var thinned: Plot.Series {
        let limit = CellContent.rowLimit
        guard points.count > limit else { return self }
        var copy = self
        copy.points = (1...limit).map { points[points.count * $0 / limit - 1] }
        return copy
    }
}

// MARK: - In words

extension Plot {
    /// What is drawn in words, for whoever hears a page instead of seeing it.
    var summary: String {
        panels.map { panel in
            let axes = [panel.x.title, panel.y.title].filter { !$0.isEmpty }
            let across = axes.isEmpty ? "" : ", " + axes.joined(separator: " and ")
            return (panel.title.map { $0 + ": " } ?? "") + panel.content.summary + across
        }.joined(separator: "; ")
    }
}

extension Plot.Content {
    fileprivate var summary: String {
        switch self {
        case .series(let series):
            let parts = series.map { one -> String in
                let points = one.drawable
                guard let first = points.first, let last = points.last else {
                    return "\(one.label) without figures"
                }
                let ends = [first.y, last.y].map { JSONValue.text(of: Self.rounded($0)) }
                return "\(one.label) from \(ends[0]) to \(ends[1])"
            }
            return "lines: " + parts.joined(separator: ", ")
        case .bars(let bars): return NumberText.count(bars.count, "bar")
        case .intervals(let intervals):
            return NumberText.count(intervals.count, "figure") + " with intervals"
        case .matrix(let matrix):
            return "a matrix of "
                + NumberText.count(matrix.labels.count, "class", plural: "classes")
        case .parallel(let parallel):
            return "\(NumberText.count(parallel.lines.count, "run")) over "
                + NumberText.count(parallel.axes.count, "axis", plural: "axes")
        }
    }

    /// Four digits are as many as are told.
    private static func rounded(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return 0 }
        var scale = 1.0
        while abs(value) * scale < 1000, scale < 1e6 { scale *= 10 }
        return (value * scale).rounded() / scale
    }
}
