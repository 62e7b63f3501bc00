import ArgumentParser
import FettleCore
import FettleTokenizers
import Foundation

/// Encodes the lines of a file and says how long it took, for Benchmarks.
@main
struct EncodeTexts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode-texts",
        abstract: "Measures a tokenizer on the lines of a file; prints one JSON object."
    )

    @Argument(help: "A tokenizer.json.")
    var tokenizer: String

    @Argument(help: "A file of texts, one a line.")
    var texts: String

    @Option(help: "How often they are encoded.")
    var rounds = 3

    func run() throws {
        let clock = ContinuousClock()
        var made: Tokenizer?
        let load = try clock.measure {
            let bytes = Array(try Data(contentsOf: URL(filePath: tokenizer)))
            made = try Tokenizer(json: try JSONValue.parse(bytes, file: tokenizer), file: tokenizer)
        }
        guard let made else { return }
        let text = String(decoding: try Data(contentsOf: URL(filePath: texts)), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        var count = 0
        let seconds = (0..<max(1, rounds)).map { _ in
            count = 0
            return clock.measure {
                var encoder = TokenEncoder(made)
                for line in lines { count += encoder.encode(line).count }
            } / .seconds(1)
        }
        let result = JSONValue.object([
            .init("tokens", .integer(Int64(count))), .init("load", .number(load / .seconds(1))),
            .init("seconds", .array(seconds.map { .number($0) })),
        ])
        print(result.text())
    }
}
