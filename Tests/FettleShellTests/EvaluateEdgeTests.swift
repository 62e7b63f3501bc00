import FettleCore
import Testing

@testable import FettleShell

/// `evaluate` on rows of one class, of many, and of classes that the model does not know.
struct EvaluateEdgeTests {
    @Test func rowsOfOneClassHaveNoFigureThatComparesClasses() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            """
            tune ngram on d as m
            rows d | where label == "good" as goods
            evaluate m on goods metrics=accuracy,cohen_kappa,matthews,macro_auroc,macro_auprc
            """
        )
        #expect(
            result.output.hasSuffix(
                """
                m on goods: 100 rows
                exact          100.0 %  (95 % from 96.3 % to 100.0 %)
                Cohen's kappa  –  (not defined here)
                Matthews       0.000  (95 % from 0.000 to 0.000)
                macro AUROC    –  (not defined here)
                macro AUPRC    1.000  (95 % from 1.000 to 1.000)

                class  precision   recall       F1  rows  AUROC  AUPRC
                ─────  ─────────  ───────  ───────  ────  ─────  ─────
                good     100.0 %  100.0 %  100.0 %   100         1.000

                true \\ predicted  good
                ────────────────  ────
                good               100
                warning: 'm' was tuned on 100 of the 100 rows of 'goods', in 'd': the figures
                are too good; judge it on rows that it has not seen

                """
            ),
            "\(result.output)\(result.errors)"
        )
    }

    @Test func classesAreShownInPartWhereTheyAreMany() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        var text = "text,label,extra\n"
        for row in 0..<300 { text += "number \(row) was fine,label \(row),1\n" }
        let file = try folder.write(text, to: "many.csv")
        let result = await shell.run(
            """
            tune ngram on d as m
            load \(file) as many
            evaluate m on many
            """
        )
        #expect(result.output.contains("\nthe 20 largest of 301 classes\n"), "\(result.output)")
        #expect(
            result.output.hasSuffix(
                """
                warning: 300 of 300 rows have a completion that the model does not know, and
                count as wrong

                """
            )
        )
        for row in 0..<5700 { text += "number \(row) was poor,label \(row % 2000),1\n" }
        try folder.write(text, to: "many.csv")
        let tuned = await shell.run(
            "load \(file) as more\n\(SmallData.format)\ntune ngram on more as other --no-check"
        )
        #expect(
            tuned.errors == """
                error[open-ended-completions]: 2000 different completions in 6000 examples, and an 'ngram' model \
                chooses among a closed set of at most 1,000
                    3 | tune ngram on more as other --no-check
                      | ^^^^
                  hint: use a column with few values as the completion, such as stars or a category
                  hint: text that is written freely needs a language model as the base

                """
        )
    }
}
