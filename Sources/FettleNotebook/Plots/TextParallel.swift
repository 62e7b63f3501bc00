import FettleCore

extension TextPlot {
    private static let parallelRows = 11

    /// Returns the axes as uprights with their ends' texts, and the runs as lines between them.
    func lines(of parallel: Plot.Parallel) -> [StyledLine] {
        guard parallel.axes.count > 1, !parallel.lines.isEmpty else { return nothing }
        let margin = 6
        let columns = width - 2 * margin
        var canvas = TextCanvas(
            columns: columns,
            rows: Self.parallelRows,
            isASCII: signs.isASCII
        )
        let last = Double(parallel.axes.count - 1)
        for axis in parallel.axes.indices {
            for row in 0..<canvas.rows {
                let y = 1 - Double(row) / Double(canvas.rows - 1)
                canvas.mark(.init(Double(axis) / last, y), signs.upright, series: 7)
            }
        }
        // What stands out is drawn last.
        for line in parallel.lines.filter({ !$0.isMarked }) + parallel.lines.filter(\.isMarked) {
            let number = line.isMarked ? 1 : 0
            let places = line.heights.enumerated().prefix(parallel.axes.count)
                .filter { $0.element.isFinite }
                .map { TextCanvas.Place(Double($0.offset) / last, min(1, max(0, $0.element))) }
            for (from, to) in zip(places, places.dropFirst()) {
                canvas.line(from, to, series: number, sign: line.isMarked ? "*" : ".")
            }
            for place in places { canvas.mark(place, signs.mark(number), series: number) }
        }
        let blanks = String(repeating: " ", count: margin)
        func texts(_ text: (Plot.Parallel.Axis) -> String) -> StyledLine {
            var line = ""
            var used = 0
            for (index, axis) in parallel.axes.enumerated() {
                let room = max(3, columns / max(1, parallel.axes.count - 1) - 1)
                let shown = DisplayWidth.fit(Sanitizer.line(text(axis)), to: room)
                let size = DisplayWidth.of(shown)
                let middle = margin + canvas.column(of: Double(index) / last)
                let start = max(0, min(width - size, middle - size / 2))
                guard start >= used else { continue }
                line += String(repeating: " ", count: start - used) + shown
                used = start + size
            }
            return StyledLine(line, .dim)
        }
        var lines = [texts(\.title), texts(\.highText)]
        for row in 0..<canvas.rows {
            var line = StyledLine(blanks)
            line.pieces += canvas.line(row).pieces
            lines.append(line.trimmed)
        }
        lines.append(texts(\.lowText))
        let marked = parallel.lines.filter(\.isMarked).map(\.label)
        guard !marked.isEmpty else { return lines }
        var key = StyledLine("\(signs.mark(1)) ", .series(1))
        let names = Sanitizer.line(marked.joined(separator: ", "))
        key.append(DisplayWidth.fit(names, to: width - 2))
        return lines + [key]
    }
}
