public import FettleCore

/// What is wrong, as the API says it; all four members are always written.
public struct OpenAIError: Error, WireValue {
    /// What is wrong, for people.
    public var message: String
    /// The kind, such as `invalid_request_error`.
    public var type: String
    /// The member of the request that it is about.
    public var param: String?
    /// A word for programs, such as `model_not_found`.
    public var code: String?

    /// Makes one.
    public init(
        _ message: String,
        type: String = "invalid_request_error",
        param: String? = nil,
        code: String? = nil
    ) {
        self.message = message
        self.type = type
        self.param = param
        self.code = code
    }

    /// Reads a body, or what stands under `error` in one; servers that are only alike put a text there, or
    /// say `message` or `detail` at the top.
    public init(reading object: WireObject) throws(WireProblem) {
        if case .string(let text)? = object.any("error") {
            self.init(text, type: "")
            return
        }
        if let inner = object.any("error") {
            try self.init(reading: WireObject(inner, path: "error"))
            return
        }
        self.init(
            object.text("message") ?? object.text("detail") ?? "",
            type: object.text("type") ?? "",
            param: object.text("param"),
            code: object.text("code")
        )
    }

    /// The JSON of it, under `error`.
    public var json: JSONValue {
        .object([
            .init(
                "error",
                .object([
                    .init("message", .string(message)),
                    .init("type", .string(type)),
                    .init("param", param.map { .string($0) } ?? .null),
                    .init("code", code.map { .string($0) } ?? .null),
                ])
            )
        ])
    }
}

extension WireObject {
    /// Returns a member as a text, whatever it is.
    fileprivate func text(_ name: String) -> String? {
        switch any(name) {
        case nil: nil
        case .string(let text)?: text
        case let other?: other.text()
        }
    }
}
