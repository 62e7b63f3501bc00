/// Colours and dashes of SVG drawings, as a style sheet without variables, which not every program reads.
///
/// The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008), which people who see no red or
/// green tell apart; on a dark ground the dark ones are lighter. Each series has a mark of its own too.
enum SVGStyle {
    private static let light = ["#0072b2", "#d55e00", "#009e73", "#a8518a", "#8a6d00", "#56b4e9"]
    private static let dark = ["#56b4e9", "#e69f00", "#2fc295", "#cc79a7", "#f0e442", "#ff8f5c"]
    private static let patterns = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2"]

    /// Returns the class of what is filled in the colour of a series.
    static func fill(_ series: Int) -> String { "fp-f\(series % light.count)" }

    /// Returns the class of lines in the colour of a series.
    static func stroke(_ series: Int) -> String { "fp-s\(series % light.count)" }

    /// Returns the dashes of a series; the empty text for a whole line.
    static func dashes(_ series: Int) -> String {
        patterns[(series + series / patterns.count) % patterns.count]
    }

    /// Returns the sheet of a ground.
    static func sheet(_ theme: Plot.Theme) -> String {
        let bright = rules(light, ground: "#ffffff", ink: "#1f2328", faint: "#59636e")
        let dim = rules(dark, ground: "#0f1419", ink: "#e6edf3", faint: "#9aa7b4")
        return switch theme {
        case .light: bright
        case .dark: dim
        case .auto: bright + "@media (prefers-color-scheme:dark){\(dim)}"
        }
    }

    private static func rules(
        _ colours: [String],
        ground: String,
        ink: String,
        faint: String
    ) -> String {
        var out = ".fp text{fill:\(ink)}.fp .fp-faint{fill:\(faint)}"
        out += ".fp .fp-head{font-weight:600}.fp .fp-inverse{fill:\(ground)}"
        out += ".fp-ground{fill:\(ground)}.fp-rule{stroke:\(faint);stroke-opacity:.3}"
        out += ".fp-edge{stroke:\(faint)}.fp-reference{stroke:\(faint)}"
        for (number, colour) in colours.enumerated() {
            out += ".fp-f\(number){fill:\(colour)}.fp-s\(number){stroke:\(colour)}"
        }
        return out
    }
}
