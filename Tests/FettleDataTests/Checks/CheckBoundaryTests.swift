import FettleCore
import Testing

@testable import FettleData

/// Where a fault begins, and what is not taken for one.
struct CheckBoundaryTests {
    private let numbers: [String?] = (0..<30).map { "\($0) things" }
    private let labels: [String?] = (0..<30).map { $0 % 2 == 0 ? " good" : " bad" }

    private func codes(_ input: CheckInput) throws -> Set<String> {
        Set(try DatasetChecker.run(input).map(\.code))
    }

    private func lines(_ code: String, _ input: CheckInput) throws -> [String] {
        try CheckFixtures.lines(code, input)
    }

    @Test func lengthIsOfPromptAndCompletionInCharacters() throws {
        var prompts = numbers
        prompts[0] = String(repeating: "é", count: 9_995)
        #expect(!(try codes(CheckFixtures.input(prompts, labels)).contains("long-examples")))
        prompts[0]? += "é"
        #expect(try codes(CheckFixtures.input(prompts, labels)).contains("long-examples"))
    }

    @Test func lengthInTokensDropsNoExampleThatIsShorter() throws {
        var prompts = numbers
        prompts[4] = "one two three four five"
        prompts[9] = "a b c d e f g"
        var limits = CheckLimits()
        limits.tokens = .init(most: 5) { $0.split(separator: " ").count }
        let input = try CheckFixtures.input(prompts, labels, limits: limits)
        #expect(
            try lines("long-examples", input) == [
                "warning: 2 examples are longer than 5 tokens", "2 [5,10]",
                "> where coalesce(len(prompt), 0) + coalesce(len(completion), 0) <= 16",
            ]
        )
    }

    @Test func separatorMayStandInTheRowsOrInTheFormat() throws {
        for (prompt, template) in [("a ->", "{{prompt}}"), ("a", "{{prompt}} ->")] {
            let prompts = numbers.map { ($0 ?? "") + prompt }
            let input = try CheckFixtures.input(prompts, labels, prompt: template)
            #expect(!(try codes(input).contains("prompt-separator")))
        }
    }

    @Test func suggestedSeparatorStandsInNoPrompt() throws {
        let taken = [
            "\n\n###\n\n", "\n\n===\n\n", "\n\n---\n\n", "\n\n===>\n\n", "\n\n--->\n\n",
            "\n\n### =>\n\n", "\n\n### 1 =>\n\n",
        ]
        let prompts = (0..<30).map { "\($0)\(taken[$0 % taken.count])\($0)" as String? }
        let input = try CheckFixtures.input(prompts, labels)
        #expect(
            try lines("prompt-separator", input).last
                == #"> format prompt="{{prompt}}\n\n### 2 =>\n\n""#
        )
    }

    @Test func classesNeedNoEndingAndNoPromptNeedsNoSeparator() throws {
        #expect(!(try codes(CheckFixtures.input(numbers, labels)).contains("completion-ending")))
        let open = try CheckFixtures.input(
            numbers.map { _ in "" },
            numbers.map { " " + ($0 ?? "") }
        )
        #expect(try codes(open) == ["few-examples"])
    }

    @Test func endingInCapitalsIsOneAndASharedWordIsNone() throws {
        let ended = (0..<30).map { " \($0) END" as String? }
        #expect(!(try codes(CheckFixtures.input(numbers, ended)).contains("completion-ending")))
        let shared = (0..<30).map { " \($0) dogs" as String? }
        #expect(try codes(CheckFixtures.input(numbers, shared)).contains("completion-ending"))
    }

    @Test func prefixesEndWithAWordAndLeaveSomething() throws {
        let input = try CheckFixtures.input(
            numbers,
            (0..<30).map { " the answer a\($0 % 2 == 0 ? "nt" : "pe")" }
        )
        #expect(
            try lines("completion-prefix", input).first
                == "warning: all completions begin with ' the answer ', which the model only repeats"
        )
        let whole = try CheckFixtures.input(
            numbers,
            (0..<30).map { $0 % 2 == 0 ? " very good" : " very good indeed" }
        )
        let fixed = try DatasetChecker.fixing(whole).input
        let made = try CompiledFormat(fixed.format, in: fixed.frame)
        #expect(made.completion(at: 0) == " good" && made.completion(at: 1) == " good indeed")
        let chinese = try CheckFixtures.input(
            numbers,
            (0..<30).map { $0 % 2 == 0 ? "答案是这样的好" : "答案是这样的坏" }
        )
        #expect(
            try lines("completion-prefix", chinese).last
                == #"> derive completion = replace(completion, '\A\Q答案是这样的\E', '')"#
        )
    }

    @Test func lettersWithoutALowerCaseFormAreNotUpperCase() throws {
        let bold = numbers.map { _ in "𝐀𝐁𝐂" as String? }
        let input = try CheckFixtures.input(
            bold.enumerated().map { "\($0.offset)" + ($0.element ?? "") },
            labels
        )
        #expect(!(try codes(input).contains("upper-case-prompt")))
    }

    @Test func nullAndEmptyTextMakeOnePromptButTwoKeysOfAColumn() throws {
        let frame = Frame(columns: [
            .init("a", TestFrames.text(["x", "x", "y"])),
            .init("b", TestFrames.text([nil, "", "z"])),
            .init("c", TestFrames.text([" 1", " 1", " 2"])),
        ])
        let input = CheckInput(
            dataset: "d",
            frame: frame,
            format: .completion(
                prompt: try PromptTemplate("{{a}}{{b}}"),
                completion: try PromptTemplate("{{c}}")
            )
        )
        #expect(
            try lines("duplicate-rows", input) == [
                "warning: 1 row repeats the prompt and completion of an earlier row", "1 [2]",
                #"> dedupe prompt="{{a}}{{b}}\u{1F}{{c}}""#,
            ]
        )
        let fixed = try DatasetChecker.fixing(input).input
        #expect(fixed.frame.rows == [0, 2])
    }

    @Test func oddNamesOfColumnsAreQuotedOrLeftToTheUser() throws {
        let texts = ["SOME", nil, "", "WORDS", "HERE", "AND"]
        for (name, expected) in [
            ("Review Text", "where trim(`Review Text`) != ''"), ("in", "where trim(`in`) != ''"),
            ("größe", "where trim(`größe`) != ''"), ("a`b", nil),
        ] {
            let frame = Frame(columns: [
                .init("n", Column(integers: [1, 2, 3, 4, 5, 6])),
                .init(name, TestFrames.text(texts)),
            ])
            let input = CheckInput(
                dataset: "d",
                frame: frame,
                format: .completion(
                    prompt: try PromptTemplate("{{n}} ->"),
                    completion: try PromptTemplate(" {{\(name)}}")
                )
            )
            let finding = try #require(
                try DatasetChecker.run(input).first { $0.code == "empty-completion" }
            )
            #expect(finding.rows == [2, 3])
            #expect(finding.fix?.commands.first == expected)
        }
    }

    @Test func chatHasNoSeparatorsAndKeepsItsOtherChecks() throws {
        let input = CheckInput(
            dataset: "d",
            frame: CheckFixtures.frame(numbers, labels.map { $0?.uppercased() }),
            format: .chat(
                system: try PromptTemplate("Rate what you read, please."),
                user: try PromptTemplate("{{prompt}}"),
                assistant: try PromptTemplate("{{completion}}")
            )
        )
        #expect(
            try codes(input) == ["upper-case-completion", "few-examples", "classification"]
        )
        let wrong = CheckInput(
            dataset: "d",
            frame: input.frame,
            format: .chat(
                system: nil,
                user: try PromptTemplate("{{Prompt}}"),
                assistant: try PromptTemplate("{{label}}")
            )
        )
        #expect(
            try DatasetChecker.run(wrong).flatMap(CheckFixtures.lines) == [
                "error: 'd' has no column 'Prompt', which the user names; there is 'prompt'",
                "1 []", "> format chat user='{{prompt}}'",
                "error: 'd' has no column 'label', which the assistant names", "1 []",
            ]
        )
    }
}
