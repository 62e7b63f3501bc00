import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench
import Foundation

struct Copy: Command {
    static let mode = Option<OutputMode>.clause(
        "as",
        default: "wide",
        help: "the form to copy it in"
    )

    static let declaration = CommandDeclaration(
        "copy",
        group: .session,
        summary: "put what was shown last, or comes through a pipe, on the clipboard",
        details: """
            The terminal is asked to do it (OSC 52), so it works over ssh too; some terminals have to be told
            to allow it. It is copied whole, up to 75,000 bytes, without colours and control characters.
            """,
        parameters: [mode.parameter],
        effect: .none,
        takesOutput: true,
        examples: [
            .init("stats by=stars; copy", "what was just shown"),
            .init("rows 3 | copy as csv", "three rows for a spreadsheet"),
        ]
    )

    /// The longest sequence that terminals take is about 100,000 characters, which hold three quarters of
    /// that.
    private static let limit = 75_000

    let mode: OutputMode
    private let span: FettleCore.SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        mode = try arguments.value(Self.mode) ?? .wide
        span = arguments.span
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let output = context.before ?? session.last else {
            throw Diagnostic(
                "nothing-to-repeat",
                "no command has shown anything yet",
                span: span,
                hint: "'rows' shows the first rows of a dataset; 'rows 3 | copy' copies some"
            )
        }
        let surroundings = context.services.surroundings
        if let skips = surroundings.onSkippedEffect {
            skips()
            return CommandOutput()
        }
        guard let write = surroundings.writeToTerminal else {
            throw Diagnostic(
                "no-terminal",
                "the clipboard is the terminal's, and there is no terminal",
                span: span,
                hint: "write it to a file: last > FILE"
            )
        }
        let text = Sanitizer.block(
            PlainRenderer(width: 80).render(try mode.blocks(of: output))
        )
        guard text.utf8.count <= Self.limit else {
            throw Diagnostic(
                "too-long",
                "\(NumberText.bytes(text.utf8.count)) are too much for the clipboard of a terminal, "
                    + "limit \(NumberText.bytes(Self.limit))",
                span: span,
                hint: "copy fewer rows: rows 20 | copy; or write a file: last > FILE"
            )
        }
        write("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
        // No output of its own: 'last' and the next 'copy' are about what was copied.
        context.show(.note("copied \(NumberText.bytes(text.utf8.count))"))
        return CommandOutput()
    }
}
