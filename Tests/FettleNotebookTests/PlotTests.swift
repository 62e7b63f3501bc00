import Foundation
import FoundationXML
import Testing

@testable import FettleNotebook

/// Plots on terminals, in plain text and as drawings.
struct PlotTests {
    @Test(arguments: PlotSamples.all.map(\.name))
    func everyKindIsDrawnAsItWas(name: String) throws {
        let plot = try #require(PlotSamples.all.first { $0.name == name }?.plot)
        let terminal = TerminalRenderer(width: 100, colour: false).render(.plot(plot))
        try expectGolden(terminal, "plot-\(name)-terminal-100")
        let plain = PlainRenderer(width: 80).render(.plot(plot))
        try expectGolden(plain, "plot-\(name)-ascii-80")
        try expectGolden(plot.svg(theme: .light), "plot-\(name)-light", type: "svg")
        try expectGolden(plot.svg(theme: .dark), "plot-\(name)-dark", type: "svg")
        for (text, width) in [(terminal, 100), (plain, 80)] {
            for line in text.split(separator: "\n") {
                #expect(DisplayWidth.of(line) <= width, "\(line)")
                #expect(line.last != " ", "\(line)")
            }
        }
        let isEnglish = !plain.contains("衣")
        #expect(!isEnglish || plain.utf8.allSatisfy { $0 < 0x80 || !isEnglish }, "\(plain)")
    }

    @Test(arguments: PlotSamples.all.map(\.name), [10, 20, 36, 50, 300])
    func everyKindFitsEveryWindow(name: String, width: Int) throws {
        let plot = try #require(PlotSamples.all.first { $0.name == name }?.plot)
        for isDumb in [false, true] {
            let renderer = TerminalRenderer(width: width, colour: false, isDumb: isDumb)
            let text = renderer.render(.plot(plot))
            #expect(!text.isEmpty)
            for line in text.split(separator: "\n") {
                #expect(DisplayWidth.of(line) <= min(100, width), "\(line)")
            }
        }
    }

    @Test func seriesHaveColoursAndMarksOfTheirOwn() {
        let text = TerminalRenderer(width: 100, colour: true).render(.plot(PlotSamples.curves))
        let key = text.split(separator: "\n").last.map(String.init)?.replacing(
            "\u{1B}",
            with: "ESC"
        )
        #expect(
            key == "ESC[38;5;32m●ESC[0m once trainingESC[38;5;172m   ▲ESC[0m once validation"
                + "ESC[38;5;36m   ■ESC[0m more trainingESC[38;5;169m   ◆ESC[0m more validation"
        )
    }

    /// A plot whose every text is hostile and whose numbers are none.
    private static func hostile(_ text: String) -> Plot {
        let odd = [Double.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 0]
        let points = odd.flatMap { x in odd.map { Plot.Series.Point(x, $0, low: $0, high: x) } }
        let axis = Plot.Axis(text)
        return Plot(
            text,
            [
                .init(
                    text,
                    x: axis,
                    y: axis,
                    .series(
                        Plot.Series.Style.allCases.map {
                            .init(text + $0.rawValue, group: text, style: $0, points)
                        }
                    )
                ),
                .init(text, x: axis, y: axis, .bars(odd.map { .init(text, $0, text) })),
                .init(
                    text,
                    x: axis,
                    y: axis,
                    .intervals(odd.map { .init(text, $0, low: 1 / $0, high: -$0, text) })
                ),
                .init(
                    text,
                    x: axis,
                    y: axis,
                    .matrix(.init(labels: [text, text], counts: [[-1, .max / 4], [3]]))
                ),
                .init(
                    x: axis,
                    y: axis,
                    .parallel(
                        .init(
                            axes: [
                                .init(text, low: text, high: text), .init("b", low: "", high: ""),
                            ],
                            lines: odd.map { .init(text, [$0, $0, $0], isMarked: true) }
                        )
                    )
                ),
            ],
            figures: [
                .init(TextTable(columns: [.init(text)], rows: [[.text(text)]]), heading: text)
            ]
        )
    }

    @Test(arguments: [
        Samples.hostile, "</text></svg><script>alert(1)</script>", "]]>", "\u{0}\u{FFFE}\u{202E}x",
        "&amp;", String(repeating: "long ", count: 500), "",
    ])
    func noTextLeavesItsPlace(text: String) throws {
        let plot = Self.hostile(text)
        for svg in [plot.svg(), plot.svg(theme: .dark), plot.svgInPage] {
            let parser = XMLParser(data: Data(svg.utf8))
            let reader = ElementReader()
            parser.delegate = reader
            #expect(parser.parse(), "\(svg)")
            #expect(
                reader.names.subtracting([
                    "svg", "title", "desc", "style", "rect", "text", "line", "polyline", "polygon",
                    "circle", "path",
                ]) == []
            )
            #expect(reader.names.contains("text"))
            #expect(!svg.contains("nan") && !svg.contains("inf\""))
            #expect(!svg.contains("\u{202E}") && !svg.contains("\u{0}"))
        }
        for renderer in [
            TerminalRenderer(width: 60, colour: false),
            TerminalRenderer(width: 60, colour: false, isDumb: true),
        ] {
            let shown = renderer.render(.plot(plot))
            #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            #expect(!shown.contains("\u{202E}"))
        }
    }

    private final class ElementReader: NSObject, XMLParserDelegate {
        var names: Set<String> = []

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            names.insert(name)
        }
    }

    @Test func whatHasNoFiguresSaysSo() {
        let axis = Plot.Axis("x")
        let contents: [Plot.Content] = [
            .series([]), .series([.init("a", [.init(.nan, 1)])]), .bars([]), .intervals([]),
            .matrix(.init(labels: [], counts: [])), .parallel(.init(axes: [], lines: [])),
        ]
        for content in contents {
            let plot = Plot("nothing", [.init(x: axis, y: axis, content)], figures: [])
            let text = PlainRenderer(width: 80).render(.plot(plot))
            #expect(text.hasSuffix("no figures to draw\n"), "\(text)")
            #expect(plot.svg().contains(">no figures to draw</text>"))
        }
    }

    @Test func aMatrixOfManyClassesHasItsLargestAndOneOfTheOthers() throws {
        let labels = (0..<2000).map { "c\($0)" }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 2000), count: 2000)
        for index in labels.indices { counts[index][index] = 2000 - index }
        let whole = Plot.Matrix(labels: labels, counts: counts)
        let folded = whole.folded(to: 40)
        #expect(folded.labels.count == 40)
        #expect(folded.labels.prefix(3) == ["c0", "c1", "c2"])
        #expect(folded.labels.last == "(1,961 others)")
        #expect(folded.counts.joined().reduce(0, +) == 2000 * 2001 / 2)
        // Folded again there is still one of all others.
        let again = folded.folded(to: 10)
        #expect(again == whole.folded(to: 10))
        #expect(again.labels == (0..<9).map { "c\($0)" } + ["(1,991 others)"])
        let axis = Plot.Axis("class")
        let plot = Plot("many", [.init(x: axis, y: axis, .matrix(whole))], figures: [])
        let lines = TerminalRenderer(width: 100, colour: false).render(.plot(plot))
            .split(separator: "\n")
        #expect(lines.count == 47)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 100 })
        #expect(plot.svg().contains("(1,941 others)"))
    }

    @Test func scalesHaveRoundTicksThatHoldTheFigures() {
        let scale = PlotScale([0.97, 1.48], .init("loss"), steps: 4, isRounded: true)
        #expect(scale.ticks.map(scale.text) == ["0.8", "1.0", "1.2", "1.4", "1.6"])
        #expect(scale.low <= 0.97 && scale.high >= 1.48)
        let shares = PlotScale(
            [0.61, 0.655],
            .init("exact", isShare: true),
            steps: 4,
            isRounded: true
        )
        #expect(shares.ticks.map(shares.text) == ["60 %", "62 %", "64 %", "66 %"])
        let same = PlotScale([3, 3], .init("x"), steps: 4, isRounded: false)
        #expect(same.share(3) == 0)
        #expect(PlotScale([], .init("x"), steps: 4, isRounded: true).ticks.count > 1)
        let far = PlotScale([-1e308, 1e308], .init("x"), steps: 4, isRounded: true)
        #expect(far.ticks.count <= 12 && far.share(0) == 0.5)
    }

    @Test func quartersOfAWholeAreRound() {
        let whole = Plot.Axis("right", isShare: true, low: 0, high: 1)
        let scale = PlotScale([0.2, 0.9], whole, steps: 4, isRounded: true)
        #expect(scale.ticks.map(scale.text) == ["0 %", "25 %", "50 %", "75 %", "100 %"])
        let numbers = PlotScale([0, 1], .init("loss"), steps: 4, isRounded: true)
        #expect(numbers.ticks.map(numbers.text) == ["0.0", "0.5", "1.0"])
    }

    @Test(arguments: [
        ([0.0, 3000], 9, 10), ([0, 3000], 13, 13), ([0.8, 1.6], 9, 9), ([0, 2], 9, 9),
    ])
    func ticksOfCharactersAreEquallyFarApart(values: [Double], about: Int, rows: Int) {
        let scale = PlotScale(values, .init("y"), steps: 4, isRounded: true)
        #expect(scale.rows(about: about) == rows)
        let places = scale.ticks.map { scale.share($0) * Double(rows - 1) }
        for place in places { #expect(abs(place - place.rounded()) < 1e-6, "\(places)") }
    }

    @Test(arguments: ["matrix-5", "matrix-31"])
    func noShadeOfAMatrixTouchesANumber(name: String) throws {
        let plot = try #require(PlotSamples.all.first { $0.name == name }?.plot)
        for text in [
            TerminalRenderer(width: 100, colour: false).render(.plot(plot)),
            TerminalRenderer(width: 100, colour: false, isDumb: true).render(.plot(plot)),
            PlainRenderer(width: 80).render(.plot(plot)),
        ] {
            #expect(text.contains(#/[:x#@░▒▓█]{2}/#))
            #expect(
                text.matches(of: #/[0-9.,%-][:x#@░▒▓█]|[:x#@░▒▓█][0-9.,%-]/#).isEmpty,
                "\(text)"
            )
        }
    }

    @Test func shadesTellTenthsThirdsAndMost() {
        let shares = [0, 0.001, 0.099, 0.1, 0.34, 0.35, 0.69, 0.7, 1]
        #expect(String(shares.map(TextSigns(isASCII: true).shade)) == " ::xx##@@")
        #expect(String(shares.map(TextSigns(isASCII: false).shade)) == " ░░▒▒▓▓██")
    }

    @Test func keyLeavesOutWhatAnAxisSays() {
        let axis = Plot.Axis("x")
        let points = [Plot.Series.Point(0, 1), .init(1, 2)]
        let lines = Plot.Panel(
            x: axis,
            y: .init("y"),
            .series([.init("a", points), .init("b", points)])
        )
        let columns = Plot.Panel(
            x: axis,
            y: .init("rows"),
            .series([.init("rows", style: .columns, points)])
        )
        let plot = Plot("both", [lines, columns], figures: [])
        #expect(plot.seriesNames == ["a", "b", "rows"])
        #expect(plot.keyNames == ["a", "b"])
        let text = PlainRenderer(width: 80).render(.plot(plot))
        #expect(text.split(separator: "\n").last == "o a   * b")
        // Frames of the same series have one key, under the last of them.
        let twice = Plot("twice", [lines, lines], figures: []).svg()
        #expect(twice.components(separatedBy: ">a</text>").count == 2)
    }

    @Test func differencesShowWhereTheyAreNone() {
        let terminal = TerminalRenderer(width: 60, colour: false)
        #expect(terminal.render(.plot(PlotSamples.comparison)).contains("┼"))
        let better = Plot(
            "better",
            [
                .init(
                    x: .init("points", holdsZero: true),
                    y: .init(""),
                    .intervals([
                        .init("more", 2, low: 1, high: 3, "2.0"),
                        .init("less", -2, low: -3, high: -1, "-2.0"),
                    ])
                )
            ],
            figures: []
        )
        #expect(terminal.render(.plot(better)).contains(#/more +┊ +├─+●─+┤ +2\.0/#))
        #expect(better.svg().contains("class=\"fp-reference\""))
        #expect(!PlotSamples.sweep.svg().contains("class=\"fp-reference\""))
    }

    @Test func manyClassesHaveTheWidthOfAFileInAPage() {
        #expect(PlotSamples.matrix(31).svgInPage.contains("viewBox=\"0 0 720 "))
        #expect(PlotSamples.matrix(31).svgInPage.contains("class=\"fp fp-wide\""))
        #expect(PlotSamples.matrix(5).svgInPage.contains("viewBox=\"0 0 420 "))
        let transcript = Transcript(
            title: "t",
            cells: [
                .command(
                    .init(number: 1, source: "plot", blocks: [.plot(PlotSamples.matrix(31))])
                )
            ]
        )
        let page = HTMLExport.text(of: transcript)
        #expect(page.contains("<figure><div class=\"scroll\" tabindex=\"0\">\n<svg "))
    }

    @Test func textsOfBarsStandWholeInAPage() {
        let text = "100.0 % right, 86.0 % sure, 259 rows"
        let svg = Plot(BarChart(bars: [.init("90–100 %", 1, text)])).svgInPage
        #expect(svg.contains(">\(text)</text>"), "\(svg)")
    }

    @Test func longNamesOfAxesStandWhole() {
        let name = "learning_rate_multiplier"
        let axes = ["n_epochs", name, "rows", name].map {
            Plot.Parallel.Axis($0, low: "0", high: "1")
        }
        let plot = Plot(
            "runs",
            [
                .init(
                    x: .init(""),
                    y: .init(""),
                    .parallel(.init(axes: axes, lines: [.init("run 1", [0, 1, 0, 1])]))
                )
            ],
            figures: []
        )
        let lines = PlainRenderer(width: 80).render(.plot(plot)).split(separator: "\n")
        #expect(lines[1].split(separator: " ") == ["n_epochs", "rows"])
        #expect(lines[2].split(separator: " ").map(String.init) == [name, name])
        #expect(plot.svgInPage.components(separatedBy: ">\(name)</text>").count == 3)
    }
}
