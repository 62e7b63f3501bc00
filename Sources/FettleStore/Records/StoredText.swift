import FettleCore
import Foundation

/// A format as the text of its column: the JSON of ``PromptFormat/json``.
enum FormatText {
    private struct Stored: Decodable {
        var kind: String
        var prompt: String?
        var completion: String?
        var system: String?
        var user: String?
        var assistant: String?
    }

    static func encode(_ format: PromptFormat) -> String { format.json.text() }

    static func decode(_ text: String) throws -> PromptFormat {
        let stored = try StoredText.decode(Stored.self, text, "format")
        switch stored.kind {
        case "chat":
            return .chat(
                system: try stored.system.map { try PromptTemplate($0) },
                user: try PromptTemplate(stored.user ?? ""),
                assistant: try PromptTemplate(stored.assistant ?? "")
            )
        case "completion":
            return .completion(
                prompt: try PromptTemplate(stored.prompt ?? ""),
                completion: try PromptTemplate(stored.completion ?? "")
            )
        default: throw StoredText.unreadable("format", text)
        }
    }
}

/// Settings as the text of their column: a JSON array of objects with name, value and reason.
enum SettingsText {
    private struct Stored: Decodable {
        var name: String
        var value: String
        var reason: String?
    }

    static func encode(_ settings: [ChosenSetting]) -> String {
        let items = settings.map { setting in
            JSONValue.object(
                [
                    .init("name", .string(setting.name)),
                    .init("value", .string(setting.value)),
                ] + (setting.reason.map { [.init("reason", .string($0))] } ?? [])
            )
        }
        return JSONValue.array(items).text()
    }

    static func decode(_ text: String) throws -> [ChosenSetting] {
        try StoredText.decode([Stored].self, text, "list of settings").map {
            ChosenSetting(name: $0.name, value: $0.value, reason: $0.reason)
        }
    }
}

/// How a job is measured as the text of its column: a JSON object.
enum ClassificationText {
    static func encode(_ options: ClassificationOptions) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(options), as: UTF8.self)
    }

    static func decode(_ text: String) throws -> ClassificationOptions {
        try StoredText.decode(ClassificationOptions.self, text, "way of measuring")
    }
}

/// What columns of text that hold JSON share.
private enum StoredText {
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ text: String,
        _ what: String
    ) throws(Diagnostic) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw unreadable(what, text)
        }
    }

    static func unreadable(_ what: String, _ text: String) -> Diagnostic {
        Diagnostic(
            "workspace-read",
            "the workspace has the \(what) '\(text.prefix(80))', which cannot be read",
            hint: "it was changed by hand or by another program; name another with --workspace"
        )
    }
}
