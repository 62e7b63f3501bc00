public import FettleCore
import FettleData
import FettleProviders
import FettleStore
import Foundation
import OpenAIWire

/// Brings the training files of an account here, with a script that tunes on them what a provider's models were
/// tuned on, and compares.
public struct AccountImport: Sendable {
    /// One model of the account.
    public struct Item: Hashable, Sendable {
        /// The model's name at the provider.
        public var model: String
        /// What it was tuned from.
        public var base: String
        /// When its job was asked for, in seconds since 1970.
        public var createdAt: Int
        /// The day on which the provider ends it; nil where that is not told.
        public var ends: String?
        /// The file with its rows, within the folder; nil where the provider has it no more.
        public var file: String?
        /// How many rows that file has.
        public var rows: Int
        /// Whether its rows are conversations.
        public var isChat: Bool
        /// Why there are no rows; nil where there are.
        public var problem: String?
    }

    private let provider: String
    private let folder: String
    private let client: OpenAIClient

    /// Takes a provider and the folder that gets the files.
    ///
    /// - Throws: `unknown-provider`; `unknown-variable` for a key that is not there.
    public init(_ provider: String, into folder: String, _ workspace: Workspace) throws(Diagnostic)
    {
        (self.provider, self.folder) = (provider, folder)
        client = try ProviderLibrary(workspace).client(of: provider)
    }

    /// The script's name within the folder.
    public static let script = "import.fettle"

    /// Fetches the files and writes the script.
    ///
    /// - Parameter onProgress: called with the models that are done and how many they are.
    /// - Returns: the models, the newest first.
    /// - Throws: what the provider refuses, `cannot-write`, `CancellationError`.
    public func run(_ onProgress: (_ done: Int, _ total: Int) -> Void) throws -> [Item] {
        let made = try client.madeModels()
        guard !made.isEmpty else { return [] }
        let ends = try client.models().reduce(into: [:]) { $0[$1.id] = $1.shutdownDate }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw Diagnostic(
                "cannot-write",
                "the folder '\(folder)' cannot be made: \(systemReason(error))"
            )
        }
        var items: [Item] = []
        for (number, model) in made.enumerated() {
            try Task.checkCancellation()
            onProgress(number, made.count)
            var item = Item(
                model: model.model,
                base: model.base,
                createdAt: model.createdAt,
                ends: ends[model.model] ?? nil,
                rows: 0,
                isChat: false
            )
            do {
                try fetch(model.trainingFile, for: &item)
            } catch let diagnostic as Diagnostic
                where ["provider-lacks", "provider-refused", "provider-forbids"]
                .contains(diagnostic.code)
            {
                item.problem = "the provider has its file no more"
            }
            items.append(item)
        }
        try write(items)
        return items
    }

    // MARK: - Files

    private func fetch(_ id: String, for item: inout Item) throws {
        // Ids become names of files, and models' names words of a script.
        guard !id.isEmpty, id.utf8.allSatisfy({ Self.plain.contains($0) }) else {
            item.problem = "its file has no name that a file could have"
            return
        }
        guard Self.isPlain(item.model) else {
            item.problem = "its name has signs that no model's name has"
            return
        }
        let rows = try TrainingRows(client.content(ofFile: id))
        guard let kind = rows.kind else {
            item.problem =
                "its rows are neither prompts with completions nor messages with one answer"
            return
        }
        let name = "\(id).jsonl"
        let writer = try ExampleWriter(path: "\(folder)/\(name)")
        try rows.write(to: writer)
        try writer.finish()
        (item.file, item.rows, item.isChat) = (name, rows.count, kind == .chat)
    }

    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8
    )

    private static func isPlain(_ model: String) -> Bool {
        model.utf8.allSatisfy { plain.contains($0) || ":./".utf8.contains($0) }
    }

    // MARK: - The script

    private func write(_ items: [Item]) throws {
        var lines = [
            "## The models that '\(provider)' tuned, and models of this machine tuned on the same rows.",
            "## 'golden' are the answers of the provider's model, kept so that they outlive it; asking it may cost "
                + "money.",
            "",
        ]
        for (place, item) in items.enumerated() {
            let number = items.count - place
            guard let file = item.file else {
                let name = Self.isPlain(item.model) ? item.model : "a model"
                lines += ["## \(name): \(item.problem ?? "no rows")", ""]
                continue
            }
            let model = "'\(provider)/\(item.model)'"
            let format =
                item.isChat
                ? #"format chat system="{{system}}" user="{{user}}" assistant="{{assistant}}""#
                : #"format prompt="{{prompt}}" completion="{{completion}}""#
            lines += [
                "load '\(file)' as rows\(number)", format, "split 90/10 seed=7",
                "predict \(model) on rows\(number).test as golden\(number)",
                "rows golden\(number) > golden\(number).jsonl",
                "tune ngram on rows\(number).train as local\(number)",
                "compare \(model) local\(number) on rows\(number).test", "",
            ]
        }
        let text = lines.joined(separator: "\n")
        do {
            try Data(text.utf8).write(
                to: URL(filePath: "\(folder)/\(Self.script)"),
                options: .atomic
            )
        } catch {
            throw Diagnostic(
                "cannot-write",
                "'\(folder)/\(Self.script)' cannot be written: \(systemReason(error))"
            )
        }
    }
}

/// The rows of a training file, as columns that a format can name.
private struct TrainingRows {
    enum Kind {
        case completions
        case chat
    }

    private var lines: [[(name: String, value: String)]] = []
    private(set) var kind: Kind?

    var count: Int { lines.count }

    init(_ bytes: [UInt8]) throws {
        var kinds: Set<Kind> = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if lines.count % 4096 == 0 { try Task.checkCancellation() }
            guard let object = try? WireObject(parsing: Array(line)) else { return }
            if let prompt = try? object.string("prompt"),
                let completion = try? object.string("completion")
            {
                kinds.insert(.completions)
                lines.append([("prompt", prompt), ("completion", completion)])
            } else if let row = Self.conversation(object) {
                kinds.insert(.chat)
                lines.append(row)
            } else {
                return
            }
        }
        if kinds.count == 1 { kind = kinds.first }
    }

    /// Returns a conversation of one question and one answer; nil for any other.
    private static func conversation(_ object: WireObject) -> [(name: String, value: String)]? {
        guard let messages = try? object.list(ChatMessage.self, "messages") else { return nil }
        func text(_ roles: Set<String>) -> [String] {
            messages.filter { roles.contains($0.role) }.compactMap(\.content)
        }
        let (system, user) = (text(["system", "developer"]), text(["user"]))
        let answers = text(["assistant"])
        guard user.count == 1, answers.count == 1, system.count <= 1,
            messages.last?.role == "assistant",
            messages.count == system.count + 2
        else { return nil }
        return [("system", system.first ?? ""), ("user", user[0]), ("assistant", answers[0])]
    }

    func write(to writer: ExampleWriter) throws {
        for line in lines { try writer.write(line) }
    }
}
