import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Datasets: Command {
    static let declaration = CommandDeclaration(
        "datasets",
        group: .data,
        summary: "list the datasets of this session",
        effect: .none,
        examples: [
            .init("datasets", "list them, the current one marked with *"),
            .init("datasets > /dev/null", "write the list somewhere"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let all = session.library.datasets
        guard !all.isEmpty else {
            return CommandOutput(blocks: [.note("no dataset is loaded: load samples/reviews.jsonl")]
            )
        }
        let table = TextTable(
            columns: [
                .init(""), .init("dataset"), .init("rows", .right), .init("version", .right),
                .init("format"), .init("source"), .init("fingerprint"),
            ],
            rows: all.map { dataset in
                [
                    dataset.name == session.library.current ? .text("*") : .blank,
                    .text(dataset.name),
                    .text(NumberText.count(dataset.frame.count)),
                    .text(String(dataset.version)),
                    dataset.format == nil ? .blank : .text("yes"),
                    .text(dataset.source.name),
                    .text(String(dataset.fingerprint.prefix(12))),
                ]
            }
        )
        return CommandOutput(blocks: [.table(table)])
    }
}
