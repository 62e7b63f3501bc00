import FettleCore
import Foundation
import Testing

@testable import FettleData

/// The checks beside those of openai 0.28.1's `tools fine_tunes.prepare_data`, where that one is right.
@Suite(.enabled(if: OldTool.isThere, "FETTLE_OPENAI_PYTHON names no Python that has openai 0.28.1"))
struct PrepareDataTests {
    @Test func rowsOfPlantedFaultsAreThoseOfTheOldTool() throws {
        var prompts = (0..<60).map { "\($0) things to say" }
        var completions = (0..<60).map { $0 % 2 == 0 ? "good" : "bad" }
        completions[7] = ""
        completions[31] = ""
        (prompts[20], completions[20]) = (prompts[10], completions[10])
        (prompts[50], completions[50]) = (prompts[10], completions[10])
        prompts[40] = String(repeating: "ü", count: 9_998)
        prompts[41] = String(repeating: "ü", count: 9_997)
        #expect(
            try compare(prompts, completions) == [
                "empty-completion", "duplicate-rows", "long-examples", "completion-space",
            ]
        )
    }

    @Test func textsThatAnswerPromptsAreComparedToo() throws {
        let prompts = (0..<12).map { "Say this nicely: \($0)\n\n###\n\n" }
        #expect(
            try compare(prompts, (0..<12).map { " My answer \($0)" }) == ["prompt-prefix"]
        )
        try compare(prompts, (0..<12).map { " \($0) is it END" })
        try compare(prompts.map { "a\n\n###\n\n" + $0 }, (0..<12).map { "\($0) a.b." })
    }

    @Test func upperCaseTextsAreComparedToo() throws {
        let prompts = (0..<30).map { "ÉTÉ \($0) ÜBER" }
        #expect(
            try compare(prompts, (0..<30).map { $0 % 3 == 0 ? "GOOD" : "BAD" })
                == ["upper-case-prompt", "upper-case-completion", "completion-space"]
        )
        try compare(
            prompts.map { $0 + " abcdefghijklmn" },
            (0..<30).map { $0 % 3 == 0 ? "Go" : "bad" }
        )
    }

    @Test func examplesWithoutAFaultAreComparedToo() throws {
        let prompts = (0..<100).map { "\($0) things\n\n###\n\n" }
        try compare(prompts, (0..<100).map { $0 % 2 == 0 ? " good" : " bad" })
        try compare((0..<100).map { _ in "" }, (0..<100).map { " text \($0)" })
        try compare((0..<100).map { _ in "same" }, (0..<100).map { " text \($0)" })
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: realReviews.path), "no real reviews"))
    func realReviewsAreComparedToo() throws {
        let frame = try DatasetLoader.load(.path(Self.realReviews.path)).frame
        let texts = try ["review_body", "stars"].map { name in
            let column = try frame.column(name)
            return frame.rows.map { column[Int($0)].displayText }
        }
        #expect(
            try compare(texts[0], texts[1].map { " " + $0 }) == ["duplicate-rows"]
        )
    }

    private static let realReviews = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/data/prdect_id_29cat/train.jsonl").standardized

    /// Both tools report the same faults, and the same rows where the old one names rows.
    ///
    /// - Returns: the codes of what both report.
    @discardableResult
    private func compare(_ prompts: [String], _ completions: [String]) throws -> [String] {
        let theirs = try OldTool.remediations(prompts, completions)
        let input = try CheckFixtures.input(prompts, completions)
        let ours = try DatasetChecker.run(input)
        func isThere(_ validator: String) -> Bool {
            theirs.contains { $0.validator == validator && ($0.asks || $0.must || $0.refuses) }
        }
        let pairs = [
            ("non_empty_field_validator", "empty-completion"),
            ("duplicated_rows_validator", "duplicate-rows"),
            ("long_examples_validator", "long-examples"),
            ("lower_case_validator(prompt)", "upper-case-prompt"),
            ("lower_case_validator(completion)", "upper-case-completion"),
            ("common_prompt_prefix_validator", "prompt-prefix"),
            ("completions_space_start_validator", "completion-space"),
        ]
        for (validator, code) in pairs {
            #expect(isThere(validator) == ours.contains { $0.code == code }, "\(code)")
            let rows = theirs.filter { $0.validator == validator }.flatMap(\.rows)
            guard !rows.isEmpty, let finding = ours.first(where: { $0.code == code }) else {
                continue
            }
            #expect(finding.rows == Array(rows.prefix(Finding.mostRows)), "\(code)")
            #expect(finding.count == rows.count, "\(code)")
        }
        // The old tool proposes the same separator and ending.
        for (validator, code) in [
            ("common_prompt_suffix_validator", "prompt-separator"),
            ("common_completion_suffix_validator", "completion-ending"),
        ] {
            guard
                let advice = theirs.first(where: { $0.validator == validator && $0.asks })?.advice,
                let start = advice.firstIndex(of: "`"), let end = advice.lastIndex(of: "`")
            else { continue }
            let text = advice[advice.index(after: start)..<end]
            let fix = ours.first { $0.code == code }?.fix
            #expect(fix?.commands.first?.contains("}}\(text)") == true, "\(code): \(text)")
        }
        let both = pairs.filter { pair in isThere(pair.0) }.map(\.1)
        let identical = theirs.contains { $0.refuses }
        #expect(!identical || ours.contains { $0.code == "identical-texts" })
        return both
    }
}

/// The old tool, where a Python has it.
enum OldTool {
    struct Remediation: Decodable {
        let validator: String
        let asks: Bool
        let must: Bool
        let refuses: Bool
        let advice: String
        let rows: [Int]
    }

    private struct Answer: Decodable {
        let remediations: [Remediation]
    }

    /// Whether the Python of FETTLE_OPENAI_PYTHON, else that of FETTLE_PYTHON, has it; no package of a
    /// distribution does, so that its absence is never a failure unless the first is named.
    static let isThere: Bool = {
        if environment["FETTLE_OPENAI_PYTHON"] != nil { return true }
        let check = "from openai import version; assert version.VERSION == '0.28.1'; import pandas"
        return (try? run(["-c", check]))?.status == 0
    }()

    static func remediations(
        _ prompts: [String],
        _ completions: [String]
    ) throws -> [Remediation] {
        let lines = zip(prompts, completions).map { prompt, completion in
            JSONValue.object([
                .init("prompt", .string(prompt)), .init("completion", .string(completion)),
            ]).text() + "\n"
        }
        let file = FileManager.default.temporaryDirectory
            .appending(path: "fettle-\(UUID().uuidString).jsonl")
        try lines.joined().write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "prepare_data_comparison.py")
        let (status, output) = try run([script.path, file.path])
        try #require(status == 0, "\(String(decoding: output, as: UTF8.self))")
        return try JSONDecoder().decode(Answer.self, from: output).remediations
    }

    static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
        let process = Process()
        let python =
            environment["FETTLE_OPENAI_PYTHON"] ?? environment["FETTLE_PYTHON"] ?? "python3"
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python] + arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
