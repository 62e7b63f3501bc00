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
                canvas.line(
                    from,
                    to,
                    series: number,
                    sign: line.isMarked ? "*" : ".",
                    covers: line.isMarked
                )
            }
            for place in places { canvas.mark(place, signs.mark(number), series: number) }
        }
        let blanks = String(repeating: " ", count: margin)
        let gap = max(3, columns / max(1, parallel.axes.count - 1) - 1)
        func texts(
            _ text: (Plot.Parallel.Axis) -> String,
            every step: Int = 1,
            from first: Int = 0
        ) -> StyledLine {
            var line = ""
            var used = 0
            for index in stride(from: first, to: parallel.axes.count, by: step) {
                let words = Sanitizer.line(text(parallel.axes[index]))
                var shown = DisplayWidth.fit(words, to: step * gap)
                let middle = margin + canvas.column(of: Double(index) / last)
                let size = DisplayWidth.of(shown)
                let own = max(0, min(width - size, middle - size / 2))
                // What would stand too far from its axis is left out.
                let start = max(used, own)
                guard start < width, start - own <= size / 2 else { continue }
                shown = DisplayWidth.fit(shown, to: width - start)
                line += String(repeating: " ", count: start - DisplayWidth.of(line)) + shown
                used = DisplayWidth.of(line) + 1
            }
            return StyledLine(line, .dim)
        }
        // Long names stand on two lines in turn.
        let longest = parallel.axes.map { DisplayWidth.of(Sanitizer.line($0.title)) }.max() ?? 0
        var lines =
            longest <= gap
            ? [texts(\.title)] : [texts(\.title, every: 2), texts(\.title, every: 2, from: 1)]
        lines.append(texts(\.highText))
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
