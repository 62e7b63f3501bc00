import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Models: Command {
    static let declaration = CommandDeclaration(
        "models",
        group: .models,
        summary: "list the tuned models of the workspace, and the base models",
        effect: .none,
        examples: [
            .init("models", "names, ids and what they were tuned on"),
            .init("models > /dev/null", "write the list somewhere"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let tuned = try context.services.models.models()
        var blocks: [OutputBlock] = []
        if !tuned.isEmpty {
            blocks.append(
                .table(
                    TextTable(
                        columns: [
                            .init("model"), .init("id"), .init("tuned on"),
                            .init("examples", .right), .init("labels", .right),
                        ],
                        rows: tuned.map { model in
                            [
                                model.name.map { .text($0) } ?? .blank,
                                .text(model.id),
                                .text(model.dataset),
                                .text(NumberText.count(model.examplesSeen)),
                                .text(NumberText.count(model.labelCount)),
                            ]
                        }
                    )
                )
            )
        }
        let bases = try context.services.models.bases()
        blocks.append(.fields(bases.map { .init("base \($0.name)", $0.summary) }))
        return CommandOutput(blocks: blocks)
    }
}
