import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// `compare … few_shot=`.
struct FewShotCommandTests {
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            split 80/20 by=label seed=7
            model add '\(Files.root)/samples/tiny-llama' as tiny
            tune ngram on d.train n_epochs=1 as good
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    private func tokens(_ comparison: JSONValue?, _ place: Int) -> Double? {
        guard case .array(let models)? = comparison?["models"],
            case .number(let tokens)? = models[place]["tokens_per_question"]
        else { return nil }
        return tokens
    }

    @Test func untunedModelIsShownExamples() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("compare good tiny on d.test few_shot=2 from=d.train seed=4")
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("\ntiny 2-shot "), "\(result.output)")
        let head = try #require(
            result.output.split(separator: "\n").first { $0.hasPrefix("model ") }
        )
        #expect(head.hasSuffix("tokens"), "\(head)")
        let value = shell.session.lastValue
        #expect(tokens(value, 0) == nil)
        let shown = try #require(tokens(value, 1))
        let plain = await shell.run("compare good tiny on d.test")
        #expect(plain.output.contains("\ntiny "))
        let bare = try #require(tokens(shell.session.lastValue, 1))
        #expect(shown > 2 * bare, "\(shown), \(bare)")
    }

    @Test func examplesAmongTheJudgedRowsAreWarnedOf() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("compare good tiny on d.test few_shot=2 from=d.test")
        let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            text.contains(
                "2 of the 2 examples shown are among the judged rows, which the model then only repeats"
            ),
            "\(result.output)"
        )
    }

    @Test(arguments: [
        (
            "compare good tiny on d.test few_shot=2",
            "error[missing-argument]: 'few_shot=' needs 'from=', the dataset that the examples come from\n"
        ),
        (
            "compare good tiny on d.test from=d.train",
            "error[missing-argument]: 'from=' says where examples come from, and 'few_shot=' how many\n"
        ),
        (
            "compare good tiny on d.test few_shot=0 from=d.train",
            "error[bad-value]: 'few_shot' is '0', expected 1 to 1,000\n"
        ),
        (
            "compare good majority on d.test few_shot=2 from=d.train",
            "error[bad-value]: 'few_shot' is 2, and all of these models are tuned, which need no examples\n"
        ),
        (
            "compare good tiny on d.test few_shot=161 from=d.train",
            "error[no-examples]: 'd.train' has 160 rows with a completion, and 161 are to be shown\n"
        ),
    ])
    func whatCannotBeShownIsRefused(line: String, message: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
    }
}
