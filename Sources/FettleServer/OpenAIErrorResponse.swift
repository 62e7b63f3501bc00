import FettleCore
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import OpenAIWire

/// The one place where what went wrong becomes an answer: its status and the four members of its body.
struct OpenAIErrorResponse: Error {
    var status: HTTPResponse.Status
    var error: OpenAIError
    var headers: HTTPFields = [:]

    /// Makes one of its parts.
    init(
        _ status: HTTPResponse.Status,
        _ message: String,
        param: String? = nil,
        code: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.headers = headers
        error = OpenAIError(message, type: APIFailure.type(status.code), param: param, code: code)
    }

    /// Makes one of whatever was thrown.
    init(_ error: any Error) {
        switch error {
        case let response as OpenAIErrorResponse: self = response
        case let problem as WireProblem:
            self.init(.badRequest, problem.message, param: problem.param)
        case let diagnostic as Diagnostic: self.init(diagnostic)
        case is CancellationError:
            // Nobody reads it: the client went away, or the server ends.
            self.init(.clientClosedRequest, "The request was broken off.")
        default:
            self.init(
                .internalServerError,
                "The server had an error while processing your request. Its log names it by the request id."
            )
        }
    }

    /// Makes one of a diagnostic; what is not known here is the client's fault, as diagnostics are.
    init(_ diagnostic: Diagnostic) {
        let failure = APIFailure(diagnostic)
        status = HTTPResponse.Status(code: failure.status)
        error = failure.error
        if let seconds = failure.retryAfter { headers[.retryAfter] = String(seconds) }
    }

    /// The answer.
    var response: Response {
        var response = Response(json: error.json, status: status)
        for header in headers { response.headers[header.name] = header.value }
        return response
    }
}

extension HTTPResponse.Status {
    /// What nginx notes of a request whose client has gone.
    static let clientClosedRequest = HTTPResponse.Status(
        code: 499,
        reasonPhrase: "Client Closed Request"
    )
}
