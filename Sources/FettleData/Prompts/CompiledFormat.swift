public import FettleCore

/// A column that a format names and a frame does not have.
public struct FormatBindingError: Error, Hashable, Sendable {
    /// The format's part: `prompt`, `completion`, `system`, `user` or `assistant`.
    public let part: String
    /// The error; its span counts UTF-8 bytes of that part's template.
    public let diagnostic: Diagnostic
}

/// A format bound to a frame's columns, which makes examples of its rows.
public struct CompiledFormat: Sendable {
    /// The format.
    public let format: PromptFormat
    let rows: [UInt32]
    private let parts: [(role: Role?, template: CompiledTemplate)]
    private let promptTemplate: CompiledTemplate
    private let target: CompiledTemplate

    /// Binds a format, resolving each column once.
    ///
    /// - Throws: a ``FormatBindingError`` for the first column that the frame does not have.
    public init(_ format: PromptFormat, in frame: Frame) throws(FormatBindingError) {
        var parts: [(Role?, CompiledTemplate)] = []
        for (name, template) in format.parts {
            do {
                parts.append((Role(rawValue: name), try CompiledTemplate(template, frame)))
            } catch {
                throw FormatBindingError(part: name, diagnostic: error)
            }
        }
        self.format = format
        rows = frame.rows
        self.parts = parts
        target = parts[parts.count - 1].1
        promptTemplate = CompiledTemplate(
            joining: parts.dropLast().map(\.1),
            separator: PromptFormat.messageSeparator
        )
    }

    /// The columns that the completion is made of.
    var targetColumns: [Column] { target.columns }

    /// A row's example as a line of JSONL in OpenAI's form.
    var line: CompiledTemplate {
        guard parts.contains(where: { $0.role != nil }) else {
            return CompiledTemplate(
                json: [(#"{"prompt": "#, promptTemplate), (#", "completion": "#, target)],
                tail: "}\n"
            )
        }
        let messages = parts.enumerated().map { place, part in
            let start = place == 0 ? #"{"messages": ["# : "}, "
            let role = part.role?.rawValue ?? ""
            return (#"\#(start){"role": "\#(role)", "content": "#, part.template)
        }
        return CompiledTemplate(json: messages, tail: "}]}\n")
    }

    /// The number of rows.
    public var count: Int { rows.count }

    /// The example that the row at `position` makes.
    ///
    /// Of a chat the prompt is the system's and the user's message with an empty line between them.
    public func example(at position: Int) -> Example {
        Example(prompt: prompt(at: position), completion: completion(at: position))
    }

    /// The prompt of the row at `position`.
    public func prompt(at position: Int) -> String {
        promptTemplate.text(row: Int(rows[position]))
    }

    /// The completion, or the assistant's message, of the row at `position`.
    public func completion(at position: Int) -> String {
        target.text(row: Int(rows[position]))
    }

    /// The messages of the row at `position`, the assistant's last; empty for a format without roles.
    public func messages(at position: Int) -> [Message] {
        parts.compactMap { part in
            part.role.map {
                Message(role: $0, content: part.template.text(row: Int(rows[position])))
            }
        }
    }

    /// Appends the UTF-8 of the prompt of the row at `position`.
    ///
    /// - Complexity: O(length); no text is made for a cell of a text column.
    public func appendPrompt(at position: Int, to bytes: inout [UInt8]) {
        promptTemplate.render(row: Int(rows[position]), to: &bytes)
    }

    /// Appends the UTF-8 of the completion of the row at `position`.
    public func appendCompletion(at position: Int, to bytes: inout [UInt8]) {
        target.render(row: Int(rows[position]), to: &bytes)
    }
}

extension PromptFormat {
    /// What stands between the messages of a chat when they are read as one prompt.
    static let messageSeparator = "\n\n"

    /// The one template of what the model reads; for a chat, system and user with an empty line
    /// between them.
    ///
    /// As a ``RowKey`` it makes rows with equal prompts the same.
    ///
    /// - Throws: never for the templates of a format, which are parsed already.
    public func promptTemplate() throws(Diagnostic) -> PromptTemplate {
        let sources = parts.dropLast().map(\.template.source)
        return try PromptTemplate(sources.joined(separator: Self.messageSeparator))
    }
}
