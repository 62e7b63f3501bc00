import FettleCore
import Foundation

/// `openai tools fine_tunes.prepare_data`: looks at a file of examples, proposes changes, and writes what is
/// accepted as a training file.
///
/// The order of what it looks at, what it proposes and the files that it writes are those of openai 0.28.1,
/// down to the rows of the two parts; the old tool's faults are not kept.
public struct Preparation {
    /// How it talks with its user.
    public struct Dialog {
        /// Takes what is said.
        public var write: (String) -> Void
        /// Takes what is wrong.
        public var writeError: (String) -> Void
        /// Returns the answer to a question that was written; nil at the end of the input.
        public var answer: () async throws -> String?

        /// Makes a dialog.
        public init(
            write: @escaping (String) -> Void,
            writeError: @escaping (String) -> Void,
            answer: @escaping () async throws -> String?
        ) {
            self.write = write
            self.writeError = writeError
            self.answer = answer
        }
    }

    /// No answer came to a question.
    private struct Silence: Error {}

    private let path: String
    private let isQuiet: Bool
    private let dialog: Dialog

    /// Makes one for a file; a quiet one accepts everything without asking.
    public init(_ path: String, isQuiet: Bool, _ dialog: Dialog) {
        (self.path, self.isQuiet, self.dialog) = (path, isQuiet, dialog)
    }

    /// Does it all; returns the status for the process, 0 when it went well.
    public func run() async throws -> Int {
        dialog.write("Analyzing...\n")
        do {
            var file = try PreparationFile(path)
            var steps = [PreparationStep(remark: file.remark, necessary: file.conversion)]
            say(steps[0])
            var pairs = try pairs(of: &file, &steps)
            for look in PreparationSteps.all {
                let step = try look(pairs)
                say(step)
                steps.append(step)
            }
            let isChanged = try await apply(steps, to: &pairs)
            try await write(pairs, isChanged: isChanged)
            return 0
        } catch let refusal as PreparationFile.Refusal {
            dialog.writeError(
                "\n\nERROR in \(refusal.check) validator: \(refusal.message)\n\nAborting...\n"
            )
        } catch is Silence {
            dialog.writeError(
                "\n\nThe input ended before this was answered; -q accepts everything.\n"
            )
        }
        return 1
    }

    private func say(_ step: PreparationStep) {
        if let remark = step.remark { dialog.write("\n- \(remark)") }
    }

    private func accepts(_ question: String) async throws -> Bool {
        dialog.write(question)
        guard !isQuiet else {
            dialog.write("Y\n")
            return true
        }
        guard let answer = try await dialog.answer() else { throw Silence() }
        return answer.lowercased() != "n"
    }

    // MARK: - Columns

    /// Returns the prompts and completions of a file; what must be done for that is done.
    private func pairs(
        of file: inout PreparationFile,
        _ steps: inout [PreparationStep]
    ) throws -> PreparationPairs {
        func add(_ step: PreparationStep) {
            say(step)
            steps.append(step)
        }
        let count = file.columns.first?.count ?? 0
        add(
            PreparationStep(
                remark: "Your file contains \(count) prompt-completion pairs"
                    + (count < 100 ? ". A few hundred are the least to learn from" : "")
            )
        )
        for name in ["prompt", "completion"] where !file.names.contains(name) {
            guard let place = file.names.firstIndex(where: { $0.lowercased() == name }) else {
                throw PreparationFile.Refusal(
                    check: "necessary_column",
                    message: "`\(name)` column/key is missing. Please make sure you name your "
                        + "columns/keys appropriately, then retry"
                )
            }
            file.names[place] = name
            add(
                PreparationStep(
                    remark: "The `\(name)` column/key should be lowercase",
                    necessary: "Lower case column name to `\(name)`"
                )
            )
        }
        let others = file.names.filter { $0 != "prompt" && $0 != "completion" }
        if !others.isEmpty {
            let names = "[" + others.map { "'\($0)'" }.joined(separator: ", ") + "]"
            add(
                PreparationStep(
                    remark: "The input file should contain exactly two columns/keys per row. "
                        + "Additional columns/keys present are: \(names)",
                    necessary: "Remove additional columns/keys: \(names)"
                )
            )
        }
        func cells(_ name: String) -> [String] {
            file.names.firstIndex(of: name).map { file.columns[$0] } ?? []
        }
        var pairs = PreparationPairs(prompts: cells("prompt"), completions: cells("completion"))
        let empty = (0..<pairs.count).filter { pairs.completions[$0].isEmpty }
        if !empty.isEmpty {
            let completions = pairs.completions
            pairs.keep { !completions[$0].isEmpty }
            add(
                PreparationStep(
                    remark: "`completion` column/key should not contain empty strings. "
                        + "These are rows: \(empty)",
                    necessary: "Remove \(empty.count) rows with empty completions"
                )
            )
        }
        guard pairs.count > 0 else {
            throw PreparationFile.Refusal(
                check: "empty_completion",
                message: "no row has a completion, so there is nothing to learn"
            )
        }
        return pairs
    }

    // MARK: - Changes

    /// Asks about each proposal and does what is accepted; returns whether anything is other than in the file.
    private func apply(
        _ steps: [PreparationStep],
        to pairs: inout PreparationPairs
    ) async throws -> Bool {
        guard steps.contains(where: { $0.proposal != nil || $0.necessary != nil }) else {
            dialog.write("\n\nNo remediations found.\n")
            return false
        }
        dialog.write("\n\nBased on the analysis we will perform the following actions:\n")
        var isChanged = false
        for step in steps {
            if let proposal = step.proposal,
                try await accepts("- [Recommended] \(proposal.question) [Y/n]: ")
            {
                if let text = proposal.apply(&pairs) { dialog.write(text) }
                isChanged = true
            }
            if let necessary = step.necessary {
                dialog.write("- [Necessary] \(necessary)\n")
                isChanged = true
            }
        }
        return isChanged
    }

    // MARK: - Files

    private func write(_ pairs: PreparationPairs, isChanged: Bool) async throws {
        let splits =
            pairs.task == .classification
            ? try await accepts(
                "- [Recommended] Would you like to split into training and validation set? [Y/n]: "
            ) : false
        let separator = CommonText.suffix(pairs.prompts).onOneLine
        // What classes happen to end with is no ending.
        let ending =
            pairs.task == .classification ? "" : CommonText.suffix(pairs.completions).onOneLine
        var reminder =
            separator.isEmpty
            ? ""
            : "After you’ve fine-tuned a model, remember that your prompt has to end with the indicator "
                + "string `\(separator)`."
        if !ending.isEmpty {
            reminder +=
                " Make sure to include `stop=[\"\(ending)\"]` so that the generated texts ends at the "
                + "expected place."
        }
        guard isChanged || splits else {
            dialog.write(
                "\nYou can use your file for fine-tuning:\n> openai api fine_tunes.create -t \"\(path)\"\n\n"
                    + "\(reminder)\n"
            )
            return
        }
        guard
            try await accepts("\n\nYour data will be written to a new JSONL file. Proceed [Y/n]: ")
        else {
            dialog.write("Aborting... did not write the file\n")
            return
        }
        let names = names(for: splits ? ["_train", "_valid"] : [""])
        var options = ""
        if splits {
            let (training, validation) = Self.split(pairs)
            try save(training, to: names[0])
            try save(validation, to: names[1])
            options =
                " -v \"\(names[1])\" --compute_classification_metrics" + Self.classes(of: pairs)
            warnOfMissingClasses(training, validation)
        } else {
            try save(pairs, to: names[0])
        }
        dialog.write(
            "\nWrote modified file\(splits ? "s" : "") to `\(names.joined(separator: "` and `"))`\n"
                + "Feel free to take a look!\n\nNow use that file when fine-tuning:\n"
                + "> openai api fine_tunes.create -t \"\(names[0])\"\(options)\n\n\(reminder)\n"
        )
    }

    private func save(_ pairs: PreparationPairs, to path: String) throws {
        do {
            try WholeFile.write(Array(pairs.lines.utf8), to: path)
        } catch {
            throw PreparationFile.Refusal(check: "write_out_file", message: error.message)
        }
    }

    /// Returns how to tell the command that trains what the classes are.
    private static func classes(of pairs: PreparationPairs) -> String {
        let classes = pairs.classes
        guard classes.count == 2 else { return " --classification_n_classes \(classes.count)" }
        let commonest = classes[1].count > classes[0].count ? classes[1] : classes[0]
        return " --classification_positive_class \"\(commonest.text)\""
    }

    /// The old tool's parts: at most 1,000 pairs and a fifth to measure on, drawn with the seed 42.
    private static func split(
        _ pairs: PreparationPairs
    ) -> (training: PreparationPairs, validation: PreparationPairs) {
        let count = max(pairs.count - 1000, Int(Double(pairs.count) * 0.8))
        var generator = MersenneTwister(seed: 42)
        let training = Array(generator.permutation(pairs.count).prefix(count))
        let drawn = Set(training)
        let rest = (0..<pairs.count).filter { !drawn.contains($0) }
        return (pairs.showing(training), pairs.showing(rest))
    }

    /// A class that only one part has is refused when the job is made: that is said here already.
    private func warnOfMissingClasses(
        _ training: PreparationPairs,
        _ validation: PreparationPairs
    ) {
        let learnt = Set(training.completions)
        let measured = Set(validation.completions)
        let missing = learnt.symmetricDifference(measured).sorted()
        guard !missing.isEmpty else { return }
        let names = missing.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
        dialog.write(
            "\n- WARNING: only one of the two files has \(names)\(missing.count > 5 ? ", …" : ""); a job with "
                + "classification metrics needs every class in both\n"
        )
    }

    /// Returns names of files that are not there yet, beside the file that was read.
    private func names(for parts: [String]) -> [String] {
        let folderEnd = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[folderEnd...]
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let isHidden = name[..<dot].allSatisfy { $0 == "." }
        let stem = path[..<folderEnd] + (isHidden ? name : name[..<dot])
        var number = 0
        while true {
            let mark = number == 0 ? "" : " (\(number))"
            let names = parts.map { "\(stem)_prepared\($0)\(mark).jsonl" }
            if !names.contains(where: { FileManager.default.fileExists(atPath: $0) }) {
                return names
            }
            number += 1
        }
    }
}
