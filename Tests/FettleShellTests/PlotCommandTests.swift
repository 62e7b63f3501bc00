import FettleCore
import FettleNotebook
import FettleWorkbench
import Foundation
import FoundationXML
import Testing

@testable import FettleShell

/// `plot`, and pictures as files.
struct PlotCommandTests {
    /// A shell with 20 rows of three labels, of texts from 10 to 200 characters.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        let lines = (1...20).map { number in
            "\(["good", "bad", "<b>odd</b>"][number % 10 < 6 ? 0 : number % 10 < 9 ? 1 : 2]),"
                + String(repeating: "word text ", count: number)
        }
        try folder.write(
            "label,text\n" + lines.joined(separator: "\n") + "\n",
            to: "d.csv"
        )
        var shell = TestShell()
        let result = await shell.run("load \(folder.path)/d.csv as d")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    /// A shell with two models of five stars that were tuned on a part of the reviews.
    private static func models() async -> TestShell {
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

    @Test func everyKindOfTheFolderIsInTheList() throws {
        let folder = Files.root + "/Sources/FettleShell/Commands/Plot/"
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            found += try Files.text(folder + name).matches(of: /enum (\w+): PlotKind \{/).map {
                String($0.output.1)
            }
        }
        #expect(found.sorted() == PlotKinds.all.map { String(describing: $0) }.sorted())
        #expect(Set(PlotKinds.all.map { $0.name }).count == PlotKinds.all.count)
    }

    @Test func balanceCountsTheValuesOfAColumn() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        #expect(
            await shell.run("plot balance d column=label").output == """
                d: 20 rows by label
                label       rows
                good        ######################################################## 12 (60.0 %)
                bad         ############################ 6 (30.0 %)
                <b>odd</b>  ######### 2 (10.0 %)

                """
        )
        #expect(
            await shell.run("plot balance d column=label top=2 | as csv").output == """
                label,rows,share
                good,12,0.6
                bad,6,0.3
                (1 other value),2,0.1

                """
        )
        // The column of the format's completion when none is named.
        await shell.run("format prompt=\"{{text}}\" completion=\" {{label}}\"")
        #expect(await shell.run("plot balance").output.hasPrefix("d: 20 rows by label\n"))
        #expect(
            await shell.run("where label == \"bad\" | plot balance column=label | as csv").output
                == "label,rows,share\nbad,6,1\n"
        )
    }

    @Test func lengthsAreColumnsOfRoundStretches() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("plot lengths d")
        #expect(
            result.output.hasPrefix(
                """
                d: lengths of texts, 20 rows
                text: median 100, 95 % up to 190 characters
                rows
                """
            ),
            "\(result.output)"
        )
        #expect(
            await shell.run("plot lengths d column=text | as csv").output == """
                from,below,rows
                0,20,1
                20,40,2
                40,60,2
                60,80,2
                80,100,2
                100,120,2
                120,140,2
                140,160,2
                160,180,2
                180,200,2
                200,220,1

                """
        )
    }

    @Test func picturesOfAModelSayWhatTheyShow() async throws {
        var shell = await Self.models()
        for (line, first) in [
            (
                "plot confusion stars on reviews.test",
                "stars on reviews.test: 62 rows, 40.3 % right"
            ),
            (
                "plot reliability stars on reviews.test",
                "stars on reviews.test: 62 rows, calibration error 10.9 %"
            ),
            (
                "plot rejection stars on reviews.test",
                "stars on reviews.test: 62 rows, answered only when sure"
            ),
            (
                "plot comparison stars again on reviews.test",
                "reviews.test: 62 rows, with 95 % intervals"
            ),
        ] {
            let result = await shell.run(line)
            #expect(result.output.hasPrefix(first + "\n"), "\(result.output)\(result.errors)")
        }
        #expect(
            await shell.run("plot confusion stars on reviews.test").output == """
                stars on reviews.test: 62 rows, 40.3 % right
                rows: true class; columns: predicted class
                    1          2          3          4          5
                1   2 xxxxxx   5 ######   4 ######   0          0
                2   3 xxxxxx   2 xxxxxx   4 ######   0          2 xxxxxx
                3   2 xxxxxx   3 xxxxxx   7 ######   1 ::::::   1 ::::::
                4   1 ::::::   0          4 ######   3 xxxxxx   3 xxxxxx
                5   0          1 ::::::   0          3 xxxxxx  11 @@@@@@
                of the row:  :: under 10 %  xx from 10 %  ## from 35 %  @@ from 70 %

                """
        )
        let lines = await shell.run("plot reliability stars on reviews.test | as csv").output
            .split(separator: "\n")
        #expect(lines[0] == "surer than,up to,rows,sure,right,95 % from,to")
        #expect(lines.dropFirst().map { $0.split(separator: ",")[2] } == ["42", "15", "4", "1"])
        // 13 of 42 are right; the interval is Wilson's, from another program.
        let figures = lines[1].split(separator: ",").map { Double($0) ?? .nan }
        for (figure, expected) in zip(figures[4...], [13.0 / 42, 0.190711028588, 0.460259939361]) {
            #expect(abs(figure - expected) < 1e-9)
        }
    }

    @Test func fileOfAPictureIsADrawing() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let file = folder.path + "/figure.svg"
        let result = await shell.run("plot balance d column=label > \(file)")
        #expect(result.output == "wrote \(file)\n")
        let svg = try Files.text(file)
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.contains("<title>d: 20 rows by label</title>"))
        #expect(svg.contains(">&lt;b&gt;odd&lt;/b&gt;</text>"))
        #expect(svg.contains("@media (prefers-color-scheme:dark)"))
        await shell.run("plot balance d column=label theme=dark | tee \(file)")
        let dark = try Files.text(file)
        #expect(dark.contains(".fp-ground{fill:#0f1419}") && !dark.contains("@media"))
        // Bars of other commands are pictures too, several one under the other.
        await shell.run("stats d by=label,text > \(file)")
        #expect(try Files.text(file).contains(">text: 20 values</text>"))
        let csv = folder.path + "/figure.csv"
        await shell.run("plot balance d column=label > \(csv)")
        #expect(try Files.text(csv).hasPrefix("label,rows,share\ngood,12,0.6\n"))
    }

    @Test func curvesOfSeveralJobsAreOverEachOther() async throws {
        let folder = try TemporaryFolder()
        var shell = await Self.models()
        let file = folder.path + "/curve.svg"
        let result = await shell.run("curve stars again > \(file)")
        #expect(result.output == "wrote \(file)\n", "\(result.errors)")
        let svg = try Files.text(file)
        #expect(svg.contains(">stars training</text>") && svg.contains(">again training</text>"))
        #expect(svg.contains(">loss (nats)</text>") && svg.contains(">accuracy</text>"))
        let text = await shell.run("curve stars again").output
        #expect(text.hasPrefix("job 1 (stars), tuned on reviews.train\n"))
        #expect(text.contains("\njob 2 (again), tuned on reviews.train\n"))
        let twice = await shell.run("curve stars stars | as json").output
        #expect(twice.contains("],\n["))
    }

    @Test(arguments: [
        (
            "plot pie d",
            "error[bad-value]: 'kind' is 'pie', expected one of balance, lengths, "
                + "confusion, reliability, rejection, comparison, sweep, lines\n"
        ),
        ("plot confusion", "error[missing-argument]: 'plot confusion' needs 1 model, got 0\n"),
        ("plot comparison a", "error[missing-argument]: 'plot comparison' needs 2 models, got 1\n"),
        (
            "plot balance d e",
            "error[unexpected-word]: 'e' is one name more than 'plot balance' takes\n"
        ),
        (
            "plot balance d",
            "error[missing-argument]: 'plot balance' needs a column, as 'd' has no format whose "
                + "completion is one\n"
        ),
        ("plot lengths d column=label | rows", "error[not-rows]: "),
        (
            "where label == \"none\" | plot balance column=label",
            "error[no-rows]: 'd' has no rows to draw\n"
        ),
        ("plot confusion nobody on d", "error[unknown-model]: no model 'nobody'\n"),
        (
            "plot lines d",
            "error[missing-argument]: 'plot lines' needs columns: one to go along, and one or more to "
                + "draw\n"
        ),
        (
            "plot lines d column=label",
            "error[bad-value]: 'plot lines' takes 2 to 7 columns, got 1\n"
        ),
        (
            "plot lines d column=text,label",
            "error[nothing-to-draw]: the column 'text' has no numbers\n"
        ),
        (
            "rows d | as table > FOLDER/rows.svg",
            "error[not-a-picture]: the output has no picture, which a file .svg would hold\n"
        ),
        (
            "plot balance d column=label >> FOLDER/x.svg",
            "error[cannot-append]: nothing can be added to a picture\n"
        ),
        (
            "plot balance d column=label > FOLDER/x.png",
            "error[no-program]: a PNG is made by the program 'rsvg-convert', which is not there\n"
        ),
        (
            "plot balance d column=label > FOLDER/no/x.svg",
            "error[cannot-write]: "
        ),
    ])
    func whatCannotBeDrawnIsSaid(line: String, error: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(line.replacing("FOLDER", with: folder.path))
        #expect(result.errors.hasPrefix(error), "\(result.errors)\(result.output)")
        #expect(try folder.names == ["d.csv"])
    }

    @Test func columnsAreDrawnOverTheFirst() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x,up,down\n2,4,\n0,0,1\n1,1,0.5\n", to: "points.csv")
        var shell = TestShell()
        let result = await shell.run(
            "load \(file)\nplot lines points column=x,up,down > '\(folder.path)/points.csv.figures.csv'"
        )
        #expect(result.errors == "")
        let figures = try String(
            contentsOfFile: folder.path + "/points.csv.figures.csv",
            encoding: .utf8
        )
        #expect(figures == "x,up,down\n2,4,\n0,0,1\n1,1,0.5\n")
        let drawn = await shell.run("plot lines points column=x,up")
        #expect(drawn.output.hasPrefix("points: up over x\n"))
    }

    @Test(arguments: [
        ("calibration", "did you mean 'reliability'?"), ("Matrix", "did you mean 'confusion'?"),
        ("confuson", "did you mean 'confusion'?"), ("grid", "did you mean 'sweep'?"),
        ("loss", "'curve' draws it"), ("cost", "'cost' draws it"),
    ])
    func unknownKindsAreKnownByOtherNames(kind: String, hint: String) async {
        var shell = TestShell()
        let marks = String(repeating: "^", count: kind.count)
        #expect(
            await shell.run("plot \(kind) d").errors == """
                error[bad-value]: 'kind' is '\(kind)', expected one of balance, lengths, \
                confusion, reliability, rejection, comparison, sweep, lines
                    1 | plot \(kind) d
                      |      \(marks)
                  hint: \(hint)

                """
        )
    }

    @Test func synonymsOfKindsAreNoKindsAndLeadToOneOnly() {
        let synonyms = PlotKinds.all.flatMap { $0.synonyms }
        #expect(Set(synonyms).count == synonyms.count)
        #expect(Set(synonyms).isDisjoint(with: PlotKinds.all.map { $0.name }))
        #expect(synonyms.allSatisfy { $0 == $0.lowercased() })
    }

    @Test func thousandsOfValuesAreTheLargestAndTheOthers() async throws {
        let folder = try TemporaryFolder()
        let rows = (0..<4000).map { "v\($0 % 2000)" }.joined(separator: "\n")
        try folder.write("label\n\(rows)\n", to: "many.csv")
        var shell = TestShell()
        await shell.run("load \(folder.path)/many.csv as many")
        let lines = await shell.run("plot balance many column=label").output.split(separator: "\n")
        #expect(lines.count == 43)
        #expect(lines[42].hasPrefix("(1,960 other values)  ####"))
        #expect(lines[42].hasSuffix(" 3,920 (98.0 %)"))
    }
}
