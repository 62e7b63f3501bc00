import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// A picture that `plot` draws.
///
/// To add one, conform an enum in a file of this folder and list it in ``PlotKinds/all``.
protocol PlotKind: Sendable {
    /// The word after `plot`.
    static var name: String { get }
    /// Other words for it, by which it is found.
    static var synonyms: [String] { get }
    /// What it draws, one sentence without a full stop.
    static var summary: String { get }
    /// How many names stand after it: models, or a dataset.
    static var names: ClosedRange<Int> { get }

    /// Returns the picture, and what is to be said beside it.
    ///
    /// - Throws: a ``Diagnostic``, such as `no-rows` where there is nothing to draw, and `CancellationError`.
    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock])
}

/// The pictures that there are.
enum PlotKinds {
    /// All kinds; one line a kind.
    static let all: [any PlotKind.Type] = [
        BalancePlot.self,
        LengthsPlot.self,
        ConfusionPlot.self,
        ReliabilityPlot.self,
        RejectionPlot.self,
        ComparisonPlot.self,
        SweepPlot.self,
        LinesPlot.self,
    ]

    /// Returns what is proposed to whoever asks for a kind that is none: the near names, the kind that the word
    /// is another word for, or the command that draws it; nil when there is none.
    static func hint(for word: String) -> String? {
        let lowered = word.lowercased()
        let kind = all.first { $0.synonyms.contains(lowered) }
        if let kind { return "did you mean '\(kind.name)'?" }
        if let near = didYouMean(word, among: all.map { $0.name }) { return near }
        let command = CommandCatalogue.synonyms[lowered] ?? lowered
        let isDrawn = ["curve", "cost", "stats"].contains(command)
        return isDrawn ? "'\(command)' draws it" : nil
    }
}

/// What a picture is asked for with.
struct PlotRequest: Sendable {
    /// The names after the kind.
    var names: [ArgumentWord]
    /// The dataset after `on`.
    var dataset: ArgumentWord?
    /// The column or columns.
    var column: ArgumentWord?
    /// How many labels are shown.
    var top: Int
    /// Whether probabilities are taken at the fitted temperature.
    var isCalibrated: Bool
    /// The seed of a bootstrap.
    var seed: UInt64
    /// The place of the command.
    var span: SourceSpan

    /// Returns the rows that a picture of data is of: those from a pipe, the dataset named, or the current one.
    ///
    /// - Throws: `no-rows` when there are none.
    func rows(in session: Session, _ context: Context) throws(Diagnostic) -> Dataset {
        let source = try context.source(names.first ?? dataset, session)
        guard source.frame.count > 0 else {
            throw Diagnostic(
                "no-rows",
                "'\(source.name)' has no rows to draw",
                span: names.first?.span ?? span,
                hint: "'undo' takes the last filter back"
            )
        }
        return source
    }

    /// Answers the rows with the model that is named.
    func scored(
        in session: Session,
        _ context: Context
    ) throws -> (scores: Scores, model: ModelRecord, source: Dataset) {
        let source = try session.dataset(dataset)
        let word = names[0]
        let record = try context.services.model(word, on: source)
        let temperature = try context.services.temperature(of: record, word, isWanted: isCalibrated)
        let progress = context.services.progress
        let judge = Judge(context.services.workspace, clock: context.services.clock)
        let scores = try judge.score(record, on: source) { done in
            progress.update(done: done, total: source.frame.count, unit: "rows")
        }.scores
        return (temperature.map { scores.atTemperature($0) } ?? scores, record, source)
    }
}
