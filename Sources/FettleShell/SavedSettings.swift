import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench
import Foundation

/// The settings that a workspace keeps: a JSON object of texts in its folder.
struct SavedSettings {
    private static let file = "settings.json"

    private let workspace: Workspace

    /// Makes them; nothing is touched on disk.
    init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Gives settings the values that are kept; those that cannot be used stay as they are.
    ///
    /// - Throws: `bad-settings` for the first of those, after the others have been given.
    func apply(to settings: inout Settings) throws(Diagnostic) {
        guard let path = workspace.existingFile(Self.file) else { return }
        var failure: Diagnostic?
        for (name, value) in try values(path).sorted(by: { $0.key < $1.key }) {
            do {
                let name = try Settings.Name(reading: .init(bare: name), for: "set")
                try settings.set(name, to: .init(bare: value), by: .workspace)
            } catch {
                failure = failure ?? broken(path, error.message)
            }
        }
        if let failure { throw failure }
    }

    /// Keeps the values of settings for the sessions to come; a default is kept by having no value.
    ///
    /// - Throws: `bad-settings`, or an error of writing; what was kept is then as before.
    func keep(_ names: [Settings.Name], of settings: Settings) throws(Diagnostic) {
        let path = try workspace.file(Self.file)
        var values = try values(path)
        for name in names {
            let text = settings.text(of: name)
            values[name.rawValue] = text == Settings().text(of: name) ? nil : text
        }
        var text = "{"
        for (index, name) in values.keys.sorted().enumerated() {
            text += index == 0 ? "\n  " : ",\n  "
            JSONValue.quote(name, into: &text)
            text += ": "
            JSONValue.quote(values[name] ?? "", into: &text)
        }
        try WholeFile.write(Array((text + "\n}\n").utf8), to: path)
    }

    private func values(_ path: String) throws(Diagnostic) -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            guard FileManager.default.fileExists(atPath: path) else { return [:] }
            throw broken(path, "it cannot be read")
        }
        guard let values = try? JSONDecoder().decode([String: String].self, from: data) else {
            throw broken(path, "it is no JSON object of texts")
        }
        return values
    }

    private func broken(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic(
            "bad-settings",
            "the settings in '\(path)' cannot be used: \(reason)",
            hint: "mend the file or remove it; 'set NAME VALUE --save' writes it anew"
        )
    }
}

extension ArgumentWord {
    /// Makes a word that stands in no line.
    fileprivate init(bare text: String) {
        self.init(text: text, span: SourceSpan(0, 0), origins: [])
    }
}

extension Shell {
    /// Gives the session the settings that the workspace keeps; what is wrong with them is said.
    public mutating func adoptSavedSettings() {
        do {
            try SavedSettings(services.workspace).apply(to: &session.settings)
        } catch {
            _ = show(error)
        }
    }
}
