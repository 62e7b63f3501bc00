import ArgumentParser
import FettleData
import FettleShell

/// Serves the models until the process is asked to end.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the models by OpenAI's API until Ctrl-C.",
        discussion: "'fettle -c \"help serve\"' explains the settings."
    )

    @OptionGroup var options: WorkspaceOptions

    @Option(
        help: ArgumentHelp(
            "A file with the keys that requests need one of, one a line.",
            valueName: "file"
        )
    )
    var apiKeyFile: String?

    @Flag(help: "Keep predictions, so that they can be judged later.")
    var record = false

    @Flag(help: "Tell labels' probabilities at the temperatures that 'calibrate' fitted.")
    var calibrated = false

    @Argument(
        help: ArgumentHelp(
            "host=127.0.0.1, port=8080, max_upload=512MB.",
            valueName: "name=value"
        )
    )
    var settings: [String] = []

    func run() async throws {
        let composition = Composition(options, commandsComeFromStandardInput: false)
        throw ExitCode(await composition.run([SourceText(text: line)]).rawValue)
    }

    /// The command of the shell that does the work.
    var line: String {
        var words = ["serve", "run"]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            words.append(
                parts.count == 2
                    ? "\(parts[0])=\(CommandText.word(parts[1]))" : CommandText.word(setting)
            )
        }
        if let apiKeyFile { words.append("api_key_file=\(CommandText.word(apiKeyFile))") }
        if record { words.append("--record") }
        if calibrated { words.append("--calibrated") }
        return words.joined(separator: " ")
    }
}
