public import ArgumentParser
public import FettleTransformer

/// Times what a language model does on this machine, for the figures in Benchmarks.
@main
struct MeasureTransformer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure-transformer",
        abstract: "Time tuning, prompts and generation of a language model.",
        subcommands: [
            MeasureTuning.self, MeasurePrompts.self, MeasureGeneration.self, MeasureLearning.self,
            MeasureProducts.self,
        ]
    )
}

/// Options of every measurement.
struct ModelOptions: ParsableArguments {
    @Argument(help: "The model's file.")
    var model: String

    @Option(help: "Threads.")
    var threads = 2

    @Option(help: "What is multiplied; as a rule what this processor multiplies faster.")
    var precision = Precision.fastest

    @Option(help: "Seed of the tokens.")
    var seed: UInt64 = 1
}

extension Precision: ExpressibleByArgument {}
