import ArgumentParser

/// Writes the files of `samples/` and checks what they promise.
@main
struct GenerateSamples: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-samples",
        abstract: "Writes the sample datasets, and checks them.",
        discussion: """
            The same seed and number of rows give the same bytes, on every machine. All texts are \
            put together from the lists in Sources/generate-samples/Banks.
            """,
        subcommands: [Write.self, Check.self],
        defaultSubcommand: Write.self
    )
}
