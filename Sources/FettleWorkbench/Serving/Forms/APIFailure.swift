public import FettleCore
public import OpenAIWire

/// What went wrong as OpenAI's API says it: a status, and the error of the body.
public struct APIFailure: Error, Hashable {
    /// The status of the answer.
    public var status: Int
    /// The error.
    public var error: OpenAIError
    /// After how many seconds it is worth asking again; nil where that is not known.
    public var retryAfter: Int?

    /// Makes one of its parts.
    public init(
        _ status: Int,
        _ message: String,
        param: String? = nil,
        code: String? = nil,
        retryAfter: Int? = nil
    ) {
        self.status = status
        self.retryAfter = retryAfter
        error = OpenAIError(message, type: Self.type(status), param: param, code: code)
    }

    /// Makes one of a diagnostic; what is not known here is the client's fault, as diagnostics are.
    public init(_ diagnostic: Diagnostic) {
        let message = Self.message(diagnostic)
        switch diagnostic.code {
        case "unknown-file": self.init(404, diagnostic.message, param: "id")
        case "unknown-completion":
            self.init(404, message, param: "id", code: "completion_not_found")
        case "unknown-model", "unknown-base", "base-model":
            self.init(404, message, param: "model", code: "model_not_found")
        case "unknown-job":
            self.init(
                404,
                diagnostic.message,
                param: "fine_tune_id",
                code: "fine_tune_not_found"
            )
        case "model-in-use": self.init(409, message)
        case "model-busy": self.init(429, message, code: "rate_limit_exceeded", retryAfter: 1)
        case "no-chat-template" where diagnostic.parameter == "model":
            self.init(404, message, param: "model")
        case "prompt-too-long":
            self.init(
                400,
                message,
                param: diagnostic.parameter,
                code: "context_length_exceeded"
            )
        case "queue-full":
            self.init(429, message, code: "rate_limit_exceeded", retryAfter: 30)
        case "workspace-write", "workspace-read", "bad-workspace", "newer-workspace",
            "library-missing":
            self.init(500, message)
        default: self.init(400, message, param: diagnostic.parameter, code: diagnostic.code)
        }
    }

    /// Returns the kind of error that a status is.
    public static func type(_ status: Int) -> String {
        switch status {
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// What is wrong and what to do, on one line.
    private static func message(_ diagnostic: Diagnostic) -> String {
        let hints = diagnostic.hints.joined(separator: "; ")
        return hints.isEmpty ? diagnostic.message : "\(diagnostic.message) (\(hints))"
    }
}
