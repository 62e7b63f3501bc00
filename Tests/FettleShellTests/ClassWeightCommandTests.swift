import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// `tune … class_weights=`.
struct ClassWeightCommandTests {
    private static let tiny = Files.root + "/samples/tiny-llama"

    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let result = await shell.run("model add '\(tiny)' as tiny")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test(arguments: ["ngram", "tiny"])
    func weightsAreShownWithTheModel(base: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(
            """
            tune \(base) on d n_epochs=1 class_weights=balanced as even
            tune \(base) on d n_epochs=1 class_weights=good:3 as keen
            model show even
            model show keen
            jobs
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let balanced = "class_weights balanced (from 1.000 for 'bad' to 1.000 for 'good')"
        #expect(text.components(separatedBy: balanced).count == 3, "\(result.output)")
        #expect(text.components(separatedBy: "class_weights good:3").count == 3)
    }

    @Test func heavyClassIsGivenMoreOften() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(
            """
            tune ngram on d n_epochs=1 shuffle=none as plain
            tune ngram on d n_epochs=1 shuffle=none class_weights=good:50 as keen
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        let shares = try await goodShares(&shell)
        #expect(shares.keen > shares.plain, "\(shares)")
    }

    private func goodShares(_ shell: inout TestShell) async throws -> (plain: Int, keen: Int) {
        var counts: [Int] = []
        for name in ["plain", "keen"] {
            let result = await shell.run("ask \(name) 'number 3 was' logprobs=2")
            let line = try #require(
                result.output.split(separator: "\n").first { $0.hasPrefix("\" good\"") }
            )
            let number = try #require(line.split(separator: " ").last.flatMap { Double($0) })
            counts.append(Int(number * 10_000))
        }
        return (counts[0], counts[1])
    }

    @Test(arguments: [
        (
            "class_weights=goo:2",
            "error[unknown-value]: 'class_weights' has the label 'goo', which is no completion of the training "
                + "examples\n"
        ),
        (
            "class_weights=good:0",
            "error[bad-value]: 'class_weights' gives 'good' the weight '0', expected a number of more than 0 and "
                + "at most 1,000,000\n"
        ),
        (
            "class_weights=even",
            "error[bad-value]: 'class_weights' is 'even', expected 'balanced', or labels with weights\n"
        ),
    ])
    func wrongWeightIsPointedAt(setting: String, message: String) async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("tune ngram on d \(setting)")
        #expect(result.errors.hasPrefix(message), "\(result.errors)")
        let carets = String(repeating: "^", count: setting.count - "class_weights=".count)
        let place = String(repeating: " ", count: "tune ngram on d class_weights=".count + 1)
        #expect(result.errors.contains("\n      |" + place + carets + "\n"), "\(result.errors)")
        #expect(
            await shell.run("jobs").output == "no job was started: tune ngram on DATASET as NAME\n"
        )
    }

    @Test func textsThatAreNoClassesHaveNoWeights() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run(
            """
            format prompt={{label}} completion=" {{text}}"
            tune tiny on d class_weights=balanced
            """
        )
        #expect(
            result.errors.hasPrefix(
                "error[bad-hyperparameter]: class_weights needs completions of a closed set, and 200 of 200 "
                    + "completions are different\n"
            ),
            "\(result.errors)"
        )
    }
}
