import FettleCore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// `cost` and its table of prices.
struct CostTests {
    @Test func figureOfTheChapterIsReproduced() async {
        var shell = TestShell()
        let result = await shell.run("cost per_day=1000 prompt_tokens=150 against=40")
        // 1,000 × (150 + 1) × 2 / 10^6, and 1,000 × (40 + 1) × 1.6 / 10^6.
        #expect(
            result.output.hasPrefix(
                """
                model              prompt tokens  a million  before    a day   a year
                ─────────────────  ─────────────  ─────────  ──────  ───────  ───────
                davinci, few-shot            150      $2.00      $0  $0.3020  $110.23
                ada, fine-tuned               40      $1.60      $0  $0.0656   $23.94
                1,000 requests a day, of one written token each
                break-even: day 1; the first year saves $86.29
                Cost so far, 1,000 requests a day
                cost so far (USD)
                """
            ),
            "\(result.output)\(result.errors)"
        )
        let value = shell.session.lastValue
        #expect(value?["break_even_day"] == .integer(1))
        #expect(value?["training"] == .null)
    }

    @Test func tableOfPricesIsShownAndWrittenAndRead() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        let file = folder.path + "/prices.csv"
        #expect(
            await shell.run("cost prices").output == """
                model    date  currency  input  output  training  source
                ───────  ────  ────────  ─────  ──────  ────────  ──────────────────────────
                ada      2023  USD        1.60    1.60            the chapter, at figure 4.1
                chatgpt  2023  USD        2.00    2.00            the chapter, at figure 4.1
                davinci  2023  USD        2.00    2.00            the chapter, at figure 4.1
                for a million tokens; built in; 'cost prices > prices.csv' writes them, and as
                prices.csv in .fettle or $XDG_CONFIG_HOME/fettle they are yours to change

                """
        )
        await shell.run("cost prices > \(file)")
        #expect(
            try Files.text(file) == """
                model,date,currency,input,output,training,source
                ada,2023,USD,1.6,1.6,,"the chapter, at figure 4.1"
                chatgpt,2023,USD,2,2,,"the chapter, at figure 4.1"
                davinci,2023,USD,2,2,,"the chapter, at figure 4.1"

                """
        )
        #expect(try PriceTable(file: file).prices == PriceTable.builtIn.prices)
        // The user's own takes its place, and the workspace's the user's.
        let own = """
            model,date,currency,input,output,training,source
            big,2026-01-01,EUR,10,30,,a page
            small,2026-01-01,EUR,0.5,1.5,3,a page
            """
        try folder.write(own, to: "config/fettle/prices.csv")
        var other = TestShell(environment: ["XDG_CONFIG_HOME": folder.path + "/config"])
        let result = await other.run(
            "cost large=big small=small completion_tokens=2"
        )
        #expect(result.output.contains("\ncost so far (EUR)\n"), "\(result.output)\(result.errors)")
        // 1,000 × (150 × 10 + 2 × 30) / 10^6, and 1,000 × (40 × 0.5 + 2 × 1.5) / 10^6.
        let models = other.session.lastValue?["models"]
        guard case .array(let costs)? = models else {
            Issue.record("no models")
            return
        }
        #expect(costs.map { $0["per_day"] } == [.number(1.56), .number(0.023)])
    }

    @Test func trainingIsPaidForEachPassAndComesBackOnADay() async throws {
        let folder = try TemporaryFolder()
        // 10 rows of 40 bytes of prompt and 4 of completion: 11 tokens each, about.
        let rows = (0..<10).map { "\(String(repeating: "x", count: 39))\($0),abc" }
        try folder.write("text,label\n\(rows.joined(separator: "\n"))\n", to: "d.csv")
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(folder.path)/d.csv as d
            format prompt="{{text}}" completion=" {{label}}"
            cost on d n_epochs=2 training_price=10000
            """
        )
        // 110 tokens × 2 × 0.01 are 2.2; a day saves 0.302 − 1,000 × 11 × 1.6 / 10^6 = 0.2844.
        #expect(
            result.output.contains(
                """
                tokens of d  110 in 10 examples, 11.0 each
                counted      about: four bytes of text are one, as no tokenizer is at hand
                             (tokenizer=FILE)
                training     × 2 passes = 220 tokens: $2.20
                """
            ),
            "\(result.output)\(result.errors)"
        )
        #expect(result.output.contains("\nbreak-even: day 8; the first year saves $101.61\n"))
        #expect(result.output.contains("... break-even, day 8\n"))
        #expect(shell.session.lastValue?["break_even_day"] == .integer(8))
        let exact = await shell.run(
            "model add \(Files.root)/samples/tiny-llama as tiny\ncost on d tokenizer=tiny n_epochs=1"
        )
        #expect(
            exact.output.contains("counted      by the tokenizer of 'tiny'\n"),
            "\(exact.errors)"
        )
        #expect(
            exact.output.contains(
                "training     × 1 pass = 430 tokens: no price in the table (training_price=), and\n"
            )
        )
        let never = await shell.run("cost large=ada small=davinci against=150")
        #expect(
            never.output.contains(
                "\nbreak-even: never; a day of davinci, fine-tuned costs as much as one of ada, few-shot, or more\n"
            ),
            "\(never.output)"
        )
    }

    @Test func tunedModelCountsWithWhatItSaw() async throws {
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(Files.root)/samples/reviews.csv as reviews
            format prompt="{{review_body}}" completion=" {{stars}}"
            tune ngram on reviews n_epochs=3 as stars
            cost stars training_price=1
            """
        )
        #expect(
            result.output.contains("\ntraining           × 3 passes = "),
            "\(result.output)\(result.errors)"
        )
        let missing = await shell.run("where stars > 1\ncost stars")
        #expect(
            missing.errors.contains(
                "error[no-dataset]: 'reviews', which the model was tuned on, is not loaded as it was\n"
            ),
            "\(missing.errors)"
        )
    }

    @Test func comparisonShowsWhatTrainingCosts() async throws {
        let folder = try TemporaryFolder()
        // 40 rows of 40 bytes of prompt and 4 of completion: 11 tokens each, about.
        let rows = (10..<50).map { number in
            "\(String(repeating: number % 2 == 0 ? "x" : "y", count: 38))\(number),"
                + (number % 2 == 0 ? "abc" : "def")
        }
        try folder.write("text,label\n\(rows.joined(separator: "\n"))\n", to: "d.csv")
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(folder.path)/d.csv as d
            format prompt="{{text}}" completion=" {{label}}"
            tune ngram on d n_epochs=1 as once --no-check
            tune once on d n_epochs=3 as more --no-check
            compare majority once more on d price=1000
            """
        )
        // 40 × 11 tokens × 0.001, and four times that.
        #expect(result.output.contains("  training cost\n"), "\(result.output)\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        let costs = lines.filter { $0.hasPrefix("once  ") || $0.hasPrefix("more  ") }.prefix(2)
        #expect(costs.map { $0.split(separator: " ").last } == ["0.4400", "1.7600"])
        #expect(
            result.output.contains(
                "\ntraining cost: tokens × 1000 for a million; four bytes of text count as a token\n"
            )
        )
        guard case .object(let members)? = shell.session.lastValue?["training_costs"] else {
            Issue.record("no costs")
            return
        }
        #expect(members.map(\.name) == ["more", "once"])
        let refused = await shell.run("compare once more on d price=ada")
        #expect(
            refused.errors.hasPrefix(
                "error[bad-price]: the table of prices has none of training for 'ada'\n"
            ),
            "\(refused.errors)"
        )
    }

    @Test(arguments: [
        ("cost large=gpt", "error[unknown-price]: no price of 'gpt' in the table\n"),
        (
            "cost per_day=0",
            "error[bad-value]: 'per_day' is '0', expected a number above 0, at most 10^12\n"
        ),
        (
            "cost against=-1",
            "error[bad-value]: 'against' is '-1', expected a number of at least 0, at most 10^12\n"
        ),
        (
            "cost days=0",
            "error[bad-value]: 'days' is '0', expected a whole number from 1 to 1,000,000\n"
        ),
        ("cost prices=FOLDER/none.csv", "error[no-such-file]: "),
        (
            "cost prices=FOLDER/lacks.csv",
            "error[bad-price]: the prices in 'FOLDER/lacks.csv' cannot be used: it has no column 'date'\n"
        ),
        (
            "cost prices=FOLDER/less.csv",
            "error[bad-price]: the prices in 'FOLDER/less.csv' cannot be used: row 1 has the input '-1', "
                + "expected a number of at least 0\n"
        ),
        (
            "cost prices=FOLDER/two.csv large=a small=b",
            "error[currencies-differ]: 'a' has its price in USD, 'b' in EUR\n"
        ),
        ("cost nobody", "error[unknown-model]: no model 'nobody'\n"),
    ])
    func whatHasNoCostIsSaid(line: String, error: String) async throws {
        let folder = try TemporaryFolder()
        let head = "model,date,currency,input,output,training,source\n"
        try folder.write("model,currency,input,output,source\na,USD,1,1,s\n", to: "lacks.csv")
        try folder.write(head + "a,2026,USD,-1,1,,s\n", to: "less.csv")
        try folder.write(head + "a,2026,USD,1,1,,s\nb,2026,EUR,1,1,,s\n", to: "two.csv")
        var shell = TestShell()
        let result = await shell.run(line.replacing("FOLDER", with: folder.path))
        let expected = error.replacing("FOLDER", with: folder.path)
        #expect(result.errors.hasPrefix(expected), "\(result.errors)\(result.output)")
    }

    @Test func breakEvenIsTheFirstDayAtWhoseEndNoMoreIsPaid() {
        let large = RunningCost("large", upfront: 0, perDay: 3)
        #expect(RunningCost("a", upfront: 0, perDay: 1).breakEvenDay(against: large) == 1)
        #expect(RunningCost("a", upfront: 10, perDay: 1).breakEvenDay(against: large) == 5)
        #expect(RunningCost("a", upfront: 10.1, perDay: 1).breakEvenDay(against: large) == 6)
        #expect(RunningCost("a", upfront: 0, perDay: 3).breakEvenDay(against: large) == 1)
        #expect(RunningCost("a", upfront: 1, perDay: 3).breakEvenDay(against: large) == nil)
        #expect(RunningCost("a", upfront: 1e300, perDay: 1).breakEvenDay(against: large) == nil)
        #expect(RunningCost("a", upfront: 10, perDay: 1).total(afterDays: 5) == 15)
    }
}
