import FettleCore
import FettleModelFiles
import Foundation
import Testing

@testable import FettleTransformer

/// Which weights a run gives, and when it ends, by what is measured on the way.
struct TunerMeasurementTests {
    private struct Run {
        let adapter: LowRankAdapter
        let tuner: Tuner
        var values: [Float] { adapter.parameters.values.array }
    }

    private struct Stop: Error {}

    private func run(_ change: (inout TuningOptions) -> Void = { _ in }) throws -> Run {
        let fixture = try Fixture("llama-tied")
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: .float32,
            purpose: .adapters
        )
        let shape = AdapterShape(rank: 4, dropout: 0.1, projections: Set(network.projections))
        let adapter = try LowRankAdapter(shape, for: network, seed: 1)
        var options = TuningOptions()
        options.epochs = 2
        options.batchSize = 3
        options.learningRate = 1e-2
        options.keepsBest = true
        change(&options)
        let examples = (0..<14).map { number in
            let prompt = (0...number).map { Int32(3 + ($0 * 7 + number) % 90) }
            return TuningExample(prompt: prompt, completion: [Int32(5 + number % 3), 2])
        }
        let tuner = try Tuner(network, adapter: adapter, examples: examples, options: options)
        return Run(adapter: adapter, tuner: tuner)
    }

    /// What is measured after each of ten steps: the best after the fourth, equalled after the sixth.
    private let losses = [3.0, 2, 2.5, 1, 1.5, 1, 2, 3, 4, 5]

    private func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "fettle-\(UUID()).tuner").path
    }

    @Test func bestWeightsAreThoseOfTheSmallestLoss() throws {
        let run = try run()
        var seen: [[Float]] = []
        try run.tuner.run { report in
            run.tuner.measured(cost: losses[report.step - 1])
            seen.append(run.values)
        }
        #expect(run.tuner.step == 10)
        #expect(run.tuner.measurements.bestStep == 4)
        #expect(run.tuner.measurements.countSinceBest == 6)
        #expect(run.values == seen[9])
        run.tuner.takeBest()
        #expect(run.values == seen[3])
    }

    @Test func lossThatIsNoNumberIsNeverTheBest() throws {
        let run = try run()
        try run.tuner.run { report in run.tuner.measured(cost: report.step == 2 ? 7 : .nan) }
        #expect(run.tuner.measurements.bestStep == 2)
    }

    @Test func runEndsWhenNothingWasBetterForLongEnough() throws {
        let run = try run { $0.patience = 3 }
        var steps: [Int] = []
        try run.tuner.run { report in
            steps.append(report.step)
            run.tuner.measured(cost: losses[report.step - 1])
        }
        #expect(steps == Array(1...7))
        #expect(run.tuner.hasStoppedEarly)
    }

    @Test(arguments: 1...6)
    func resumedRunKeepsTheSameBestAndEndsAtTheSameStep(stop: Int) throws {
        let whole = try run { $0.patience = 3 }
        try whole.tuner.run { whole.tuner.measured(cost: losses[$0.step - 1]) }
        whole.tuner.takeBest()

        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try run { $0.patience = 3 }
        #expect(throws: Stop.self) {
            try first.tuner.run {
                first.tuner.measured(cost: losses[$0.step - 1])
            } next: {
                try first.tuner.writeCheckpoint(to: path, waitsForDisk: stop % 2 == 0)
                if first.tuner.step == stop { throw Stop() }
            }
        }
        let second = try run { $0.patience = 3 }
        try second.tuner.resume(from: path)
        var steps: [Int] = []
        try second.tuner.run { report in
            steps.append(report.step)
            second.tuner.measured(cost: losses[report.step - 1])
        }
        second.tuner.takeBest()
        #expect(steps == Array((stop + 1)...7))
        #expect(second.tuner.measurements == whole.tuner.measurements)
        #expect(second.values == whole.values)
    }

    @Test func stepThatWasNotMeasuredIsReportedAgain() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try run()
        var interrupted: Tuner.Report?
        #expect(throws: Stop.self) {
            try first.tuner.run { report in
                guard report.step == 6 else { return }
                interrupted = report
                throw Stop()
            }
        }
        try first.tuner.writeCheckpoint(to: path)
        let second = try run()
        try second.tuner.resume(from: path)
        var reports: [Tuner.Report] = []
        try second.tuner.run { reports.append($0) }
        #expect(reports.first == interrupted)
        #expect(reports.map(\.step) == Array(6...10))
        let whole = try run()
        try whole.tuner.run { _ in }
        #expect(second.values == whole.values)
    }

    @Test func recomputedValuesAreTheVerySame() throws {
        let kept = try run()
        var losses: [Double] = []
        try kept.tuner.run { losses.append($0.loss) }
        let recomputed = try run { $0.recomputes = true }
        var others: [Double] = []
        try recomputed.tuner.run { others.append($0.loss) }
        #expect(losses == others)
        #expect(kept.values == recomputed.values)
    }

    @Test func checkpointWithoutTheBestIsThatOfAnotherRun() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try run { $0.keepsBest = false }.tuner.writeCheckpoint(to: path)
        let other = try run()
        #expect {
            try other.tuner.resume(from: path)
        } throws: { error in
            (error as? Diagnostic)?.code == "checkpoint-differs"
        }
    }
}
