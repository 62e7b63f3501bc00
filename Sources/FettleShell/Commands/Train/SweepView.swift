import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Shows a search over settings.
struct SweepView {
    let sweep: SweepRecord
    let trials: [TrialRecord]
    let metric: any Metric.Type
    /// The settings that differ between trials.
    let names: [String]
    private let showsTime: Bool

    init(
        _ sweep: SweepRecord,
        _ trials: [TrialRecord],
        _ metric: any Metric.Type,
        clock: WorkClock
    ) {
        self.sweep = sweep
        self.trials = trials
        self.metric = metric
        names = trials.first?.settings.map(\.name) ?? []
        showsTime = clock.seconds() != nil
    }

    /// A figure as people read it.
    static func figure(_ value: Double, isShare: Bool) -> String {
        isShare ? NumberText.percent(value) : NumberText.decimal(value, digits: 3)
    }

    /// A figure with its interval: `63.1 % (95 %: 61.0–65.1 %)`.
    static func figure(_ figure: StoredFigure, isShare: Bool) -> String {
        let value = Self.figure(figure.value, isShare: isShare)
        guard let ends = figure.interval else { return value }
        return "\(value) (95 %: \(interval(ends, isShare: isShare)))"
    }

    private static func interval(_ ends: ClosedRange<Double>, isShare: Bool) -> String {
        guard isShare else {
            let low = NumberText.decimal(ends.lowerBound, digits: 3)
            return "\(low)–\(NumberText.decimal(ends.upperBound, digits: 3))"
        }
        let low = NumberText.decimal(ends.lowerBound * 100, digits: 1)
        return "\(low)–\(NumberText.percent(ends.upperBound))"
    }

    /// Whether the number of rows differs without being a setting.
    private var showsRows: Bool { !names.contains("rows") && Set(trials.map(\.rows)).count > 1 }
    private var isShare: Bool { metric.isShare }
    private var hasRounds: Bool { trials.contains { $0.round > 0 } }
    private var lastRound: Int { trials.map(\.round).max() ?? 0 }

    /// The trials of the last round, the best first, then those of the rounds before, and what failed.
    ///
    /// Those of a learning curve are in the order of their rows.
    private var ranked: [TrialRecord] {
        if names == ["rows"] { return trials.sorted { $0.rows < $1.rows } }
        var all: [TrialRecord] = []
        for round in stride(from: lastRound, through: 0, by: -1) {
            let these = trials.filter { $0.round == round }
            all += SweepPlan.ranked(these, by: metric) + these.filter { $0.figure == nil }
        }
        return all
    }

    /// The table of the trials, and why some have no figure.
    func blocks(limit: Int?) -> [OutputBlock] {
        let all = ranked
        let shown = limit.map { Array(all.prefix($0)) } ?? all
        var columns: [TextTable.Column] = [.init("trial", .right)]
        if hasRounds { columns.append(.init("round", .right)) }
        columns += names.map { .init($0, .right) }
        if showsRows { columns.append(.init("rows", .right)) }
        columns += [.init(metric.name, .right), .init("95 %", .right)]
        if showsTime { columns.append(.init("seconds", .right)) }
        if !numbers.isEmpty { columns.append(.init("job", .right)) }
        var table = TextTable(columns: columns, rows: shown.map(cells))
        if shown.count < all.count {
            let left = NumberText.count(all.count - shown.count, "trial")
            table.footer = "… \(left) more; 'sweeps \(sweep.number) > FILE.csv' writes all"
        }
        var blocks: [OutputBlock] = [
            .text(
                "sweep \(sweep.number): \(sweep.base) on \(sweep.dataset), "
                    + "\(NumberText.count(sweep.trialCount, "trial")) by \(metric.name)"
            ), .table(table),
        ]
        for trial in all where trial.error != nil {
            blocks.append(.warning("trial \(trial.number) failed: \(trial.error ?? "")"))
        }
        return blocks
    }

    private func cells(_ trial: TrialRecord) -> [TextTable.Cell] {
        var cells: [TextTable.Cell] = [.number(Double(trial.number), String(trial.number))]
        if hasRounds { cells.append(.number(Double(trial.round + 1), String(trial.round + 1))) }
        cells += trial.settings.map { setting in
            Double(setting.value).map { .number($0, setting.value) } ?? .text(setting.value)
        }
        if showsRows {
            cells.append(.number(Double(trial.rows), NumberText.count(trial.rows)))
        }
        if let figure = trial.figure {
            cells += [
                .number(figure.value, Self.figure(figure.value, isShare: isShare)),
                figure.interval.map { .text(Self.interval($0, isShare: isShare)) } ?? .blank,
            ]
        } else {
            cells += [.blank, .blank]
        }
        if showsTime {
            let seconds = Double(trial.milliseconds) / 1000
            cells.append(.number(seconds, NumberText.decimal(seconds, digits: 2)))
        }
        if !numbers.isEmpty { cells.append(.text(numbers[[trial.round, trial.number]] ?? "")) }
        return cells
    }

    /// The numbers of the jobs by round and trial; set by whoever can look them up.
    var numbers: [[Int]: String] = [:]

    private var best: TrialRecord? {
        trials.first { $0.round == lastRound && $0.number == sweep.best }
    }

    /// What the best trial is, and what became of its model.
    func best(_ model: ModelRecord) -> String {
        guard let best, let figure = best.figure else { return "" }
        let settings = best.settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        let name = model.name.map { "\($0): \(model.id)" } ?? model.id
        return "best: \(settings), \(Self.figure(figure, isShare: isShare)), kept as \(name)"
    }

    /// The learning curve, where trials differ in their rows alone.
    func curve() -> [OutputBlock] {
        guard names == ["rows"], !hasRounds else { return [] }
        let measured = trials.filter { $0.figure != nil }.sorted { $0.rows < $1.rows }
        let points = measured.compactMap { trial in
            trial.figure.map {
                LearningCurve.Point(
                    rows: trial.rows,
                    Estimate($0.value, interval: $0.interval)
                )
            }
        }
        guard let curve = LearningCurve(of: metric, points), let last = points.last else {
            return [.note("a forecast takes three numbers of rows, such as rows=500,1000,2000")]
        }
        guard curve.isRisingWithRows else {
            return [.note("no forecast: more rows made no better figure here")]
        }
        let twice = curve.forecast(rows: last.rows * 2)
        let now = Self.figure(last.estimate.value, isShare: isShare)
        let then = Self.figure(
            StoredFigure(twice.value, interval: twice.interval),
            isShare: isShare
        )
        return [
            .text(
                "twice the rows (\(NumberText.count(last.rows * 2))): \(now) → about \(then), if the curve goes on as it did"
            )
        ]
    }

    /// What the best figure is worth, and the figure on test rows.
    func caution(otherTests: Int = 0) -> [OutputBlock] {
        guard let test = sweep.test else {
            guard sweep.trialCount > 1, names != ["rows"] else { return [] }
            return [
                .note(
                    "the best of \(NumberText.count(sweep.trialCount)) has been lucky, too: its figure is optimistic; "
                        + "'sweeps \(sweep.number) test=DATASET' measures it once on rows without a part in the choice"
                )
            ]
        }
        let shown = Self.figure(test.figure, isShare: isShare)
        var blocks: [OutputBlock] = [
            .text("on \(test.dataset), which had no part in the choice: \(shown)")
        ]
        if otherTests > 0 {
            blocks.append(
                .warning(
                    "these rows have judged \(NumberText.count(otherTests, "other sweep")) before; who chooses among "
                        + "sweeps by them needs new test rows"
                )
            )
        }
        return blocks
    }

    /// The search as one object, figures as fractions at full precision.
    var json: JSONValue {
        func figure(_ figure: StoredFigure?) -> [JSONValue.Member] {
            [
                .init("value", figure.map { .number($0.value) } ?? .null),
                .init("low", (figure?.interval?.lowerBound).map { .number($0) } ?? .null),
                .init("high", (figure?.interval?.upperBound).map { .number($0) } ?? .null),
            ]
        }
        var members: [JSONValue.Member] = [
            .init("sweep", .integer(Int64(sweep.number))),
            .init("base", .string(sweep.base)),
            .init("dataset", .string(sweep.dataset)),
            .init("metric", .string(metric.name)),
            .init("best", sweep.best.map { .integer(Int64($0)) } ?? .null),
            .init("model", sweep.model.map { .string($0) } ?? .null),
            .init(
                "trials",
                .array(
                    ranked.map { trial in
                        .object(
                            [
                                .init("trial", .integer(Int64(trial.number))),
                                .init("round", .integer(Int64(trial.round + 1))),
                                .init("rows", .integer(Int64(trial.rows))),
                                .init(
                                    "settings",
                                    .object(
                                        trial.settings.map { .init($0.name, .string($0.value)) }
                                    )
                                ),
                            ] + figure(trial.figure)
                                + [.init("error", trial.error.map { .string($0) } ?? .null)]
                        )
                    }
                )
            ),
        ]
        if let test = sweep.test {
            members.append(
                .init(
                    "test",
                    .object([.init("dataset", .string(test.dataset))] + figure(test.figure))
                )
            )
        }
        return .object(members)
    }
}
