import FettleWorkbench
import HTTPTypes
import HummingbirdCore

/// How much a request may bring.
enum Limits {
    /// What a form may have beside its file.
    static let formOverhead: Int64 = 1 << 20

    /// Refuses a body by its length before a byte of it is read.
    static func check(
        _ request: Request,
        _ settings: ServerSettings,
        _ route: Route
    ) throws(OpenAIErrorResponse) {
        guard let text = request.headers[.contentLength] else { return }
        let limit = route.maximumBody ?? settings.maximumUpload + formOverhead
        guard let length = Int64(text) else {
            throw OpenAIErrorResponse(.badRequest, "The Content-Length header is no length.")
        }
        guard length <= limit else { throw tooLarge(limit) }
    }

    static func tooLarge(_ limit: Int64) -> OpenAIErrorResponse {
        OpenAIErrorResponse(
            .contentTooLarge,
            "The request is longer than this server takes: at most \(limit) bytes ('serve max_upload=…' sets "
                + "the longest upload).",
            code: "request_too_large"
        )
    }

    static let brokenBody = OpenAIErrorResponse(
        .badRequest,
        "The request's body cannot be read: it ends early, or is sent in a way other than by its length or in "
            + "chunks."
    )

    static let tooSlow = OpenAIErrorResponse(
        .requestTimeout,
        "The request's body took too long to come."
    )
}
