import FettleCore
import FettleData
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// What judging gives: fields, files and columns.
struct ResultTests {
    private static func shell() async -> TestShell {
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(Files.root)/samples/reviews.csv as reviews
            format prompt="{{review_body}}" completion=" {{stars}}"
            split 80/20 by=stars seed=1
            tune ngram on reviews.train n_epochs=1 as stars
            tune ngram on reviews.train n_epochs=3 as again
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func evaluationFileHasTheFieldsOfTheReport() async throws {
        var shell = await Self.shell()
        let folder = try TemporaryFolder()
        let file = folder.path + "/f.json"
        let result = await shell.run("evaluate stars on reviews.test > \(file)")
        #expect(result.output == "wrote \(file)\n")
        let report = try Files.json(file)
        let promised = [
            "accuracy", "accuracy_low", "accuracy_high", "macro_f1", "log_loss", "good_or_bad",
            "within_one", "mean_absolute_error", "confusion", "per_class",
        ]
        #expect(promised.filter { report[$0] == nil } == [])
        let accuracy = try #require(report["accuracy"] as? Double)
        let low = try #require(report["accuracy_low"] as? Double)
        let high = try #require(report["accuracy_high"] as? Double)
        #expect(low < accuracy && accuracy < high && high <= 1)
    }

    @Test func fieldsOfTheLastResultAreVariables() async throws {
        var shell = await Self.shell()
        let result = await shell.run(
            "evaluate stars on reviews.test\nlet best = ${_.accuracy}\nlet again = $best"
        )
        #expect(result.status == .success, "\(result.errors)")
        guard case .text(let text, isBare: true)? = shell.session.variables["again"] else {
            Issue.record("'again' is \(String(describing: shell.session.variables["again"]))")
            return
        }
        let accuracy = try #require(Double(text))
        #expect(accuracy > 0 && accuracy < 1)
        guard case .number(let value)? = shell.session.lastValue?["accuracy"] else {
            Issue.record("no accuracy in $_")
            return
        }
        #expect(value == accuracy)
    }

    @Test func fieldThatIsNotThereIsAnErrorAtItsPlace() async throws {
        var shell = await Self.shell()
        let result = await shell.run(
            "evaluate stars on reviews.test > /dev/null\nlet x = ${_.acuracy}"
        )
        #expect(result.status == .failure)
        #expect(result.errors.hasPrefix("error[unknown-field]: '$_' has no field 'acuracy'\n"))
        #expect(result.errors.hasSuffix("  hint: did you mean 'accuracy'?\n"))
    }

    @Test func comparisonFileHasTheTest() async throws {
        var shell = await Self.shell()
        let folder = try TemporaryFolder()
        let file = folder.path + "/c.json"
        let result = await shell.run("compare stars again on reviews.test > \(file)")
        #expect(result.status == .success, "\(result.errors)")
        let report = try Files.json(file)
        let p = try #require(report["mcnemar_p"] as? Double)
        #expect(p >= 0 && p <= 1)
    }

    @Test func predictionsAreThreeMoreColumns() async throws {
        var shell = await Self.shell()
        let result = await shell.run("predict stars on reviews.test as answered")
        #expect(result.status == .success, "\(result.errors)")
        let before = try shell.session.library.dataset("reviews.test").frame
        let after = try shell.session.library.dataset("answered").frame
        #expect(after.columnNames == before.columnNames + ["prediction", "probability", "correct"])
        #expect(after.count == before.count)
        #expect(shell.session.library.current == "answered")
    }

    @Test func comparingOneModelIsAnErrorBeforeAnythingRuns() async throws {
        var shell = await Self.shell()
        let result = await shell.run("compare stars on no-such-dataset")
        #expect(
            result.errors == """
                error[nothing-to-compare]: 'compare' needs at least two models, got 1
                    1 | compare stars on no-such-dataset
                      |         ^^^^^
                  hint: name two, such as: compare first second on reviews.test

                """
        )
    }
}
