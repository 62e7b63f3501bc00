import FettleCore
import Testing

@testable import FettleShell

/// `calibrate`, and `--calibrated` of the commands that take it.
struct CalibrateTests {
    /// A shell with a model of five stars that was tuned on a part of the reviews.
    private static func shell() async -> TestShell {
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(Files.root)/samples/reviews.csv as reviews
            format prompt="{{review_body}}" completion=" {{stars}}"
            split 60/20/20 by=stars seed=1
            tune ngram on reviews.train n_epochs=4 as stars
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func temperatureIsFittedKeptShownAndUsed() async throws {
        var shell = await Self.shell()
        let result = await shell.run("calibrate stars on reviews.validation")
        #expect(
            result.output == """
                stars on reviews.validation: 62 rows
                temperature        0.555 (surer than it was)
                log loss           1.369 → 1.314
                calibration error  15.3 % → 10.3 %

                """
        )
        guard case .number(let temperature)? = shell.session.lastValue?["temperature"],
            case .number(let before)? = shell.session.lastValue?["log_loss_before"],
            case .number(let after)? = shell.session.lastValue?["log_loss_after"]
        else {
            Issue.record("no temperature in $_")
            return
        }
        #expect(temperature > 0.05 && temperature < 20)
        #expect(after <= before)
        let shown = await shell.run("model stars").output
        #expect(shown.contains("calibration") && shown.contains("on reviews.validation ("))

        let plain = await shell.run("evaluate stars on reviews.validation")
        let first = shell.session.lastValue
        let scaled = await shell.run("evaluate stars on reviews.validation --calibrated")
        let second = shell.session.lastValue
        #expect(plain.output != scaled.output)
        #expect(scaled.output.contains(" rows, at temperature "))
        #expect(first?["log_loss"] == .number(before))
        #expect(second?["log_loss"] == .number(after))
        #expect(first?["accuracy"] == second?["accuracy"])
        #expect(second?["temperature"] == .number(temperature))

        let asked = await shell.run("ask stars row=1 on reviews.test")
        let askedCalibrated = await shell.run("ask stars row=1 on reviews.test --calibrated")
        #expect(asked.output != askedCalibrated.output)
        let columns = "| select prediction probability | as csv"
        let rows = await shell.run("predict stars on reviews.test \(columns)").output
        let others = await shell.run("predict stars on reviews.test --calibrated \(columns)").output
        func predictions(_ text: String) -> [Substring] {
            text.split(separator: "\n").map { $0.prefix { $0 != "," } }
        }
        #expect(rows != others)
        #expect(predictions(rows) == predictions(others))
    }

    @Test func aModelWithoutATemperatureSaysHowToFitOne() async {
        var shell = await Self.shell()
        for line in [
            "evaluate stars on reviews.test", "ask stars 'x'", "predict stars on reviews.test",
        ] {
            let result = await shell.run("\(line) --calibrated")
            let verb = line.prefix { $0 != " " }
            let mark = String(repeating: " ", count: verb.count + 1) + "^^^^^"
            #expect(
                result.errors == """
                    error[not-calibrated]: no temperature was fitted for 'stars'
                        1 | \(line) --calibrated
                          | \(mark)
                      hint: fit one on rows that it was not tuned on: calibrate stars on DATASET

                    """
            )
        }
    }

    @Test func whatCannotBeFittedIsRefused() async {
        var shell = await Self.shell()
        let one = await shell.run(
            "rows reviews.test | where stars == 5 as fives\ncalibrate stars on fives"
        )
        #expect(
            one.errors == """
                error[one-class]: 15 rows with a completion that the model knows, all ' 5', expected at least \
                two different ones
                    2 | calibrate stars on fives
                      | ^^^^^^^^^
                  hint: choose rows of more classes, such as a whole validation part

                """
        )
        let empty = await shell.run(
            "rows reviews.test | where stars == 9 as none\ncalibrate stars on none"
        )
        #expect(
            empty.errors == """
                error[no-rows]: there are no rows to judge
                    2 | calibrate stars on none
                      | ^^^^^^^^^
                  hint: choose a dataset with at least one row

                """
        )
        let missing = await shell.run(
            "rows reviews.test | select stars as bare\ncalibrate stars on bare"
        )
        #expect(
            missing.errors == """
                error[unknown-column]: no column 'review_body' in 'bare', which the format's prompt names
                    2 | calibrate stars on bare
                      | ^^^^^^^^^
                  hint: columns: stars

                """
        )
        let base = await shell.run("calibrate ngram on reviews.test")
        #expect(base.errors.hasPrefix("error[base-model]: 'ngram' is a base model"))
        let both = await shell.run("ask stars 'x' --write --calibrated")
        #expect(
            both.errors.hasPrefix(
                "error[unexpected-word]: '--calibrated' is for the probabilities of labels, and "
                    + "'--write' asks for a text\n"
            )
        )
    }

    @Test func deletingTheModelForgetsItsTemperature() async throws {
        var shell = await Self.shell()
        await shell.run("calibrate stars on reviews.validation\nmodel delete stars")
        let result = await shell.run(
            "tune ngram on reviews.train n_epochs=1 as stars\nmodel stars"
        )
        #expect(!result.output.contains("calibration"))
    }
}
