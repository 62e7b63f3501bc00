import FettleCore
import FettleData
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// `noise` and `suggest`.
struct NoiseCommandTests {
    /// A shell with a dataset `d` of 120 rows, of which 7, 40 and 101 are labelled wrongly.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        let words = ["bright fine", "dull poor"]
        var text = "text,label\n"
        for row in 1...120 {
            let isGood = row % 2 == 1
            let label = isGood != [7, 40, 101].contains(row) ? "good" : "bad"
            text += "number \(row) was \(words[isGood ? 0 : 1]),\(label)\n"
        }
        let file = try folder.write(text, to: "d.csv")
        var shell = TestShell()
        let result = await shell.run("load \(file)\n\(SmallData.format)")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func wrongLabelsAreListedAndCorrected() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let shown = await shell.run("noise d n_epochs=2")
        #expect(shown.errors == "")
        #expect(
            shown.output.hasPrefix(
                "d: 3 of 120 labels look wrong, about 3 (2.5 %) by confident learning's count; models "
                    + "that had not seen them give 97.5 % of the labels\n"
            ),
            "\(shown.output)"
        )
        let found = await shell.run(
            "noise d n_epochs=2 as odd | select row label suggested | as csv"
        )
        #expect(
            Set(found.output.split(separator: "\n").dropFirst()) == [
                "7,bad,good", "40,good,bad", "101,bad,good",
            ]
        )
        let mended = await shell.run("use d; relabel label rows=odd; noise d n_epochs=2")
        #expect(mended.errors == "")
        #expect(
            mended.output.hasSuffix(
                "d: 0 of 120 labels look wrong, about 0 (0.0 %) by confident learning's count; models "
                    + "that had not seen them give 100.0 % of the labels\n"
            ),
            "\(mended.output)"
        )
        let steps = shell.session.library.datasets.first?.recipe.suffix(2).sorted()
        #expect(
            steps == ["relabel label bad=good rows=7,101", "relabel label good=bad rows=40"]
        )
    }

    /// English reviews of five categories, and the numbers of those whose category was changed: one in twenty.
    private static func plantedReviews() throws -> (text: String, changed: Set<Int>) {
        let categories = ["home", "apparel", "wireless", "beauty", "drugstore"]
        let lines = try Files.text(Files.root + "/samples/reviews.jsonl").split(separator: "\n")
        var reviews: [[String: Any]] = []
        for line in lines.prefix(3000) {
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let row, row["language"] as? String == "en",
                let category = row["product_category"] as? String, categories.contains(category)
            else { continue }
            reviews.append(row)
        }
        var generator = SeededGenerator(seed: 7)
        var places = Array(reviews.indices)
        generator.shuffle(&places)
        let changed = places.prefix(reviews.count / 20)
        for place in changed {
            let others = categories.filter { $0 != reviews[place]["product_category"] as? String }
            reviews[place]["product_category"] = others[generator.below(others.count)]
        }
        let text = try reviews.map { row in
            String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self) + "\n"
        }.joined()
        return (text, Set(changed.map { $0 + 1 }))
    }

    @Test func labelsChangedInTheSampleReviewsAreFound() async throws {
        let folder = try TemporaryFolder()
        let (text, changed) = try Self.plantedReviews()
        let file = try folder.write(text, to: "d.jsonl")
        var shell = TestShell()
        let result = await shell.run(
            #"""
            load \#(file)
            format prompt="{{review_title}}\n\n{{review_body}} ->" completion=" {{product_category}}"
            noise n_epochs=3 | select row | as csv
            """#
        )
        #expect(result.errors == "")
        let listed = result.output.split(separator: "\n").compactMap { Int($0) }
        let found = Set(listed).intersection(changed).count
        let figures = "\(found) of \(changed.count), \(listed.count) listed"
        // A row taken at random is one of the 38 with a chance of 5 %.
        #expect(Double(found) / Double(changed.count) > 0.6, "\(figures)")
        #expect(Double(found) / Double(max(1, listed.count)) > 0.6, "\(figures)")
    }

    @Test(arguments: [
        (
            "noise d folds=1",
            """
            error[bad-value]: 'folds' is '1', expected a whole number of at least 2
                1 | noise d folds=1
                  |               ^

            """
        ),
        (
            "where label == \"good\" as one; noise one",
            """
            error[one-class]: only one completion stands after more than one prompt, and to find wrong labels \
            takes two that do
                1 | where label == "good" as one; noise one
                  |                                     ^^^
              hint: check the completion template, and the filters of the dataset

            """
        ),
        (
            "where label == \"\" as none; noise none",
            """
            error[no-rows]: 'none' has no row with a completion to look at
                1 | where label == "" as none; noise none
                  |                                  ^^^^
              hint: look at the dataset with 'rows': a filter may have left nothing

            """
        ),
        (
            "drop label as bare; noise bare",
            """
            error[unknown-column]: no column 'label' in 'bare', which the format's completion names
                1 | drop label as bare; noise bare
                  |                           ^^^^
              hint: columns: text

            """
        ),
    ])
    func badInputIsExplained(line: String, errors: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        #expect(await shell.run(line).errors == errors)
    }

    @Test func suggestedRowsAreADatasetOfTheirOwn() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(
            """
            tune ngram on d n_epochs=1 as one --no-check
            tune ngram on d n_epochs=3 as two --no-check
            drop label as pool
            suggest 5 from pool with one
            suggest 3 from pool by=disagreement with one two as next
            """
        )
        #expect(result.errors == "")
        #expect(result.output.hasSuffix("next: 3 of 120 rows, version 1\n"), "\(result.output)")
        #expect(
            shell.session.library.names == ["d", "pool", "pool.next", "next"]
        )
        let columns = await shell.run("rows next | as csv")
        #expect(columns.output.hasPrefix("text,row,uncertainty\n"))
    }

    @Test(arguments: [
        (
            "suggest 121 from d with one",
            """
            error[bad-count]: cannot suggest 121 of 120 rows
                1 | suggest 121 from d with one
                  |         ^^^
              hint: suggest from 1 to 120

            """
        ),
        (
            "suggest 5 from d by=disagreement with one",
            """
            error[nothing-to-compare]: 'by=disagreement' needs at least two models, got 1
                1 | suggest 5 from d by=disagreement with one
                  |                                       ^^^
              hint: name another one after 'with', or choose by=margin

            """
        ),
        (
            "suggest 5 from d",
            """
            error[missing-argument]: 'suggest' needs with MODEL: the model that looks at the rows
                1 | suggest 5 from d
                  | ^^^^^^^
              hint: synopsis: suggest COUNT [from DATASET] [by=margin|entropy|disagreement] with MODEL [MODELS…] \
            [as NAME]

            """
        ),
    ])
    func badSuggestionsAreExplained(line: String, errors: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("tune ngram on d n_epochs=1 as one --no-check")
        #expect(await shell.run(line).errors == errors)
    }

    @Test func majorityStandsBesideModels() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("tune ngram on d n_epochs=3 as one --no-check")
        let result = await shell.run("compare majority one on d")
        let lines = result.output.split(separator: "\n")
        // 59 of 120 rows are labelled good, 61 bad: the two of three that changed were good.
        #expect(lines[3].hasPrefix("majority  50.8 %"), "\(result.output)")
        #expect(result.output.contains("one against majority: 50.8 % → "))
        let alone = await shell.run("compare majority majority on d")
        #expect(
            alone.errors == """
                error[nothing-to-compare]: 'compare' needs at least one model beside 'majority'
                    1 | compare majority majority on d
                      |         ^^^^^^^^
                  hint: name one, such as: compare majority first on reviews.test

                """
        )
    }
}
