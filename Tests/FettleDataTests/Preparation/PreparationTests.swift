import FettleCore
import Foundation
import Testing

@testable import FettleData

/// `prepare_data`: what it says, what it asks and what it writes.
struct PreparationTests {
    @Test func numbersAreThoseOfTheirPublication() {
        var generator = MersenneTwister(seed: 5489)
        #expect(generator.word() == 3_499_211_612)
        for _ in 1..<9999 { _ = generator.word() }
        // The ten-thousandth, as the C++ standard demands it.
        #expect(generator.word() == 4_123_659_995)
    }

    @Test func orderIsThatOfNumPy() {
        var generator = MersenneTwister(seed: 42)
        #expect(generator.permutation(10) == [8, 1, 5, 0, 7, 2, 9, 4, 3, 6])
    }

    @Test func quietRunMendsEverythingAndWritesTwoParts() async throws {
        let folder = try PreparationFolder()
        var lines = (0..<20).map { number in
            #"{"Prompt": "Review \#(number)", "completion": "\#(number % 2 == 0 ? "good" : "bad")", "id": 1}"#
        }
        lines[3] = #"{"Prompt": "Review 3", "completion": "", "id": 1}"#
        lines[5] = lines[4]
        try folder.write(lines, to: "a.jsonl")
        let result = try await folder.run("a.jsonl")
        #expect(result.status == 0)
        #expect(result.errors == "")
        let path = folder.path + "/a_prepared"
        #expect(
            result.output == """
                Analyzing...

                - Your file contains 20 prompt-completion pairs. A few hundred are the least to learn from
                - The `prompt` column/key should be lowercase
                - The input file should contain exactly two columns/keys per row. Additional columns/keys \
                present are: ['id']
                - `completion` column/key should not contain empty strings. These are rows: [3]
                - Based on your data it seems like you're trying to fine-tune a model for classification
                - For classification, `ada` is the fast choice
                - For classification, keep a part of the data out of training to measure the model on
                - There are 1 duplicated prompt-completion sets. These are rows: [4]
                - Your data does not contain a common separator at the end of your prompts. A separator shows \
                the model where the completion begins
                - All prompts start with prefix `Review `
                - The completion should start with a whitespace character (` `): with it the text is the token \
                that the model knows best

                Based on the analysis we will perform the following actions:
                - [Necessary] Lower case column name to `prompt`
                - [Necessary] Remove additional columns/keys: ['id']
                - [Necessary] Remove 1 rows with empty completions
                - [Recommended] Remove 1 duplicate rows [Y/n]: Y
                - [Recommended] Add a suffix separator ` ->` to all prompts [Y/n]: Y
                - [Recommended] Add a whitespace character to the beginning of the completion [Y/n]: Y
                - [Recommended] Would you like to split into training and validation set? [Y/n]: Y


                Your data will be written to a new JSONL file. Proceed [Y/n]: Y

                Wrote modified files to `\(path)_train.jsonl` and `\(path)_valid.jsonl`
                Feel free to take a look!

                Now use that file when fine-tuning:
                > openai api fine_tunes.create -t "\(path)_train.jsonl" -v "\(path)_valid.jsonl" \
                --compute_classification_metrics --classification_positive_class " good"

                After you’ve fine-tuned a model, remember that your prompt has to end with the indicator string \
                ` ->`.

                """
        )
        let training = try folder.text("a_prepared_train.jsonl").split(separator: "\n")
        let validation = try folder.text("a_prepared_valid.jsonl").split(separator: "\n")
        #expect(training.count == 14)
        #expect(validation.count == 4)
        #expect(training.first == #"{"prompt":"Review 0 ->","completion":" good"}"#)
        #expect(Set(training + validation).count == 18)
    }

    @Test func declinedProposalsAreNotDone() async throws {
        let folder = try PreparationFolder()
        try folder.write(
            (0..<12).map { #"{"prompt": "What is \#($0)/2?", "completion": "It's \#($0)\t."}"# },
            to: "a.jsonl"
        )
        let result = try await folder.run("a.jsonl", answers: ["n", "", "N", "y"])
        #expect(result.status == 0)
        #expect(
            result.output.hasSuffix(
                """
                Based on the analysis we will perform the following actions:
                - [Recommended] Remove prefix `It's ` from all completions [Y/n]: \
                - [Recommended] Add a whitespace character to the beginning of the completion [Y/n]: \


                Your data will be written to a new JSONL file. Proceed [Y/n]: \
                Aborting... did not write the file

                """
            ),
            "\(result.output)"
        )
        #expect(try folder.names == ["a.jsonl"])
        let accepted = try await folder.run("a.jsonl", answers: ["n", "y", "y"])
        #expect(accepted.status == 0)
        #expect(
            try folder.text("a_prepared.jsonl").hasPrefix(
                #"{"prompt":"What is 0\/2?","completion":" It's 0\t."}"# + "\n"
            )
        )
        _ = try await folder.run("a.jsonl", answers: ["n", "y", "y"])
        #expect(try folder.names == ["a.jsonl", "a_prepared (1).jsonl", "a_prepared.jsonl"])
    }

    @Test func endOfTheInputIsNoConsent() async throws {
        let folder = try PreparationFolder()
        try folder.write(
            (0..<12).map { #"{"prompt": "\#($0)?", "completion": " \#($0)a."}"# } + [
                #"{"prompt": "0?", "completion": " 0a."}"#
            ],
            to: "a.jsonl"
        )
        let result = try await folder.run("a.jsonl", answers: [])
        #expect(result.status == 1)
        #expect(
            result.errors
                == "\n\nThe input ended before this was answered; -q accepts everything.\n"
        )
        #expect(try folder.names == ["a.jsonl"])
    }

    @Test func fileWithoutFaultsIsUsedAsItIs() async throws {
        let folder = try PreparationFolder()
        try folder.write(
            (0..<120).map { #"{"prompt": "\#($0) ->", "completion": " \#($0) a end"}"# },
            to: "a.jsonl"
        )
        let result = try await folder.run("a.jsonl")
        #expect(
            result.output == """
                Analyzing...

                - Your file contains 120 prompt-completion pairs
                - All prompts end with suffix ` ->`
                - All completions end with suffix ` a end`

                No remediations found.

                You can use your file for fine-tuning:
                > openai api fine_tunes.create -t "\(folder.path)/a.jsonl"

                After you’ve fine-tuned a model, remember that your prompt has to end with the indicator string \
                ` ->`. Make sure to include `stop=[" a end"]` so that the generated texts ends at the expected place.

                """
        )
        #expect(try folder.names == ["a.jsonl"])
    }

    @Test(arguments: [
        ("a.xlsx", "x", "Your file `%` ends with the extension `.xlsx` which is not supported."),
        ("a", "x", "Your file `%` "),
        (
            "a.jsonl", "{\"prompt\": 1\n",
            "Your file `%` does not appear to be in valid JSONL format: "
        ),
        (
            "a.csv", "prompt,answer\na,b\n",
            "ERROR in necessary_column validator: `completion` column/key is"
        ),
        (
            "a.jsonl", "{\"prompt\":\"a\",\"completion\":\"\"}\n",
            "ERROR in empty_completion validator: "
        ),
        (
            "a.csv", "prompt,completion\na,b\na,c\n",
            "ERROR in common_suffix validator: All prompts are identical: `a`\n"
        ),
        (
            "a.csv", "prompt,completion\na,b\nc,b\n",
            "ERROR in common_suffix validator: All completions are identical: `b`\n"
        ),
    ])
    func badFilesAreRefused(name: String, text: String, error: String) async throws {
        let folder = try PreparationFolder()
        try folder.write([text], to: name)
        let result = try await folder.run(name)
        #expect(result.status == 1)
        let expected = error.replacing("%", with: folder.path + "/" + name)
        #expect(result.errors.contains(expected), "\(result.errors)")
        #expect(result.errors.hasSuffix("\n\nAborting...\n"))
        #expect(try folder.names == [name])
    }

    @Test func absentFileIsRefused() async throws {
        let folder = try PreparationFolder()
        let result = try await folder.run("none.csv")
        #expect(result.status == 1)
        #expect(
            result.errors == "\n\nERROR in read_any_format validator: "
                + "File \(folder.path)/none.csv does not exist.\n\nAborting...\n"
        )
    }

    @Test func tablesAndTextsAreRead() async throws {
        let folder = try PreparationFolder()
        try folder.write(["prompt\tcompletion", "é 007 ?\t1.50", "b ?\t x", ""], to: "a.tsv")
        #expect(try await folder.run("a.tsv").status == 0)
        #expect(
            try folder.text("a_prepared.jsonl") == """
                {"prompt":"é 007 ?","completion":" 1.50\\n"}
                {"prompt":"b ?","completion":" x\\n"}

                """
        )
        try folder.write(["one", "two", ""], to: "b.txt")
        let result = try await folder.run("b.txt")
        #expect(
            result.output.contains(
                "\n- [Necessary] Your format `TXT` will be converted to `JSONL`\n"
            )
        )
        #expect(
            try folder.text("b_prepared.jsonl")
                == "{\"prompt\":\"\",\"completion\":\" one\"}\n{\"prompt\":\"\",\"completion\":\" two\"}\n"
        )
    }

    @Test func classThatOnlyOnePartHasIsSaid() async throws {
        let folder = try PreparationFolder()
        try folder.write(
            (0..<40).map {
                #"{"prompt": "\#($0) ->", "completion": " \#($0 == 7 ? "rare" : "usual")"}"#
            },
            to: "a.jsonl"
        )
        let result = try await folder.run("a.jsonl")
        #expect(
            result.output.contains(
                "- WARNING: only one of the two files has ` rare`; a job with classification metrics needs "
                    + "every class in both\n"
            )
        )
    }
}

/// The files that are written beside those of the old tool.
@Suite(.enabled(if: OldTool.isThere, "FETTLE_OPENAI_PYTHON names no Python that has openai 0.28.1"))
struct PreparationComparisonTests {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzéß日本 \n/\"\\\tABCDEF")

    @Test(arguments: 0..<8)
    func writtenFilesAreTheSameByteForByte(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        func text(_ count: Int) -> String {
            String(
                (0..<count).map { _ in
                    Self.letters[Int(generator.next() % UInt64(Self.letters.count))]
                }
            )
        }
        let ending = ["", " ->", "\n\n###\n\n", "?"][seed % 4]
        let lines = (0..<(seed == 7 ? 6000 : 150)).map { number -> String in
            let isRepeat = number > 10 && number % 17 == 0
            let prompt = isRepeat ? "again" : "\(number)" + text(1 + number % 30)
            let completion =
                seed < 4
                ? "c\(isRepeat ? 1 : number % 5)" : isRepeat ? "yes" : text(3) + "\(number)"
            return JSONValue.object([
                .init("prompt", .string(prompt + ending)),
                .init("completion", .string((seed % 3 == 0 ? " " : "") + completion)),
            ]).text()
        }
        let ours = try PreparationFolder()
        try ours.write(lines + [""], to: "a.jsonl")
        #expect(try await ours.run("a.jsonl").status == 0)
        let theirs = try PreparationFolder()
        try theirs.write(lines + [""], to: "a.jsonl")
        let (status, _) = try OldTool.run([
            "-m", "openai._openai_scripts", "tools", "fine_tunes.prepare_data", "-q", "-f",
            theirs.path + "/a.jsonl",
        ])
        #expect(status == 0)
        let names = try theirs.names
        #expect(names.count > 1)
        #expect(try ours.names == names)
        for name in names {
            #expect(try ours.text(name) == theirs.text(name), "\(name)")
        }
    }
}

/// A folder with files to prepare.
final class PreparationFolder {
    struct Result {
        var status: Int
        var output: String
        var errors: String
    }

    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-prepare-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func write(_ lines: [String], to name: String) throws {
        try lines.joined(separator: "\n").write(
            toFile: path + "/" + name,
            atomically: true,
            encoding: .utf8
        )
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// Prepares a file; without answers everything is accepted.
    func run(_ name: String, answers: [String]? = nil) async throws -> Result {
        var result = Result(status: 0, output: "", errors: "")
        var rest = (answers ?? [])[...]
        result.status = try await Preparation(
            path + "/" + name,
            isQuiet: answers == nil,
            Preparation.Dialog(
                write: { result.output += $0 },
                writeError: { result.errors += $0 },
                answer: { rest.popFirst() }
            )
        ).run()
        return result
    }
}
