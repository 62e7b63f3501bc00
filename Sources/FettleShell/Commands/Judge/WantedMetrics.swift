import FettleCore
import FettleEvaluation
import FettleLanguage

/// The metrics that `metrics=` names.
struct WantedMetrics {
    static let setting = Option<ArgumentWord>.setting(
        "metrics",
        kind: .text,
        default: "the usual ones",
        help:
            "'all', or names of the JSON with commas such as cohen_kappa,macro_auroc; with their intervals"
    )

    /// Their names, in the order in which they are shown; nil for the usual ones.
    private let names: [String]?
    /// Whether each was named by itself, so that one without a figure is shown too.
    let areNamed: Bool

    /// Reads the setting.
    ///
    /// - Throws: `unknown-metric` with near names, and `bad-value` for a name that is missing.
    init(_ word: ArgumentWord?) throws(Diagnostic) {
        let known = Metrics.all.map { $0.name }
        guard let word, word.text != "all" else {
            names = word == nil ? nil : known
            areNamed = false
            return
        }
        var names: [String] = []
        var start = 0
        for part in word.text.utf8.split(
            separator: UInt8(ascii: ","),
            omittingEmptySubsequences: false
        ) {
            let name = word.part(start, start + part.count)
            start += part.count + 1
            guard !name.text.isEmpty else {
                throw expected(
                    "'all', or names of metrics with commas between them",
                    word,
                    for: "metrics"
                )
            }
            guard known.contains(name.text) else {
                throw Diagnostic(
                    "unknown-metric",
                    "no metric '\(name.text)'",
                    span: name.span,
                    hints: [
                        didYouMean(name.text, among: known) ?? Self.containing(name.text, known),
                        "metrics: " + known.joined(separator: ", "),
                    ].compactMap(\.self)
                )
            }
            if !names.contains(name.text) { names.append(name.text) }
        }
        self.names = names
        areNamed = true
    }

    /// The names that are shown.
    var shown: [String] { names ?? Metrics.usual.map { $0.name } }

    /// Whether the bins of the calibration error are shown.
    var showsReliability: Bool { names?.contains(CalibrationError.name) ?? false }

    /// Whether each class is shown with the areas under its curves.
    var showsAreas: Bool {
        [MacroAreaUnderROC.name, MacroAreaUnderPrecisionRecall.name].contains { name in
            names?.contains(name) ?? false
        }
    }

    /// Names that have the text in them: 'kappa' may be two.
    private static func containing(_ text: String, _ known: [String]) -> String? {
        let names = known.filter { $0.contains(text) }.map { "'\($0)'" }
        return names.isEmpty ? nil : "did you mean \(names.joined(separator: " or "))?"
    }
}
