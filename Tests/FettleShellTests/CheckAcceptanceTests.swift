import FettleCore
import FettleData
import FettleWorkbench
import Testing

@testable import FettleShell

/// A file with all faults, checked and mended as a user does it.
struct CheckAcceptanceTests {
    /// Columns of a file, and rows of which nil is absent.
    private static let columns = ["Prompt", "COMPLETION", "Note"]

    /// Two hundred examples and, from row 201 on, one of each fault that is a row.
    private static let rows: [[String?]] = {
        let head = "PLEASE SAY HOW THIS IS: "
        var rows: [[String?]] = (0..<200).map { row in
            let isBad = row % 16 == 0
            return [
                head + "ITEM \(row) IS \(isBad ? "POOR" : "NICE") ON DAY \(row * 7 % 31)",
                isBad ? "LABEL: BAD" : "LABEL: GOOD", "note \(row)",
            ]
        }
        rows[10][1] = ""
        rows[20][0] = ""
        rows.append([rows[30][0], rows[30][1], "repeats row 31"])
        rows.append([rows[40][0], "LABEL: BAD", "contradicts row 41"])
        rows.append([head + String(repeating: "LONG ", count: 2500), "LABEL: GOOD", "long"])
        rows.append([head + "STRANGE", "LABEL: ODD", "rare"])
        rows.append([head + "UNKNOWN", nil, "no answer"])
        return rows
    }()

    private static func text(_ rows: [[String?]], as form: String) -> String {
        if form == "csv" {
            let lines = [columns] + rows.map { $0.map { $0 ?? "" } }
            return lines.map { $0.joined(separator: ",") + "\n" }.joined()
        }
        return rows.map { row in
            let members = zip(columns, row).map { name, value in
                JSONValue.Member(name, value.map(JSONValue.string) ?? .null)
            }
            return JSONValue.object(members).text() + "\n"
        }.joined()
    }

    /// A shell with the faulty file as 'd.train' beside a 'd.test' that shares a prompt with it.
    private static func shell(_ folder: TemporaryFolder, _ form: String) async throws -> TestShell {
        let train = try folder.write(text(rows, as: form), to: "train.\(form)")
        let test = try folder.write(
            text([rows[50], ["new", "LABEL: BAD", ""]], as: form),
            to: "test.\(form)"
        )
        let whole = try folder.write(text(rows + [rows[50]], as: form), to: "whole.\(form)")
        var shell = TestShell()
        for line in [
            "load \(whole) as d", "load \(test) as d.test", "load \(train) as d.train",
            #"format prompt="{{Prompt}}" completion="{{COMPLETION}}""#,
        ] {
            let result = await shell.run(line)
            #expect(result.status == .success, "\(result.errors)")
        }
        return shell
    }

    /// Returns the findings of 'check --quick', each as its code, count and rows.
    private static func findings(_ shell: inout TestShell) async throws -> [String] {
        let result = await shell.run("check --quick")
        #expect(result.status == .success, "\(result.errors)")
        guard case .array(let items)? = shell.session.lastValue else { return [] }
        return items.map { item in
            let code = item["code"].flatMap { if case .string(let text) = $0 { text } else { nil } }
            return "\(code ?? "?") \(item["count"]?.text() ?? "") \(item["rows"]?.text() ?? "")"
        }
    }

    private static func fixes(_ output: String) -> [String] {
        output.split(separator: "\n").filter { $0.hasPrefix("   fix: ") }.map {
            String($0.dropFirst(8))
        }
    }

    private static let all = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"

    private static let expected = [
        "empty-completion 2 [11, 205]", "empty-prompt 1 [21]", "duplicate-rows 1 [201]",
        "contradictory-labels 2 [41, 202]", "leak 1 [51]", "long-examples 1 [203]",
        "upper-case-prompt 204 \(all)", "upper-case-completion 203 \(all)",
        "completion-prefix 205 []", "prompt-separator 205 []", "completion-space 203 \(all)",
        "rare-classes 1 [204]", "class-imbalance 1 [204]", "length-outliers 1 [203]",
        "prompt-prefix 205 []", "few-examples 1 []", "extra-columns 1 []",
    ]

    @Test(arguments: ["jsonl", "csv"])
    func eachPlantedFaultIsFoundWithItsRows(form: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder, form)
        let found = try await Self.findings(&shell)
        #expect(found == Self.expected)
        let result = await shell.run("check --quick")
        #expect(
            result.output.hasSuffix(
                """
                'check --fix' mends 11 of these, 'check --fix --all' mends 14; by hand, 'check'
                again after each, as one fix can change the next

                """
            ),
            "\(result.output)"
        )
    }

    /// Types the first fix that is offered, checks again, and so on.
    @Test(arguments: ["jsonl", "csv"])
    func fixesTypedAsPrintedMendAllThatCanBeMended(form: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder, form)
        var typed: [String] = []
        for _ in 0..<30 {
            let result = await shell.run("check --quick")
            // The leak's two lines make other datasets; they have their own test.
            let fix = Self.fixes(result.output).first { fix in
                fix != "use d" && !fix.hasPrefix("split ") && !fix.hasPrefix("balance ")
            }
            guard let fix else { break }
            typed.append(fix)
            let done = await shell.run(fix)
            #expect(done.status == .success, "\(fix): \(done.errors)")
        }
        #expect(
            typed == [
                "where trim(COMPLETION) != ''", "where trim(Prompt) != ''",
                "dedupe on=Prompt,COMPLETION", "dedupe prompt='{{Prompt}}'",
                "where coalesce(len(Prompt), 0) + coalesce(len(COMPLETION), 0) <= 10000",
                "derive Prompt = lower(Prompt)", "derive COMPLETION = lower(COMPLETION)",
                #"derive COMPLETION = replace(COMPLETION, '\A\Qlabel: \E', '')"#,
                "format prompt='{{Prompt}} ->'", "format completion=' {{COMPLETION}}'",
                "where COMPLETION not in ['odd']",
                #"derive Prompt = replace(Prompt, '\A\Qplease say how this is: item \E', '')"#,
                "drop Note",
            ]
        )
        let left = try await Self.findings(&shell)
        #expect(
            left
                == [
                    "class-imbalance 13 [1, 16, 31, 47, 63, 79, 95, 111, 127, 143]",
                    "few-examples 1 []",
                ]
        )
    }

    @Test func fixesOfTheFormatTypedOneAfterTheOtherAddUp() async throws {
        var shell = try await Self.shell(TemporaryFolder(), "csv")
        let fixes = Self.fixes(await shell.run("check --quick").output).filter {
            $0.hasPrefix("format ")
        }
        for fix in fixes { await shell.run(fix) }
        let result = await shell.run("format")
        #expect(result.output == "prompt      \"{{Prompt}} ->\"\ncompletion  \" {{COMPLETION}}\"\n")
    }

    @Test func leakIsMendedByCuttingTheWholeAnew() async throws {
        var shell = try await Self.shell(TemporaryFolder(), "jsonl")
        let fixes = Self.fixes(await shell.run("check --quick").output)
        let lines = fixes.drop { $0 != "use d" }.prefix(2)
        #expect(Array(lines) == ["use d", "split 80/10/10 prompt='{{Prompt}}'"])
        for line in lines {
            let result = await shell.run(line)
            #expect(result.status == .success, "\(line): \(result.errors)")
        }
        await shell.run("use d.train")
        await shell.run(#"format prompt="{{Prompt}}" completion="{{COMPLETION}}""#)
        #expect(try await !Self.findings(&shell).contains { $0.hasPrefix("leak") })
    }

    @Test(arguments: ["jsonl", "csv"])
    func fixLeavesOnlyWhatItNames(form: String) async throws {
        var shell = try await Self.shell(TemporaryFolder(), form)
        var result = await shell.run("check --fix --quick")
        #expect(result.status == .success, "\(result.errors)")
        #expect(
            try await Self.findings(&shell).map { $0.prefix { $0 != " " } } == [
                "rare-classes", "class-imbalance", "length-outliers", "few-examples",
                "extra-columns",
            ]
        )
        #expect(
            result.output.hasSuffix(
                """
                'check --fix --all' mends 3 of these as well; no command mends 2: they take
                other data

                """
            ),
            "\(result.output)"
        )
        result = await shell.run("check --fix --all --quick")
        #expect(result.status == .success, "\(result.errors)")
        #expect(try await Self.findings(&shell) == ["few-examples 26 []"])
        result = await shell.run("check --fix --all --quick")
        #expect(result.output == "'d.train' has no fault that a fix would mend\n")
    }

    /// What is kept of a part's making can be typed again.
    @Test func recipeOfAPartRunsAsItIsKept() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.text(Self.rows, as: "csv"), to: "my data.csv")
        var shell = TestShell()
        await shell.run("load '\(folder.path)/my data.csv' as d")
        await shell.run("where Prompt != 'a | b; c' and len(Prompt) > 3")
        let result = await shell.run("split train=0.8 rest=0.2 prompt=\"{{Prompt}}\\n\" seed=3")
        #expect(result.status == .success, "\(result.errors)")
        let part = try shell.session.library.dataset("d.train")
        #expect(
            part.recipe.last
                == "split train=0.8 rest=0.2 seed=3 prompt=\"{{Prompt}}\\n\"; use d.train"
        )
        var other = TestShell()
        for (index, line) in part.recipe.enumerated() {
            let result = await other.run(index == 0 ? line + " as d" : line)
            #expect(result.status == .success, "\(line): \(result.errors)")
        }
        let again = try other.session.library.dataset(nil)
        #expect(again.name == "d.train")
        #expect(again.fingerprint == part.fingerprint)
    }
}
