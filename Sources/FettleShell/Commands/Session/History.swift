import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct History: Command {
    static let count = Option<Int>.word(
        "count",
        required: false,
        default: "20",
        unit: "commands",
        help: "how many of the last"
    )
    static let session = Option<Bool>.flag("session", help: "of this session only")
    static let failed = Option<Bool>.flag("failed", help: "those that failed only")
    static let long = Option<Bool>.flag("long", help: "with the time and the duration of each")
    static let last = Option<Int>.setting(
        "last",
        unit: "commands",
        help: "how many of the last, as the count"
    )
    static let text = Option<ArgumentWord>.setting(
        "grep",
        help: "those that contain this text only"
    )

    static let declaration = CommandDeclaration(
        "history",
        group: .session,
        summary: "list the commands of this workspace with their numbers",
        details: """
            Every command is stored before it runs, its secrets taken out; not one that begins with a blank.
            What is typed at any prompt is kept in $XDG_STATE_HOME/fettle/history as well (~/.local/state by
            itself), where Up and Ctrl-R find it; 'fettle --no-history' and FETTLE_NO_HISTORY=1 keep nothing
            there, and the workspace's commands all the same.
            """,
        parameters: [
            count.parameter, session.parameter, failed.parameter, text.parameter, last.parameter,
            long.parameter,
        ],
        effect: .none,
        examples: [
            .init("history 5", "the last five commands"),
            .init("history --failed --grep=tune", "tunings that failed"),
            .init(
                "history --session --last=3 --long",
                "the last three of this session, with times"
            ),
        ]
    )

    let count: Int
    let isOfSession: Bool
    let isFailed: Bool
    let isLong: Bool
    let text: String?

    init(_ arguments: Arguments) throws(Diagnostic) {
        let last = try arguments.value(Self.last)
        let count = try arguments.value(Self.count, or: 20)
        self.count = max(1, last ?? count)
        isLong = arguments.has(Self.long)
        isOfSession = arguments.has(Self.session)
        isFailed = arguments.has(Self.failed)
        text = try arguments.value(Self.text)?.text
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let workspace = context.services.workspace
        var cells =
            try workspace.existingStore()?.cells(
                session: isOfSession ? workspace.session : nil,
                outcome: isFailed ? .failed : nil,
                containing: text,
                limit: count + 1
            ) ?? []
        // The last that runs is this command itself.
        if let own = cells.lastIndex(where: { $0.outcome == .running }) { cells.remove(at: own) }
        cells = cells.suffix(count)
        guard !cells.isEmpty else { return CommandOutput(blocks: [.note("no command is stored")]) }
        let times: [TextTable.Column] =
            isLong ? [.init("time"), .init("took", .right)] : []
        let table = TextTable(
            columns: [.init("#", .right)] + times + [.init(""), .init("command")],
            rows: cells.map { cell in
                let times: [TextTable.Cell] =
                    isLong
                    ? [
                        .text(TimeText.local(cell.startedAt)),
                        cell.duration.map { .text(NumberText.duration(seconds: Double($0) / 1000)) }
                            ?? .blank,
                    ] : []
                return [.text(String(cell.id))] + times
                    + [Self.mark(cell.outcome), .text(cell.source)]
            }
        )
        return CommandOutput(blocks: [.table(table)])
    }

    private static func mark(_ outcome: CellOutcome) -> TextTable.Cell {
        switch outcome {
        case .succeeded: .blank
        case .failed: .text("failed")
        case .cancelled: .text("cancelled")
        case .running: .text("running")
        }
    }
}
