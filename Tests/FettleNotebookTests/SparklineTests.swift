import Testing

@testable import FettleNotebook

struct SparklineTests {
    @Test func eachPointIsABlockOfTheScale() {
        let line = Sparkline([0, 1, 2, 3, 4, 5, 6, 7], scale: 0...7, width: 60)
        #expect(line.text == "▁▂▃▄▅▆▇█")
    }

    @Test func manyPointsAreMeansOfStretches() {
        #expect(Sparkline([0, 0, 7, 7, 3, 4], scale: 0...7, width: 3).text == "▁█▅")
    }

    @Test func whatIsOffTheScaleOrNoNumberDoesNotTrap() {
        #expect(Sparkline([-9, .nan, 99, .infinity], scale: 0...7, width: 60).text == "▁█")
        #expect(Sparkline([3, 3], scale: 3...3, width: 60).text == "▁▁")
        #expect(Sparkline([], scale: 0...1, width: 60).text == "")
        #expect(Sparkline([1, 2], scale: 0...1, width: 0).text == "█")
    }

    @Test func curvesOfAPanelShareItsScaleUnderTheTable() {
        var plot = Plot(
            "losses",
            [
                .init(
                    x: .init("step"),
                    y: .init("loss"),
                    .series([
                        .init("training", [.init(1, 1), .init(2, 0)]),
                        .init("validation", [.init(1, 1), .init(2, 0.5)]),
                        .init("one point", [.init(1, 1)]),
                        .init("another's", group: "b", [.init(1, 9), .init(2, 9)]),
                    ])
                )
            ],
            figures: [
                .init(TextTable(columns: [.init("step")], rows: [[.text("1")], [.text("2")]]))
            ]
        )
        plot.isTableInText = true
        let lines = Layout(width: 40).lines(of: .plot(plot)).map(\.text)
        #expect(
            lines == [
                "step", "────", "1", "2", "loss, 0.000 to 1.000", "█▁ training", "█▅ validation",
            ]
        )
    }
}
