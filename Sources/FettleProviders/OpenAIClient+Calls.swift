import FettleCore
public import OpenAIWire

/// The calls of the API that Fettle makes.
extension OpenAIClient {
    /// Returns the models that the server offers.
    public func models() throws -> [ModelObject] {
        let list: WireList<ModelObject> = try call(.get, "/models")
        return list.data
    }

    /// Returns a client that makes no request again.
    public func withoutRepeating() -> OpenAIClient {
        var client = self
        client.policy = .once
        return client
    }

    /// Asks a model.
    public func complete(_ request: CompletionRequest) throws -> CompletionResponse {
        try call(.post, "/completions", .json(request.json), quietSeconds: 600)
    }

    /// Asks a model whose answer comes in pieces.
    ///
    /// - Throws: `provider-unreachable` when the stream broke off, beside what other calls do.
    public func complete(
        _ request: CompletionRequest,
        next: @escaping (CompletionResponse) throws -> Void
    ) throws {
        var request = request
        request.stream = true
        try stream("/completions", request, next)
    }

    /// Asks a model to go on with a conversation.
    public func converse(_ request: ChatCompletionRequest) throws -> ChatCompletion {
        try call(.post, "/chat/completions", .json(request.json), quietSeconds: 600)
    }

    /// Asks a model to go on with a conversation, and takes its answer in pieces.
    ///
    /// - Throws: as ``complete(_:next:)``.
    public func converse(
        _ request: ChatCompletionRequest,
        next: @escaping (ChatCompletionChunk) throws -> Void
    ) throws {
        var request = request
        request.stream = true
        try stream("/chat/completions", request, next)
    }

    private func stream<Piece: WireValue>(
        _ path: String,
        _ request: some WireValue,
        _ next: @escaping (Piece) throws -> Void
    ) throws {
        let isWhole = try events(.post, path, .json(request.json)) { event in
            let bytes = Array(event.data.utf8)
            let object: WireObject
            do {
                object = try WireObject(parsing: bytes)
            } catch {
                throw self.broken("an event of the stream is no JSON")
            }
            if object.any("error") != nil {
                let said = (try? OpenAIError(reading: object))?.message ?? "no reason is given"
                throw Diagnostic(
                    "provider-refused",
                    "'\(self.name)' stops: \(self.masked(said))",
                    hint: "the same command tries again"
                )
            }
            try next(try Piece(reading: object))
        }
        guard isWhole else { throw broken("the answer broke off") }
    }

    private func broken(_ what: String) -> Diagnostic {
        Diagnostic(
            "provider-unreachable",
            "'\(name)' cannot be read on: \(what)",
            hint: "the same command tries again"
        )
    }
}
