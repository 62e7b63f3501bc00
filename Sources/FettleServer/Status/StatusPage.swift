import FettleCore
import FettleStore
import FettleWorkbench

/// The status page and its parts.
enum StatusPage {
    /// What was asked in the playground.
    struct Question: Sendable {
        var model = ""
        var prompt = ""
    }

    /// The whole page; without a snapshot it asks for a key and shows nothing else.
    static func html(
        nonce: String,
        snapshot: StatusSnapshot?,
        question: Question = Question(),
        answer: Markup = ""
    ) -> String {
        let content: Markup =
            if let snapshot {
                """
                <main>\(playground(snapshot, question, answer))<div id="live">\(live(snapshot))</div></main>
                """
            } else {
                """
                <main><section><h2>Key</h2>
                <form id="key"><label for="secret">This server asks for one of its keys</label>
                <input id="secret" type="password" autocomplete="off" required>
                <button>Show the status</button>
                <p class="hint">The key stays in the memory of this page, and is gone when it is closed.</p>
                <p id="problem" role="alert"></p></form>
                <noscript><p>This page needs its script to send the key.</p></noscript></section></main>
                """
            }
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Fettle</title>
            <style nonce="\(nonce)">\(Markup(stringLiteral: StatusStyle.css))</style></head>
            <body><header><h1>Fettle</h1><p id="state" role="status"></p></header>
            \(content)
            <script nonce="\(nonce)">\(Markup(stringLiteral: StatusScript.text))</script>
            </body></html>

            """
        return page.html
    }

    /// What the key opens: the playground and the parts that change.
    static func opened(_ snapshot: StatusSnapshot) -> String {
        let parts: Markup = """
            \(playground(snapshot, Question(), ""))<div id="live">\(live(snapshot))</div>
            """
        return parts.html
    }

    // MARK: - Parts

    private static func live(_ snapshot: StatusSnapshot) -> Markup {
        "\(curve(snapshot))\(jobs(snapshot))\(models(snapshot))\(aliases(snapshot))\(kept(snapshot))"
    }

    private static func playground(
        _ snapshot: StatusSnapshot,
        _ question: Question,
        _ answer: Markup
    ) -> Markup {
        let names = snapshot.models.map(\.id)
        let tuned = Set(names)
        let aliases = snapshot.aliases.filter { tuned.contains($0.target) }.map(\.name)
        guard !names.isEmpty else {
            return """
                <section id="playground"><h2>Playground</h2>
                <p class="empty">No model is tuned yet. Once a job has succeeded, its model can be asked here.</p>
                </section>
                """
        }
        let options = (aliases + names).map { name -> Markup in
            name == question.model
                ? "<option selected>\(name)</option>" : "<option>\(name)</option>"
        }
        return """
            <section id="playground"><h2>Playground</h2>
            <form id="ask" method="get" action="/">
            <label for="model">Model</label><select id="model" name="model">\(options)</select>
            <label for="prompt">Prompt</label>
            <textarea id="prompt" name="prompt" rows="4" required aria-describedby="send">\(question.prompt)</textarea>
            <p class="row"><button>Ask</button> <span class="hint" id="send">or Ctrl+Enter</span></p></form>
            <div id="answer" aria-live="polite">\(answer)</div></section>
            """
    }

    private static func curve(_ snapshot: StatusSnapshot) -> Markup {
        guard let (job, metrics) = snapshot.curve else { return "" }
        let curve = LossCurve(metrics)
        return """
            <section id="loss"><h2>Loss <small>job \(job.number), \(word(job.status))</small></h2>
            \(curve.svg)\(curve.legend)</section>
            """
    }

    private static func jobs(_ snapshot: StatusSnapshot) -> Markup {
        guard !snapshot.jobs.isEmpty else {
            return """
                <section id="jobs"><h2>Jobs</h2><p class="empty">No job was started yet.</p></section>
                """
        }
        let items = snapshot.jobs.map { job -> Markup in
            let progress: Markup =
                if let (done, total) = job.progress, job.status.isActive {
                    """
                    <p class="row"><progress max="\(total)" value="\(done)" aria-label="steps"></progress>
                    <span>\(NumberText.percent(Double(done) / Double(total), digits: 0))</span></p>
                    """
                } else {
                    ""
                }
            let result: Markup =
                if let model = job.model {
                    "<dt>made</dt><dd>\(Markup.apart(model))</dd>"
                } else if let error = job.error, job.status == .failed {
                    "<dt>error</dt><dd class=\"bad\">\(Markup.apart(String(error.prefix(500))))</dd>"
                } else {
                    ""
                }
            return """
                <li><h3>\(job.number) <span class="badge \(job.status.rawValue)">\(word(job.status))</span></h3>
                <dl><dt>model</dt><dd>\(Markup.apart(job.base))</dd>
                <dt>data</dt><dd>\(Markup.apart(job.dataset))</dd>\(result)
                <dt>started</dt><dd><time>\(time(job.createdAt))</time></dd></dl>\(progress)</li>
                """
        }
        let more = snapshot.jobCount - snapshot.jobs.count
        let rest: Markup =
            more > 0 ? "<p class=\"hint\">and \(NumberText.count(more, "older job"))</p>" : ""
        return
            "<section id=\"jobs\"><h2>Jobs</h2><ol class=\"cards\">\(items)</ol>\(rest)</section>"
    }

    private static func models(_ snapshot: StatusSnapshot) -> Markup {
        guard !snapshot.models.isEmpty else { return "" }
        let items = snapshot.models.prefix(50).map { model -> Markup in
            let name: Markup = model.name.map { "<b>\(Markup.apart($0))</b> " } ?? ""
            return """
                <li>\(name)<code>\(Markup.apart(model.id))</code>
                <span class="hint">\(NumberText.count(model.labelCount, "label")), \
                \(NumberText.count(model.examplesSeen, "example"))</span></li>
                """
        }
        return "<section id=\"models\"><h2>Models</h2><ul class=\"lines\">\(items)</ul></section>"
    }

    private static func aliases(_ snapshot: StatusSnapshot) -> Markup {
        var targets: [String] = []
        for alias in snapshot.aliases where !targets.contains(alias.target) {
            targets.append(alias.target)
        }
        let items = targets.map { target -> Markup in
            let names = snapshot.aliases.filter { $0.target == target }.map(\.name)
            return """
                <div><dt>\(Markup.apart(names.joined(separator: ", ")))</dt>\
                <dd>\(Markup.apart(target))</dd></div>
                """
        }
        return """
            <section id="aliases"><h2>Aliases</h2><dl class="pairs">\(items)</dl></section>
            """
    }

    private static func kept(_ snapshot: StatusSnapshot) -> Markup {
        guard !snapshot.predictions.isEmpty else { return "" }
        let items = snapshot.predictions.map { count -> Markup in
            """
            <div><dt>\(Markup.apart(count.model))</dt><dd>\(NumberText.count(count.all)) kept, \
            \(NumberText.count(count.judged)) judged</dd></div>
            """
        }
        return """
            <section id="predictions"><h2>Predictions</h2><dl class="pairs">\(items)</dl></section>
            """
    }

    private static func word(_ status: JobStatus) -> String {
        status.rawValue.map { $0.isUppercase ? " \($0.lowercased())" : "\($0)" }.joined()
    }

    /// A time as `2026-11-29 10:30` (UTC).
    private static func time(_ milliseconds: Int64) -> String {
        let parts = WorkClock.stamp(of: milliseconds).split(separator: "-")
        return parts.prefix(3).joined(separator: "-") + " " + parts[3...4].joined(separator: ":")
            + " UTC"
    }
}
