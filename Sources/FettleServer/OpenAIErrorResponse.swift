import FettleCore
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
        error = OpenAIError(message, type: Self.type(status), param: param, code: code)
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
        let message = Self.message(diagnostic)
        switch diagnostic.code {
        case "unknown-file": self.init(.notFound, diagnostic.message, param: "id")
        case "unknown-completion":
            self.init(.notFound, message, param: "id", code: "completion_not_found")
        case "unknown-model", "unknown-base", "base-model":
            self.init(.notFound, message, param: "model", code: "model_not_found")
        case "unknown-job":
            self.init(
                .notFound,
                diagnostic.message,
                param: "fine_tune_id",
                code: "fine_tune_not_found"
            )
        case "model-in-use": self.init(.conflict, message)
        case "model-busy":
            self.init(
                .tooManyRequests,
                message,
                code: "rate_limit_exceeded",
                headers: [.retryAfter: "1"]
            )
        case "no-chat-template" where diagnostic.parameter == "model":
            self.init(.notFound, message, param: "model")
        case "prompt-too-long":
            self.init(
                .badRequest,
                message,
                param: diagnostic.parameter,
                code: "context_length_exceeded"
            )
        case "queue-full":
            self.init(
                .tooManyRequests,
                message,
                code: "rate_limit_exceeded",
                headers: [.retryAfter: "30"]
            )
        case "workspace-write", "workspace-read", "bad-workspace", "newer-workspace",
            "library-missing":
            self.init(.internalServerError, message)
        default:
            self.init(
                .badRequest,
                message,
                param: diagnostic.parameter,
                code: diagnostic.code
            )
        }
    }

    /// The answer.
    var response: Response {
        var response = Response(json: error.json, status: status)
        for header in headers { response.headers[header.name] = header.value }
        return response
    }

    /// What is wrong and what to do, on one line.
    private static func message(_ diagnostic: Diagnostic) -> String {
        let hints = diagnostic.hints.joined(separator: "; ")
        return hints.isEmpty ? diagnostic.message : "\(diagnostic.message) (\(hints))"
    }

    private static func type(_ status: HTTPResponse.Status) -> String {
        switch status.code {
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }
}

extension HTTPResponse.Status {
    /// What nginx notes of a request whose client has gone.
    static let clientClosedRequest = HTTPResponse.Status(
        code: 499,
        reasonPhrase: "Client Closed Request"
    )
}
