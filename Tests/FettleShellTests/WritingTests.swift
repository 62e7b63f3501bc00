import FettleCore
import Foundation
import Synchronization
import Testing

@testable import FettleShell

/// What `ask` and `chat` show of a text that a model writes; the model is one of random weights.
struct WritingTests {
    private static let tiny = Files.root + "/samples/tiny-llama"

    private static func shell(streaming: StreamRecord? = nil) async throws -> TestShell {
        var stream: (@Sendable (String) -> Void)?
        if let streaming { stream = { streaming.add($0) } }
        var shell = TestShell(stream: stream)
        let added = await shell.run(
            "model add '\(tiny)' as tiny > '\(NSTemporaryDirectory())/added.json'"
        )
        #expect(added.status == .success, "\(added.errors)")
        return shell
    }

    @Test func answerIsWrittenWithWhyItEnded() async throws {
        var shell = try await Self.shell()
        let result = await shell.run("ask tiny 'the thing' max_tokens=4")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(result.output.hasPrefix("Prompt:\nthe thing\nAnswer:\n"), "\(result.errors)")
        #expect(lines.contains("length: 4 tokens, and no more were asked for or fit the model"))
        let again = await shell.run("ask tiny 'the thing' max_tokens=4")
        #expect(again.output == result.output)
        _ = await shell.run("let a = $_.finish_reason; let b = $_.completion_tokens")
        #expect(await shell.run("vars").output.contains("length"))
    }

    @Test func probabilitiesOfTokensAreATableOnRequest() async throws {
        var shell = try await Self.shell()
        let result = await shell.run("ask tiny 'the thing' max_tokens=3 logprobs=2")
        #expect(result.output.contains("likeliest others"), "\(result.errors)")
        guard case .array(let tokens)? = shell.session.lastValue?["logprobs"] else {
            Issue.record("no logprobs in \(String(describing: shell.session.lastValue))")
            return
        }
        #expect(tokens.count == 3)
        for token in tokens {
            guard case .array(let top)? = token["top_logprobs"] else {
                Issue.record("no top_logprobs")
                continue
            }
            // The likeliest was taken, so that it is the first of the two.
            #expect(top.count == 2)
            #expect(top[0]["token"] == token["token"])
        }
    }

    @Test func severalAnswersHaveDrawsOfTheirOwn() async throws {
        var shell = try await Self.shell()
        let result = await shell.run("ask tiny 'the' n=2 temperature=1 seed=3 max_tokens=6")
        #expect(result.output.contains("\nAnswer 1:\n") && result.output.contains("\nAnswer 2:\n"))
        guard case .array(let choices)? = shell.session.lastValue?["choices"] else {
            Issue.record("no choices")
            return
        }
        #expect(choices.count == 2)
        #expect(choices[0]["completion"] != choices[1]["completion"])
        let same = await shell.run("ask tiny 'the' n=2 temperature=1 seed=3 max_tokens=6")
        #expect(same.output == result.output)
    }

    @Test func terminalShowsTheTextAsItComesAndTheRecordIsTheSame() async throws {
        let record = StreamRecord()
        var live = try await Self.shell(streaming: record)
        var whole = try await Self.shell()
        let line = "ask tiny 'the thing' max_tokens=12"
        let expected = await whole.run(line).output
        let shown = await live.run(line).output
        #expect(record.pieces.count > 4)
        #expect(record.text + shown == expected)
        #expect(shown == "length: 12 tokens, and no more were asked for or fit the model\n")
        let kept = await (live: live.run("last").output, whole: whole.run("last").output)
        #expect(kept.live == kept.whole)
        // What goes to a file or a command is not shown.
        record.clear()
        let file = NSTemporaryDirectory() + "/answer-\(UUID().uuidString).json"
        let redirected = await live.run("\(line) > '\(file)'")
        #expect(redirected.status == .success, "\(redirected.errors)")
        #expect(record.text == "")
        #expect(try Files.text(file).contains("\"finish_reason\": \"length\""))
        try FileManager.default.removeItem(atPath: file)
    }

    @Test(arguments: [
        ("max_tokens=0", "'max_tokens' is '0', expected 1 to 1,048,576"),
        ("temperature=-1", "'temperature' is '-1', expected 0 to 100"),
        ("top_p=0", "'top_p' is '0', expected over 0 and at most 1"),
        ("top_k=-1", "'top_k' is '-1', expected 0 to 1,048,576"),
        ("min_p=2", "'min_p' is '2', expected 0 to 1"),
        ("repetition_penalty=0", "'repetition_penalty' is '0', expected over 0 and at most 100"),
        ("presence_penalty=x", "'presence_penalty' is 'x', expected a number"),
        ("frequency_penalty=101", "'frequency_penalty' is '101', expected -100 to 100"),
        ("seed=-1", "'seed' is '-1', expected a whole number of at least 0"),
        ("stop=''", "'stop' is '', expected 1 to 16 texts"),
        ("n=2", "'n' is '2', and temperature=0 writes the same answer each time"),
        ("logprobs=0", "'logprobs' is '0', expected 1 to 1,000"),
    ])
    func optionsOutOfRangeAreErrors(option: String, message: String) async throws {
        var shell = TestShell()
        let result = await shell.run("ask tiny 'x' \(option)")
        #expect(result.errors.hasPrefix("error[bad-value]: \(message)\n"), "\(result.errors)")
    }

    @Test func stopTextsStandWithBareCommasBetween() async throws {
        var shell = try await Self.shell()
        let whole = await shell.run("ask tiny 'the thing' max_tokens=12")
        #expect(whole.status == .success)
        guard case .string(let text)? = shell.session.lastValue?["completion"],
            let character = text.first(where: { $0.isLetter && $0.isASCII })
        else {
            Issue.record("no letter in the answer")
            return
        }
        let stopped = await shell.run(
            "ask tiny 'the thing' max_tokens=12 stop=\"~~,~\",\(character)"
        )
        #expect(stopped.output.contains("stop: \"\(character)\" came after "), "\(stopped.output)")
        let cut = text.prefix { $0 != character }
        #expect(shell.session.lastValue?["completion"] == .string(String(cut)))
        #expect(shell.session.lastValue?["finish_reason"] == .string("stop"))
    }

    @Test func modelsOfLabelsWriteOnlyWhenAskedTo() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let made = await shell.run(
            """
            split 80/20 by=label seed=7
            model add '\(Self.tiny)' as tiny
            tune tiny on d.train n_epochs=1 as mine --no-check
            tune ngram on d.train n_epochs=1 as plain --no-check
            """
        )
        #expect(made.status == .success, "\(made.errors)")
        let refused = await shell.run("ask mine 'x' temperature=1")
        #expect(
            refused.errors.hasPrefix(
                "error[only-labels]: 'mine' chooses among 2 labels here, and 'temperature' is for a text "
                    + "that is written\n"
            ),
            "\(refused.errors)"
        )
        #expect(refused.errors.contains("add --write to have it write"))
        let written = await shell.run("ask mine row=1 on d.test --write max_tokens=3")
        #expect(written.output.contains("\nAnswer:\n"), "\(written.errors)")
        #expect(written.output.contains("\nTruth: \" "))
        let plain = await shell.run("ask plain 'x' --write")
        #expect(
            plain.errors.hasPrefix(
                "error[only-labels]: 'plain' gives one of its 2 labels, and cannot write other text\n"
            ),
            "\(plain.errors)"
        )
    }

    @Test func conversationIsGivenAsWords() async throws {
        var shell = try await Self.shell()
        let result = await shell.run(
            "chat tiny 'Hello there' 'And then?' system='Be short.' max_tokens=5"
        )
        let shown = result.output.split(separator: "\n").filter { $0.hasPrefix("User: ") }
        #expect(shown == ["User: Hello there", "User: And then?"], "\(result.errors)")
        #expect(result.output.contains("\nAssistant: "))
        guard case .array(let messages)? = shell.session.lastValue?["messages"] else {
            Issue.record("no messages")
            return
        }
        let roles = messages.map { $0["role"] }
        #expect(
            roles == ["system", "user", "assistant", "user", "assistant"].map { .string($0) }
        )
        let none = await shell.run("chat tiny")
        #expect(
            none.errors.hasPrefix(
                "error[missing-argument]: 'chat' has no message, and no prompt at which one could be typed\n"
            )
        )
    }

    @Test func modelsWithoutAChatTemplateNameAsk() async throws {
        let folder = try TemporaryFolder()
        let copy = folder.path + "/model"
        try FileManager.default.copyItem(atPath: Self.tiny, toPath: copy)
        try FileManager.default.removeItem(atPath: copy + "/chat_template.jinja")
        var shell = TestShell()
        let result = await shell.run("model add '\(copy)' as bare\nchat bare 'Hello'")
        #expect(
            result.errors.hasPrefix(
                "error[no-chat-template]: 'bare' has no chat template, which says how it reads a conversation\n"
            ),
            "\(result.errors)"
        )
        #expect(result.errors.contains("ask it to go on from a text: ask bare \"…\""))
    }
}

/// What was shown as it came.
final class StreamRecord: Sendable {
    private let state = Mutex<[String]>([])

    var pieces: [String] { state.withLock { $0 } }
    var text: String { pieces.joined() }

    func add(_ piece: String) { state.withLock { $0.append(piece) } }
    func clear() { state.withLock { $0 = [] } }
}

struct LiveTextTests {
    private func shown(_ pieces: [String]) -> String {
        let record = StreamRecord()
        let live = LiveText { record.add($0) }
        for piece in pieces { live.add(piece) }
        live.endLine()
        return record.text
    }

    @Test func controlCharactersAreMadeVisible() {
        #expect(shown(["a\u{1B}[31", "mred\u{7}"]) == "a␛[31mred␇\n")
        #expect(shown(["a\u{202E}b"]) == "a<U+202E>b\n")
    }

    @Test func lineEndsOfTwoBytesAreOneAlsoAcrossPieces() {
        #expect(shown(["a\r", "\nb"]) == "a\nb\n")
        #expect(shown(["a\r", "b"]) == "a␍b\n")
        #expect(shown(["a\r"]) == "a␍\n")
    }

    @Test func lineIsEndedOnce() {
        #expect(shown(["a\n"]) == "a\n")
        #expect(shown([]) == "")
    }
}
