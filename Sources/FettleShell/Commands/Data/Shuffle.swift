import FettleCore
import FettleData
import FettleLanguage

struct Shuffle: Command {
    static let seed = Option<UInt64>.setting("seed", default: "0", help: "seed of the order")

    static let declaration = CommandDeclaration(
        "shuffle",
        group: .data,
        summary: "put the rows into a random order",
        parameters: [seed.parameter, StepOptions.name.parameter],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("shuffle seed=7", "the same order each time for the same seed"),
            .init("rows reviews | shuffle seed=1 | rows 3", "three rows from anywhere"),
        ]
    )

    let seed: UInt64
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        seed = try arguments.value(Self.seed, or: 0)
        name = try arguments.value(StepOptions.name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        return try context.apply(
            FettleData.Shuffle(seed: seed),
            to: source,
            as: name,
            in: &session,
            seed: seed
        )
    }
}
