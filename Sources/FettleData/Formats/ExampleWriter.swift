public import FettleCore
import Synchronization

/// Writes training examples as JSONL in OpenAI's forms: one object with `prompt` and `completion`, or
/// with `messages`, a line.
///
/// The same examples give the same bytes: members stand in a fixed order, and text is UTF-8 with only
/// quotes, backslashes and control characters escaped.
public final class ExampleWriter {
    private let sink: ByteSink
    /// Examples written so far.
    public private(set) var count = 0

    /// Starts a file, which appears at ``finish()``; until then a file of that name stays as it is.
    public init(path: String) throws(Diagnostic) {
        sink = try ByteSink(path: path)
    }

    /// Writes to an open file descriptor, such as a pipe's; it stays open.
    public init(descriptor: Int32) {
        sink = ByteSink(descriptor: descriptor)
    }

    /// Keeps the lines in memory, for ``text``.
    public init() {
        sink = ByteSink()
    }

    /// The lines so far, when they are kept in memory.
    public var text: String { String(decoding: sink.bytes, as: UTF8.self) }

    /// Writes a prompt with its completion.
    public func write(_ example: Example) throws {
        try sink.append { out in
            out.append(contentsOf: #"{"prompt": "#.utf8)
            ByteText.append(json: example.prompt, to: &out)
            out.append(contentsOf: #", "completion": "#.utf8)
            ByteText.append(json: example.completion, to: &out)
            out.append(contentsOf: "}\n".utf8)
        }
        count += 1
    }

    /// Writes the examples of all rows of a frame; rows whose completion has a null or missing column are
    /// left out.
    ///
    /// - Parameters:
    ///   - format: the format, bound to the frame.
    ///   - onProgress: called with the rows done, every few thousand.
    /// - Returns: how many rows were left out.
    /// - Throws: `cannot-write` or `closed-pipe`, and `CancellationError` when the task was cancelled.
    public func write(
        _ format: CompiledFormat,
        onProgress: (Int) -> Void = { _ in }
    ) throws -> Int {
        let (rows, sink) = (format.rows, sink)
        let skipped = Atomic(0)
        try format.line.withRaw { line in
            try RawColumn.withRaw(format.targetColumns) { targets in
                try Chunks.render(rows: rows.count, onProgress: onProgress) { range, out in
                    var absent = 0
                    for position in range {
                        let row = Int(rows[position])
                        if targets.contains(where: { $0.presence(at: row) != .value }) {
                            absent += 1
                        } else {
                            line.render(escaped: row, to: &out)
                        }
                    }
                    skipped.add(absent, ordering: .relaxed)
                } write: {
                    try sink.write($0)
                }
            }
        }
        let left = skipped.load(ordering: .relaxed)
        count += rows.count - left
        return left
    }

    /// Writes prompts with their completions.
    public func write(contentsOf examples: some Sequence<Example>) throws {
        for example in examples { try write(example) }
    }

    /// Writes the messages of a chat.
    public func write(_ messages: [Message]) throws {
        try sink.append { out in
            out.append(contentsOf: #"{"messages": ["#.utf8)
            for (place, message) in messages.enumerated() {
                if place > 0 { out.append(contentsOf: ", ".utf8) }
                out.append(contentsOf: #"{"role": ""#.utf8)
                out.append(contentsOf: message.role.rawValue.utf8)
                out.append(contentsOf: #"", "content": "#.utf8)
                ByteText.append(json: message.content, to: &out)
                out.append(UInt8(ascii: "}"))
            }
            out.append(contentsOf: "]}\n".utf8)
        }
        count += 1
    }

    /// Writes texts by the names of their columns.
    public func write(_ columns: [(name: String, value: String)]) throws {
        try sink.append { out in
            for (place, column) in columns.enumerated() {
                out.append(contentsOf: (place == 0 ? "{" : ", ").utf8)
                ByteText.append(json: column.name, to: &out)
                out.append(contentsOf: ": ".utf8)
                ByteText.append(json: column.value, to: &out)
            }
            out.append(contentsOf: "}\n".utf8)
        }
        count += 1
    }

    /// Writes what is left; a file takes its name.
    public func finish() throws {
        try sink.finish()
    }
}
