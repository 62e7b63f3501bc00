import FettleCore
import Foundation
import OpenAIWire
import Synchronization
import Testing

@testable import FettleProviders

/// The client against a server with faults.
struct OpenAIClientTests {
    private static let models = #"{"object":"list","data":[{"id":"ada","object":"model"}]}"#
    private static let key = "sk-very-secret-key"

    /// What was waited for instead of waiting.
    private final class Pauses: Sendable {
        private let pauses = Mutex<[Double]>([])

        var all: [Double] { pauses.withLock { $0 } }

        func policy(_ attempts: Int = 4) -> RetryPolicy {
            RetryPolicy(
                attempts: attempts,
                wait: { seconds in
                    self.pauses.withLock { $0.append(seconds) }
                },
                random: { 0 }
            )
        }
    }

    private static func client(
        _ server: FaultServer,
        _ pauses: Pauses,
        attempts: Int = 4
    ) throws -> OpenAIClient {
        try OpenAIClient(
            name: "there",
            address: ServerAddress(server.address + "/v1"),
            key: key,
            policy: pauses.policy(attempts)
        )
    }

    @Test func keyAndPathAreSent() throws {
        let server = try FaultServer([.json(Self.models)])
        let pauses = Pauses()
        #expect(try Self.client(server, pauses).models().map(\.id) == ["ada"])
        let request = try #require(server.requests.first)
        #expect(request.method == "GET")
        #expect(request.path == "/v1/models")
        #expect(request.headers["authorization"] == "Bearer \(Self.key)")
        #expect(pauses.all.isEmpty)
    }

    @Test(arguments: [
        FaultServer.Reply.drop, .cut(models, after: 20), .json(500, "{}"), .json(503, "<html>"),
        .json(429, "{}"), .json(200, #"{"object":"li"#),
    ])
    func passingFaultIsRepeated(fault: FaultServer.Reply) throws {
        let server = try FaultServer([fault, fault, .json(Self.models)])
        let pauses = Pauses()
        #expect(try Self.client(server, pauses).models().map(\.id) == ["ada"])
        #expect(server.requests.count == 3)
        #expect(pauses.all == [0.5, 1])
    }

    @Test func serverSaysForHowLongToWait() throws {
        let server = try FaultServer([
            .json(429, "{}", headers: ["Retry-After": "7"]),
            .json(429, "{}", headers: ["retry-after-ms": "1500"]),
            .json(503, "{}", headers: ["Retry-After": "9999"]),
            .json(Self.models),
        ])
        let pauses = Pauses()
        _ = try Self.client(server, pauses).models()
        #expect(pauses.all == [7, 1.5, 2])
    }

    @Test func faultThatStaysIsSaidWithoutTheKey() throws {
        let server = try FaultServer([.json(500, #"{"error":{"message":"no \#(Self.key) here"}}"#)])
        let pauses = Pauses()
        let error = #expect(throws: Diagnostic.self) { try Self.client(server, pauses).models() }
        #expect(error?.code == "provider-unreachable")
        #expect(error?.message == "'there' has an error of its own (status 500): no ‹secret› here")
        #expect(server.requests.count == 4)
        #expect(pauses.all == [0.5, 1, 2])
    }

    @Test func endsOfTheKeyThatAServerQuotesAreNotSaid() throws {
        let server = try FaultServer([.json(401, #"{"error":{"message":"wrong: sk-…-key."}}"#)])
        let error = #expect(throws: Diagnostic.self) {
            try Self.client(server, Pauses()).models()
        }
        #expect(error?.message == "'there' does not take the key: wrong: ‹secret›.")
    }

    @Test(arguments: [
        (401, "provider-refused", "'there' does not take the key: bad"),
        (403, "provider-forbids", "'there' refuses: bad"),
        (404, "provider-lacks", "'there' refuses: bad"),
        (400, "provider-refused", "'there' refuses: bad"),
    ])
    func refusalIsNotRepeated(status: Int, code: String, message: String) throws {
        let server = try FaultServer([
            .json(status, #"{"error":{"message":"bad","param":"model"}}"#)
        ])
        let pauses = Pauses()
        let error = #expect(throws: Diagnostic.self) { try Self.client(server, pauses).models() }
        #expect(error?.code == code)
        #expect(error?.message == message)
        #expect(server.requests.count == 1)
    }

    @Test func closedPortIsNamed() throws {
        let pauses = Pauses()
        let client = try OpenAIClient(
            name: "there",
            address: ServerAddress("http://127.0.0.1:1/v1"),
            key: nil,
            policy: pauses.policy(2)
        )
        let error = #expect(throws: Diagnostic.self) { try client.models() }
        #expect(error?.code == "provider-unreachable")
        #expect(
            error?.message.hasPrefix("'there' at 'http://127.0.0.1:1' cannot be reached: ") == true,
            "\(error?.message ?? "")"
        )
        #expect(pauses.all == [0.5])
    }

    @Test func keyDoesNotGoToAnotherServer() throws {
        let other = try FaultServer([.json(Self.models)])
        let server = try FaultServer([
            .json(307, "", headers: ["Location": other.address + "/v1/models"])
        ])
        let error = #expect(throws: Diagnostic.self) { try Self.client(server, Pauses()).models() }
        #expect(
            error?.message
                == "'there' sends to '\(other.address)', which is another server and is not asked"
        )
        #expect(other.requests.isEmpty)
    }

    @Test func redirectWithinTheServerIsFollowed() throws {
        let server = try FaultServer { request, _ in
            request.path == "/v1/models"
                ? .json(301, "", headers: ["Location": "/v2/models"]) : .json(Self.models)
        }
        #expect(try Self.client(server, Pauses()).models().count == 1)
        #expect(server.requests.map(\.path) == ["/v1/models", "/v2/models"])
    }

    @Test func answerIsWaitedForUntilTheTaskIsCancelled() async throws {
        let server = try FaultServer([.silence])
        let client = try Self.client(server, Pauses())
        let task = Task { try client.models() }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
    }

    // MARK: - Completions

    @Test func questionIsSentAsTheAPIHasIt() throws {
        let server = try FaultServer([
            .json(
                #"{"id":"c","choices":[{"text":" 4","index":0,"logprobs":null,"finish_reason":"length"}]}"#
            )
        ])
        let answer = try Self.client(server, Pauses()).complete(
            CompletionRequest(model: "m", prompt: .texts(["a"]), maxTokens: 1)
        )
        #expect(answer.choices.map(\.text) == [" 4"])
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["content-length"] == "\(request.body.utf8.count)")
        let body = try CompletionRequest(reading: WireObject(parsing: Array(request.body.utf8)))
        #expect(body.model == "m")
        #expect(body.maxTokens == 1)
    }

    private static func event(_ text: String) -> String {
        #"data: {"id":"c","choices":[{"text":"\#(text)","index":0,"finish_reason":null}]}"# + "\n\n"
    }

    @Test func piecesOfAStreamComeInTheirOrder() throws {
        let server = try FaultServer([
            .drop,
            .events(": ping\n\n" + Self.event("a") + Self.event("b") + "data: [DONE]\n\n"),
        ])
        let texts = Mutex<[String]>([])
        try Self.client(server, Pauses()).complete(CompletionRequest(model: "m")) { piece in
            texts.withLock { $0 += piece.choices.map(\.text) }
        }
        #expect(texts.withLock { $0 } == ["a", "b"])
        #expect(server.requests.count == 2)
    }

    @Test func brokenStreamIsNotBegunAgain() throws {
        let server = try FaultServer([.events(Self.event("a"))])
        let texts = Mutex<[String]>([])
        let error = #expect(throws: Diagnostic.self) {
            try Self.client(server, Pauses()).complete(CompletionRequest(model: "m")) { piece in
                texts.withLock { $0 += piece.choices.map(\.text) }
            }
        }
        #expect(error?.message == "'there' cannot be read on: the answer broke off")
        #expect(texts.withLock { $0 } == ["a"])
        #expect(server.requests.count == 1)
    }

    @Test func errorInAStreamTellsNoKey() throws {
        let event =
            #"{"error":{"message":"no sk-very-secret-key here","type":"x","param":null,"code":null}}"#
        let server = try FaultServer([.events("data: \(event)\n\n")])
        #expect(
            throws: Diagnostic(
                "provider-refused",
                "'there' stops: no ‹secret› here",
                hint: "the same command tries again"
            )
        ) {
            try Self.client(server, Pauses()).complete(CompletionRequest(model: "m")) { _ in }
        }
    }

    @Test func keyWithALineEndIsRefused() throws {
        let error = #expect(throws: Diagnostic.self) {
            try OpenAIClient(
                name: "there",
                address: ServerAddress("http://127.0.0.1:1"),
                key: "sk\r\nHost: x"
            )
        }
        #expect(error?.code == "bad-key")
        #expect(error?.message == "the key of 'there' has characters that no key has")
    }
}
