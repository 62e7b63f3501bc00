import FettleCore
import FettleStore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Testing

@testable import FettleServer

/// The status page as it is sent.
struct StatusPageTests {
    @Test func pageShowsJobsModelsAndAliasesWithoutItsScript() async throws {
        try await TestServer.run { server in
            let empty = try await server.ask("GET", "/")
            #expect(empty.status == 200)
            #expect(empty.text.contains("No job was started yet."))
            #expect(empty.text.contains("No model is tuned yet."))
            let model = try await server.tuned()
            let page = try await server.ask("GET", "/")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["cache-control"] == "no-store")
            #expect(page.text.contains("<span class=\"badge succeeded\">succeeded</span>"))
            #expect(page.text.contains("<dd><bdi>\(model)</bdi></dd>"))
            #expect(page.text.contains("<option>\(model)</option>"))
            #expect(page.text.contains("<dt><bdi>ada, babbage, "))
            #expect(page.text.contains("</bdi></dt><dd><bdi>ngram</bdi></dd>"))
            #expect(page.text.contains("<path class=\"training\" d=\"M"))
        }
    }

    @Test func onlyItsOwnStyleAndScriptMayRunAndNothingComesFromElsewhere() async throws {
        try await TestServer.run { server in
            let first = try await server.ask("GET", "/")
            let policy = try #require(first.headers["content-security-policy"])
            let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([^']+)'/)?.output.1)
            #expect(
                policy
                    == "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; "
                    + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
            #expect(first.text.contains("<script nonce=\"\(nonce)\">"))
            #expect(first.text.matches(of: /<script/).count == 1)
            #expect(first.text.matches(of: /(src|href)=/).isEmpty)
            #expect(first.text.matches(of: /https?:/).isEmpty)
            let second = try await server.ask("GET", "/").headers["content-security-policy"]
            #expect(second != policy)
        }
    }

    @Test func playgroundAnswersWithoutTheScript() async throws {
        try await TestServer.run(ServerSettings(recordsPredictions: true)) { server in
            let model = try await server.tuned()
            let page = try await server.ask(
                "GET",
                "/?model=\(model.replacing(":", with: "%3A"))&prompt=awful+broken+item+-%3E"
            ).text
            #expect(page.contains("<h3>Answer <output><bdi> 1</bdi></output></h3>"))
            #expect(page.matches(of: /<li[^>]* tabindex="0">/).count == 3)
            #expect(page.contains("<span class=\"token\"><bdi>␣1</bdi></span>"))
            #expect(page.contains(">awful broken item -&gt;</textarea>"))
            #expect(page.contains("<option selected>\(model)</option>"))
            let part = try await server.ask(
                "POST",
                "/v1/fettle/playground",
                body: #"{"model": "\#(model)", "prompt": "awful broken item ->"}"#
            ).text
            #expect(page.contains(part))
            let bad = try await server.ask("GET", "/?model=none&prompt=a")
            #expect(bad.status == 200)
            #expect(
                bad.text.contains(
                    "<p class=\"bad\">The model `none` does not exist or you do not have access to it.</p>"
                )
            )
            // What is tried here is nobody's use of the model.
            #expect(try server.workspace.store().predictionCounts() == [])
        }
    }

    @Test func textOfOthersIsNeverMarkup() async throws {
        let hostile = "<img src=x onerror=alert(1)>\u{202E}\"'&"
        #expect(
            Markup.escaped(hostile)
                == "&lt;img src=x onerror=alert(1)&gt;\u{FFFD}&quot;&#39;&amp;"
        )
        try await TestServer.run { server in
            let text = (0..<40).map {
                "{\"prompt\": \"p\($0 % 2)\", \"completion\": \" <u>\($0 % 2)\"}\n"
            }.joined()
            let file = try await server.upload(text, filename: "<script>a.jsonl")
            let id = try #require(try file.json["id"]?.string)
            let job = try await server.ask(
                "POST",
                "/v1/fine-tunes",
                body: #"{"training_file": "\#(id)", "model": "ada"}"#
            ).json
            let ended = try await server.ended("/v1/fine-tunes/\(job["id"]?.string ?? "")")
            let model = try #require(ended["fine_tuned_model"]?.string)
            let page = try await server.ask(
                "GET",
                "/?model=\(model)&prompt=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E"
            ).text
            #expect(page.matches(of: /<script/).count == 1)
            #expect(!page.contains("<u>"))
            #expect(page.contains("&lt;u&gt;"))
            #expect(page.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
        }
    }

    @Test func nothingIsShownWithoutAKey() async throws {
        try await TestServer.run(ServerSettings(keys: ["sk-one"])) { server in
            let page = try await server.ask("GET", "/?model=ada&prompt=a").text
            #expect(page.contains("<form id=\"key\">"))
            #expect(!page.contains("ngram"))
            #expect(!page.contains("id=\"live\""))
            for (method, path) in [
                ("GET", "/v1/fettle/status"), ("POST", "/v1/fettle/playground"),
            ] {
                #expect(try await server.ask(method, path).status == 401)
            }
            let parts = try await server.ask(
                "GET",
                "/v1/fettle/status",
                headers: ["Authorization": "Bearer sk-one"]
            )
            #expect(parts.status == 200)
            #expect(parts.text.contains("id=\"live\""))
        }
    }
}

/// The status page in a browser.
@Suite(.enabled(if: Peers.hasChromium, "no Chromium in FETTLE_CHROMIUM or along PATH"))
struct StatusPageBrowserTests {
    /// Opens the page in a frame of `width` columns, from a page of the same server's making, and returns what
    /// the expressions find in it after `work` has run there.
    private func facts(
        _ server: TestServer,
        width: Int,
        isDark: Bool,
        page: String = "/",
        _ expressions: [String]
    ) async throws -> [String] {
        let text = try await server.ask("GET", page).text
        return try Peers.facts(of: text, width: width, isDark: isDark, expressions)
    }

    @Test(arguments: [(390, false), (390, true), (1200, false), (1200, true)])
    func pageFitsItsWindow(width: Int, isDark: Bool) async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let found = try await facts(
                server,
                width: width,
                isDark: isDark,
                page: "/?model=\(model)&prompt=awful+item+-%3E",
                [
                    "root.scrollWidth - root.clientWidth", "d.title", "root.lang",
                    "d.querySelectorAll('section').length", "d.querySelectorAll('.bars li').length",
                    "d.querySelectorAll('svg.curve path.training').length",
                    "style(d.body).backgroundColor", "parseFloat(style(d.body).fontSize)",
                    "[...d.querySelectorAll('select,textarea,input')].every(e => e.labels.length == 1)",
                    "[...d.querySelectorAll('button')].every(e => e.getBoundingClientRect().height >= 44)",
                    "style(d.querySelector('main')).gridTemplateColumns.split(' ').length",
                    "d.querySelector('#answer output').textContent",
                ]
            )
            #expect(
                found == [
                    "0", "Fettle", "en", "5", "3", "1",
                    isDark ? "rgb(15, 20, 25)" : "rgb(246, 247, 249)", "16", "true", "true",
                    width < 960 ? "1" : "2", " 1",
                ]
            )
        }
    }

    /// The page asks the server itself: the script sends the question and keeps the parts fresh.
    @Test func scriptAsksAndKeepsThePageFresh() async throws {
        try await TestServer.run { server in
            let model = try await server.tuned()
            let result = try await server.open("/?model=\(model)&prompt=awful+item+-%3E")
            #expect(result.status == 0)
            // Five seconds of the page's time are two rounds of asking.
            #expect(result.output.contains("<p id=\"state\" role=\"status\">live</p>"))
            #expect(server.logLines.contains { $0.contains("path=/v1/fettle/status status=200") })
            #expect(result.output.matches(of: /<section id="jobs">/).count == 1)
        }
    }
}

extension TestServer {
    /// Opens a page of the server in the browser.
    fileprivate func open(_ path: String) async throws -> Peers.Result {
        let folder = NSTemporaryDirectory() + "fettle-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let address = "http://127.0.0.1:\(server.port)\(path)"
        return try await withCheckedThrowingContinuation { continuation in
            // A server of the same process needs the pool of tasks.
            Thread {
                continuation.resume(
                    with: Result { try Peers.openAddress(address, profile: folder) }
                )
            }.start()
        }
    }
}
