import FettleCore
import FettleLanguage
import FettleNotebook

struct TutorialCommand: Command {
    /// What can be done with the tutorial.
    enum Action: String, CaseIterable, ArgumentValue {
        case start, next, again, quit
    }

    static let action = Option<Action>.word(
        "action",
        required: false,
        default: "start, or again when it is on",
        help: "next skips the lesson, again shows it once more, quit ends the tutorial"
    )

    static let declaration = CommandDeclaration(
        "tutorial",
        group: .session,
        summary: "learn the shell in five minutes, lesson by lesson",
        details: """
            Each lesson says what to type, and any command that does the same is right. All other commands
            work meanwhile; what you make stays when the tutorial is over.
            """,
        parameters: [action.parameter],
        effect: .state,
        examples: [
            .init("tutorial", "begin, or see the lesson that is on"),
            .init("tutorial; tutorial next", "skip a lesson"),
        ]
    )

    let action: Action?

    init(_ arguments: Arguments) throws(Diagnostic) {
        action = try arguments.value(Self.action)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard var tutorial = session.tutorial, action != .start else {
            guard action == nil || action == .start else {
                return CommandOutput(blocks: [.note("the tutorial is not on; 'tutorial' begins it")]
                )
            }
            let begun = try Tutorial(context.services.workspace)
            session.tutorial = begun
            return CommandOutput(blocks: [
                begun.page, .note("'tutorial next' skips a lesson, 'tutorial quit' ends"),
            ])
        }
        switch action {
        case .quit:
            session.tutorial = nil
            return CommandOutput(blocks: [.note("the tutorial is over; what you made stays")])
        case .next:
            let skipped = tutorial.line
            tutorial.skip()
            session.tutorial = tutorial.isOver ? nil : tutorial
            return CommandOutput(blocks: [
                .note("skipped, though later lessons may need it: \(skipped)"), tutorial.page,
            ])
        case .start, .again, nil: return CommandOutput(blocks: [tutorial.page])
        }
    }
}
