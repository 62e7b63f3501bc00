public import FettleCore
import FettleData

/// Examples of a dataset that stand before every prompt of a model that was not tuned, to show it what is wanted.
///
/// As plain text each is its prompt and its completion with an empty line after it; in a conversation each is a
/// message of the user and the assistant's answer, after what the system says.
public struct FewShot: Sendable {
    /// The positions of the examples in their dataset, from 0, in the order in which they are shown.
    public let positions: [Int]
    /// Their prompts as plain text.
    public let prompts: [String]
    private let text: String
    private let turns: [Message]

    /// The most examples.
    public static let limit = 1_000

    /// Draws examples.
    ///
    /// - Parameters:
    ///   - count: how many, 1 to ``limit``.
    ///   - dataset: where from; rows without a completion are left out.
    ///   - format: how a row becomes an example.
    ///   - seed: decides which, and their order.
    /// - Throws: `no-examples` when there are fewer, `unknown-column`, `CancellationError`.
    public init(
        _ count: Int,
        from dataset: Dataset,
        format: PromptFormat,
        seed: UInt64
    ) throws {
        let set = try ExampleSet(dataset, format: format)
        guard set.examples.count >= count else {
            throw Diagnostic(
                "no-examples",
                "'\(dataset.name)' has \(NumberText.count(set.examples.count, "row")) with a completion, and "
                    + "\(NumberText.count(count)) are to be shown",
                hint: "show fewer, or take them from a larger dataset"
            )
        }
        var generator = SeededGenerator(seed: seed)
        var places = Array(set.examples.indices)
        generator.shuffle(&places)
        let chosen = places.prefix(count)
        positions = chosen.map { set.rows[$0] }
        prompts = chosen.map { set.examples[$0].prompt }
        text = chosen.map { set.examples[$0].prompt + set.examples[$0].completion + "\n\n" }
            .joined()
        let compiled = try dataset.compiled(format)
        turns = positions.flatMap { compiled.messages(at: $0).filter { $0.role != .system } }
    }

    /// Returns a prompt of plain text with the examples before it.
    func before(_ prompt: String) -> String { text + prompt }

    /// Returns how a model reads conversations with the examples in them.
    func within(_ chat: @escaping ChatRendering) -> ChatRendering {
        { [turns] messages throws(Diagnostic) in
            let place = messages.firstIndex { $0.role != .system } ?? messages.count
            return try chat(Array(messages[..<place]) + turns + Array(messages[place...]))
        }
    }
}

extension TunedModel {
    /// Returns how many tokens a prompt of these has on average; nil for a model whose tokens are not known here.
    ///
    /// - Throws: `prompt-too-long` for one that the model would not read whole, where `isWhole` asks for that.
    func meanTokens(
        of prompts: [String],
        isWhole: Bool,
        name: String,
        rows: [Int]
    ) throws -> Double? {
        guard let writer, writer.tokenCount > 0, !prompts.isEmpty else { return nil }
        let longest = try labels.map { try writer.tokenize(.text($0)).count }.max() ?? 0
        var total = 0
        for (place, prompt) in prompts.enumerated() {
            if place % 64 == 0 { try Task.checkCancellation() }
            let count = try writer.tokenize(.text(prompt)).count
            total += count
            guard isWhole, count >= writer.contextLength - longest else { continue }
            throw Diagnostic(
                "prompt-too-long",
                "with the examples before it, row \(rows[place] + 1) has \(NumberText.count(count, "token")), and "
                    + "'\(name)' reads at most \(NumberText.count(writer.contextLength)) with a label",
                hint: "show fewer examples, or shorter ones"
            )
        }
        return Double(total) / Double(prompts.count)
    }
}
