public import FettleCore
public import FettleEvaluation
public import FettleStore
import Dispatch
public import FettleData
import Foundation
import Synchronization

/// Measures tuned models on datasets.
public struct Judge: Sendable {
    /// A model's answers on a dataset.
    public struct Scored: Sendable {
        /// The model.
        public var model: ModelRecord
        /// A log probability for every label of every row, beside the truth.
        public var scores: Scores
        /// The dataset's rows that were scored.
        public var rows: [Int]
        /// Rows without a completion to compare with.
        public var skippedRows: Int
        /// Seconds it took, when durations are shown.
        public var seconds: Double?
        /// How many tokens the model read for a row on average, where that was asked for and its tokens are known.
        public var tokens: Double?
    }

    /// Rows that are answered at a time.
    var block = 1 << 15

    private let workspace: Workspace
    private let clock: WorkClock
    private let place: ClusterPlace?
    private let onWarning: @Sendable (String) -> Void

    /// Makes a judge over a workspace, which answers at a place of a cluster or on this machine; `onWarning` takes what
    /// the user should know of on the way.
    public init(
        _ workspace: Workspace,
        clock: WorkClock,
        at place: ClusterPlace? = nil,
        onWarning: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.workspace = workspace
        self.clock = clock
        self.place = place
        self.onWarning = onWarning
    }

    /// Scores every row of a dataset through the model's own format.
    ///
    /// With `fewShot` its examples stand before every prompt; with `countsTokens` the tokens of the prompts are
    /// counted. `onProgress` is called with the rows done.
    ///
    /// - Throws: what is wrong with the model or the rows; `prompt-too-long` where the model would not read all of
    ///   the examples; `cluster-base` for a model that clusters do not answer by.
    public func score(
        _ record: ModelRecord,
        on dataset: Dataset,
        after fewShot: FewShot? = nil,
        countsTokens: Bool = false,
        onProgress: (Int) -> Void
    ) throws -> Scored {
        let start = clock.seconds()
        let library = ModelLibrary(workspace)
        if place != nil { try ClusterLibrary(workspace).check(answers: record) }
        let chat = try library.rendering(of: record)
        let set = try ExampleSet(
            dataset,
            format: record.format,
            chat: chat.map { fewShot?.within($0) ?? $0 }
        )
        let model = try library.openToChoose(
            record,
            among: set.examples.lazy.map(\.completion)
        )
        var prompts = set.examples.map(\.prompt)
        if let fewShot, chat == nil { prompts = prompts.map(fewShot.before) }
        let tokens =
            fewShot != nil || countsTokens
            ? try model.meanTokens(
                of: prompts,
                isWhole: fewShot != nil,
                name: record.displayName,
                rows: set.rows
            ) : nil
        let logprobs = try logprobs(of: prompts, by: model, record, onProgress)
        let scores = try Scores(
            labels: model.labels,
            truth: set.examples.map(\.completion),
            logprobs: logprobs
        )
        let seconds = clock.seconds().flatMap { end in start.map { end - $0 } }
        return Scored(
            model: record,
            scores: scores,
            rows: set.rows,
            skippedRows: set.skippedRows,
            seconds: seconds,
            tokens: tokens
        )
    }

    /// A model's answers as columns beside the rows they belong to.
    public struct Answers: Sendable {
        /// The most probable completion, without blanks at its ends; whole numbers where every completion
        /// that the model knows is one, so that it compares with the column that it was tuned on.
        public var prediction: Column
        /// Its probability.
        public var probability: Column
        /// Whether it is the row's completion; null where the row has none.
        public var correct: Column
    }

    /// Answers every row of a dataset through the model's own format.
    ///
    /// Probabilities are taken at `temperature` when it is given. `onProgress` is called with the rows done.
    public func predict(
        _ record: ModelRecord,
        on dataset: Dataset,
        temperature: Double? = nil,
        onProgress: (Int) -> Void
    ) throws -> Answers {
        let library = ModelLibrary(workspace)
        if place != nil { try ClusterLibrary(workspace).check(answers: record) }
        let model = try library.openToChoose(record, of: dataset)
        let chat = try library.rendering(of: record)
        let frame = dataset.frame
        let width = model.labels.count
        let shown = model.labels.map(\.withoutOuterBlanks)
        let numbers = shown.compactMap { label in
            Int64(label).flatMap { String($0) == label ? $0 : nil }
        }
        let isNumeric = !shown.isEmpty && numbers.count == shown.count
        var prediction = ColumnBuilder(isNumeric ? .integer : .text, reserving: frame.count)
        var probability = ColumnBuilder(.number, reserving: frame.count)
        var correct = ColumnBuilder(.boolean, reserving: frame.count)
        // In blocks, so that prompts and probabilities of all labels are not held for all rows; no row
        // at all is a block too, whose columns are looked up. A cluster divides all rows among its jobs.
        let block = place == nil ? block : max(1, frame.count)
        for start in stride(from: 0, to: max(1, frame.count), by: block) {
            let rows = frame.rows[start..<min(start + block, frame.count)]
            let part = dataset.replacing(frame: frame.showing(Array(rows)), adding: "rows")
            let set = try PromptSet(part, format: record.format, chat: chat)
            var logprobs = try logprobs(of: set.prompts, by: model, record) {
                onProgress(start + $0)
            }
            if let temperature {
                logprobs = TemperatureScaling.scaled(logprobs, width, by: temperature)
            }
            for row in set.prompts.indices {
                let values = logprobs[row * width..<(row + 1) * width]
                let best = values.indices.reduce(values.startIndex) {
                    values[$1] > values[$0] ? $1 : $0
                }
                let label = best - values.startIndex
                if isNumeric {
                    prediction.append(numbers[label])
                } else {
                    try prediction.append(shown[label])
                }
                probability.append(exp(values[best]))
                if let truth = set.completions[row] {
                    correct.append(truth == model.labels[label])
                } else {
                    correct.appendNull()
                }
            }
        }
        return Answers(
            prediction: prediction.build(over: frame),
            probability: probability.build(over: frame),
            correct: correct.build(over: frame)
        )
    }

    private func logprobs(
        of prompts: [String],
        by model: TunedModel,
        _ record: ModelRecord,
        _ onProgress: (Int) -> Void
    ) throws -> [Double] {
        guard let place, !prompts.isEmpty else {
            return try model.logprobs(of: prompts, onProgress: onProgress)
        }
        let scoring = try ClusterScoring(
            ClusterLibrary(workspace),
            at: place,
            onWarning: onWarning
        )
        return try scoring.logprobs(
            of: prompts,
            labels: model.labels,
            weights: ModelLibrary(workspace).path(of: record),
            onProgress: onProgress
        )
    }

    /// Stores a report.
    public func keep(_ report: JSONValue, model: ModelRecord, dataset: Dataset) throws(Diagnostic) {
        try workspace.store().insertEvaluation(
            model: model.id,
            dataset: dataset.name,
            datasetFingerprint: dataset.fingerprint,
            report: report,
            createdAt: clock.now()
        )
    }
}

extension TunedModel {
    /// Returns the log probabilities of all labels for all prompts, `[prompts, labels]` row-major; each row's
    /// probabilities add up to 1.
    ///
    /// Each row's values do not depend on how the rows are divided among threads.
    func logprobs(of prompts: [String], onProgress: (Int) -> Void) throws -> [Double] {
        var all: [Double] = []
        all.reserveCapacity(prompts.count * labels.count)
        for start in stride(from: 0, to: prompts.count, by: block) {
            try Task.checkCancellation()
            let end = min(start + block, prompts.count)
            if scoresOnOneThread {
                for values in try scoreHalves(of: prompts[start..<end]) { all += values }
            } else {
                all += try score(prompts[start..<end])
            }
            onProgress(end)
        }
        if !isClosed { normalize(&all) }
        return all
    }

    private func scoreHalves(of prompts: ArraySlice<String>) throws -> [[Double]] {
        let middle = (prompts.startIndex + prompts.endIndex) / 2
        let halves = Mutex([Result<[Double], any Error>](repeating: .success([]), count: 2))
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let values = Result { try score(half == 0 ? prompts[..<middle] : prompts[middle...]) }
            halves.withLock { $0[half] = values }
        }
        return try halves.withLock { $0 }.map { try $0.get() }
    }

    /// Divides each row by the sum of its probabilities.
    private func normalize(_ logprobs: inout [Double]) {
        for start in stride(from: 0, to: logprobs.count, by: max(1, labels.count)) {
            let row = start..<start + labels.count
            guard let largest = logprobs[row].max(), largest.isFinite else { continue }
            let sum = logprobs[row].reduce(0) { $0 + exp($1 - largest) }
            for place in row { logprobs[place] -= largest + log(sum) }
        }
    }
}
