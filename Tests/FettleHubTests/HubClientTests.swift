import FettleCore
import FettleTestSupport
import Foundation
import Synchronization
import Testing

@testable import FettleHub

/// Fetches from a server of this machine that has the paths of huggingface.co.
struct HubClientTests {
    private static let commit = String(repeating: "c0ffee12", count: 5)
    private static let weights = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
    private static let configuration = Array(#"{"model_type": "llama"}"#.utf8)

    private static func digits(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.add($0) }
        return hash.digits()
    }

    private static func listing(
        _ digits: String? = digits(weights),
        size: Int = weights.count
    ) -> [UInt8] {
        let lfs = digits.map { #", "lfs": {"sha256": "\#($0)", "size": \#(size)}"# } ?? ""
        return Array(
            """
            {"id": "org/tiny", "sha": "\(commit)", "siblings": [
             {"rfilename": ".gitattributes", "size": 1}, {"rfilename": "README.md", "size": 9},
             {"rfilename": "config.json", "size": \(configuration.count)},
             {"rfilename": "onnx/model.onnx", "size": 9}, {"rfilename": "pytorch_model.bin", "size": 9},
             {"rfilename": "model.safetensors", "size": \(size)\(lfs)}]}
            """.utf8
        )
    }

    /// Answers as a hub whose files are all its own.
    private static func answer(_ request: LocalServer.Request) -> LocalServer.Response {
        switch request.path {
        case "/api/models/org/tiny/revision/main?blobs=true": .init(body: listing())
        case "/org/tiny/resolve/\(commit)/config.json": .init(body: configuration)
        case "/org/tiny/resolve/\(commit)/model.safetensors": ranged(weights, request)
        default: .init(status: 404)
        }
    }

    private static func ranged(
        _ bytes: [UInt8],
        _ request: LocalServer.Request
    ) -> LocalServer.Response {
        guard let range = request.headers["range"],
            let start = Int(range.dropFirst("bytes=".count).dropLast())
        else { return .init(body: bytes) }
        guard start < bytes.count else { return .init(status: 416) }
        let place = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
        return .init(status: 206, headers: ["Content-Range": place], body: Array(bytes[start...]))
    }

    private func contents(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { Array($0) }
    }

    private func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func folderIsFetchedWithWhatTheModelNeeds() throws {
        let server = try LocalServer(Self.answer)
        let folder = try TemporaryFolder()
        let path = folder.path + "/tiny"
        var last = [0, 0]
        let hub = try HubClient(endpoint: server.address + "/", token: "hf_secret")
        let isFolder = try hub.pull("org/tiny", to: path) { done, total in
            #expect(done >= last[0])
            last = [done, total]
        }
        #expect(isFolder)
        let total = Self.weights.count + Self.configuration.count
        #expect(last == [total, total])
        #expect(try names(folder.path) == ["tiny"])
        #expect(try names(path) == ["config.json", "model.safetensors"])
        #expect(contents(path + "/model.safetensors") == Self.weights)
        #expect(contents(path + "/config.json") == Self.configuration)
        #expect(server.requests.map(\.path).count == 3)
        #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
        #expect(server.requests.allSatisfy { $0.headers["range"] == nil })
    }

    @Test func tokenStaysWithTheHubWhenItSendsElsewhere() throws {
        let store = try LocalServer { Self.ranged(Self.weights, $0) }
        let address = store.address
        let server = try LocalServer { request in
            guard request.path.hasSuffix("/model.safetensors") else { return Self.answer(request) }
            let headers = [
                "Location": address + "/blob?key=secret",
                "X-Linked-Etag": "\"\(Self.digits(Self.weights))\"",
            ]
            return .init(status: 302, headers: headers)
        }
        let folder = try TemporaryFolder()
        let hub = try HubClient(endpoint: server.address, token: "hf_secret")
        try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        #expect(contents(folder.path + "/tiny/model.safetensors") == Self.weights)
        #expect(store.requests.map(\.path) == ["/blob?key=secret"])
        #expect(store.requests.allSatisfy { $0.headers["authorization"] == nil })
        #expect(server.requests.last?.headers["authorization"] == "Bearer hf_secret")
    }

    @Test func brokenFetchGoesOnWhereItStopped() throws {
        let isBroken = Mutex(true)
        let server = try LocalServer { request in
            var response = Self.answer(request)
            if request.path.hasSuffix("/model.safetensors"), isBroken.withLock({ $0 }) {
                response.cut = 50_000
            }
            return response
        }
        let folder = try TemporaryFolder()
        let path = folder.path + "/tiny"
        let hub = try HubClient(endpoint: server.address, token: nil)
        let error = #expect(throws: Diagnostic.self) {
            try hub.pull("org/tiny", to: path) { _, _ in }
        }
        #expect(error?.code == "hub-unreachable")
        #expect(error?.hints == ["give the command again: it goes on where it stopped"])
        #expect(try names(folder.path) == ["tiny.partial"])
        // Three attempts of 50,000 bytes each.
        #expect(contents(path + ".partial/model.safetensors.part")?.count == 150_000)
        isBroken.withLock { $0 = false }
        try hub.pull("org/tiny", to: path) { _, _ in }
        #expect(contents(path + "/model.safetensors") == Self.weights)
        #expect(try names(folder.path) == ["tiny"])
        let ranges = server.requests.filter { $0.path.hasSuffix("/model.safetensors") }
            .map { $0.headers["range"] }
        #expect(ranges == [nil, "bytes=50000-", "bytes=100000-", "bytes=150000-"])
        // The file that had come is not asked for again.
        #expect(server.requests.count { $0.path.hasSuffix("/config.json") } == 1)
    }

    @Test func hubWithoutRangesSendsAllAgain() throws {
        let server = try LocalServer { request in
            request.path.hasSuffix("/model.safetensors")
                ? .init(body: Self.weights) : Self.answer(request)
        }
        let folder = try TemporaryFolder()
        let partial = folder.path + "/tiny.partial"
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        try Data(Self.commit.utf8).write(to: URL(filePath: partial + "/.commit"))
        try Data([1, 2, 3]).write(to: URL(filePath: partial + "/model.safetensors.part"))
        let hub = try HubClient(endpoint: server.address, token: nil)
        try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        #expect(contents(folder.path + "/tiny/model.safetensors") == Self.weights)
        #expect(server.requests.last?.headers["range"] == "bytes=3-")
    }

    @Test func partsOfAnotherRevisionAreTakenAway() throws {
        let server = try LocalServer(Self.answer)
        let folder = try TemporaryFolder()
        let partial = folder.path + "/tiny.partial"
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        try Data("another".utf8).write(to: URL(filePath: partial + "/.commit"))
        try Data([1, 2, 3]).write(to: URL(filePath: partial + "/model.safetensors.part"))
        try Data([4]).write(to: URL(filePath: partial + "/config.json"))
        let hub = try HubClient(endpoint: server.address, token: nil)
        try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        #expect(contents(folder.path + "/tiny/config.json") == Self.configuration)
        #expect(server.requests.allSatisfy { $0.headers["range"] == nil })
    }

    @Test(arguments: [true, false])
    func otherBytesThanTheHubTellsOfAreRefused(_ isListed: Bool) throws {
        let told = Self.digits([1])
        let server = try LocalServer { request in
            if request.path.hasPrefix("/api/") {
                return .init(body: Self.listing(isListed ? told : nil))
            }
            var response = Self.answer(request)
            if !isListed { response.headers["X-Linked-Etag"] = "\"\(told)\"" }
            return response
        }
        let folder = try TemporaryFolder()
        let hub = try HubClient(endpoint: server.address, token: nil)
        let error = #expect(throws: Diagnostic.self) {
            try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        }
        #expect(error?.code == "hub-corrupt")
        #expect(
            error?.message.hasSuffix(
                "has the SHA-256 \(Self.digits(isListed ? Self.weights : Self.configuration)), "
                    + "and the hub tells of \(told)"
            ) == true
        )
        #expect(try names(folder.path) == ["tiny.partial"])
    }

    @Test func moreBytesThanToldOfAreNotTaken() throws {
        let server = try LocalServer { request in
            request.path.hasPrefix("/api/")
                ? .init(body: Self.listing(nil, size: 1000)) : Self.answer(request)
        }
        let folder = try TemporaryFolder()
        let hub = try HubClient(endpoint: server.address, token: nil)
        let error = #expect(throws: Diagnostic.self) {
            try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        }
        #expect(
            error?.message
                == "'model.safetensors' has more bytes than the 1000 that the hub tells of"
        )
    }

    @Test(arguments: [
        (401, "hub-refused", "HOST does not give 'org/tiny': status 401"),
        (404, "hub-refused", "HOST has no 'org/tiny'"),
        (503, "hub-unreachable", "HOST does not give 'org/tiny': status 503"),
    ])
    func refusalsSayTheirStatus(_ status: Int, _ code: String, _ message: String) throws {
        let server = try LocalServer { _ in .init(status: status) }
        let folder = try TemporaryFolder()
        let hub = try HubClient(endpoint: server.address, token: nil)
        let error = #expect(throws: Diagnostic.self) {
            try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        }
        #expect(error?.code == code)
        #expect(error?.message.replacing(server.address, with: "HOST") == message)
        #expect(try names(folder.path) == [])
    }

    @Test func endlessRedirectsEnd() throws {
        let server = try LocalServer { _ in .init(status: 307, headers: ["Location": "/again"]) }
        let folder = try TemporaryFolder()
        let hub = try HubClient(endpoint: server.address, token: nil)
        let error = #expect(throws: Diagnostic.self) {
            try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        }
        #expect(
            error?.message.replacing(server.address, with: "HOST")
                == "'HOST/again' is the end of more than 8 redirects"
        )
    }

    @Test func absentHubIsNamed() throws {
        let folder = try TemporaryFolder()
        let hub = try HubClient(endpoint: "http://127.0.0.1:1", token: nil)
        let error = #expect(throws: Diagnostic.self) {
            try hub.pull("org/tiny", to: folder.path + "/tiny") { _, _ in }
        }
        #expect(error?.code == "hub-unreachable")
        #expect(
            error?.message.hasPrefix(
                "cannot fetch 'http://127.0.0.1:1/api/models/org/tiny/revision/main': "
            ) == true
        )
    }

    @Test func cancelledFetchStopsAndKeepsItsPart() async throws {
        let server = try LocalServer(Self.answer)
        let folder = try TemporaryFolder()
        let path = folder.path + "/tiny"
        let hub = try HubClient(endpoint: server.address, token: nil)
        let task = Task {
            try hub.pull("org/tiny", to: path) { done, _ in
                if done > 1000 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try names(folder.path) == ["tiny.partial"])
    }

    @Test(arguments: ["tiny", "a/b/c", "../x", "a/..", "a/b?c", "a b/c", "a/", "é/x", ""])
    func namesAreOfTwoParts(_ name: String) throws {
        let hub = try HubClient(endpoint: "https://hub.invalid", token: nil)
        let error = #expect(throws: Diagnostic.self) { try hub.pull(name, to: "/x") { _, _ in } }
        #expect(error?.message == "'\(name)' is not the name of a model on a hub")
    }

    @Test(arguments: ["hub", "ftp://x", "https://", "https://a@b", "https://a b"])
    func addressesAreOfTheWeb(_ address: String) {
        let error = #expect(throws: Diagnostic.self) {
            try HubClient(endpoint: address, token: nil)
        }
        #expect(error?.code == "hub-unreachable")
    }

    @Test func tokenWithALineIsRefused() {
        let error = #expect(throws: Diagnostic.self) {
            try HubClient(endpoint: "https://hub.invalid", token: "a\r\nX: y")
        }
        #expect(error?.message == "the hub's token has characters that a token has not")
    }
}

/// A folder of its own that goes away with the object.
private final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-hub-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
