import FettleCore
import FettleServer
import FettleTransformer
import FettleWorkbench
import Foundation
import Testing

/// Completions of a model that writes freely, against the engine beside the server.
struct WrittenCompletionRouteTests {
    private static let prompt = "the thing"

    private static func list(_ tokens: [Int32]) -> String {
        "[" + tokens.map(String.init).joined(separator: ", ") + "]"
    }

    @Test func tokensComeWithTheEnginesProbabilities() async throws {
        let workspace = try TinyModel.workspace()
        let writer = try TinyModel.writer(workspace)
        let prompt = try writer.tokenize(.text(Self.prompt))
        let expected = try TinyModel.written(workspace, .text(Self.prompt)) { $0.maxTokens = 6 }
        let all = prompt + expected.tokens.map(\.id)
        let engine = try TinyModel.engine(.float32)
        let logprobs = try engine.tokenLogprobs(of: [all])[0].suffix(6)
        try await TestServer.run(workspace: workspace) { server in
            let answer = try await server.completions(
                #""prompt": "\#(Self.prompt)", "max_tokens": 6, "temperature": 0, "logprobs": 3"#
            )
            #expect(answer["object"] == .string("text_completion"))
            #expect(answer["model"] == .string("tiny"))
            #expect(answer.texts == [expected.text])
            #expect(
                answer["usage"]?.text()
                    == "{\"prompt_tokens\": \(prompt.count), \"completion_tokens\": 6, "
                    + "\"total_tokens\": \(prompt.count + 6)}"
            )
            let choice = try #require(answer.choices.first)
            #expect(choice["finish_reason"] == .string("length"))
            let told = try #require(choice["logprobs"])
            let values = told["token_logprobs"]?.items.compactMap(\.number) ?? []
            #expect(values.count == 6)
            for (value, logprob) in zip(values, logprobs) {
                #expect(abs(value - Double(logprob)) < 1e-4)
            }
            for (place, top) in (told["top_logprobs"]?.items ?? []).enumerated() {
                guard case .object(let members) = top else { continue }
                #expect(members.count == 3)
                // The likeliest one was taken.
                #expect(members.first?.value.number == values[place])
                #expect(members.first?.name == told["tokens"]?.items[place].string)
            }
            #expect(told["top_logprobs"]?.items.count == 6)
            #expect(told["text_offset"]?.items.first == .integer(9))
            let offsets = told["text_offset"]?.items.compactMap(\.number) ?? []
            #expect(offsets == offsets.sorted())
        }
    }

    @Test func drawnTokenIsToldBesideTheLikeliest() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let answer = try await server.completions(
                #""prompt": "a", "max_tokens": 20, "temperature": 2, "seed": 4, "logprobs": 1"#
            )
            let told = try #require(answer.choices.first?["logprobs"])
            let tokens = told["tokens"]?.items.compactMap(\.string) ?? []
            let tops = told["top_logprobs"]?.items ?? []
            #expect(tops.count == tokens.count)
            var both = 0
            for (token, top) in zip(tokens, tops) {
                guard case .object(let members) = top else { continue }
                #expect(members.contains { $0.name == token })
                #expect((1...2).contains(members.count))
                if members.count == 2 { both += 1 }
            }
            #expect(both > 0)
        }
    }

    @Test func promptIsScored() async throws {
        let workspace = try TinyModel.workspace()
        let text = "the thing is \u{e9}t\u{e9}"
        let prompt = try TinyModel.writer(workspace).tokenize(.text(text))
        let logprobs = try TinyModel.engine().tokenLogprobs(of: [prompt])[0]
        try await TestServer.run(workspace: workspace) { server in
            for given in ["\"\(text)\"", Self.list(prompt)] {
                let answer = try await server.completions(
                    #""prompt": \#(given), "max_tokens": 0, "echo": true, "logprobs": 2"#
                )
                #expect(answer.texts == [text])
                let choice = try #require(answer.choices.first)
                #expect(choice["finish_reason"] == .string("length"))
                #expect(answer["usage"]?["completion_tokens"] == .integer(0))
                #expect(answer["usage"]?["prompt_tokens"] == .integer(Int64(prompt.count)))
                let told = try #require(choice["logprobs"])
                #expect(told["tokens"]?.items.count == prompt.count)
                let values = told["token_logprobs"]?.items ?? []
                #expect(values.first == .null)
                #expect(told["top_logprobs"]?.items.first == .null)
                for (value, logprob) in zip(values.dropFirst(), logprobs) {
                    #expect(abs((value.number ?? 0) - Double(logprob)) < 1e-4)
                }
                #expect(values.count == logprobs.count + 1)
                for top in told["top_logprobs"]?.items.dropFirst() ?? [] {
                    guard case .object(let members) = top else { continue }
                    #expect((2...3).contains(members.count))
                }
                // Half of a letter takes no room of its own.
                let offsets = told["text_offset"]?.items.compactMap(\.number) ?? []
                #expect(offsets.first == 0)
                #expect(offsets.suffix(5) == [13, 14, 14, 15, 16] || offsets.last == 16)
            }
        }
    }

    @Test func echoStandsBeforeTheAnswer() async throws {
        let workspace = try TinyModel.workspace()
        let count = try TinyModel.writer(workspace).tokenize(.text(Self.prompt)).count
        let expected = try TinyModel.written(workspace, .text(Self.prompt)) { $0.maxTokens = 3 }
        try await TestServer.run(workspace: workspace) { server in
            let answer = try await server.completions(
                #""prompt": "\#(Self.prompt)", "max_tokens": 3, "temperature": 0, "echo": true, "logprobs": 0"#
            )
            #expect(answer.texts == [Self.prompt + expected.text])
            let told = try #require(answer.choices.first?["logprobs"])
            #expect(told["tokens"]?.items.count == count + 3)
            #expect(told["token_logprobs"]?.items.count == count + 3)
            #expect(told["top_logprobs"] == .null)
            #expect(told["text_offset"]?.items[count] == .integer(9))
            let plain = try await server.completions(
                #""prompt": "\#(Self.prompt)", "max_tokens": 0, "echo": true"#
            )
            #expect(plain.texts == [Self.prompt])
            #expect(plain.choices.first?["logprobs"] == .null)
        }
    }

    @Test func promptsMayBeTokensAndLists() async throws {
        let workspace = try TinyModel.workspace()
        let writer = try TinyModel.writer(workspace)
        let first = try writer.tokenize(.text(Self.prompt))
        let second = try writer.tokenize(.text("in a"))
        try await TestServer.run(workspace: workspace) { server in
            let options = #""max_tokens": 5, "temperature": 0, "logprobs": 0"#
            // The same text may come of both prompts, with other probabilities.
            func told(_ answer: JSONValue) -> [JSONValue] {
                answer.choices.compactMap { $0["logprobs"]?["token_logprobs"] }
            }
            let one = try await server.completions(#""prompt": "\#(Self.prompt)", \#(options)"#)
            let other = try await server.completions(#""prompt": "in a", \#(options)"#)
            #expect(told(one) != told(other))
            let ids = try await server.completions(#""prompt": \#(Self.list(first)), \#(options)"#)
            #expect(ids.texts == one.texts)
            #expect(told(ids) == told(one))
            #expect(ids["usage"] == one["usage"])
            for both in [
                #"["\#(Self.prompt)", "in a"]"#, "[\(Self.list(first)), \(Self.list(second))]",
            ] {
                let answer = try await server.completions(
                    #""prompt": \#(both), "n": 2, \#(options)"#
                )
                #expect(
                    answer.texts == one.texts + one.texts + other.texts + other.texts
                )
                #expect(told(answer) == told(one) + told(one) + told(other) + told(other))
                #expect(answer.choices.map { $0["index"] } == (0..<4).map { .integer($0) })
                let count = Int64(first.count + second.count)
                #expect(answer["usage"]?["prompt_tokens"] == .integer(count))
                #expect(answer["usage"]?["completion_tokens"] == .integer(20))
            }
        }
    }

    @Test func optionsChangeTheTextAsTheyDoInTheShell() async throws {
        let workspace = try TinyModel.workspace()
        let token = try #require(try TinyModel.writer(workspace).tokenize(.text("x")).first)
        let cases: [(String, (inout CompletionOptions) -> Void)] = [
            (#""temperature": 0, "frequency_penalty": 2"#, { $0.frequencyPenalty = 2 }),
            (#""temperature": 0, "presence_penalty": 2"#, { $0.presencePenalty = 2 }),
            (#""temperature": 0, "logit_bias": {"\#(token)": 3}"#, { $0.bias = [token: 3] }),
            (
                #""temperature": 1.5, "top_p": 0.5, "seed": 9"#,
                {
                    $0.temperature = 1.5
                    $0.topP = 0.5
                    $0.seed = 9
                }
            ),
            (#""top_p": 0, "seed": 1"#, { _ in }),
        ]
        let plain = try TinyModel.written(workspace, .text(Self.prompt)) { $0.maxTokens = 24 }
        try await TestServer.run(workspace: workspace) { server in
            for (options, change) in cases {
                let expected = try TinyModel.written(workspace, .text(Self.prompt)) {
                    $0.maxTokens = 24
                    change(&$0)
                }
                #expect((expected.text == plain.text) == options.hasPrefix("\"top_p\": 0"))
                let answer = try await server.completions(
                    #""prompt": "\#(Self.prompt)", "max_tokens": 24, \#(options)"#
                )
                #expect(answer.texts == [expected.text], "\(options)")
            }
            let forced = try await server.completions(
                #""prompt": "a", "max_tokens": 4, "logit_bias": {"\#(token)": 100}, "logprobs": 0"#
            )
            #expect(forced.texts == ["xxxx"])
            // Probabilities are those before the bias.
            let values = forced.choices.first?["logprobs"]?["token_logprobs"]?.items ?? []
            #expect(values.count == 4)
            #expect(values.allSatisfy { ($0.number ?? 0) < -1 })
        }
    }

    @Test func answersOfOnePromptDifferAndFollowTheSeed() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            func texts(_ options: String) async throws -> [String] {
                try await server.completions(
                    #""prompt": "\#(Self.prompt)", "n": 3, "max_tokens": 12, \#(options)"#
                ).texts
            }
            let first = try await texts(#""seed": 7"#)
            #expect(Set(first).count == 3)
            #expect(try await texts(#""seed": 7"#) == first)
            #expect(try await texts(#""seed": -7"#) != first)
            let chance = try await texts(#""seed": null"#)
            #expect(try await texts(#""seed": null"#) != chance)
            // Two equal prompts do not get the same answer.
            let equal = try await server.completions(
                #""prompt": ["a", "a"], "max_tokens": 12, "seed": 3"#
            ).texts
            #expect(Set(equal).count == 2)
        }
    }

    @Test func bestOfGivesTheLikeliestOfItsDraws() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let options =
                #""prompt": "\#(Self.prompt)", "max_tokens": 5, "seed": 2, "logprobs": 0, "temperature": 2"#
            func means(_ answer: JSONValue) -> [Double] {
                answer.choices.map { choice in
                    let values = choice["logprobs"]?["token_logprobs"]?.items ?? []
                    let sum = values.reduce(0) { $0 + ($1.number ?? 0) }
                    return sum / Double(max(1, values.count))
                }
            }
            let all = try await server.completions(#"\#(options), "n": 6"#)
            let best = try await server.completions(#"\#(options), "n": 2, "best_of": 6"#)
            let order = means(all).indices.sorted { means(all)[$0] > means(all)[$1] }
            #expect(best.texts == order.prefix(2).map { all.texts[$0] })
            #expect(best["usage"]?["completion_tokens"] == all["usage"]?["completion_tokens"])
            #expect(best.choices.map { $0["index"] } == [.integer(0), .integer(1)])
        }
    }

    @Test func stopTextEndsTheAnswer() async throws {
        let workspace = try TinyModel.workspace()
        let whole = try TinyModel.written(workspace, .text(Self.prompt)) { $0.maxTokens = 12 }
        let characters = Array(whole.text)
        let stop = String(characters[4...5])
        let cut = try #require(whole.text.range(of: stop)?.lowerBound)
        let body = JSONValue.object([
            .init("model", .string("tiny")), .init("prompt", .string(Self.prompt)),
            .init("max_tokens", .integer(12)), .init("temperature", .integer(0)),
            .init("stop", .array([.string("never there"), .string(stop)])),
        ])
        try await TestServer.run(workspace: workspace) { server in
            let answer = try await server.ask("POST", "/v1/completions", body: body.text()).json
            #expect(answer.texts == [String(whole.text[..<cut])])
            #expect(answer.choices.first?["finish_reason"] == .string("stop"))
        }
    }

    @Test func streamGivesWhatTheWholeAnswerHas() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let options =
                #""prompt": "\#(Self.prompt)", "max_tokens": 8, "n": 2, "seed": 5, "logprobs": 2, "echo": true"#
            let whole = try await server.completions(options)
            let answer = try await server.ask(
                "POST",
                "/v1/engines/tiny/completions",
                body: #"{\#(options), "stream": true, "stream_options": {"include_usage": true}}"#
            )
            #expect(answer.isChunked)
            let chunks = try answer.events()
            #expect(chunks.count > 10)
            var texts = ["", ""]
            var reasons: [JSONValue] = [.null, .null]
            var lists = [[String: [JSONValue]]](repeating: [:], count: 2)
            for chunk in chunks.dropLast() {
                #expect(chunk["usage"] == .null)
                let choice = try #require(chunk.choices.first)
                let index = Int(choice["index"]?.number ?? -1)
                texts[index] += choice["text"]?.string ?? ""
                if let reason = choice["finish_reason"], reason != .null {
                    #expect(reasons[index] == .null)
                    reasons[index] = reason
                }
                guard case .object(let members)? = choice["logprobs"] else { continue }
                for member in members {
                    lists[index][member.name, default: []] += member.value.items
                }
            }
            #expect(texts == whole.texts)
            #expect(reasons == whole.choices.map { $0["finish_reason"] ?? .null })
            for (index, choice) in whole.choices.enumerated() {
                for name in ["tokens", "token_logprobs", "top_logprobs", "text_offset"] {
                    #expect(lists[index][name] == choice["logprobs"]?[name]?.items, "\(name)")
                }
            }
            #expect(chunks.last?["usage"] == whole["usage"])
            #expect(chunks.last?["choices"] == .array([]))
        }
    }

    @Test func tokenThatEndsAnAnswerIsTold() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let answer = try await server.completions(
                #""prompt": "a", "max_tokens": 3, "logit_bias": {"0": 100}, "logprobs": 1, "echo": true"#
            )
            let choice = try #require(answer.choices.first)
            #expect(choice["text"] == .string("a"))
            #expect(choice["finish_reason"] == .string("stop"))
            let told = choice["logprobs"]
            #expect(told?["tokens"] == .array([.string("a"), .string("<|end|>")]))
            #expect(told?["text_offset"] == .array([.integer(0), .integer(1)]))
            #expect((told?["token_logprobs"]?.items.last?.number ?? 0) < 0)
            #expect(answer["usage"]?["completion_tokens"] == .integer(0))
        }
    }

    @Test func absentPromptBeginsAText() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let options = #""max_tokens": 6, "temperature": 0"#
            let absent = try await server.completions(options)
            let ids = try await server.completions(#""prompt": [0], \#(options)"#)
            #expect(absent.texts == ids.texts)
            #expect(absent["usage"]?["prompt_tokens"] == .integer(1))
            // Special tokens are no text.
            let echo = try await server.completions(
                #""prompt": [0, 5], "echo": true, "max_tokens": 0, "logprobs": 0"#
            )
            let told = echo.choices.first?["logprobs"]
            #expect(echo.texts.map(\.unicodeScalars.count) == [1])
            #expect(told?["tokens"]?.items.first == .string("<|end|>"))
            #expect(told?["text_offset"] == .array([.integer(0), .integer(0)]))
        }
    }

    @Test func answerEndsWhereTheModelTakesNoMore() async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            let tokens = Self.list([Int32](repeating: 5, count: 510))
            let answer = try await server.completions(
                #""prompt": \#(tokens), "max_tokens": 4000, "temperature": 0"#
            )
            #expect(answer["usage"]?["completion_tokens"] == .integer(2))
            #expect(answer.choices.first?["finish_reason"] == .string("length"))
        }
    }

    @Test(arguments: [
        (
            #""prompt": [5, 267]"#, "prompt", "bad-value",
            "'prompt' has the token 267, expected one below 267"
        ),
        (
            #""prompt": [[5], []]"#, "prompt", "bad-value",
            "'prompt' has no token, expected one to go on from"
        ),
        (
            #""prompt": "a", "logit_bias": {"267": 1}"#, "logit_bias", "bad-value",
            "'logit_bias' has the token 267, expected one below 267"
        ),
        (
            #""prompt": [\#([String](repeating: "5", count: 513).joined(separator: ","))]"#,
            "prompt", "context_length_exceeded",
            "this model's maximum context length is 512 tokens, and 'prompt' has 513 (shorten it)"
        ),
    ]) func badRequestNamesItsField(
        body: String,
        param: String,
        code: String,
        message: String
    ) async throws {
        try await TestServer.run(workspace: TinyModel.workspace()) { server in
            for ending in ["", #", "stream": true"#] {
                let answer = try await server.ask(
                    "POST",
                    "/v1/completions",
                    body: #"{"model": "tiny", \#(body)\#(ending)}"#
                )
                #expect(answer.status == 400)
                #expect(try answer.error("param") == .string(param))
                #expect(try answer.error("code") == .string(code))
                #expect(try answer.error("message") == .string(message))
            }
        }
    }
}
