import FettleCore
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenAIWire

/// The status page.
enum StatusRoutes {
    static let all: [Route] = [
        Route(method: .get, pattern: "/", isOpen: true, answer: page),
        .get("/v1/fettle/status", parts),
        .post("/v1/fettle/playground", ask),
    ]

    /// Most labels that the playground shows.
    private static let mostLabels = 20

    /// The page; where keys are asked for it shows nothing before its script has sent one.
    private static func page(_ exchange: Exchange) async throws -> Response {
        let nonce = RequestID.new()
        guard exchange.services.settings.keys.isEmpty else {
            return html(StatusPage.html(nonce: nonce, snapshot: nil), nonce: nonce)
        }
        var question = StatusPage.Question()
        var answer: Markup = ""
        if let model = exchange.query["model"], let prompt = exchange.query["prompt"] {
            question = StatusPage.Question(model: model, prompt: prompt)
            do {
                answer = try await self.answer(exchange, question)
            } catch {
                let problem = OpenAIErrorResponse(error)
                if problem.status.code >= 500 { throw error }
                answer = "<p class=\"bad\">\(problem.error.message)</p>"
            }
        }
        return html(
            StatusPage.html(
                nonce: nonce,
                snapshot: try StatusSnapshot(exchange.services),
                question: question,
                answer: answer
            ),
            nonce: nonce
        )
    }

    private static func parts(_ exchange: Exchange) async throws -> Response {
        html(StatusPage.opened(try StatusSnapshot(exchange.services)), nonce: RequestID.new())
    }

    private static func ask(_ exchange: Exchange) async throws -> Response {
        let body = try await exchange.bodyObject()
        let question = StatusPage.Question(
            model: try body.required("model", body.string("model")),
            prompt: try body.required("prompt", body.string("prompt"))
        )
        return html(try await answer(exchange, question).html, nonce: RequestID.new())
    }

    private static func answer(
        _ exchange: Exchange,
        _ asked: StatusPage.Question
    ) async throws -> Markup {
        // Forms send line ends as two characters.
        var question = CompletionQuestion(
            asked.model,
            [.text(asked.prompt.replacing("\r\n", with: "\n"))]
        )
        question.temperature = 0
        question.maxTokens = 16
        question.logprobs = mostLabels
        let prepared = try exchange.prepare(question)
        let (answers, _) = try await exchange.pieces(of: prepared, as: nil)
        return AnswerView.markup(answers.first ?? [])
    }

    private static func html(_ text: String, nonce: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; "
                    + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                .referrerPolicy: "no-referrer",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("referrer-policy")
}
