import FettleNotebook
import FettleTestSupport
import Foundation
import Testing

/// Exported pages in a browser.
@Suite(.enabled(if: Peers.hasChromium, "no Chromium in FETTLE_CHROMIUM or along PATH"))
struct PageTests {
    /// Opens the page in a frame of `width` columns of pixels and returns what a script finds in it.
    ///
    /// The page itself forbids scripts, so the one that looks stands outside.
    private func facts(width: Int, isDark: Bool, _ expressions: [String]) throws -> [String] {
        let folder = NSTemporaryDirectory() + "fettle-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let page = HTMLExport.text(of: Samples.transcript)
            .replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        let list = expressions.map { "String(\($0))" }.joined(separator: ",\n")
        let harness = """
            <!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
            <iframe style="border:0;width:\(width)px;height:900px" srcdoc="\(page)"></iframe><ol></ol>
            <script>
            onload = () => {
              const d = document.querySelector('iframe').contentDocument;
              const root = d.documentElement, style = (e) => d.defaultView.getComputedStyle(e);
              for (const fact of [
            \(list)
              ]) {
                const item = document.createElement('li');
                item.textContent = fact;
                document.querySelector('ol').append(item);
              }
            };
            </script>
            """
        let file = folder + "/page.html"
        try Data(harness.utf8).write(to: URL(filePath: file))
        let result = try Peers.openPage(
            file,
            preferences: ["--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)"]
        )
        #expect(result.status == 0)
        return result.output.matches(of: /<li>([^<]*)<\/li>/).map { String($0.output.1) }
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
