import FettleCore
import FettleEvaluation
import Testing

@testable import FettleShell

/// `evaluate` with `metrics=`, `beta=`, `top=` and `--rejection`.
struct EvaluateMetricsTests {
    /// A shell with a model of five stars that was tuned on a part of the reviews.
    private static func shell() async -> TestShell {
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(Files.root)/samples/reviews.csv as reviews
            format prompt="{{review_body}}" completion=" {{stars}}"
            split 80/20 by=stars seed=1
            tune ngram on reviews.train n_epochs=1 as stars
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    /// What every evaluation of the model shows after its figures.
    private static let tables = """

        class  precision  recall      F1  rows
        ─────  ─────────  ──────  ──────  ────
        1         25.0 %  18.2 %  21.1 %    11
        2         18.2 %  18.2 %  18.2 %    11
        3         36.8 %  50.0 %  42.4 %    14
        4         42.9 %  27.3 %  33.3 %    11
        5         64.7 %  73.3 %  68.8 %    15

        true \\ predicted  1  2  3  4   5
        ────────────────  ─  ─  ─  ─  ──
        1                 2  5  4  0   0
        2                 3  2  4  0   2
        3                 2  3  7  1   1
        4                 1  0  4  3   3
        5                 0  1  0  3  11

        """

    @Test func valueHasEveryMetricWhateverIsShown() async throws {
        var shell = await Self.shell()
        await shell.run("evaluate stars on reviews.test")
        let value = try #require(shell.session.lastValue)
        #expect(Metrics.all.filter { value[$0.name] == nil }.map { $0.name } == [])
        guard case .object(let intervals)? = value["intervals"] else {
            Issue.record("no intervals")
            return
        }
        let names = Set(intervals.map(\.name))
        #expect(names.isSuperset(of: ["accuracy", "macro_f1", "log_loss", "mean_absolute_error"]))
        #expect(!names.contains("cohen_kappa"))
        #expect(value["reliability"] != nil && value["rejection"] == nil)
    }

    @Test func allMetricsAreShownWithTheirIntervalsAndBars() async {
        var shell = await Self.shell()
        let result = await shell.run("evaluate stars on reviews.test metrics=all beta=2")
        let figures = """
            stars on reviews.test: 62 rows
            exact                40.3 %  (95 % from 29.0 % to 52.7 %)
            macro F1             36.7 %  (95 % from 24.8 % to 47.4 %)
            log loss             1.419  (95 % from 1.348 to 1.482)
            good or bad (<= 3)   83.9 %  (95 % from 72.8 % to 91.0 %)
            within one           82.3 %  (95 % from 71.0 % to 89.8 %)
            mean absolute error  0.839  (95 % from 0.645 to 1.065)
            balanced accuracy    37.4 %  (95 % from 26.8 % to 48.5 %)
            among the top 3      91.9 %  (95 % from 82.5 % to 96.5 %)
            macro precision      37.5 %  (95 % from 24.7 % to 50.7 %)
            macro recall         37.4 %  (95 % from 26.8 % to 48.5 %)
            macro F2             37.0 %  (95 % from 25.8 % to 47.6 %)
            micro precision      40.3 %  (95 % from 29.0 % to 52.7 %)
            micro recall         40.3 %  (95 % from 29.0 % to 52.7 %)
            micro F2             40.3 %  (95 % from 29.0 % to 52.7 %)
            weighted precision   39.2 %  (95 % from 26.6 % to 56.0 %)
            weighted recall      40.3 %  (95 % from 29.0 % to 52.7 %)
            weighted F1          39.1 %  (95 % from 25.9 % to 51.5 %)
            weighted F2          39.7 %  (95 % from 26.8 % to 51.5 %)
            Cohen's kappa        0.245  (95 % from 0.098 to 0.382)
            quadratic kappa      0.626  (95 % from 0.452 to 0.765)
            Matthews             0.247  (95 % from 0.101 to 0.391)
            rank correlation     0.637  (95 % from 0.453 to 0.788)
            macro AUROC          0.766  (95 % from 0.701 to 0.830)
            macro AUPRC          0.463  (95 % from 0.406 to 0.584)
            perplexity           4.131  (95 % from 3.850 to 4.404)
            Brier score          0.720  (95 % from 0.684 to 0.752)
            calibration error    10.9 %  (95 % from 4.3 % to 22.7 %)

            """
        let bars = """

            Right, by how sure the model is:
            20–30 %  ███████████▏ 31.0 % right, 25.9 % sure, 42 rows
            30–40 %  ███████████████████▎ 53.3 % right, 33.4 % sure, 15 rows
            40–50 %  ███████████████████████████ 75.0 % right, 45.2 % sure, 4 rows
            50–60 %  ████████████████████████████████████ 100.0 % right, 54.0 % sure, 1 row

            """
        let areas = [
            "  AUROC  AUPRC", "  ─────  ─────", "  0.811  0.399", "  0.643  0.266",
            "  0.738  0.509",
            "  0.728  0.321", "  0.911  0.818",
        ]
        var tables = Self.tables.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        for (place, area) in areas.enumerated() { tables[1 + place] += area }
        #expect(result.output == figures + tables.joined(separator: "\n") + bars)
    }

    @Test func namedMetricsAreShownInTheirOrder() async {
        var shell = await Self.shell()
        let result = await shell.run(
            "evaluate stars on reviews.test metrics=spearman,exact"
        )
        #expect(
            result.errors == """
                error[unknown-metric]: no metric 'exact'
                    1 | evaluate stars on reviews.test metrics=spearman,exact
                      |                                                 ^^^^^
                  hint: metrics: accuracy, macro_f1, log_loss, good_or_bad, within_one, mean_absolute_error, \
                balanced_accuracy, top_k, macro_precision, macro_recall, macro_f_beta, micro_precision, \
                micro_recall, micro_f_beta, weighted_precision, weighted_recall, weighted_f1_score, \
                weighted_f_beta, cohen_kappa, quadratic_kappa, matthews, spearman, macro_auroc, macro_auprc, \
                perplexity, brier, calibration_error

                """
        )
        let shown = await shell.run(
            "evaluate stars on reviews.test metrics=top_k,spearman,macro_f_beta top=2"
        )
        let figures = """
            stars on reviews.test: 62 rows
            among the top 2   75.8 %  (95 % from 63.8 % to 84.8 %)
            rank correlation  0.637  (95 % from 0.453 to 0.788)
            macro_f_beta      –  (not defined here)

            """
        #expect(shown.output == figures + Self.tables)
    }

    @Test(arguments: [
        (
            "metrics=",
            "'metrics' is '', expected 'all', or names of metrics with commas between them"
        ),
        ("metrics=a,,b", "no metric 'a'"),
        ("beta=0", "'beta' is '0', expected a number above 0, at most 1,000"),
        ("beta=nan", "'beta' is 'nan', expected a number above 0, at most 1,000"),
        ("top=0", "'top' is '0', expected a whole number of at least 1"),
    ])
    func badSettingsArePointedAt(setting: String, message: String) async {
        var shell = TestShell()
        let result = await shell.run("evaluate stars \(setting)")
        let code = message.hasPrefix("no ") ? "unknown-metric" : "bad-value"
        #expect(result.errors.hasPrefix("error[\(code)]: \(message)\n"), "\(result.errors)")
    }

    @Test func rejectionCurveIsShownOnRequest() async {
        var shell = await Self.shell()
        let result = await shell.run("evaluate stars on reviews.test --rejection")
        let figures = """
            stars on reviews.test: 62 rows
            exact                40.3 %  (95 % from 29.0 % to 52.7 %)
            macro F1             36.7 %  (95 % from 24.8 % to 47.4 %)
            log loss             1.419  (95 % from 1.348 to 1.482)
            good or bad (<= 3)   83.9 %  (95 % from 72.8 % to 91.0 %)
            within one           82.3 %  (95 % from 71.0 % to 89.8 %)
            mean absolute error  0.839  (95 % from 0.645 to 1.065)

            """
        let curve = """

            surer than  rows  answered    right  95 % from       to
            ──────────  ────  ────────  ───────  ─────────  ───────
                  0.00    62   100.0 %   40.3 %     29.0 %   52.7 %
                  0.50     1     1.6 %  100.0 %     20.7 %  100.0 %
                  0.60     0     0.0 %
                  0.70     0     0.0 %
                  0.80     0     0.0 %
                  0.90     0     0.0 %
                  0.95     0     0.0 %
                  0.99     0     0.0 %
            answer only when surer than 0.5: 1.6 % answered, 100.0 % right

            """
        #expect(result.output == figures + Self.tables + curve)
    }

    @Test func rowsWithoutTheModelsColumnsOrNoneAreRefused() async {
        var shell = await Self.shell()
        let missing = await shell.run(
            "rows reviews.test | select stars as bare\nevaluate stars on bare"
        )
        #expect(
            missing.errors == """
                error[unknown-column]: no column 'review_body' in 'bare', which the format's prompt names
                    2 | evaluate stars on bare
                      | ^^^^^^^^
                  hint: columns: stars

                """
        )
        let empty = await shell.run(
            "rows reviews.test | where stars == 9 as none\nevaluate stars on none"
        )
        #expect(
            empty.errors == """
                error[no-rows]: there are no rows to judge
                    2 | evaluate stars on none
                      | ^^^^^^^^
                  hint: choose a dataset with at least one row

                """
        )
    }
}
