/// The commands of openai 0.28's command line that run here, and the options of each.
enum OldCommands {
    static let api: [OldOptions] = [
        command("fine_tunes.list", []),
        command(
            "fine_tunes.create",
            [
                .init("-t", "--training_file", required: true),
                .init("-v", "--validation_file"),
                .init(nil, "--no_check_if_files_exist", .flag),
                .init("-m", "--model"),
                .init(nil, "--suffix"),
                .init(nil, "--no_follow", .flag),
                .init(nil, "--n_epochs", .integer),
                .init(nil, "--batch_size", .integer),
                .init(nil, "--learning_rate_multiplier", .number),
                .init(nil, "--prompt_loss_weight", .number),
                .init(nil, "--compute_classification_metrics", .flag),
                .init(nil, "--classification_n_classes", .integer),
                .init(nil, "--classification_positive_class"),
                .init(nil, "--classification_betas", .numbers),
            ]
        ),
        command("fine_tunes.get", [id]),
        command("fine_tunes.results", [id]),
        command("fine_tunes.events", [id, .init("-s", "--stream", .flag)]),
        command("fine_tunes.follow", [id]),
        command("fine_tunes.cancel", [id]),
        command("fine_tunes.delete", [id]),
        command(
            "completions.create",
            [
                .init("-e", "--engine"),
                .init("-m", "--model"),
                .init(nil, "--stream", .flag),
                .init("-p", "--prompt"),
                .init("-M", "--max-tokens", .integer),
                .init("-t", "--temperature", .number),
                .init("-P", "--top_p", .number),
                .init("-n", "--n", .integer),
                .init(nil, "--logprobs", .integer),
                .init(nil, "--stop"),
            ]
        ),
    ]

    static let tools = [
        OldOptions(
            program: "openai tools fine_tunes.prepare_data",
            options: [
                .init("-f", "--file", required: true), .init("-q", "--quiet", .flag),
            ]
        )
    ]

    private static let id = OldOptions.Option("-i", "--id", required: true)

    private static func command(_ name: String, _ options: [OldOptions.Option]) -> OldOptions {
        OldOptions(program: "openai api \(name)", options: options)
    }
}

/// A command line as it was typed: which command, with what.
struct OldCommand: Sendable {
    /// What stands after `api` or `tools`, such as `fine_tunes.create`.
    var name: String
    var values: OldOptions.Values

    /// What the program calls itself: the client whose commands these are.
    static let version = "openai 0.28.1 (its commands, run by Fettle)\n"

    /// What stands before the command; all of it is for a server elsewhere, and taken without effect.
    private static let program = OldOptions(
        program: "openai",
        options: [
            .init("-V", "--version", .flag), .init("-v", "--verbose", .flag),
            .init("-b", "--api-base"), .init("-k", "--api-key"), .init("-p", "--proxy"),
            .init("-o", "--organization"),
        ]
    )

    /// Reads a command line without its first word.
    init(_ words: [String]) throws(OldOptions.End) {
        var rest = words[...]
        let place = Self.skipOptions(rest)
        let before = try Self.program.values(Array(rest[..<place]))
        if before.has("version") { throw OldOptions.End(text: Self.version, status: 0) }
        if let base = before.text("api_base") {
            throw Self.program.error(
                "argument -b/--api-base: these commands work on the workspace, not on '\(base)'"
            )
        }
        rest = rest[place...]
        guard let group = rest.popFirst() else {
            throw OldOptions.End(text: Self.program.usage + Self.overview, status: 0)
        }
        let commands: [OldOptions]
        switch group {
        case "api": commands = OldCommands.api
        case "tools": commands = OldCommands.tools
        default: throw Self.choice(group, among: ["api", "tools"], of: "openai")
        }
        let name = rest.popFirst()
        guard let name, name != "-h", name != "--help" else {
            throw OldOptions.End(
                text: "usage: openai \(group) COMMAND\n" + Self.overview,
                status: 0
            )
        }
        let program = "openai \(group) \(name)"
        guard let options = commands.first(where: { $0.program == program }) else {
            throw Self.choice(
                name,
                among: commands.map { String($0.program.split(separator: " ").last ?? "") },
                of: "openai \(group)"
            )
        }
        self.name = name
        values = try options.values(Array(rest))
    }

    /// Returns where the first word stands that neither is an option nor belongs to one.
    private static func skipOptions(_ words: ArraySlice<String>) -> Int {
        var place = words.startIndex
        while place < words.endIndex, words[place].hasPrefix("-") {
            let takesValue = program.options.contains { option in
                option.kind != .flag
                    && (option.short == words[place] || option.long == words[place])
            }
            place += takesValue ? 2 : 1
        }
        return min(place, words.endIndex)
    }

    private static func choice(
        _ word: String,
        among names: [String],
        of program: String
    ) -> OldOptions.End {
        let choices = names.map { "'\($0)'" }.joined(separator: ", ")
        return OldOptions.End(
            text: "usage: \(program) [-h] {\(names.joined(separator: ","))} ...\n"
                + "\(program): error: argument {\(names.joined(separator: ","))}: "
                + "invalid choice: '\(word)' (choose from \(choices))\n",
            status: 2
        )
    }

    private static let overview =
        "\nThe fine-tuning commands of openai 0.28, on the models and jobs of this workspace:\n"
        + (OldCommands.api + OldCommands.tools).map { "  \($0.program)\n" }.joined()
}
