import FettleCore
import FettleLanguage
import FettleNotebook

struct PlotCommand: Command {
    static let kind = Option<ArgumentWord>.word(
        "kind",
        kind: .choice(PlotKinds.all.map { $0.name }),
        help: PlotKinds.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ")
    )
    static let names = Option<ArgumentWord>.words(
        "names",
        required: false,
        kind: .model,
        help:
            "the models, with balance, lengths and lines the dataset, with sweep its number; the current one when left out"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows that models answer"
    )
    static let column = Option<ArgumentWord>.setting(
        "column",
        kind: .columns,
        default: "that of the completion; with lengths columns of long texts",
        help: "balance, lengths, lines: whose values are drawn; of lines the first is gone along"
    )
    static let top = Option<Int>.setting(
        "top",
        default: "40",
        unit: "labels",
        help: "balance, confusion: how many labels stand by themselves, the largest first"
    )
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        help: "comparison: seed of the bootstrap"
    )

    static let declaration = CommandDeclaration(
        "plot",
        group: .judge,
        summary: "draw data, a model's answers or several models as a picture",
        details: """
            On a terminal the picture is drawn in characters, in a pipe in ASCII; '> FILE.svg' writes it as a
            drawing whose text stays text, '> FILE.png' as an image (by rsvg-convert), '> FILE.csv' its figures.
            Intervals are those of 95 %.
            """,
        parameters: [
            kind.parameter, names.parameter, dataset.parameter, column.parameter, top.parameter,
            CalibratedOption.flag.parameter, seed.parameter, PlotTheme.setting.parameter,
        ],
        effect: .none,
        takesRows: true,
        examples: [
            .init("plot balance reviews column=stars", "how many reviews of each star"),
            .init("plot lengths reviews", "how long the texts are, figure 4.3"),
            .init("plot confusion stars on reviews.test", "which star is taken for which"),
            .init(
                "plot reliability stars on reviews.test > reliability.svg",
                "is it right as often as it is sure? as a drawing"
            ),
            .init("plot comparison stars again on reviews.test", "both with their intervals"),
            .init(
                "sweep ngram on reviews.train validate=reviews.validation n_epochs=1,2; plot sweep 1",
                "which settings the good trials have"
            ),
        ]
    )

    let kind: any PlotKind.Type
    let request: PlotRequest
    let theme: Plot.Theme

    init(_ arguments: Arguments) throws(Diagnostic) {
        let word = try arguments.required(Self.kind)
        let all = PlotKinds.all.map { $0.name }
        guard let found = PlotKinds.all.first(where: { $0.name == word.text }) else {
            throw expected("one of " + all.joined(separator: ", "), word, for: "kind")
                .hinting(PlotKinds.hint(for: word.text))
        }
        kind = found
        theme = try arguments.value(PlotTheme.setting, or: .auto)
        let names = try arguments.values(Self.names)
        guard names.count >= found.names.lowerBound else {
            let count = NumberText.count(found.names.lowerBound, "model")
            throw Diagnostic(
                "missing-argument",
                "'plot \(found.name)' needs \(count), got \(names.count)",
                span: word.span,
                hint: "such as: plot \(found.name) MODEL on DATASET"
            )
        }
        guard names.count <= found.names.upperBound else {
            throw Diagnostic(
                "unexpected-word",
                "'\(names[found.names.upperBound].text)' is one name more than 'plot \(found.name)' takes",
                span: names[found.names.upperBound].span,
                hint: "'help plot' says what each kind takes"
            )
        }
        request = PlotRequest(
            names: names,
            dataset: try arguments.value(Self.dataset),
            column: try arguments.value(Self.column),
            top: max(2, try arguments.value(Self.top, or: 40)),
            isCalibrated: arguments.has(CalibratedOption.flag),
            seed: try arguments.value(Self.seed, or: 0),
            span: arguments.span
        )
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        var drawn = try await kind.draw(request, in: session, context)
        drawn.plot.theme = theme
        return CommandOutput(blocks: [.plot(drawn.plot)] + drawn.remarks)
    }
}
