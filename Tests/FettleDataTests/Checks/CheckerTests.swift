import FettleCore
import Foundation
import Testing

@testable import FettleData

struct CheckerTests {
    @Test func everyCheckOfTheFolderIsInTheCatalogue() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/FettleData/Checks")
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: root.path) {
            let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
            found += text.matches(of: /struct (\w+): DatasetCheck \{/).map { String($0.output.1) }
        }
        #expect(found.sorted() == DatasetChecks.all.map { String(describing: $0) }.sorted())
        let codes = DatasetChecker.checks.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil })
        #expect(DatasetChecker.checks.allSatisfy { !$0.summary.hasSuffix(".") })
    }

    @Test func everyCheckHasAFaultySetAndNothingIsFoundInACleanOne() throws {
        let codes = Set(try CheckFixtures.faulty().map(\.code))
        #expect(codes == Set(DatasetChecker.checks.map(\.code)))
        let other = CheckFixtures.frame(["new\n\n###\n\n"], [" bad"])
        let clean = try CheckFixtures.clean(parts: [.init("reviews.test", other)])
        #expect(try DatasetChecker.run(clean).map(CheckFixtures.lines) == [])
        #expect(try DatasetChecker.run(CheckFixtures.varied()).map(CheckFixtures.lines) == [])
    }

    @Test func fixAppliedMakesTheFindingDisappear() throws {
        for (code, input) in try CheckFixtures.faulty() {
            let findings = try DatasetChecker.run(input).filter { $0.code == code }
            #expect(!findings.isEmpty, "\(code)")
            for finding in findings {
                guard let fix = finding.fix, !fix.changes.isEmpty else { continue }
                let after = try DatasetChecker.run(try input.applying(fix))
                let left = after.filter { $0.code == code }
                #expect(left.count < findings.count, "\(code): \(left.map(\.message))")
            }
        }
    }

    @Test func findingsOfAllSetsHaveCountsRowsAndOneSentence() throws {
        for (_, input) in try CheckFixtures.faulty() {
            let findings = try DatasetChecker.run(input)
            #expect(findings.map(\.severity) == findings.map(\.severity).sorted())
            for finding in findings {
                #expect(finding.rows.count <= min(Finding.mostRows, max(finding.count, 10)))
                #expect(finding.rows.allSatisfy { (1...input.frame.count).contains($0) })
                #expect(!finding.message.hasSuffix(".") && !finding.message.contains("\n"))
                #expect(finding.fix?.commands.allSatisfy { !$0.contains("\n") } ?? true)
            }
        }
    }

    @Test func nothingTrapsOnADatasetOfNoneOrOneRow() throws {
        let none = try CheckFixtures.input([], [])
        #expect(
            try DatasetChecker.run(none).map(CheckFixtures.lines)
                == [["error: 'reviews.train' has no row", "0 []"]]
        )
        for (prompt, completion) in [("a", " b"), ("", ""), ("\n\n###\n\n", " ")] {
            let one = try CheckFixtures.input([prompt], [completion])
            _ = try DatasetChecker.run(one)
            _ = try DatasetChecker.fixing(one, all: true)
        }
    }

    @Test func cancelledCheckStops() async throws {
        let input = try CheckFixtures.clean()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try DatasetChecker.run(input).count
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func fileOfAllFaultsIsMendedStepByStep() throws {
        let input = try CheckFixtures.planted()
        let result = try DatasetChecker.fixing(input)
        #expect(
            result.mended.map(\.code) == [
                "missing-column", "empty-completion", "empty-prompt", "duplicate-rows",
                "contradictory-labels", "long-examples", "upper-case-prompt",
                "upper-case-completion", "prompt-prefix", "completion-prefix", "prompt-separator",
                "completion-space",
            ]
        )
        #expect(
            try DatasetChecker.run(result.input).map(\.code) == [
                "leak", "rare-classes", "class-imbalance", "absent-cells", "few-examples",
                "extra-columns",
            ]
        )
        let format = try CompiledFormat(result.input.format, in: result.input.frame)
        #expect(
            format.example(at: 0)
                == Example(prompt: "title 0\n\nthis is body 0\n\n###\n\n", completion: " good")
        )
    }

    @Test func allFixesLeaveFewExamplesOfAFileOfAllFaults() throws {
        let result = try DatasetChecker.fixing(try CheckFixtures.planted(), all: true)
        #expect(
            result.mended.map(\.code) == [
                "missing-column", "empty-completion", "empty-prompt", "absent-cells",
                "duplicate-rows", "contradictory-labels", "long-examples", "upper-case-prompt",
                "upper-case-completion", "prompt-prefix", "completion-prefix", "prompt-separator",
                "completion-space", "rare-classes", "class-imbalance", "extra-columns",
            ]
        )
        #expect(try DatasetChecker.run(result.input).map(\.code) == ["few-examples"])
    }
}
