import ArgumentParser
import CTerminal
import FettleCore
import FettleNotebook
import FettleShell

/// The program: its arguments, and what they start.
@main
struct Fettle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fettle",
        abstract: "A notebook shell for fine-tuning language models.",
        discussion: """
            Without arguments it starts the shell. With -c it runs commands, with FILE a script, and with - \
            or a pipe what comes on standard input. 'fettle -c help' lists the shell's commands.
            """,
        version: FettleVersion.text,
        subcommands: [Start.self, RunScripts.self, ServeCommand.self, OpenAICommand.self],
        defaultSubcommand: Start.self
    )

    /// Runs the program; wrong use of its arguments gives the same status as wrong use of the language.
    static func main() async {
        do {
            var command: any ParsableCommand =
                if let explanation = RunScripts.explanation(of: CommandLine.arguments) {
                    explanation
                } else {
                    try parseAsRoot()
                }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            var message = Sanitizer.block(fullMessage(for: error)) + "\n"
            message.withUTF8 { _ = fettle_write_all(2, $0.baseAddress, $0.count) }
            exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
    }
}

/// Options that both ways of running share.
struct WorkspaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of records and models.", valueName: "dir"))
    var workspace: String?

    @Flag(help: "Keep nothing on disk.")
    var ephemeral = false

    @Option(help: "When to use colour: auto, always or never.")
    var color: ColourChoice = .auto
}

/// When to use colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}

/// What the start reads and keeps of the user's own.
struct StartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Commands to run before all others, also before -c, a script or a pipe.",
            discussion: """
                Only the prompt has one by itself: $XDG_CONFIG_HOME/fettle/rc.fettle, or \
                ~/.config/fettle/rc.fettle. A folder's own is never read.
                """,
            valueName: "file"
        )
    )
    var rc: String?

    @Flag(help: "Do not run the rc file.")
    var noRc = false

    @Flag(
        help: ArgumentHelp(
            "Keep nothing that is typed for Up and Ctrl-R of later sessions.",
            discussion: """
                So does FETTLE_NO_HISTORY=1. The commands of a workspace are recorded in it all the same: \
                a line that begins with a blank is not, and --ephemeral has no workspace.
                """
        )
    )
    var noHistory = false
}

/// Runs commands, a script, or the prompt.
struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Start the shell, or run commands or a script (the default)."
    )

    @OptionGroup var options: WorkspaceOptions
    @OptionGroup var start: StartOptions

    @Option(
        name: .short,
        help: ArgumentHelp("Run this command; may be given several times.", valueName: "command")
    )
    var command: [String] = []

    @Argument(help: ArgumentHelp("Script to run; - is standard input.", valueName: "file"))
    var file: String?

    func validate() throws {
        if file != nil, !command.isEmpty {
            throw ValidationError("give -c or a file, not both")
        }
        if start.rc != nil, start.noRc {
            throw ValidationError("give --rc or --no-rc, not both")
        }
    }

    func run() async throws {
        let composition = Composition(
            options,
            commandsComeFromStandardInput: file == "-" || (file == nil && command.isEmpty),
            isInteractive: file == nil && command.isEmpty && fettle_is_terminal(0)
                && fettle_is_terminal(1),
            start: start
        )
        let status: ExitStatus
        if !command.isEmpty {
            status = await composition.run(command.map { SourceText(text: $0) })
        } else if let file, file != "-" {
            status = await composition.run(file: file)
        } else if file == nil, fettle_is_terminal(0), fettle_is_terminal(1) {
            status = await composition.prompt()
        } else {
            status = await composition.runStandardInput()
        }
        throw ExitCode(status.rawValue)
    }
}
