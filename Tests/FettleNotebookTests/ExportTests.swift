import FettleCore
import FettleNotebook
import FettleTestSupport
import Foundation
import FoundationXML
import Testing

/// Documents made of a transcript.
struct ExportTests {
    private static let html = HTMLExport.text(of: Samples.transcript)

    @Test func walkthroughHasCommandsAndOutputsInFences() {
        let transcript = Transcript(
            title: "Session",
            subtitle: "2026-01-01",
            cells: [
                .command(.init(number: 1, source: "load a.csv", blocks: [.note("a: 1 row")])),
                .prose("Then ``` three marks."),
                .command(
                    .init(number: 2, source: "let t = \"```\"", blocks: [.text("````\n")])
                ),
                .command(
                    .init(
                        number: 3,
                        source: "rows b",
                        failure: .init(code: "x", message: "no", text: "error[x]: no\n"),
                        outcome: .failed
                    )
                ),
                .command(.init(number: 4, source: "let key = ‹secret›")),
            ]
        )
        #expect(
            MarkdownExport.text(of: transcript) == """
                # Session

                2026-01-01

                ```fettle
                load a.csv
                ```

                ```text
                a: 1 row
                ```

                Then ``` three marks.

                ````fettle
                let t = "```"
                ````

                `````text
                ````
                `````

                ```console
                rows b
                error[x]: no
                ```

                ```console
                let key = ‹secret›
                ```

                """
        )
    }

    @Test func formIsThatOfTheEnding() throws {
        #expect(try TranscriptExports.forPath("a/b.HTML").fileExtension == "html")
        #expect(try TranscriptExports.forPath("x.markdown").fileExtension == "md")
        let error = #expect(throws: Diagnostic.self) {
            try TranscriptExports.forPath("a.d/x.ipynbb")
        }
        #expect(error?.code == "unknown-form")
        #expect(
            error?.message
                == "expected a notebook's name that ends in .ipynb, .md, .html, found 'a.d/x.ipynbb'"
        )
        #expect(error?.hints == ["did you mean 'ipynb'?"])
    }

    @Test func everyExportFileIsInTheCatalogue() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/FettleNotebook/Exports").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix("Export.swift") && $0 != "TranscriptExport.swift" }
        #expect(Set(files) == Set(TranscriptExports.all.map { "\($0).swift" }))
    }

    @Test func pageHasNoMarkupOfData() throws {
        let body = try #require(Self.html.firstRange(of: "<body>"))
        let text = Self.html[body.lowerBound...]
        #expect(!text.contains("<script"))
        #expect(!text.contains("<img"))
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
        #expect(text.contains("&lt;script&gt;document.title = &quot;taken&quot;&lt;/script&gt;"))
        #expect(text.contains("␛[31mred␇"))
        #expect(Self.html.contains("default-src 'none'; style-src 'unsafe-inline'"))
        #expect(!Self.html.contains("http://") || Self.html.contains("http://www.w3.org/2000/svg"))
        #expect(Self.html.count { $0 == "\u{0}" } == 0)
    }

    @Test func pageTellsNullMissingAndEmptyApart() {
        for sign in ["null", "·missing", "&quot;&quot;"] {
            #expect(Self.html.contains("<i class=\"absent\">\(sign)</i>"), "\(sign)")
        }
    }

    @Test func commandIsColouredByItsParts() throws {
        let transcript = Transcript(
            title: "t",
            cells: [
                .command(
                    .init(number: 7, source: "rows | where a == 'x y' | export to=f --all # <end>")
                )
            ]
        )
        #expect(
            HTMLExport.text(of: transcript).contains(
                """
                <code><span class="v">rows</span> | <span class="v">where</span> a == \
                <span class="s">&#39;x y&#39;</span> | <span class="v">export</span> \
                <span class="k">to</span>=f <span class="k">--all</span> \
                <span class="c"># &lt;end&gt;</span></code>
                """
            )
        )
    }

    @Test(arguments: ["'", "\"", "\"\"\"", "\\", "\"\\", "$", "--", "#", "=", "|;&<>", "\u{0}", ""])
    func brokenCommandLosesNothing(source: String) {
        let transcript = Transcript(title: "t", cells: [.command(.init(number: 1, source: source))])
        let html = HTMLExport.text(of: transcript)
        let start = html.firstRange(of: "<code>")?.upperBound ?? html.startIndex
        let end = html[start...].firstRange(of: "</code>")?.lowerBound ?? html.endIndex
        let text = html[start..<end].replacing(/<[^>]*>/, with: "")
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing(
                "&amp;",
                with: "&"
            )
        #expect(text == source.replacing("\u{0}", with: "␀"))
    }

    @Test func drawingsAreWellFormedWhateverTheTexts() throws {
        let notebook = try JSONSerialization.jsonObject(
            with: Data(JupyterExport.text(of: Samples.transcript).utf8)
        )
        let cells = try #require((notebook as? [String: Any])?["cells"] as? [[String: Any]])
        var drawings: [String] = []
        for cell in cells {
            for output in cell["outputs"] as? [[String: Any]] ?? [] {
                let data = output["data"] as? [String: [String]]
                if let lines = data?["image/svg+xml"] { drawings.append(lines.joined()) }
            }
        }
        #expect(drawings.count == 3)
        for drawing in drawings {
            let parser = XMLParser(data: Data(drawing.utf8))
            #expect(parser.parse(), "\(drawing)")
            #expect(!drawing.contains("nan"))
            #expect(!drawing.contains("inf"))
        }
    }

    @Test(
        .enabled(
            if: Peers.isUsable("nbformat"),
            "no nbformat in the Python of FETTLE_PYTHON, else python3"
        )
    )
    func jupyterTakesTheNotebook() throws {
        let file = NSTemporaryDirectory() + "fettle-\(UUID().uuidString).ipynb"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data(JupyterExport.text(of: Samples.transcript).utf8).write(to: URL(filePath: file))
        let script = """
            import sys, nbformat
            notebook = nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT)
            nbformat.validate(notebook)
            print(notebook.nbformat, notebook.nbformat_minor)
            for cell in notebook.cells:
                kinds = [output.output_type + ':' + '+'.join(sorted(output.get('data', {})))
                         for output in cell.get('outputs', [])]
                print(cell.cell_type, *kinds)
            """
        let result = try Peers.runPython(["-c", script, file])
        #expect(result.status == 0)
        #expect(
            result.output == """
                4 5
                markdown
                code stream: stream: stream: display_data:text/html+text/plain \
                display_data:text/html+text/plain stream: display_data:image/svg+xml+text/plain \
                display_data:image/svg+xml+text/plain stream: stream:
                code display_data:text/html+text/plain display_data:image/svg+xml+text/plain
                code error:
                code stream:

                """
        )
    }
}
