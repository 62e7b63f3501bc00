import FettleCore
import FettleNotebook
import FettleWorkbench

/// How tokens are shown.
struct TokenView {
    let tokenizer: TextTokenizer
    let showsIDs: Bool

    /// Returns the tokens of a prompt and of its completion, which are cut apart from each other, as the
    /// model that is trained on them cuts them.
    func output(_ example: Example) -> CommandOutput {
        let sides = [("prompt", example.prompt), ("completion", example.completion)]
            .map { (name: $0.0, parts: tokenizer.parts($0.1)) }
        var blocks: [OutputBlock] = []
        for side in sides {
            blocks.append(.text("\(side.name): \(NumberText.count(side.parts.count, "token"))"))
            guard !side.parts.isEmpty else { continue }
            blocks.append(showsIDs ? table(side.parts) : line(side.parts))
        }
        blocks.append(
            .note("\(tokenizer.name), \(NumberText.count(tokenizer.count, "token"))")
        )
        return CommandOutput(
            blocks: blocks,
            value: .object(sides.map { .init($0.name, .array($0.parts.map(Self.json))) })
        )
    }

    private func line(_ parts: [TextTokenizer.Part]) -> OutputBlock {
        .text(parts.map { Self.visible($0.bytes) }.joined(separator: " "))
    }

    private func table(_ parts: [TextTokenizer.Part]) -> OutputBlock {
        .table(
            TextTable(
                columns: [.init("#", .right), .init("id", .right), .init("token")],
                rows: parts.enumerated().map { position, part in
                    [
                        .number(Double(position + 1), NumberText.count(position + 1)),
                        .number(Double(part.id), "\(part.id)"), .text(Self.visible(part.bytes)),
                    ]
                }
            )
        )
    }

    private static func json(_ part: TextTokenizer.Part) -> JSONValue {
        .object([
            .init("id", .integer(Int64(part.id))),
            .init("bytes", .array(part.bytes.map { .integer(Int64($0)) })),
            .init(
                "text",
                String(validating: part.bytes, as: UTF8.self).map { .string($0) } ?? .null
            ),
        ])
    }

    /// Returns the text in quotes, or the bytes of a part of a character.
    static func visible(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text.visible }
        let digits = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return "<\(digits.joined(separator: " "))>"
    }

    /// Returns what there is to say of the model that has no tokens.
    static func ofBuiltInModel(_ example: Example) -> CommandOutput {
        CommandOutput(blocks: [
            .fields([
                .init("prompt", NumberText.count(example.prompt.count, "character")),
                .init("completion", "\(example.completion.visible), one label"),
            ]),
            .note(
                "the built-in model reads words and runs of characters, not tokens; tokenizer=FILE "
                    + "shows those of a model whose tokenizer.json you have"
            ),
        ])
    }
}
