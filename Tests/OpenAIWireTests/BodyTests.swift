import FettleCore
import OpenAIWire
import Testing

/// Bodies, errors and streams.
struct BodyTests {
    private static func problem(_ text: String) -> WireProblem? {
        do {
            _ = try WireObject(parsing: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func badJSONIsPlaced() {
        #expect(
            Self.problem("{\"model\": \"ada\",\n }")
                == WireProblem(
                    "We could not parse the JSON body of your request: expected a name in quotes, "
                        + "found '}' (line 2, column 2)"
                )
        )
        #expect(Self.problem("[]") == WireProblem("the body must be a JSON object, found a list"))
    }

    @Test(arguments: ["[", "{\"a\":"]) func deepJSONIsRefused(opening: String) throws {
        let problem = try #require(Self.problem(String(repeating: opening, count: 10_000)))
        #expect(problem.message.hasPrefix("We could not parse the JSON body of your request: "))
    }

    @Test func ofTwoMembersTheLastCounts() throws {
        let request = try read(
            FineTuneRequest.self,
            #"{"training_file": "a", "training_file": "b"}"#
        )
        #expect(request.trainingFile == "b")
    }

    @Test func errorHasFourMembers() throws {
        let error = OpenAIError("The model `x` does not exist", code: "model_not_found")
        #expect(
            error.json.text()
                == #"{"error": {"message": "The model `x` does not exist", "type": "invalid_request_error", "param": null, "code": "model_not_found"}}"#
        )
        #expect(try read(OpenAIError.self, error.json.text()) == error)
    }

    @Test(arguments: [
        (#"{"error": "no room"}"#, OpenAIError("no room", type: "")),
        (#"{"detail": "Not Found"}"#, OpenAIError("Not Found", type: "")),
        (#"{"message": "late", "code": 503}"#, OpenAIError("late", type: "", code: "503")),
        (
            #"{"error": {"message": "m", "type": "t", "code": 7, "param": null}}"#,
            OpenAIError("m", type: "t", code: "7")
        ),
    ])
    func errorsOfOtherServersAreRead(text: String, error: OpenAIError) throws {
        #expect(try read(OpenAIError.self, text) == error)
    }

    // MARK: - Streams

    private static func events(_ text: String, pieces: Int) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            events += try parser.feed(bytes[start..<min(start + pieces, bytes.count)])
        }
        return events
    }

    @Test(arguments: [1, 2, 3, 7, 1000]) func eventsAreFoundInPieces(pieces: Int) throws {
        let text =
            "\u{FEFF}: hello\r\n\r\ndata: {\"a\": 1}\n\nid: 7\revent: x\rdata:two\rdata:  lines é\r\r"
            + "retry: 5\n\ndata\n\n" + ServerSentEvent.ping + ServerSentEvent.done.text
            + "data: half"
        #expect(
            try Self.events(text, pieces: pieces) == [
                ServerSentEvent(data: "{\"a\": 1}"),
                ServerSentEvent(data: "two\n lines é", event: "x", id: "7"),
                ServerSentEvent(data: "", id: "7"),
                ServerSentEvent(data: "[DONE]", id: "7"),
            ]
        )
    }

    @Test func eventsAreFramedAsTheyAreRead() throws {
        let events = [
            ServerSentEvent(FineTuneEvent(message: "Completed epoch 1/4", createdAt: 3)),
            ServerSentEvent(data: "a\nb", event: "e", id: "i"), .done,
        ]
        #expect(
            events[0].text
                == "data: {\"object\": \"fine-tune-event\", \"level\": \"info\", \"message\": "
                + "\"Completed epoch 1/4\", \"created_at\": 3}\n\n"
        )
        #expect(events[1].text == "event: e\nid: i\ndata: a\ndata: b\n\n")
        let read = try Self.events(events.map(\.text).joined(), pieces: 5)
        #expect(read.map(\.data) == events.map(\.data))
        #expect(read.last?.isDone == true)
    }

    @Test func endlessLineIsRefused() throws {
        var parser = ServerSentEventParser()
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: WireProblem.self) {
            for _ in 0..<20 { _ = try parser.feed(piece) }
        }
    }
}
