import FettleCore
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// `report`: what a model is, from data to figures, in files that can be looked at and run again.
struct ReportTests {
    /// Two models of rows that are right three times out of four, the second tuned on from the first.
    private static func shell(
        _ folder: TemporaryFolder,
        before line: String = ""
    ) async throws -> TestShell {
        var text = "text,label\n"
        var generator = SeededGenerator(seed: 5)
        let words = [["bright", "fine", "warm"], ["dull", "poor", "cold"]]
        for row in 0..<240 {
            let shown = generator.below(4) == 0 ? generator.below(2) : row % 2
            let said = (0..<3).map { _ in words[row % 2][generator.below(3)] }
            text += "\(said.joined(separator: " ")) \(row),\(shown)\n"
        }
        let file = try folder.write(text, to: "reviews of spring.csv")
        var shell = TestShell()
        let result = await shell.run(
            """
            load "\(file)" as d
            \(SmallData.format)
            split 75/25 seed=3
            \(line)
            tune ngram on d.train n_epochs=1 as one
            tune one on d.train n_epochs=2 as two
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func markdownRunsAgainToTheSameFigures() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(
            folder,
            before: "tune ngram on d.train n_epochs=1 as other"
        )
        let path = folder.path + "/two.md"
        let written = await shell.run("report two on d.test > \"\(path)\"")
        #expect(written.output == "wrote \(path)\n", "\(written.errors)")
        let document = try Files.text(path)
        for part in [
            "# `two`\n", "## How to make it again\n", "## Data\n", "## Format\n", "## Training\n",
            "## How good it is\n", "## Held against the model it was tuned from",
            "## Its surest mistakes\n", "tune one on d.train n_epochs=2 as two --no-check\n",
        ] {
            #expect(document.contains(part), "\(part)")
        }
        let evaluated = await shell.run("evaluate two on d.test metrics=all")
        #expect(document.contains(evaluated.output), "\(evaluated.output)")

        var again = TestShell()
        let replayed = await again.run(document, file: path)
        #expect(replayed.status == .success, "\(replayed.errors)")
        #expect(replayed.output.contains(evaluated.output))
    }

    @Test func pageHoldsEveryPictureAndNothingElseIsLoaded() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let path = folder.path + "/two.html"
        await shell.run("report two on d.test > \"\(path)\"")
        let page = try Files.text(path)
        // Balance, curve, reliability bars, confusion, reliability, rejection, and cost.
        #expect(page.ranges(of: "<svg").count == 7)
        #expect(page.contains("plot lengths d.train: no column of &#39;d.train&#39;"))
        #expect(page.contains("<h2><code>two</code></h2>"))
        #expect(!page.contains("src="))
        #expect(page.contains("default-src 'none'"))
    }

    @Test func cardHasTheFiguresInItsMetadata() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let path = folder.path + "/README.md"
        await shell.run("report two on d.test --card > \"\(path)\"")
        let text = try Files.text(path)
        await shell.run("evaluate two on d.test > \"\(folder.path)/report.json\"")
        let report = try Files.json(folder.path + "/report.json")
        let accuracy = try #require(report["accuracy"] as? Double)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            Array(lines.prefix(13)) == [
                "---", "base_model: \"ngram\"", "pipeline_tag: text-classification",
                "library_name: fettle", "tags:", "- fine-tuned", "metrics:", "- accuracy", "- f1",
                "model-index:", "- name: \"two\"", "  results:", "  - task:",
            ]
        )
        let end = try #require(lines.dropFirst().firstIndex(of: "---"))
        #expect(lines[end + 1] == "# `two`")
        #expect(lines[..<end].contains("      value: \(NumberText.decimal(accuracy, digits: 4))"))
        let page = await shell.run("report two on d.test --card > \"\(folder.path)/card.html\"")
        #expect(
            page.errors.hasPrefix(
                "error[bad-value]: a model card is Markdown, found '\(folder.path)/card.html'\n"
            )
        )
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/card.html"))
    }

    @Test func whatTheSessionNoLongerHasIsSaid() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("use d.test\ndrop d.train --dataset\nreport one")
        let fingerprint = try shell.services.models.model("one").datasetFingerprint
        #expect(
            result.output.contains(
                "The rows that it was tuned on, d.train with the fingerprint "
                    + "\(fingerprint.prefix(12)), are not in this session."
            ),
            "\(result.errors)"
        )
    }

    @Test func theModelsOwnFormatIsRepeated() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(
            #"use d.train"# + "\n" + #"format prompt="{{label}} =>" completion=" {{text}}""#
                + "\nreport one on d.test"
        )
        #expect(
            result.output.contains(
                #"""
                format prompt='{{text}} ->' completion=' {{label}}'
                tune ngram on d.train n_epochs=1 as one --no-check
                """#
            ),
            "\(result.output)\(result.errors)"
        )
    }

    @Test(arguments: [
        (
            "concat d.train d.test as both; use both; tune ngram n_epochs=1 as it",
            "both was not made of one file by steps alone"
        ),
        (
            "sweep ngram on d.train validate=d.test rows=50,100 as it",
            "the rows that it was tuned on, d.train with the fingerprint "
        ),
        (
            "tune ngram on d.train validate=d.test n_epochs=1 as it; use d.train; drop d.test --dataset",
            "the dataset d.test, on which it was measured, is not in it"
        ),
        (
            "tune one on d.train n_epochs=1 as it; model delete one",
            ", which it was tuned from, was deleted"
        ),
    ])
    func whatCannotBeMadeAgainIsSaid(lines: String, reason: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let made = await shell.run(lines)
        #expect(made.status == .success, "\(made.errors)")
        let result = await shell.run("report it on d")
        #expect(
            result.output.contains(
                "This session cannot say it, so that the report does not run again:\n"
            ),
            "\(result.output)\(result.errors)"
        )
        #expect(result.output.contains(reason), "\(result.output)")
    }

    @Test(arguments: ["csv", "svg", "tsv", "jsonl"])
    func otherFormsAreRefused(form: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let path = folder.path + "/r.\(form)"
        let result = await shell.run("report one on d.test > \"\(path)\"")
        #expect(
            result.errors.hasPrefix(
                "error[unknown-form]: a report cannot be written as '\(path)'\n"
            )
        )
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    /// A format and labels that would end a fence, a tag or a table of the page.
    @Test func hostileDataStayText() async throws {
        let folder = try TemporaryFolder()
        var text = "text,label\n"
        for row in 0..<40 {
            let label = row % 2 == 0 ? "\"```\n<script>x</script>\"" : "\"| **b** \u{1B}[31m\""
            text += "word \(row % 2) \(row),\(label)\n"
        }
        let file = try folder.write(text, to: "h.csv")
        var shell = TestShell()
        let made = await shell.run(
            """
            load "\(file)" as h
            format prompt="```{{text}}\\n```<b>" completion=" {{label}}"
            tune ngram n_epochs=1 as m --no-check
            report m > "\(folder.path)/m.html"
            report m > "\(folder.path)/m.md"
            """
        )
        #expect(made.status == .success, "\(made.errors)")
        let page = try Files.text(folder.path + "/m.html")
        #expect(!page.contains("<script") && !page.contains("\u{1B}"))
        let document = try Files.text(folder.path + "/m.md")
        #expect(!document.contains("\u{1B}"))
        // Outside fences there is no line of data.
        var fence: Substring?
        for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
            let marks = line.prefix { $0 == "`" }
            if let open = fence {
                if line == open { fence = nil }
            } else if marks.count >= 3 {
                fence = marks
            } else {
                #expect(!line.contains("<script>") && !line.contains("**b**"), "\(line)")
            }
        }
        #expect(fence == nil)
    }

    @Test func namesOfDataSayNothingInMarkdown() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("model rename two a_b")
        let path = folder.path + "/r.md"
        let result = await shell.run("report a_b on d.test > \"\(path)\"")
        #expect(result.status == .success, "\(result.errors)")
        #expect(try Files.text(path).hasPrefix("# `a_b`\n"))
    }
}
