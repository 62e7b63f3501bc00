import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Use: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        kind: .dataset,
        help: "the dataset to work on"
    )

    static let declaration = CommandDeclaration(
        "use",
        group: .data,
        summary: "make a dataset the current one, which commands take when none is named",
        parameters: [dataset.parameter],
        effect: .state,
        examples: [
            .init("use reviews.train", "work on the training part"),
            .init("use reviews", "work on the whole again"),
        ]
    )

    let dataset: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.required(Self.dataset)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let chosen = try session.dataset(dataset)
        try session.library.use(chosen.name)
        let rows = NumberText.count(chosen.frame.count, "row")
        return CommandOutput(blocks: [.note("\(chosen.name): \(rows)")])
    }
}
