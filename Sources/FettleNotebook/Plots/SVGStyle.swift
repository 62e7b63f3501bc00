/// Colours and dashes of SVG drawings, as a style sheet without variables, which not every program reads.
///
/// The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008), which people who see no red or
/// green tell apart; on a dark ground the dark ones are lighter, and the last is a grey, as every further hue is too
/// pale on white or near another one. Each series has a mark of its own too.
enum SVGStyle {
    private static let light = ["#0072b2", "#d55e00", "#009e73", "#a8518a", "#8a6d00", "#4d5560"]
    private static let dark = ["#56b4e9", "#e69f00", "#2fc295", "#cc79a7", "#f0e442", "#c9d1d9"]
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
        let bright = rules(light, "#ffffff", ink: "#1f2328", faint: "#59636e", isDark: false)
        let dim = rules(dark, "#0f1419", ink: "#e6edf3", faint: "#9aa7b4", isDark: true)
        return switch theme {
        case .light: bright
        case .dark: dim
        case .auto: bright + "@media (prefers-color-scheme:dark){\(dim)}"
        }
    }

    private static func rules(
        _ colours: [String],
        _ ground: String,
        ink: String,
        faint: String,
        isDark: Bool
    ) -> String {
        var out = ".fp text{fill:\(ink)}.fp .fp-faint{fill:\(faint)}"
        out += ".fp .fp-head{font-weight:600}"
        // The bright colours of a dark ground would be too near to bright letters.
        if isDark { out += ".fp-cell{opacity:.76}" }
        out += ".fp-ground{fill:\(ground)}.fp-rule{stroke:\(faint);stroke-opacity:.3}"
        out += ".fp-edge{stroke:\(faint)}.fp-reference{stroke:\(faint)}"
        for (number, colour) in colours.enumerated() {
            out += ".fp-f\(number){fill:\(colour)}.fp-s\(number){stroke:\(colour)}"
        }
        return out
    }
}
