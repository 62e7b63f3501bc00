import FettleCore

/// Plots as JSON that the workspace's database holds, in short names; what is not as it was written becomes
/// empty.
extension Plot {
    var stored: JSONValue {
        .object([
            .init("title", .string(title)),
            .init("panels", .array(panels.map(\.stored))),
            .init("figures", .array(figures.map(\.stored))),
            .init("texts", .boolean(isTableInText)),
            .init("theme", .string(theme.rawValue)),
        ])
    }

    init(stored: JSONValue) {
        self.init(
            stored["title"]?.text ?? "",
            (stored["panels"]?.items ?? []).compactMap(Panel.init(stored:)),
            figures: (stored["figures"]?.items ?? []).map(Figures.init(stored:))
        )
        isTableInText = stored["texts"] == .boolean(true)
        theme = stored["theme"]?.text.flatMap(Theme.init(rawValue:)) ?? .auto
    }

    /// Reads curves as the first versions stored them: each frame a title and its series, beside the table.
    init(curves: [JSONValue], axis: String, _ table: JSONValue) {
        let panels = curves.map { curve -> Panel in
            let parts = curve.items
            let series = (parts.last?.items ?? []).map { Series(curve: $0.items) }
            return Panel(x: Axis(axis), y: Axis(parts.first?.text ?? ""), .series(series))
        }
        self.init(
            panels.map(\.y.title).joined(separator: ", ") + " by " + axis,
            panels,
            figures: [Figures(TextTable(stored: table))]
        )
        isTableInText = true
    }
}

// MARK: - Frames

extension Plot.Panel {
    fileprivate var stored: JSONValue {
        .object([
            .init("title", title.map { .string($0) } ?? .null),
            .init("x", x.stored), .init("y", y.stored), content.stored,
        ])
    }

    fileprivate init?(stored: JSONValue) {
        guard let x = stored["x"], let y = stored["y"],
            let content = Plot.Content(stored: stored)
        else { return nil }
        self.init(stored["title"]?.text, x: .init(stored: x), y: .init(stored: y), content)
    }
}

extension Plot.Axis {
    fileprivate var stored: JSONValue {
        .array([
            .string(title), .boolean(isShare), .boolean(holdsZero), Self.end(low), Self.end(high),
        ])
    }

    private static func end(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

    fileprivate init(stored: JSONValue) {
        let parts = stored.items
        guard parts.count == 5 else {
            self.init("")
            return
        }
        self.init(
            parts[0].text ?? "",
            isShare: parts[1] == .boolean(true),
            holdsZero: parts[2] == .boolean(true),
            low: parts[3].finite,
            high: parts[4].finite
        )
    }
}

extension Plot.Content {
    fileprivate var stored: JSONValue.Member {
        switch self {
        case .series(let series): .init("series", .array(series.map(\.stored)))
        case .bars(let bars):
            .init(
                "bars",
                .array(
                    bars.map { .array([.string($0.label), .number($0.value), .string($0.text)]) }
                )
            )
        case .intervals(let intervals):
            .init(
                "intervals",
                .array(
                    intervals.map {
                        .array([
                            .string($0.label), .number($0.value), .number($0.low),
                            .number($0.high), .string($0.text),
                        ])
                    }
                )
            )
        case .matrix(let matrix): .init("matrix", matrix.stored)
        case .parallel(let parallel): .init("parallel", parallel.stored)
        }
    }

    fileprivate init?(stored: JSONValue) {
        if let series = stored["series"] {
            self = .series(series.items.compactMap(Plot.Series.init(stored:)))
        } else if let bars = stored["bars"] {
            self = .bars(
                bars.items.map(\.items).compactMap { bar in
                    bar.count == 3
                        ? .init(bar[0].text ?? "", bar[1].double, bar[2].text ?? "") : nil
                }
            )
        } else if let intervals = stored["intervals"] {
            self = .intervals(
                intervals.items.map(\.items).compactMap { parts in
                    guard parts.count == 5 else { return nil }
                    return .init(
                        parts[0].text ?? "",
                        parts[1].double,
                        low: parts[2].double,
                        high: parts[3].double,
                        parts[4].text ?? ""
                    )
                }
            )
        } else if let matrix = stored["matrix"] {
            self = .matrix(.init(stored: matrix))
        } else if let parallel = stored["parallel"] {
            self = .parallel(.init(stored: parallel))
        } else {
            return nil
        }
    }
}

// MARK: - Contents

extension Plot.Series {
    /// Reads a curve of the first versions: its name and its points.
    fileprivate init(curve parts: [JSONValue]) {
        let points = (parts.last?.items ?? []).map(\.items).filter { $0.count == 2 }
        self.init(parts.first?.text ?? "", points.map { .init($0[0].double, $0[1].double) })
    }

    fileprivate var stored: JSONValue {
        .array([
            .string(name), group.map { .string($0) } ?? .null, .string(style.rawValue),
            .number(width),
            .array(
                points.map { point -> JSONValue in
                    let place: [JSONValue] = [.number(point.x), .number(point.y)]
                    guard point.low != nil || point.high != nil else { return .array(place) }
                    let ends = [point.low, point.high].map { end -> JSONValue in
                        end.map { .number($0) } ?? .null
                    }
                    return .array(place + ends)
                }
            ),
        ])
    }

    fileprivate init?(stored: JSONValue) {
        let parts = stored.items
        guard parts.count == 5 else { return nil }
        self.init(
            parts[0].text ?? "",
            group: parts[1].text,
            style: parts[2].text.flatMap(Style.init(rawValue:)) ?? .line,
            parts[4].items.map(\.items).compactMap { point in
                guard point.count >= 2 else { return nil }
                return .init(
                    point[0].double,
                    point[1].double,
                    low: point.count > 3 ? point[2].finite : nil,
                    high: point.count > 3 ? point[3].finite : nil
                )
            }
        )
        width = parts[3].finite ?? 1
    }
}

extension Plot.Matrix {
    fileprivate var stored: JSONValue {
        .array([
            .array(labels.map { .string($0) }),
            .array(counts.map { .array($0.map { .integer(Int64($0)) }) }),
            .integer(Int64(others)),
        ])
    }

    fileprivate init(stored: JSONValue) {
        let parts = stored.items + [.null, .null, .null]
        func count(_ value: JSONValue) -> Int { Int(exactly: (value.finite ?? 0).rounded()) ?? 0 }
        self.init(
            labels: parts[0].items.map { $0.text ?? "" },
            counts: parts[1].items.map { $0.items.map(count) },
            others: count(parts[2])
        )
    }
}

extension Plot.Parallel {
    fileprivate var stored: JSONValue {
        .array([
            .array(
                axes.map { .array([$0.title, $0.lowText, $0.highText].map { .string($0) }) }
            ),
            .array(
                lines.map {
                    .array([
                        .string($0.label), .array($0.heights.map { .number($0) }),
                        .boolean($0.isMarked),
                    ])
                }
            ),
        ])
    }

    fileprivate init(stored: JSONValue) {
        let parts = stored.items
        self.init(
            axes: (parts.first?.items ?? []).map { axis in
                let texts = axis.items.map { $0.text ?? "" } + ["", "", ""]
                return Axis(texts[0], low: texts[1], high: texts[2])
            },
            lines: (parts.last?.items ?? []).map(\.items).compactMap { line in
                guard line.count == 3 else { return nil }
                return Line(
                    line[0].text ?? "",
                    line[1].items.map(\.double),
                    isMarked: line[2] == .boolean(true)
                )
            }
        )
    }
}

extension Plot.Figures {
    fileprivate var stored: JSONValue {
        .array([
            table.stored, heading.map { .string($0) } ?? .null,
            group.map { .string($0) } ?? .null,
        ])
    }

    fileprivate init(stored: JSONValue) {
        let parts = stored.items + [.null, .null, .null]
        self.init(TextTable(stored: parts[0]), heading: parts[1].text, group: parts[2].text)
    }
}

extension JSONValue {
    /// A finite number; nil for anything else.
    fileprivate var finite: Double? {
        let value = double
        return value.isFinite ? value : nil
    }
}
