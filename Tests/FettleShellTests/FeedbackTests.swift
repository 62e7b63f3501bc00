import FettleCore
import FettleData
import FettleStore
import FettleWorkbench
import Testing

@testable import FettleShell

/// `feedback`.
struct FeedbackTests {
    /// Returns a shell with the model 'mine' of the labels bad and good, whose ten answers are kept; the first six
    /// are judged, two of them as wrong.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var shell = try await SmallData.shell(folder)
        let tuned = await shell.run("tune ngram on d as mine")
        try #require(tuned.status == .success, "\(tuned.errors)")
        let model = try ModelLibrary(shell.services.workspace).model("mine")
        guard case .completion(let prompt, _) = model.format else { return shell }
        let labels = try ModelLibrary(shell.services.workspace).open(model).labels
        let day: Int64 = 86_400_000
        for number in 0..<10 {
            let recorder = PredictionRecorder(
                shell.services.workspace,
                clock: .fixed(at: 1_767_225_600_000 + Int64(number / 4) * day)
            ) { _ in }
            let text = prompt.segments.map { segment in
                switch segment {
                case .text(let text): text
                case .column: "text \(number)"
                }
            }.joined()
            let choice = CompletionPiece.Choice(
                prompt: text,
                label: labels[number < 5 ? 0 : 1],
                labels: labels,
                logprobs: [-0.5, -0.9]
            )
            recorder.record("cmpl-\(number)", model: model.id, [choice], perPrompt: 1)
            recorder.flush()
            guard number < 6 else { continue }
            let right = number == 1 || number == 4 ? 1 : number < 5 ? 0 : 1
            _ = try recorder.judge(
                completion: "cmpl-\(number)",
                choice: 0,
                label: Judgement.bare(labels[right])
            )
        }
        return shell
    }

    @Test func accuracyIsShownByDayAndDriftBetweenTheHalves() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let shown = await shell.run("feedback")
        #expect(shown.errors == "")
        #expect(
            shown.output == """
                mine: 10 predictions kept, 6 judged
                judged answers  count  right  accuracy  95 % from      to
                ──────────────  ─────  ─────  ────────  ─────────  ──────
                2026-01-01          4      3    75.0 %     30.1 %  95.4 %
                2026-01-02          2      1    50.0 %      9.5 %  90.5 %
                all                 6      4    66.7 %     30.0 %  90.3 %

                label    older    newer
                ─────  ───────  ───────
                bad    100.0 %    0.0 %
                good     0.0 %  100.0 %
                drift from older to newer: total variation 100.0 %

                """
        )
    }

    @Test func stretchesAndTheSideToCompareWithAreChosen() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let shown = await shell.run("feedback mine every=3 against d > \(folder.path)/f.json")
        #expect(shown.errors == "")
        let json = try Files.json(folder.path + "/f.json")
        let stretches = json["stretches"] as? [[String: Any]]
        #expect(stretches?.compactMap { $0["name"] as? String } == ["1-3", "4-6"])
        #expect(stretches?.compactMap { $0["right"] as? Int } == [2, 2])
        let drift = json["drift"] as? [String: Any]
        #expect(drift?["from"] as? String == "d")
        #expect(drift?["total_variation"] as? Double == 0)
        #expect(drift?["degrees"] as? Int == 1)
    }

    @Test func judgedAnswersBecomeRowsBesideThoseOfTheTraining() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(
            """
            feedback as judged
            rows judged | as csv
            concat d judged as more
            tune mine on more as better
            evaluate better on judged > \(folder.path)/e.json
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("text,label,prediction,probability,correct,completion_id\n"))
        #expect(
            shell.session.library.datasets.first { $0.name == "more" }.map { dataset in
                dataset.frame.count
            } == (try shell.session.library.dataset("d").frame.count) + 6
        )
    }

    @Test func whatIsMissingIsSaid() async throws {
        var shell = TestShell()
        let errors = await shell.run("feedback").errors
        #expect(errors.hasPrefix("error[no-predictions]: no predictions are kept\n"))
        #expect(
            errors.hasSuffix(
                "  hint: 'serve --record' keeps what it answers; programs then say what is right with "
                    + "POST /v1/fettle/feedback\n"
            )
        )
    }
}
