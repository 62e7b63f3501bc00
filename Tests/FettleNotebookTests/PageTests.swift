import FettleNotebook
import FettleTestSupport
import Foundation
import Testing

/// Exported pages in a browser.
@Suite(.enabled(if: Peers.hasChromium, "no Chromium in FETTLE_CHROMIUM or along PATH"))
struct PageTests {
    private func facts(width: Int, isDark: Bool, _ expressions: [String]) throws -> [String] {
        let page = HTMLExport.text(of: Samples.transcript)
        return try Peers.facts(of: page, width: width, isDark: isDark, expressions)
    }

    @Test(arguments: [(390, false), (390, true), (1200, false)])
    func pageFitsItsWindow(width: Int, isDark: Bool) throws {
        let found = try facts(
            width: width,
            isDark: isDark,
            [
                "root.scrollWidth - root.clientWidth", "d.title", "d.scripts.length",
                "d.images.length",
                "d.querySelectorAll('section').length", "d.querySelectorAll('table').length",
                "d.querySelectorAll('svg').length", "d.querySelectorAll('.failed .error').length",
                "d.querySelector('.scroll').scrollWidth > d.querySelector('.scroll').clientWidth",
                "style(d.body).backgroundColor",
                "parseFloat(style(d.body).fontSize) >= 16",
                "[...d.querySelectorAll('svg')].every(e => e.clientWidth <= root.clientWidth)",
                "12 * d.querySelector('svg').clientWidth / 420 >= 10",
            ]
        )
        #expect(
            found == [
                "0",
                "A <b>walk</b>".replacing("<", with: "&lt;").replacing(">", with: "&gt;"),
                "0", "0", "4", "4", "3", "1", width < 500 ? "true" : "false",
                isDark ? "rgb(15, 20, 25)" : "rgb(255, 255, 255)", "true", "true", "true",
            ]
        )
    }
}
