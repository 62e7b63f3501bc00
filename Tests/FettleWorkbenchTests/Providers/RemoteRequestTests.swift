import FettleCore
import FettleProviders
import FettleTestSupport
import Foundation
import OpenAIWire
import Synchronization
import Testing

@testable import FettleWorkbench

/// How prompts are divided among requests.
struct RemoteRequestTests {
    /// A server that takes so many prompts a request, and answers more with an error of its own.
    private final class Server: Sendable {
        private let listener: LoopbackListener
        private let seen = Seen()

        private final class Seen: Sendable {
            let counts = Mutex<[Int]>([])
        }

        init(atMost most: Int) throws {
            listener = try LoopbackListener { [seen] connection in
                var bytes: [UInt8] = []
                var block = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let text = String(decoding: bytes, as: UTF8.self)
                    let parts = text.components(separatedBy: "\r\n\r\n")
                    let length = text.firstMatch(of: #/[Cc]ontent-[Ll]ength: (\d+)/#)?.1
                    if parts.count > 1, parts[1].utf8.count == length.flatMap({ Int($0) }) {
                        let body = parts[1]
                        let request = try? CompletionRequest(
                            reading: WireObject(parsing: Array(body.utf8))
                        )
                        let count = request?.prompt?.count ?? 0
                        seen.counts.withLock { $0.append(count) }
                        Self.answer(count, count <= most, connection)
                        return
                    }
                    let count = recv(connection, &block, block.count, 0)
                    guard count > 0 else { return }
                    bytes += block[..<count]
                }
            }
        }

        private static func answer(_ count: Int, _ isGood: Bool, _ connection: Int32) {
            let choices = (0..<count).map { place in
                #"{"text":" 1","index":\#(place),"logprobs":{"tokens":[" 1"],"token_logprobs":[-0.5],"#
                    + #""top_logprobs":[{" 1":-0.5," 2":-1.5}],"text_offset":[0]}}"#
            }
            let body = isGood ? #"{"id":"c","choices":[\#(choices.joined(separator: ","))]}"# : "{}"
            let head = "HTTP/1.1 \(isGood ? 200 : 500) X\r\nContent-Length: \(body.utf8.count)\r\n"
            LoopbackListener.send(
                Array("\(head)Connection: close\r\n\r\n\(body)".utf8),
                to: connection
            )
        }

        var counts: [Int] { seen.counts.withLock { $0 } }

        func labels() -> RemoteLabels {
            let address = listener.address
            let remote = RemoteModel(provider: "there", model: "m") { () throws(Diagnostic) in
                try OpenAIClient(name: "there", address: ServerAddress(address + "/v1"), key: nil)
            }
            return RemoteLabels(remote, [" 1", " 2"])
        }
    }

    @Test func promptsGoTogetherWhereTheServerTakesThem() throws {
        let server = try Server(atMost: 20)
        let labels = server.labels()
        #expect(try labels.score(["a", "b", "c"]) == [-0.5, -1.5, -0.5, -1.5, -0.5, -1.5])
        #expect(try labels.score(["d", "e"]) == [-0.5, -1.5, -0.5, -1.5])
        #expect(server.counts == [3, 2])
    }

    @Test func promptsGoOneByOneWhereTheServerTakesNoMore() throws {
        let server = try Server(atMost: 1)
        let labels = server.labels()
        #expect(try labels.score(["a", "b", "c"]) == [-0.5, -1.5, -0.5, -1.5, -0.5, -1.5])
        #expect(try labels.score(["d", "e"]) == [-0.5, -1.5, -0.5, -1.5])
        // All, one to see that it answers, all once more, and then one by one for ever.
        #expect(server.counts == [3, 1, 3, 1, 1, 1, 1, 1])
    }
}
