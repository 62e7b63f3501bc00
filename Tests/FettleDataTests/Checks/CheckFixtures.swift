import FettleCore
import Testing

@testable import FettleData

/// Datasets with and without faults, and findings as lines.
enum CheckFixtures {
    /// A dataset of two columns, `prompt` and `completion`; nil is null.
    static func input(
        _ prompts: [String?],
        _ completions: [String?],
        prompt: String = "{{prompt}}",
        completion: String = "{{completion}}",
        parts: [CheckInput.Part] = [],
        limits: CheckLimits = CheckLimits(),
        isThorough: Bool = false
    ) throws -> CheckInput {
        var input = CheckInput(
            dataset: "reviews.train",
            frame: frame(prompts, completions),
            format: .completion(
                prompt: try PromptTemplate(prompt),
                completion: try PromptTemplate(completion)
            ),
            otherParts: parts,
            limits: limits
        )
        input.isThorough = isThorough
        return input
    }

    static func frame(_ prompts: [String?], _ completions: [String?]) -> Frame {
        Frame(columns: [
            .init("prompt", TestFrames.text(prompts)),
            .init("completion", TestFrames.text(completions)),
        ])
    }

    /// Two hundred examples of two classes without a fault, whose words differ in every row.
    static func clean(
        _ count: Int = 200,
        parts: [CheckInput.Part] = []
    ) throws -> CheckInput {
        try input(
            (0..<count).map { "\($0) things of this kind\n\n###\n\n" },
            (0..<count).map { $0 % 2 == 0 ? " good" : " bad" },
            parts: parts
        )
    }

    /// Two hundred examples of two classes of which no two are alike, to be looked through in every way.
    static func varied() throws -> CheckInput {
        var generator = SeededGenerator(seed: 5)
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        let prompts = (0..<200).map { _ in
            (0..<8).map { _ in (0..<6).map { _ in letters[generator.below(26)] }.joined() }
                .joined(separator: " ") + "\n\n###\n\n"
        }
        return try input(
            prompts,
            (0..<200).map { $0 % 2 == 0 ? " good" : " bad" },
            parts: [.init("reviews.test", frame(["new\n\n###\n\n"], [" bad"]))],
            isThorough: true
        )
    }

    /// The findings of one code: severity and message, then count, rows and each command on a line.
    static func lines(_ code: String, _ input: CheckInput) throws -> [String] {
        try DatasetChecker.run(input).filter { $0.code == code }.flatMap(lines)
    }

    static func lines(_ finding: Finding) -> [String] {
        let rows = finding.rows.map(String.init).joined(separator: ",")
        let fix = finding.fix.map { $0.commands.map { "> " + $0 } } ?? []
        let optional = finding.fix.map { !$0.changes.isEmpty && !$0.isAutomatic } ?? false
        return ["\(finding.severity): \(finding.message)", "\(finding.count) [\(rows)]"] + fix
            + (optional ? ["(optional)"] : [])
    }

    /// A set with a fault for each check, by the check's code.
    static func faulty() throws -> [(code: String, input: CheckInput)] {
        let even = (0..<30).map { "\($0) things" as String? }
        let good: [String?] = (0..<30).map { $0 % 2 == 0 ? " good" : " bad" }
        let texts: [String?] = (0..<30).map { " answer \($0) of many" }
        var blankPrompts = even
        blankPrompts[3] = " "
        var blankLabels = good
        blankLabels[2] = ""
        blankLabels[20] = nil
        var mixed = good
        mixed[4] = "good"
        var rare = good
        rare[7] = " odd"
        var strict = CheckLimits()
        strict.near = try #require(NearThreshold(0.95))
        var nearly = even
        nearly[4] = "the parcel came late and the box was quite broken"
        let spoken = [
            "the parcel came late and was broken", "das Paket kam zu spät und war kaputt",
        ]
        let manyTongued = (0..<30).map { "\($0): \(spoken[$0 / 20])" as String? }
        var personal = even
        personal[8] = "write to jane.doe@example.com"
        let alike = "The parcel came late, and the box was quite broken."
        let repeated = even.dropLast(2) + [even[0], even[1]]
        return [
            ("missing-column", try input(even, good, prompt: "{{Prompt}} ->")),
            ("empty-completion", try input(even, blankLabels)),
            ("empty-prompt", try input(blankPrompts, good, prompt: "{{prompt}}\n\n###\n\n")),
            ("absent-cells", try reviews("{{title}} in {{language}} ->", " {{stars}}")),
            ("absent-cells", try reviews("{{language}} ->", " {{stars}} {{score}}")),
            ("duplicate-rows", try input(Array(repeated), good)),
            ("contradictory-labels", try input(Array(repeated), good.dropLast() + [" good"])),
            (
                "leak",
                try input(even, good, parts: [.init("reviews.test", frame([even[5]], [" bad"]))])
            ),
            (
                "near-duplicates",
                try input(nearly.dropLast() + [alike], good, limits: strict, isThorough: true)
            ),
            (
                "near-leak",
                try input(
                    nearly,
                    good,
                    parts: [.init("reviews.test", frame([alike], [" bad"]))],
                    limits: strict,
                    isThorough: true
                )
            ),
            ("mixed-languages", try input(manyTongued, good, isThorough: true)),
            ("personal-data", try input(personal, good)),
            (
                "length-outliers",
                try input(
                    ["a thing of \(String(repeating: "many ", count: 40))"] + even.dropFirst(),
                    good
                )
            ),
            (
                "long-examples",
                try input([String(repeating: "é", count: 10_001)] + even.dropFirst(), good)
            ),
            ("identical-texts", try input(even.map { _ in "same" }, good)),
            ("upper-case-prompt", try input(even.map { $0?.uppercased() }, good)),
            ("upper-case-completion", try input(even, good.map { $0?.uppercased() })),
            ("prompt-prefix", try input(even.map { "Say what it is: " + ($0 ?? "") }, good)),
            ("prompt-prefix", try input(even, good, prompt: "Say what it is: {{prompt}}")),
            ("completion-prefix", try input(even, good.map { " It is" + ($0 ?? "") })),
            ("completion-prefix", try input(even, good, completion: " It is{{completion}}")),
            ("prompt-separator", try input(even, good)),
            (
                "prompt-separator",
                try input(even.map { "a##" + ($0 ?? "") }, good, prompt: "{{prompt}}##")
            ),
            ("prompt-separator", try input(even, good, prompt: "{{prompt}} ==============>")),
            ("completion-ending", try input(even, texts)),
            ("completion-space", try input(even, good.map { $0.map { String($0.dropFirst()) } })),
            ("completion-space", try input(even, mixed)),
            ("label-tokens", try input(even, good, limits: lettered())),
            (
                "class-imbalance",
                try input(
                    (0..<50).map { "\($0) things" },
                    (0..<50).map { $0 % 5 == 0 ? " bad" : " good" }
                )
            ),
            ("rare-classes", try input(even, rare)),
            ("few-examples", try input(even, good)),
            ("classification", try input(even, good)),
            ("extra-columns", try reviews("{{title}} ->", " {{stars}}")),
        ]
    }

    /// The limits of a model whose tokens are single characters.
    static func lettered() -> CheckLimits {
        var limits = CheckLimits()
        limits.tokens = .init(most: 1000) { $0.unicodeScalars.count }
        limits.tokens?.texts = { $0.unicodeScalars.map { String($0) } }
        return limits
    }

    /// Six reviews of eight columns.
    static func reviews(_ prompt: String, _ completion: String) throws -> CheckInput {
        CheckInput(
            dataset: "reviews",
            frame: TestFrames.reviews,
            format: .completion(
                prompt: try PromptTemplate(prompt),
                completion: try PromptTemplate(completion)
            )
        )
    }

    /// Three hundred reviews with every fault that can stand beside others.
    static func planted() throws -> CheckInput {
        var titles: [String?] = (0..<300).map { "TITLE \($0)" }
        var bodies: [String?] = (0..<300).map { "THIS IS BODY \($0)" }
        var labels: [String?] = (0..<300).map { $0 % 16 == 15 ? "LABEL: BAD" : "LABEL: GOOD" }
        labels[10] = ""
        (titles[20], bodies[20]) = ("", " ")
        titles[30] = nil
        (titles[40], bodies[40], labels[40]) = (titles[41], bodies[41], labels[41])
        (titles[50], bodies[50], labels[50]) = (titles[63], bodies[63], "LABEL: GOOD")
        bodies[60] = String(repeating: "LONG ", count: 2001)
        labels[70] = "LABEL: ODD"
        let frame = Frame(columns: [
            .init("id", Column(integers: (0..<300).map { Int64($0) })),
            .init("title", TestFrames.text(titles)),
            .init("body", TestFrames.text(bodies)),
            .init("label", TestFrames.text(labels)),
        ])
        let test = Frame(columns: [
            .init("title", TestFrames.text(["TITLE 5", "title 5"])),
            .init("body", TestFrames.text(["THIS IS BODY 5", "this is body 5"])),
        ])
        return CheckInput(
            dataset: "reviews.train",
            frame: frame,
            format: .completion(
                prompt: try PromptTemplate("Say how it is: {{Title}}\n\n{{body}}"),
                completion: try PromptTemplate("{{label}}")
            ),
            otherParts: [.init("reviews.test", test)]
        )
    }
}
