import FettleCore
import FettleProviders
import Foundation
import OpenAIWire

/// Finds how likely a provider's model takes each of some labels.
///
/// One question gives the five likeliest first tokens, which tell short labels apart. Where two labels begin with
/// the same token, the whole labels are scored, which not every server does.
struct RemoteLabels {
    private let remote: RemoteModel
    private let labels: [String]

    /// The most tokens that the API tells of a place.
    private static let mostTop = 5
    /// Texts that a request scores.
    private static let textsARequest = 32

    init(_ remote: RemoteModel, _ labels: [String]) {
        (self.remote, self.labels) = (remote, labels)
    }

    /// Returns the natural log probabilities of the labels after each prompt, row-major.
    func score(_ prompts: ArraySlice<String>) throws -> [Double] {
        guard !prompts.isEmpty, !labels.isEmpty else { return [] }
        let client = try remote.client()
        guard !remote.isChat else { return try prompts.flatMap { try converse($0, client) } }
        let choices = try choices(
            of: CompletionRequest(
                model: remote.model,
                logprobs: Self.mostTop,
                maxTokens: 1,
                temperature: 0
            ),
            Array(prompts),
            client
        )
        var all: [Double] = []
        for choice in choices {
            guard let top = choice.logprobs?.topLogprobs?.first ?? nil, !top.isEmpty else {
                throw noProbabilities
            }
            guard let values = Self.values(of: labels, top) else {
                return try scoreWhole(prompts, client)
            }
            all += values
        }
        return all
    }

    /// Returns an answer to each prompt: of one request, or of one each where the server takes no more.
    private func choices(
        of request: CompletionRequest,
        _ prompts: [String],
        _ client: OpenAIClient
    ) throws -> [CompletionChoice] {
        func ask(_ some: [String], _ client: OpenAIClient) throws -> [CompletionChoice] {
            var request = request
            request.prompt = .texts(some)
            let choices = try client.complete(request).choices.sorted { $0.index < $1.index }
            guard choices.count == some.count else {
                throw wrong("answers \(choices.count) of \(some.count) prompts")
            }
            return choices
        }
        func askOneByOne() throws -> [CompletionChoice] {
            try prompts.flatMap { try ask([$0], client) }
        }
        guard prompts.count > 1 else { return try ask(prompts, client) }
        switch remote.manners.takesSeveral {
        case true?: return try ask(prompts, client)
        case false?: return try askOneByOne()
        case nil:
            do {
                let choices = try ask(prompts, client.withoutRepeating())
                remote.manners.takesSeveral = true
                return choices
            } catch is Diagnostic {
                // It may have been out of reach for a moment: what it takes shows when it answers again.
                _ = try ask([prompts[0]], client)
                let takesSeveral = (try? ask(prompts, client.withoutRepeating())) != nil
                remote.manners.takesSeveral = takesSeveral
                return takesSeveral ? try ask(prompts, client) : try askOneByOne()
            }
        }
    }

    /// The most tokens that the API tells of a place in a conversation.
    private static let mostTopOfChat = 20

    /// Returns the log probabilities of the labels as the next message of a conversation.
    private func converse(_ prompt: String, _ client: OpenAIClient) throws -> [Double] {
        let answer = try client.converse(
            ChatCompletionRequest(
                model: remote.model,
                messages: try RemoteConversation.messages(of: prompt),
                logprobs: true,
                topLogprobs: Self.mostTopOfChat,
                maxTokens: 1,
                temperature: 0
            )
        )
        let content = answer.choices.first?.logprobs?.content
        guard let top = content?.first?.topLogprobs, !top.isEmpty else { throw noProbabilities }
        // A message may begin without the blank that stands before a completion.
        let texts = labels.map { String($0.drop { $0 == " " }) }
        let tokens = top.map { candidate in
            TokenLogprob(
                token: String(candidate.token.drop { $0 == " " }),
                logprob: candidate.logprob
            )
        }
        guard let values = Self.values(of: texts, tokens) else {
            throw Diagnostic(
                "no-logprobs",
                "two labels begin with the same token of '\(remote.name)', and conversations do not score whole "
                    + "texts",
                hint: "relabel so that the first tokens differ, such as 1, 2 and 3"
            )
        }
        return values
    }

    private var noProbabilities: Diagnostic {
        Diagnostic(
            "no-logprobs",
            "'\(remote.name)' tells no probabilities of tokens, which choosing among labels needs",
            hint: "have it write instead: ask \(remote.name) \"…\""
        )
    }

    /// Returns the log probabilities of labels by the first tokens; nil where a token begins two labels.
    ///
    /// A label whose token is not among those told shares what they leave with the others of that kind, and is
    /// never likelier than the least of them.
    static func values(of labels: [String], _ top: [TokenLogprob]) -> [Double]? {
        var values: [Double?] = []
        var owners: [String: Int] = [:]
        for label in labels {
            let found = top.filter { !$0.token.isEmpty && label.hasPrefix($0.token) }
                .max { $0.token.utf8.count < $1.token.utf8.count }
            // A blank alone begins every label.
            guard let found, found.token == label || found.token.contains(where: { $0 != " " })
            else {
                values.append(nil)
                continue
            }
            owners[found.token, default: 0] += 1
            values.append(found.logprob)
        }
        guard owners.values.allSatisfy({ $0 == 1 }) else { return nil }
        let missing = values.count { $0 == nil }
        guard missing > 0 else { return values.compactMap(\.self) }
        let rest = max(1e-9, 1 - top.reduce(0) { $0 + exp($1.logprob) })
        let least = top.map(\.logprob).min() ?? 0
        let share = min(least, log(rest / Double(missing)))
        return values.map { $0 ?? share }
    }

    /// Scores each whole label after each prompt.
    private func scoreWhole(
        _ prompts: ArraySlice<String>,
        _ client: OpenAIClient
    ) throws -> [Double] {
        let texts = prompts.flatMap { prompt in labels.map { (prompt, prompt + $0) } }
        var values: [Double] = []
        for start in stride(from: 0, to: texts.count, by: Self.textsARequest) {
            let part = texts[start..<min(start + Self.textsARequest, texts.count)]
            let choices: [CompletionChoice]
            do {
                choices = try self.choices(
                    of: CompletionRequest(
                        model: remote.model,
                        echo: true,
                        logprobs: 1,
                        maxTokens: 0,
                        temperature: 0
                    ),
                    part.map(\.1),
                    client
                )
            } catch let diagnostic as Diagnostic where diagnostic.code == "provider-refused" {
                throw Diagnostic(
                    "no-logprobs",
                    "two labels begin with the same token of '\(remote.name)', and it does not score whole "
                        + "texts: \(diagnostic.message)",
                    hint: "relabel so that the first tokens differ, such as 1, 2 and 3"
                )
            }
            for (choice, text) in zip(choices, part) {
                guard let logprobs = choice.logprobs, !logprobs.tokens.isEmpty,
                    logprobs.textOffset.count == logprobs.tokenLogprobs.count
                else { throw wrong("tells no probabilities of the prompt's tokens") }
                let begin = text.0.unicodeScalars.count
                var sum = 0.0
                for (offset, value) in zip(logprobs.textOffset, logprobs.tokenLogprobs)
                where offset >= begin {
                    sum += value ?? 0
                }
                values.append(sum)
            }
        }
        return values
    }

    private func wrong(_ what: String) -> Diagnostic {
        Diagnostic("provider-answer", "'\(remote.name)' \(what)")
    }
}
