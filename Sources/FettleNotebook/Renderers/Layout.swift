import FettleCore

/// Places blocks on lines of a given width; shared by all renderers so that they show the same text.
struct Layout: Sendable {
    /// Columns of a line.
    let width: Int
    /// Whether a table says how to see what it hides.
    let hints: Bool
    /// Whether long lines of the help are broken.
    let wrapsGuide: Bool
    /// How plots are drawn.
    let pictures: Pictures

    /// What pictures are made of.
    enum Pictures: Hashable, Sendable {
        /// Braille and blocks, for a terminal.
        case braille
        /// ASCII, for a terminal that has no other letters.
        case ascii
        /// Plots in ASCII, bars in blocks, for files and pipes.
        case text
    }

    /// Makes a layout; windows under 10 columns are laid out as 10.
    init(
        width: Int,
        hints: Bool = true,
        wrapsGuide: Bool = false,
        pictures: Pictures = .text
    ) {
        self.width = max(10, width)
        self.pictures = pictures
        self.hints = hints
        self.wrapsGuide = wrapsGuide
    }

    func lines(of block: OutputBlock) -> [StyledLine] {
        switch block {
        case .text(let text): textLines(text, .plain)
        case .guide(let text): guideLines(text)
        case .note(let text): wrappedLines(text, .dim)
        case .warning(let text): wrappedLines("warning: " + text, .warning)
        case .table(let table): TableLayout(table, width: width, hints: hints).lines()
        case .fields(let fields): fieldLines(fields)
        case .bars(let chart):
            BarLayout(chart, width: width, isASCII: pictures == .ascii).lines()
        case .plot(let plot): plotLines(plot)
        case .data(let text): textLines(text, .plain)
        }
    }

    private func plotLines(_ plot: Plot) -> [StyledLine] {
        let showsTable = pictures == .text && plot.isTableInText
        guard showsTable || width < TextPlot.narrowest else {
            return TextPlot(plot, width: width, isASCII: pictures != .braille).lines()
        }
        return plot.figures.flatMap { figures in
            (figures.heading.map { textLines($0, .plain) } ?? [])
                + TableLayout(figures.table, width: width, hints: hints).lines()
                + sparklines(plot, of: figures.group)
        }
    }

    /// Returns a line of blocks for each series of a group with two points or more, under what its frame
    /// measures; the series of a frame share its scale.
    private func sparklines(_ plot: Plot, of group: String?) -> [StyledLine] {
        plot.panels.flatMap { panel -> [StyledLine] in
            guard case .series(let all) = panel.content else { return [] }
            let own = all.filter { $0.group == group && $0.style == .line }
            let series = own.filter { $0.points.count > 1 }
            let heights = own.flatMap(\.points).map(\.y).filter(\.isFinite)
            guard !series.isEmpty, let lowest = heights.min(), let highest = heights.max() else {
                return []
            }
            let scale = lowest...highest
            let ends = [lowest, highest].map { NumberText.decimal($0, digits: 3) }
            let title = "\(Sanitizer.line(panel.y.title)), \(ends[0]) to \(ends[1])"
            return [StyledLine(DisplayWidth.fit(title, to: width), .head)]
                + series.map { series in
                    var line = StyledLine()
                    let drawn = Sparkline(
                        series.points.map(\.y),
                        scale: scale,
                        width: min(60, width / 2)
                    )
                    line.append(drawn.text, .bar)
                    let room = max(0, width - DisplayWidth.of(drawn.text))
                    line.append(DisplayWidth.fit(" " + Sanitizer.line(series.name), to: room))
                    return line
                }
        }
    }

    private func textLines(_ text: String, _ style: Style) -> [StyledLine] {
        blockLines(text).map { StyledLine($0, style) }
    }

    private func guideLines(_ text: String) -> [StyledLine] {
        guard wrapsGuide else { return textLines(text, .plain) }
        return blockLines(text).flatMap { GuideLine($0).wrapped(to: width) }.map { StyledLine($0) }
    }

    private func wrappedLines(_ text: String, _ style: Style) -> [StyledLine] {
        blockLines(text).flatMap { wrap($0, to: width) }.map { StyledLine($0, style) }
    }

    /// Returns the sanitised lines of a text; a line end at its end does not start one more line.
    private func blockLines(_ text: String) -> [String] {
        let safe = Sanitizer.block(text)
        guard !safe.isEmpty else { return [] }
        let body = safe.hasSuffix("\n") ? safe.dropLast() : safe[...]
        return body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func fieldLines(_ fields: [OutputBlock.Field]) -> [StyledLine] {
        fieldLines(
            fields.map { (Sanitizer.line($0.label), Sanitizer.line($0.value), .plain) }
        )
    }

    /// Returns lines with the labels padded to the longest, or to half of the window, and the values
    /// wrapped beside them; a value of more than `limit` lines is cut with `…`.
    func fieldLines(
        _ fields: [(label: String, value: String, style: Style)],
        limit: Int? = nil
    ) -> [StyledLine] {
        let longest = fields.reduce(0) { max($0, DisplayWidth.of($1.label)) }
        let labelWidth = min(longest, max(4, width / 2 - 2))
        let room = max(2, width - labelWidth - 2)
        var lines: [StyledLine] = []
        for field in fields {
            var values = wrap(field.value, to: room)
            if let limit, values.count > limit {
                let rest = values[(limit - 1)...].joined(separator: " ")
                values = Array(values[..<(limit - 1)]) + [DisplayWidth.fit(rest, to: room)]
            }
            for (position, value) in values.enumerated() {
                let label = position == 0 ? DisplayWidth.fit(field.label, to: labelWidth) : ""
                var line = StyledLine(DisplayWidth.pad(label, to: labelWidth) + "  ", .dim)
                line.append(value, field.style)
                lines.append(line.trimmed)
            }
        }
        return lines
    }
}
