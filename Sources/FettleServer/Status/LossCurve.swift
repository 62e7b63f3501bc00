import FettleCore

/// The losses of a job as a drawing.
struct LossCurve {
    private struct Point {
        var x: Double
        var y: Double
    }

    private static let width = 640.0
    private static let height = 240.0
    private static let left = 52.0
    private static let bottom = 34.0
    private static let top = 12.0
    private static let right = 12.0
    /// Most points of a curve; of more, neighbours are taken together.
    private static let mostPoints = 160

    private let training: [Point]
    private let validation: [Point]
    private let steps: Double
    private let highest: Double
    private let parts: Int

    init(_ metrics: [TrainingMetrics]) {
        let groups = min(Self.mostPoints, metrics.count)
        training = (0..<groups).map { group in
            let part = metrics[
                (metrics.count * group / groups)..<(metrics.count * (group + 1) / groups)
            ]
            let mean = part.reduce(0) { $0 + $1.trainingLoss } / Double(part.count)
            return Point(x: Double(part.last?.step ?? 0), y: mean)
        }.filter { $0.y.isFinite }
        validation = metrics.compactMap { row in
            row.validationLoss.map { Point(x: Double(row.step), y: $0) }
        }.filter { $0.y.isFinite }
        steps = Double(max(1, metrics.last.map { max($0.step, $0.totalSteps) } ?? 1))
        (highest, parts) = Self.rounded(max(1e-6, (training + validation).map(\.y).max() ?? 1))
    }

    /// The drawing; a reader of the screen is told the last values.
    var svg: Markup {
        let last = training.last.map { NumberText.decimal($0.y, digits: 3) } ?? "none"
        let held = validation.last.map { ", of validation \(NumberText.decimal($0.y, digits: 3))" }
        return """
            <svg class="curve" viewBox="0 0 640 240" role="img" \
            aria-label="Loss by step: of training \(last)\(held ?? "")">
            \(scale)\(line(training, "training"))\(line(validation, "validation"))</svg>
            """
    }

    /// What the lines are.
    var legend: Markup {
        let entries = [("training", training), ("validation", validation)].filter {
            !$0.1.isEmpty
        }
        let items = entries.map { name, points -> Markup in
            let value = points.last.map { NumberText.decimal($0.y, digits: 3) } ?? ""
            let symbol: Markup = """
                <svg class="key" viewBox="0 0 24 8" aria-hidden="true"><path class="\(name)" \
                d="M0 4H24"/></svg>
                """
            return "<li>\(symbol) \(name) <b>\(value)</b></li>"
        }
        return "<ul class=\"legend\">\(items)</ul>"
    }

    private var scale: Markup {
        let lines = (0...parts).map { part -> Markup in
            let value = highest * Double(part) / Double(parts)
            let y = Self.text(place(Point(x: 0, y: value)).y)
            return """
                <path class="grid" d="M\(Self.text(Self.left)) \(y)H\(Self.text(Self.width - Self.right))"/>\
                <text x="\(Self.text(Self.left - 8))" y="\(y)" class="y">\(label(value))</text>
                """
        }
        let ends = [0, 0.5, 1].map { part -> Markup in
            let x = place(Point(x: steps * part, y: 0)).x
            let side = part == 0 ? "start" : part == 1 ? "end" : "middle"
            return """
                <text x="\(Self.text(x))" y="\(Self.text(Self.height - 12))" text-anchor="\(side)">\
                \(part == 1 ? "step " : "")\(NumberText.count(Int(steps * part)))</text>
                """
        }
        return "\(lines)\(ends)"
    }

    private func line(_ points: [Point], _ kind: String) -> Markup {
        let places = points.map(place)
        guard let last = places.last else { return "" }
        let path = places.map { "\(Self.text($0.x)) \(Self.text($0.y))" }.joined(separator: "L")
        return """
            <path class="\(kind)" d="M\(path)"/>\
            <circle class="\(kind)" cx="\(Self.text(last.x))" cy="\(Self.text(last.y))" r="3"/>
            """
    }

    private func place(_ point: Point) -> Point {
        Point(
            x: Self.left + point.x / steps * (Self.width - Self.left - Self.right),
            y: Self.height - Self.bottom - point.y / highest
                * (Self.height - Self.bottom - Self.top)
        )
    }

    private static func text(_ value: Double) -> String {
        NumberText.decimal(value, digits: 1)
    }

    private func label(_ value: Double) -> String {
        let step = highest / Double(parts)
        return NumberText.decimal(
            value,
            digits: step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 4
        )
    }

    /// The next number up that is round, and into how many round parts it is divided.
    private static func rounded(_ value: Double) -> (highest: Double, parts: Int) {
        var power = 1.0
        while power < value { power *= 10 }
        while power / 10 >= value { power /= 10 }
        let steps = [
            (0.1, 5), (0.15, 3), (0.2, 4), (0.3, 3), (0.4, 4), (0.5, 5), (0.6, 3), (0.8, 4),
        ]
        return steps.first { $0.0 * power >= value }.map { ($0.0 * power, $0.1) } ?? (power, 5)
    }
}
