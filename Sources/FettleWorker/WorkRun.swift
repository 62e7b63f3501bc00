import FettleCore
import FettleEngine

/// Does what an order says, with the `ngram` engine.
///
///     try WorkRun(order, in: ".") { print($0.line(run: order.run), terminator: "") }.perform()
///
/// The results are bit for bit those of a run in the main program with the same seed, whatever the number of
/// threads, and however often it was stopped and went on from a checkpoint.
public struct WorkRun {
    private let order: WorkOrder
    private let folder: WorkFolder
    /// Where the order's files are.
    private let inputs: WorkFolder
    private let emit: (WorkEvent) throws -> Void
    private let results: WorkResults

    /// Prompts that are scored between looks at whether the task was cancelled.
    private static let scoreBlock = 512

    /// Makes a run.
    ///
    /// - Parameters:
    ///   - order: what to do.
    ///   - folder: where the order's files are, unless it names another folder, and what is written on the way.
    ///   - emit: takes what is to be told; an error ends the run.
    public init(
        _ order: WorkOrder,
        in folder: String,
        emit: @escaping (WorkEvent) throws -> Void
    ) {
        self.order = order
        self.folder = WorkFolder(folder)
        inputs = order.inputs.map { WorkFolder($0) } ?? self.folder
        self.emit = emit
        results = WorkResults(order.results, scratch: self.folder, emit: emit)
    }

    /// Does the order, and tells all but its failure.
    ///
    /// - Throws: a `Diagnostic` for what the order or its files have wrong, `CancellationError` soon after the task
    ///   was cancelled, and what `emit` throws.
    public func perform() throws {
        try checkEngine()
        try results.ready()
        var files: [WorkEvent.File] = []
        switch order.kind {
        case .tune:
            let model = try tune()
            files.append(try results.keepModel(model))
            if order.files[.score] != nil { files.append(try score(with: model)) }
        case .score:
            try emit(.start(.current, step: 0))
            guard let model = try weights() else { preconditionFailure("the order has weights") }
            files.append(try score(with: model))
        }
        try emit(.succeeded(files))
        // Before that, what goes on after a kill would have nothing to go on from.
        if order.kind == .tune, let (folder, name) = checkpoint { folder.remove(name) }
    }

    private func checkEngine() throws(Diagnostic) {
        guard order.base == "ngram" else {
            throw Diagnostic(
                "unknown-base",
                "this worker has no base model '\(order.base)'",
                hint: "it trains 'ngram'"
            )
        }
        if let setting = order.hyperparameters.language.settings.first {
            var error = Diagnostic(
                "bad-order",
                "'hyperparameters.\(setting.name)' of the order is for language models, and "
                    + "'ngram' does not take it"
            )
            error.parameter = "hyperparameters.\(setting.name)"
            throw error
        }
    }

    // MARK: - Files of the order

    /// Returns the bytes of a file, which must be those that the order was written for.
    private func bytes(_ role: WorkOrder.Role) throws -> (name: String, bytes: [UInt8])? {
        guard let file = order.files[role] else { return nil }
        let bytes = try inputs.read(file.name, atMost: file.bytes)
        try Task.checkCancellation()
        guard bytes.count == file.bytes else {
            throw differs(
                file,
                "it has \(NumberText.count(bytes.count, "byte")), and the order says "
                    + NumberText.count(file.bytes)
            )
        }
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
            try Task.checkCancellation()
            bytes[start..<min(bytes.count, start + 1 << 20)].withUnsafeBytes { hash.add($0) }
        }
        guard hash.digits() == file.sha256 else {
            throw differs(file, "its SHA-256 is not that of the order")
        }
        return (file.name, bytes)
    }

    private func differs(_ file: WorkOrder.File, _ what: String) -> Diagnostic {
        Diagnostic(
            "file-differs",
            "'\(file.name)' is not the file that the order was written for: \(what)",
            hint: "send the order and its files again"
        )
    }

    private func examples(
        _ role: WorkOrder.Role,
        needsCompletions: Bool = true
    ) throws -> [Example] {
        guard let (name, bytes) = try bytes(role) else { return [] }
        return try WorkExamples.read(bytes, file: name, needsCompletions: needsCompletions)
    }

    /// Returns the model of the order, or nil.
    private func weights() throws -> NgramModel? {
        guard let (name, _) = try bytes(.weights) else { return nil }
        return try NgramModel(contentsOf: inputs.path(of: name))
    }

    // MARK: - Training

    private var checkpoint: (folder: WorkFolder, name: String)? {
        order.checkpoints.map { (WorkFolder($0.folder), "\(order.run).checkpoint") }
    }

    private func tune() throws -> NgramModel {
        let base = try weights()
        let training = try examples(.train)
        let validation = try examples(.validation)
        do {
            return try tune(training, validation, base, from: try earlier())
        } catch let error as Diagnostic where error.code == "checkpoint-differs" {
            try emit(.message(.warn, "the run begins anew: \(error.message)"))
            return try tune(training, validation, base, from: nil)
        }
    }

    /// Returns where an earlier process of the run stopped, or nil.
    private func earlier() throws -> NgramCheckpoint? {
        guard let (folder, name) = checkpoint else { return nil }
        try folder.make()
        guard folder.has(name) else { return nil }
        do {
            return try NgramCheckpoint(contentsOf: folder.path(of: name))
        } catch {
            try emit(.message(.warn, "the run begins anew: \(error.message)"))
            return nil
        }
    }

    private func tune(
        _ training: [Example],
        _ validation: [Example],
        _ base: NgramModel?,
        from earlier: NgramCheckpoint?
    ) throws -> NgramModel {
        try emit(.start(.current, step: earlier?.step ?? 0))
        var lastProblem = ""
        let checkpoints = checkpoint.map { folder, name in
            NgramCheckpointing(
                path: folder.path(of: name),
                interval: .seconds(order.checkpoints?.seconds ?? 0),
                didFail: { error in
                    let reason = (error as? Diagnostic)?.message ?? "\(error)"
                    guard reason != lastProblem else { return }
                    lastProblem = reason
                    try emit(
                        .message(.warn, "training goes on without a checkpoint: \(reason)")
                    )
                }
            )
        }
        let trainer = NgramTrainer(order.hyperparameters, threads: order.threads)
        let result = try trainer.train(
            training,
            validation: validation,
            from: base,
            checkpoints: checkpoints,
            resuming: earlier,
            onEpoch: { epoch in
                try emit(.epoch(try end(of: epoch)))
            },
            onMetrics: { row in
                // The engine looks after so much work, in which slow disks do not count.
                try Task.checkCancellation()
                try emit(.metrics(row))
            }
        )
        for setting in result.settings { try emit(.setting(setting)) }
        return result.model
    }

    private func end(of epoch: NgramEpoch) throws -> WorkEvent.Epoch {
        var end = WorkEvent.Epoch(number: epoch.number, count: epoch.count, step: epoch.step)
        guard order.scoresEpochs else { return end }
        let scores = ScoreFile(labels: epoch.labels, logprobs: try epoch.validationLogprobs())
        end.scores = try results.keep(scores.bytes, as: "epoch-\(epoch.number).scores")
        return end
    }

    // MARK: - Scoring

    /// Scores the prompts of the order; a row's figures depend on its prompt and the model alone.
    private func score(with model: NgramModel) throws -> WorkEvent.File {
        let prompts = try examples(.score, needsCompletions: false).map(\.prompt)
        let width = model.labels.count
        var logprobs = [Double](repeating: 0, count: prompts.count * width)
        for start in stride(from: 0, to: prompts.count, by: Self.scoreBlock) {
            try Task.checkCancellation()
            let block = min(Self.scoreBlock, prompts.count - start)
            let parts = max(1, min(order.threads, block / 16))
            let (length, extra) = block.quotientAndRemainder(dividingBy: parts)
            logprobs.withUnsafeMutableBufferPointer { all in
                nonisolated(unsafe) let all = all
                sideBySide(parts) { part in
                    var scorer = NgramScorer(model)
                    let first = start + part * length + min(part, extra)
                    for row in first..<(first + length + (part < extra ? 1 : 0)) {
                        var prompt = prompts[row]
                        let place = all[(row * width)..<((row + 1) * width)]
                        prompt.withUTF8 {
                            scorer.logprobs(
                                ofUTF8: UnsafeRawBufferPointer($0),
                                into: UnsafeMutableBufferPointer(rebasing: place)
                            )
                        }
                    }
                }
            }
        }
        let file = ScoreFile(labels: model.labels, logprobs: logprobs)
        return try results.keep(file.bytes, as: WorkEvent.scoresName)
    }
}
