import FettleCore
import FettleNotebook
import Foundation

/// How a text that a model wrote is shown.
enum WrittenView {
    /// Returns what follows the text: its tokens, where they were asked for, and why it ended.
    static func ending(_ completion: Completion, showsTokens: Bool) -> [OutputBlock] {
        var blocks: [OutputBlock] = []
        if showsTokens, !completion.tokens.isEmpty { blocks.append(table(completion.tokens)) }
        blocks.append(.note(note(completion)))
        return blocks
    }

    /// Says why a completion ended.
    static func note(_ completion: Completion) -> String {
        let count = NumberText.count(completion.completionTokens, "token")
        switch (completion.finishReason, completion.stop) {
        case (.length, _): return "length: \(count), and no more were asked for or fit the model"
        case (.stop, let stop?): return "stop: \(stop.visible) came after \(count)"
        case (.stop, nil): return "stop: the model ended it after \(count)"
        }
    }

    /// Says that Ctrl-C ended a text.
    static let stopped = "stopped: this is the part that was written"

    /// A row a token, with its probability and the likeliest others.
    static func table(_ tokens: [Completion.Token]) -> OutputBlock {
        .table(
            TextTable(
                columns: [.init("token"), .init("p", .right), .init("likeliest others")],
                rows: tokens.map { token in
                    let p = exp(token.logprob ?? 0)
                    let others = token.top.filter { $0.id != token.id }.map { other in
                        TokenView.visible(other.bytes) + " " + share(exp(other.logprob))
                    }
                    return [
                        .text(TokenView.visible(token.bytes)), .number(p, share(p)),
                        others.isEmpty ? .blank : .text(others.joined(separator: "  ")),
                    ]
                }
            )
        )
    }

    private static func share(_ probability: Double) -> String {
        NumberText.decimal(probability, digits: 4)
    }

    /// The fields of a completion, under OpenAI's names.
    static func value(_ completion: Completion, showsTokens: Bool) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("completion", .string(completion.text)),
            .init("finish_reason", .string(completion.finishReason.rawValue)),
            .init("prompt_tokens", .integer(Int64(completion.promptTokens))),
            .init("completion_tokens", .integer(Int64(completion.completionTokens))),
        ]
        if showsTokens {
            members.append(.init("logprobs", .array(completion.tokens.map(value))))
        }
        return members
    }

    private static func value(_ token: Completion.Token) -> JSONValue {
        .object([
            .init("token", .string(String(decoding: token.bytes, as: UTF8.self))),
            .init("bytes", .array(token.bytes.map { .integer(Int64($0)) })),
            .init("logprob", token.logprob.map { .number($0) } ?? .null),
            .init(
                "top_logprobs",
                .array(
                    token.top.map { other in
                        .object([
                            .init("token", .string(String(decoding: other.bytes, as: UTF8.self))),
                            .init("bytes", .array(other.bytes.map { .integer(Int64($0)) })),
                            .init("logprob", .number(other.logprob)),
                        ])
                    }
                )
            ),
        ])
    }
}

/// Has a model write, shown as it comes where that is possible.
struct LiveWriting {
    let live: LiveText?

    /// A text and what Ctrl-C left of it.
    enum Result {
        case whole(Completion)
        case part(String)
    }

    /// Writes one completion.
    ///
    /// - Throws: what the writer does; `CancellationError` only before anything was written.
    func write(_ body: ((String) -> Void) throws -> Completion) throws -> Result {
        var text = ""
        do {
            let completion = try body { piece in
                text += piece
                live?.add(piece)
            }
            live?.endLine()
            return .whole(completion)
        } catch is CancellationError where !text.isEmpty {
            live?.endLine()
            return .part(text)
        }
    }
}
