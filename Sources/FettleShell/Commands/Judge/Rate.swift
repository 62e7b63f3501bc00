import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Rate: Command {
    static let models = Option<ArgumentWord>.words(
        "models",
        kind: .model,
        help: "two models whose answers are judged"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows that they answer"
    )
    static let count = Option<Int>.setting(
        "n",
        default: "50",
        unit: "rows",
        help: "how many rows are shown at most"
    )
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        help: "decides the order of the rows, and which answer stands first"
    )
    static let maxTokens = Option<Int>.setting(
        "max_tokens",
        default: "64",
        unit: "tokens",
        help: "the most tokens of a written answer"
    )
    static let answers = Option<ArgumentWord>.setting(
        "answers",
        kind: .text,
        default: "asked for",
        help: "what is said of each row in turn, with commas, as a script does: 1,2,=,skip,stop"
    )

    static let declaration = CommandDeclaration(
        "rate",
        group: .judge,
        summary: "judge two models' answers side by side, without knowing which is whose",
        details: """
            Rows come one at a time in a random order, the answers in one too: '1' or '2' for the better one, '=' for
            neither, 's' to skip the row, 'q' to stop. Rows with the same answer twice are counted, and nobody is asked
            about them. What was said is stored at once: the same command goes on where it stopped. Without a terminal
            the words 1, 2, =, skip and stop are read from standard input, a line each, where that is free. It ends
            with an exact two-sided sign test of the rows where one was better.
            """,
        parameters: [
            models.parameter, dataset.parameter, count.parameter, seed.parameter,
            maxTokens.parameter, answers.parameter,
        ],
        effect: .files,
        examples: [
            .init(
                "rate stars again on reviews.test n=3 answers=1,=,2",
                "three rows, judged by a script"
            ),
            .init(
                "rate stars again on reviews.test n=20 seed=7 answers=skip,stop",
                "in another order; at a terminal leave 'answers' out"
            ),
        ]
    )

    private static let mostTokens = 1 << 20

    let models: [ArgumentWord]
    let dataset: ArgumentWord?
    let count: Int
    let seed: UInt64
    let maxTokens: Int
    let answers: [RatingWord]?
    private let span: SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        models = try arguments.values(Self.models)
        dataset = try arguments.value(Self.dataset)
        count = try arguments.value(Self.count, or: 50)
        seed = try arguments.value(Self.seed, or: 0)
        maxTokens = try arguments.value(Self.maxTokens, or: 64)
        answers = try arguments.value(Self.answers).map { word throws(Diagnostic) in
            try word.text.split(separator: ",").map { part throws(Diagnostic) in
                guard let answer = RatingWord(String(part)) else {
                    throw expected(
                        "1, 2, =, skip and stop with commas",
                        word,
                        for: "answers"
                    )
                }
                return answer
            }
        }
        span = arguments.span
        if let word = arguments.word(Self.count), count < 1 {
            throw expected("a whole number of at least 1", word, for: "n")
        }
        if let word = arguments.word(Self.maxTokens), !(1...Self.mostTokens).contains(maxTokens) {
            throw expected("1 to \(NumberText.count(Self.mostTokens))", word, for: "max_tokens")
        }
        guard models.count == 2, models[0].text != models[1].text else {
            throw Diagnostic(
                "nothing-to-compare",
                models.count == 2
                    ? "'\(models[0].text)' is named twice, and two models are judged"
                    : "'rate' judges two models, got \(models.count)",
                span: models.last?.span ?? arguments.span,
                hint: "name two, such as: rate first second on reviews.test"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let dialog = try RatingDialog(context, answers, at: span)
        let source = try session.dataset(dataset)
        let records = try models.map { word throws(Diagnostic) in
            try context.services.model(word, on: source)
        }
        guard records[0].id != records[1].id else {
            throw Diagnostic(
                "nothing-to-compare",
                "'\(models[0].text)' and '\(models[1].text)' are the same model, and two are judged",
                span: models[1].span,
                hint: "'models' lists the models"
            )
        }
        var round = try RatingRound(
            (records[0], records[1]),
            on: source,
            count: count,
            seed: seed,
            maxTokens: maxTokens,
            in: context.services.workspace,
            clock: context.services.clock
        )
        do {
            try await dialog.judge(&round, rows: source.frame.count)
        } catch is CancellationError {
            throw Interruption(text: "interrupted: " + RateView.way(round))
        }
        let view = RateView(names: records.map(\.displayName), round)
        return CommandOutput(blocks: view.blocks, value: view.value)
    }
}

/// What somebody says of two answers.
enum RatingWord: Hashable, Sendable {
    case choice(RatingRound.Choice)
    case stop

    /// Reads a word or the key that stands for it; nil for any other.
    init?(_ text: String) {
        switch text.lowercased() {
        case "1": self = .choice(.upper)
        case "2": self = .choice(.lower)
        case "=", "neither": self = .choice(.neither)
        case "s", "skip": self = .choice(.skip)
        case "q", "stop": self = .stop
        default: return nil
        }
    }

    /// What is said after a key was pressed.
    var shown: String {
        switch self {
        case .choice(.upper): "1 is better"
        case .choice(.lower): "2 is better"
        case .choice(.neither): "neither is better"
        case .choice(.skip): "skipped"
        case .stop: "stopped"
        }
    }
}
