import ArgumentParser
import FettleShell

/// Runs scripts, or checks them against their expected output.
struct RunScripts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run scripts, or check their output against their '#>' lines."
    )

    @OptionGroup var options: WorkspaceOptions

    @Flag(help: "Compare the output with the '#>' lines; exit with 3 when it differs.")
    var check = false

    @Flag(help: "Rewrite the '#>' lines that differ.")
    var update = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Value for a 'param' of the scripts.", valueName: "name=value")
    )
    var parameters: [String] = []

    @Option(help: ArgumentHelp("Line or '##' heading to start at.", valueName: "place"))
    var from: String?

    @Option(help: ArgumentHelp("Line or '##' heading to end with.", valueName: "place"))
    var to: String?

    @Flag(help: "Go on after a command that fails; exit with the worst status.")
    var keepGoing = false

    @Flag(help: "Show each command before its output.")
    var echo = false

    @Flag(help: "Show each command and ask: run, edit or skip it, go on or leave.")
    var step = false

    @Flag(help: "Show what would run, with variables put in, and run nothing.")
    var dryRun = false

    @Flag(help: "Go on after the command that failed in the last run; what it had made comes back.")
    var resume = false

    @Argument(
        help: ArgumentHelp(
            "Scripts, or folders of them with --check; 'fettle run FILE --help' explains one.",
            valueName: "file"
        )
    )
    var files: [String]

    private var explains = false

    private enum CodingKeys: CodingKey {
        case options, check, update, parameters, from, to, keepGoing, echo, step, dryRun, resume,
            files
    }

    /// Returns the command that explains scripts, where that is what the arguments ask for.
    static func explanation(of arguments: [String]) -> RunScripts? {
        let asking: Set = ["--help", "-h"]
        guard arguments.dropFirst().first == "run", arguments.contains(where: asking.contains),
            var command = try? parse(arguments.dropFirst(2).filter { !asking.contains($0) })
        else { return nil }
        command.explains = true
        return command
    }

    func validate() throws {
        if files.count > 1, from != nil || to != nil {
            throw ValidationError("--from and --to are for one script")
        }
        if step, resume || dryRun || check || update {
            throw ValidationError(
                "--step does not go with --resume, --dry-run, --check or --update"
            )
        }
        if resume, files.count > 1 || from != nil || to != nil || !parameters.isEmpty {
            throw ValidationError("--resume takes one script and no --from, --to or --set")
        }
    }

    func run() async throws {
        let composition = Composition(
            options,
            commandsComeFromStandardInput: false,
            overrides: try overrides()
        )
        let status =
            if explains {
                composition.explain(files: files)
            } else if check || update {
                await composition.check(files, update: update)
            } else {
                await composition.run(files: files, options: scriptOptions)
            }
        throw ExitCode(status.rawValue)
    }

    private var scriptOptions: ScriptOptions {
        var options = ScriptOptions()
        (options.from, options.to) = (from, to)
        (options.keepsGoing, options.echoes, options.isDryRun) = (keepGoing, echo, dryRun)
        options.resumes = resume
        options.steps = step
        options.isWhole = files.count == 1 && from == nil && to == nil && !step
        return options
    }

    private func overrides() throws -> [String: String] {
        var values: [String: String] = [:]
        for parameter in parameters {
            guard let equals = parameter.firstIndex(of: "="), equals > parameter.startIndex else {
                throw ValidationError("--set takes NAME=VALUE, got '\(parameter)'")
            }
            values[String(parameter[..<equals])] = String(
                parameter[parameter.index(after: equals)...]
            )
        }
        return values
    }
}
