import FettleCore
import FettleEngine
import FettleTestSupport
import FettleWorker
import Foundation

@testable import FettleProviders

/// A small training, as an order for a cluster and in this process.
struct ContractWork {
    /// The order, and the files that it needs.
    let order: WorkOrder
    private let files: [PackagedFile]
    private let examples: [Example]

    /// Makes a training of some hundredths of a second; one without an end has slow steps, whose log stays short.
    init(run: String, isEndless: Bool = false) {
        let words = [["refund", "invoice"], ["parcel", "courier"], ["login", "password"]]
        let labels = [" billing", " delivery", " access"]
        var generator = SeededGenerator(seed: 5)
        examples = (0..<(isEndless ? 1500 : 120)).map { index in
            let other = ["my", "the", "late", "please"][generator.below(4)]
            let word = words[index % 3][generator.below(2)]
            return Example(prompt: "\(other) \(word) \(index)", completion: labels[index % 3])
        }
        let lines = examples.map { example in
            JSONValue.object([
                .init("prompt", .string(example.prompt)),
                .init("completion", .string(example.completion)),
            ]).text() + "\n"
        }
        let bytes = Array(lines.joined().utf8)
        var order = WorkOrder(run: run, kind: .tune)
        order.hyperparameters = Hyperparameters(
            epochs: isEndless ? 1_000_000 : 3,
            batchSize: isEndless ? 1500 : 8,
            seed: 4
        )
        order.files[.train] = WorkOrder.File("train.jsonl", of: bytes)
        self.order = order
        files = [
            PackagedFile("train.jsonl", .bytes(bytes)),
            PackagedFile("order.json", .bytes(Array(order.json.text(pretty: true).utf8))),
            PackagedFile(
                "fettle-worker",
                .file(PseudoTerminal.builtProgram(named: "fettle-worker")),
                isExecutable: true
            ),
        ]
    }

    /// The job; `without` names a file that it is sent without.
    func job(without name: String = "") -> ClusterJob {
        ClusterJob(
            id: order.run,
            entrypoint: "./fettle-worker order.json",
            files: files.filter { $0.name != name }
        )
    }

    /// Returns the model and the metrics that this process makes of it.
    func trained() throws -> (model: [UInt8], metrics: [TrainingMetrics]) {
        var metrics: [TrainingMetrics] = []
        let result = try NgramTrainer(order.hyperparameters, threads: 1).train(
            examples,
            validation: [],
            from: nil,
            onEpoch: { _ in },
            onMetrics: { metrics.append($0) }
        )
        let path = NSTemporaryDirectory() + "fettle-contract-model-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try result.model.write(to: path)
        return (try Array(Data(contentsOf: URL(filePath: path))), metrics)
    }
}
