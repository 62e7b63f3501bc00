import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Concat: Command {
    static let datasets = Option<ArgumentWord>.words(
        "datasets",
        kind: .dataset,
        help: "the datasets whose rows follow one another"
    )

    static let declaration = CommandDeclaration(
        "concat",
        group: .data,
        summary: "put the rows of several datasets one after the other",
        details: "Columns are matched by name; what a dataset lacks is missing in its rows.",
        parameters: [datasets.parameter, StepOptions.name.parameter],
        effect: .state,
        givesRows: true,
        examples: [
            .init("concat reviews.train reviews.validation as more", "train on both"),
            .init("concat reviews.test reviews.validation | stats by=stars", "look at both"),
        ]
    )

    let datasets: [ArgumentWord]
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        datasets = try arguments.values(Self.datasets)
        name = try arguments.value(StepOptions.name)
        guard datasets.count >= 2 else {
            throw Diagnostic(
                "missing-argument",
                "'concat' needs at least two datasets, got \(datasets.count)",
                span: datasets.first?.span ?? arguments.span
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let first = try session.dataset(datasets[0])
        let others = try datasets.dropFirst().map { word throws(Diagnostic) in
            try session.dataset(word)
        }
        let step = FettleData.Concat(others.map { .init($0.name, $0.frame) })
        let total = first.frame.count + others.reduce(0) { $0 + $1.frame.count }
        return try context.keep(
            first.replacing(
                frame: try step.apply(to: first.frame),
                adding: step.summary + "  # "
                    + others.map { String($0.fingerprint.prefix(12)) }.joined(separator: " ")
            ),
            was: total,
            as: name,
            in: &session
        )
    }
}
