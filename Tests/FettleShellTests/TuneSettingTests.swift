import Foundation
import Testing

@testable import FettleShell

/// The settings of `tune` that only language models take.
struct TuneSettingTests {
    private static let tiny = Files.root + "/samples/tiny-llama"

    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let result = await shell.run("split 80/20 by=label seed=7\nmodel add '\(tiny)' as tiny")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func settingsAreShownWithTheModel() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(
            """
            tune tiny on d.train validate=d.test n_epochs=2 rank=4 projections=q_proj,v_proj layers=1 \
            schedule=cosine warmup=3 weight_decay=0.01 dropout=0.1 early_stopping=50 as mine
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        for start in [
            "rank ", "alpha ", "projections ", "layers ", "schedule ", "warmup ", "weight_decay ",
            "dropout ", "early_stopping ", "max_prompt_tokens ", "keep ",
        ] {
            #expect(lines.contains { $0.hasPrefix(start) }, "\(start): \(result.output)")
        }
        #expect(lines.contains { $0.contains("8.0 (twice the rank)") }, "\(result.output)")
        let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("rising over 3 steps, then falling to 0 along half a cosine"))
        #expect(result.output.contains("best, of step "))
    }

    @Test(arguments: [
        ("rank=0", "'rank' is '0', expected a whole number from 1 to 4,096"),
        ("dropout=1", "'dropout' is '1', expected a number of at least 0 and less than 1"),
        (
            "layers=9-4",
            "'layers' is '9-4', expected a number of layers, such as 8, a range counted from 0, such as "
                + "4-29, or all"
        ),
        (
            "projections=q_proj,,v_proj",
            "'projections' is 'q_proj,,v_proj', expected names with commas, each once, such as "
                + "q_proj,v_proj, or all"
        ),
        (
            "warmup=1.5",
            "'warmup' is '1.5', expected a whole number of steps, or a share of the run of more than 0 and "
                + "less than 1"
        ),
        ("schedule=cosin", "'schedule' is 'cosin', expected one of linear, cosine, constant"),
        ("memory=lots", "'memory' is 'lots', expected an amount of memory, such as 800MB or 1.5GB"),
        ("keep=all", "'keep' is 'all', expected one of best, last"),
    ])
    func wrongValueIsPointedAt(setting: String, message: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("tune tiny on d.train \(setting)")
        #expect(result.errors.hasPrefix("error[bad-value]: \(message)\n"), "\(result.errors)")
    }

    @Test func builtInModelRefusesThem() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("tune ngram on d.train rank=8")
        #expect(
            result.errors.hasPrefix(
                "error[bad-hyperparameter]: rank is a setting of language models, and 'ngram' is none\n"
            ),
            "\(result.errors)"
        )
        #expect(
            result.errors.contains("hint: leave it out, or tune a language model: tiny\n")
        )
    }

    @Test func helpDividesTheSettings() async throws {
        var shell = TestShell()
        let lines = await shell.run("help tune").output.split(separator: "\n").map(String.init)
        let common = try #require(lines.firstIndex { $0.hasPrefix("  n_epochs=") })
        let heading = try #require(lines.firstIndex(of: "language models:"))
        let rank = try #require(lines.firstIndex { $0.hasPrefix("  rank=") })
        #expect(common < heading && heading < rank)
        #expect(lines.contains { $0.hasSuffix("[as NAME] [--no-check] [--yes] [SETTING=…]…") })
    }

    @Test func conversationsNeedAChatTemplate() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let format = #"format chat user="{{text}}" assistant="{{label}}""#
        let bare = folder.path + "/bare"
        try FileManager.default.copyItem(atPath: Self.tiny, toPath: bare)
        try FileManager.default.removeItem(atPath: bare + "/chat_template.jinja")
        let mute = await shell.run(
            "model add '\(bare)' as bare\n\(format)\nuse d.train\n\(format)\ntune bare on d.train as a"
        )
        #expect(
            mute.errors.hasPrefix(
                "error[no-chat-template]: 'bare' has no chat template, which says how it reads a conversation\n"
            ),
            "\(mute.errors)"
        )
        let copy = folder.path + "/talker"
        try FileManager.default.copyItem(atPath: bare, toPath: copy)
        let template =
            "{% for m in messages %}{{ m.role }}: {{ m.content }}<|end|>{% endfor %}assistant: "
        try #"{"chat_template": "\#(template)"}"#
            .write(toFile: copy + "/tokenizer_config.json", atomically: true, encoding: .utf8)
        let talker = await shell.run(
            """
            model add '\(copy)' as talker
            use d.train
            \(format)
            tune talker on d.train n_epochs=1 as answers
            evaluate answers on d.train
            predict answers on d.train as answered
            ask answers row=1 on d.train
            """
        )
        #expect(talker.status == .success, "\(talker.errors)")
        #expect(talker.output.contains("answers on d.train: 160 rows\n"), "\(talker.output)")
        #expect(talker.output.contains("<|end|>assistant: "), "\(talker.output)")
    }
}
