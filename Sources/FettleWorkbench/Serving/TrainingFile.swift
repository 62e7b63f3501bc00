import FettleCore
import FettleData
import Foundation

/// An uploaded file that the API knows, for reading.
public struct ServedFile: Hashable, Sendable {
    /// The id, `file-…`.
    public var id: String
    /// The name that its user gave.
    public var filename: String
    /// Where its bytes are.
    public var path: String

    /// Makes one.
    public init(id: String, filename: String, path: String) {
        self.id = id
        self.filename = filename
        self.path = path
    }
}

/// The examples of an uploaded file, every line of which was looked at.
struct TrainingFile {
    /// The file.
    let file: ServedFile
    /// Its prompts and completions, as the model reads them.
    let dataset: Dataset
    /// How a new model sees rows, where the lines are conversations.
    let modelFormat: PromptFormat?
    /// The request's field that named it.
    private let field: String

    /// Reads a file of lines such as `{"prompt": "…", "completion": "…"}`, or of lines with the `messages` of
    /// a conversation, whose last is the answer to learn.
    ///
    /// - Throws: `bad-training-file` with the line, what is there and what to do; `no-chat-template` for
    ///   conversations that the model cannot read; `CancellationError`.
    init(_ file: ServedFile, field: String, _ reading: ConversationReading) throws {
        self.file = file
        self.field = field
        let loaded: LoadedSource
        do {
            loaded = try DatasetLoader.load(.path(file.path), options: LoadOptions(format: "jsonl"))
        } catch let diagnostic as Diagnostic {
            throw Self.unreadable(diagnostic, file, field)
        }
        func wrong(_ message: String, hint: String) -> Diagnostic {
            Self.wrong(message, hint: hint, file, field)
        }
        let names = loaded.columns.map(\.name)
        if names.contains("messages"), !names.contains("prompt") {
            let frame = try Self.conversations(file, field, names, reading)
            dataset = try Self.dataset(file, frame, loaded)
            modelFormat = .chat(
                system: nil,
                user: try PromptTemplate("{{prompt}}"),
                assistant: try PromptTemplate("{{completion}}")
            )
            return
        }
        for name in Self.keys where !names.contains(name) {
            let known = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
            throw wrong(
                "no line has '\(name)'; there are \(known)",
                hint: "write each line as \(Self.likeness)"
            )
        }
        for facts in loaded.columns where Self.keys.contains(facts.name) {
            let isText =
                facts.kind == .text && facts.nulls == 0 && facts.missing == 0
                && facts.remark?.hasPrefix("kept as text") != true
            guard !isText else { continue }
            throw try Self.firstOddLine(file, field)
                ?? wrong("'\(facts.name)' is not always a string", hint: "write \(Self.likeness)")
        }
        let prompts = try loaded.frame.column("prompt")
        let completions = try loaded.frame.column("completion")
        for row in 0..<completions.count {
            if row % 4096 == 0 { try Task.checkCancellation() }
            guard completions[row].displayText.allSatisfy(\.isWhitespace) else { continue }
            let line = try Self.line(ofRow: row, in: file.path)
            throw wrong(
                "line \(line): 'completion' is '\(completions[row].displayText)', expected the text "
                    + "to learn",
                hint: "give the line a completion, or remove the line"
            )
        }
        if (0..<prompts.count).allSatisfy({ prompts[$0].displayText.isEmpty }) {
            throw wrong(
                "every 'prompt' is empty, so that there is nothing to tell completions apart by",
                hint: "put the text to answer into 'prompt'"
            )
        }
        var read = prompts
        if reading.goesOnFromConversations {
            // Such a model was tuned on conversations: the prompt is what its user says.
            var texts = ColumnBuilder(.text, reserving: prompts.count)
            for row in 0..<prompts.count {
                if row % 4096 == 0 { try Task.checkCancellation() }
                let message = Message(role: .user, content: prompts[row].displayText)
                try texts.append(try reading.prompt([message]))
            }
            read = texts.build()
        }
        let frame = Frame(columns: [.init("prompt", read), .init("completion", completions)])
        dataset = try Self.dataset(file, frame, loaded)
        modelFormat = nil
    }

    private static func dataset(
        _ file: ServedFile,
        _ frame: Frame,
        _ loaded: LoadedSource
    ) throws(Diagnostic) -> Dataset {
        Dataset(
            name: file.id,
            source: Dataset.Source(name: file.filename, fingerprint: loaded.fingerprint.hex),
            recipe: ["load \(file.filename)"],
            frame: frame,
            format: .completion(
                prompt: try PromptTemplate("{{prompt}}"),
                completion: try PromptTemplate("{{completion}}")
            )
        )
    }

    /// Reads lines of conversations.
    private static func conversations(
        _ file: ServedFile,
        _ field: String,
        _ names: [String],
        _ reading: ConversationReading
    ) throws -> Frame {
        if let other = names.first(where: { ConversationLine.unlearnt.contains($0) }) {
            throw wrong(
                "its lines have '\(other)', which is not learnt here",
                hint: "write each line as \(ConversationLine.likeness)",
                file,
                field
            )
        }
        var prompts = ColumnBuilder(.text)
        var completions = ColumnBuilder(.text)
        try forEachLine(of: file.path) { number, bytes in
            do {
                let line = try ConversationLine(JSONValue.parse(Array(bytes)))
                try prompts.append(try reading.prompt(line.messages))
                try completions.append(line.completion)
            } catch let problem as ConversationLine.Problem {
                throw wrong("line \(number): \(problem.message)", hint: problem.hint, file, field)
            } catch var diagnostic as Diagnostic {
                diagnostic.parameter = field
                diagnostic.message =
                    "\(file.id) ('\(file.filename)'): line \(number): \(diagnostic.message)"
                throw diagnostic
            }
            return true
        }
        return Frame(columns: [
            .init("prompt", prompts.build()), .init("completion", completions.build()),
        ])
    }

    /// How many lines have each completion, the completions by their bytes.
    func classes() throws -> [String] {
        let column = try dataset.frame.column("completion")
        var seen: Set<String> = []
        for row in 0..<column.count {
            if row % 4096 == 0 { try Task.checkCancellation() }
            seen.insert(column[row].displayText)
        }
        return seen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static let keys = ["prompt", "completion"]
    private static let likeness = #"{"prompt": "…", "completion": "…"}"#

    // MARK: - What is wrong

    private static func wrong(
        _ message: String,
        hint: String,
        _ file: ServedFile,
        _ field: String
    ) -> Diagnostic {
        var diagnostic = Diagnostic(
            "bad-training-file",
            "\(file.id) ('\(file.filename)'): \(message)",
            hint: hint
        )
        diagnostic.parameter = field
        return diagnostic
    }

    /// The error of a file that the reader refused, which says the line in its message.
    private static func unreadable(
        _ diagnostic: Diagnostic,
        _ file: ServedFile,
        _ field: String
    ) -> Diagnostic {
        var place = ""
        if let location = diagnostic.location {
            place = "line \(location.line), column \(location.column): "
        }
        let message =
            diagnostic.code == "empty-source"
            ? "it has no lines" : diagnostic.message.replacing(file.path, with: file.filename)
        var wrong = wrong(
            place + message,
            hint: "write each line as \(likeness)",
            file,
            field
        )
        wrong.source = diagnostic.source
        wrong.span = diagnostic.span
        return wrong
    }

    /// Looks for the first line whose prompt or completion is no string.
    private static func firstOddLine(_ file: ServedFile, _ field: String) throws -> Diagnostic? {
        var found: Diagnostic?
        try forEachLine(of: file.path) { number, bytes in
            let value = try JSONValue.parse(Array(bytes))
            for key in keys {
                let problem: String
                switch value[key] {
                case .string?: continue
                case nil: problem = "has no '\(key)'"
                case let other?: problem = "has \(shown(other)) as '\(key)', expected a string"
                }
                let fix: String =
                    switch value[key] {
                    case .integer?, .number?, .boolean?:
                        "write it as text: \"\(key)\": \" \(value[key]?.text() ?? "")\""
                    default: "write the line as \(likeness)"
                    }
                found = wrong("line \(number) \(problem)", hint: fix, file, field)
                return false
            }
            return true
        }
        return found
    }

    private static func shown(_ value: JSONValue) -> String {
        let text = value.text()
        return text.count > 60 ? text.prefix(60) + "…" : text
    }

    /// Returns the line of a row, both counted as people do: rows are the lines with something on them.
    private static func line(ofRow row: Int, in path: String) throws -> Int {
        var (line, rows) = (0, 0)
        try forEachLine(of: path) { number, _ in
            rows += 1
            line = number
            return rows <= row
        }
        return line
    }

    /// Calls `body` with each line that has something on it and its number, until that returns false.
    private static func forEachLine(
        of path: String,
        _ body: (Int, Data) throws -> Bool
    ) throws {
        var rest = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        var number = 0
        while !rest.isEmpty {
            number += 1
            if number % 4096 == 0 { try Task.checkCancellation() }
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            let line = rest[rest.startIndex..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            let isBlank = line.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
            guard try isBlank || body(number, line) else { return }
        }
    }
}
