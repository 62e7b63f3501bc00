/// A curve as one line of blocks over a scale that several curves may share.
struct Sparkline: Hashable, Sendable {
    /// The blocks, one a point, the lowest for the lower end of the scale.
    let text: String

    /// Makes the line of some heights.
    ///
    /// Of more than `width` points, means of stretches are drawn; heights off the scale are drawn at its end.
    init(_ heights: [Double], scale: ClosedRange<Double>, width: Int) {
        let finite = heights.filter(\.isFinite)
        let count = min(finite.count, max(1, width))
        let means = (0..<count).map { index in
            let part = finite[
                index * finite.count / count..<(index + 1) * finite.count / count
            ]
            return part.reduce(0, +) / Double(part.count)
        }
        let blocks = Array("▁▂▃▄▅▆▇█")
        let extent = max(scale.upperBound - scale.lowerBound, .leastNormalMagnitude)
        text = String(
            means.map { mean in
                let share = min(1, max(0, (mean - scale.lowerBound) / extent))
                return blocks[Int((share * Double(blocks.count - 1)).rounded())]
            }
        )
    }
}
