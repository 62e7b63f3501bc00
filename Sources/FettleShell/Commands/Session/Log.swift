import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import Foundation

struct Log: Command {
    static let file = Option<ArgumentWord>.word(
        "file",
        required: false,
        kind: .file(["log", "txt"]),
        help: "the file to add to, or off"
    )

    static let declaration = CommandDeclaration(
        "log",
        group: .session,
        summary: "keep a transcript of what follows in a file",
        details: """
            Each command is added before it runs and what it shows after it, as plain text without colours and
            with secrets taken out. 'log off' ends it; 'log' says where it goes. Commands typed after a blank
            stay out.
            """,
        parameters: [file.parameter],
        effect: .files,
        examples: [
            .init("log walk.txt; stats by=stars; log off", "a transcript of one command"),
            .init("log", "whether one is kept"),
        ]
    )

    let file: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        file = try arguments.value(Self.file)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard let file else {
            let text = session.log.map { "the transcript goes to \($0)" } ?? "no transcript is kept"
            return CommandOutput(blocks: [.note(text)])
        }
        if file.text == "off", !file.isQuoted {
            guard let log = session.log else {
                return CommandOutput(blocks: [.note("no transcript was kept")])
            }
            session.log = nil
            return CommandOutput(blocks: [.note("the transcript in \(log) ends")])
        }
        let path = URL(fileURLWithPath: file.text).standardizedFileURL.path
        do {
            // Says at once when the file cannot be written.
            try WholeFile.write([], to: path, appending: true)
        } catch {
            throw error.located(at: file.span)
        }
        session.log = path
        return CommandOutput(blocks: [.note("the transcript goes to \(path)")])
    }
}

/// The file that `log` names.
enum TranscriptLog {
    /// Adds a command; its further lines stand under the first.
    static func add(command: String, to path: String) throws(Diagnostic) {
        let lines = command.split(separator: "\n", omittingEmptySubsequences: false)
        try add(text: "fettle> " + lines.joined(separator: "\n   ...> ") + "\n", to: path)
    }

    /// Adds what a command showed.
    static func add(text: String, to path: String) throws(Diagnostic) {
        try WholeFile.write(Array(Sanitizer.block(text).utf8), to: path, appending: true)
    }
}
