import FettleCore
import FettleWorkbench
import Foundation

/// An answer of the playground: each token, and how likely it and others were in its place.
enum AnswerView {
    static func markup(_ pieces: [CompletionPiece]) -> Markup {
        let tokens = pieces.flatMap(\.tokens)
        let places = tokens.prefix(64).enumerated().map { place, token -> Markup in
            let bars = bars(token)
            guard tokens.count > 1 else { return bars }
            return """
                <details\(place == 0 ? " open" : "")><summary>\(shown(token.bytes))</summary>\(bars)</details>
                """
        }
        let text = pieces.map(\.text).joined()
        return """
            <h3>Answer <output>\(Markup.apart(text))</output></h3>\(places)
            """
    }

    private static func bars(_ token: CompletionPiece.Token) -> Markup {
        let top = token.top ?? []
        let rest = max(0, 1 - top.reduce(0) { $0 + exp($1.logprob) })
        let items = top.map { candidate -> Markup in
            let probability = exp(candidate.logprob)
            let percent = NumberText.percent(probability)
            let detail = "log probability \(NumberText.decimal(candidate.logprob, digits: 4))"
            let chosen = candidate.bytes == token.bytes ? " class=\"chosen\"" as Markup : ""
            return """
                <li\(chosen) tabindex="0"><span class="token">\(shown(candidate.bytes))</span>\
                <svg class="bar" aria-hidden="true"><rect class="all" width="100%" height="100%"/>\
                <rect class="part" width="\(NumberText.decimal(100 * probability, digits: 2))%" height="100%"/></svg>\
                <span class="value">\(percent)</span><span class="tip" role="tooltip">\(detail)</span></li>
                """
        }
        let others: Markup =
            rest > 0.0005 ? "<p class=\"hint\">others \(NumberText.percent(rest))</p>" : ""
        return "<ol class=\"bars\" aria-label=\"Probabilities\">\(items)</ol>\(others)"
    }

    /// A token with its blanks made visible: `" 1"` and `"1"` are two.
    private static func shown(_ bytes: [UInt8]) -> Markup {
        let text = TokenForm.text(bytes).replacing(" ", with: "␣").replacing("\n", with: "↵")
        return .apart(text)
    }
}
