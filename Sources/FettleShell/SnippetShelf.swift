import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench
import Foundation

/// The snippets of a workspace: a script each, in its folder `snippets`.
struct SnippetShelf: Sendable {
    private let workspace: Workspace

    /// Makes a shelf; nothing is touched on disk.
    init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// The names in alphabetical order.
    func names() -> [String] {
        guard let folder = workspace.existingFolder("snippets") else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".fettle") }.map { String($0.dropLast(7)) }.sorted()
    }

    /// Keeps a script under a name, in place of one that has it.
    func save(_ text: String, as name: String) throws(Diagnostic) {
        try WholeFile.write(Array(text.utf8), to: path(name))
    }

    /// Returns a snippet's script without the newline at its end.
    ///
    /// - Throws: `unknown-snippet` with near names.
    func text(_ name: ArgumentWord) throws(Diagnostic) -> String {
        guard let text = text(named: name.text) else { throw unknown(name) }
        return text
    }

    /// Returns a snippet's script without the newline at its end, or nil where there is none.
    func text(named name: String) -> String? {
        guard let path = existingPath(name),
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Forgets a snippet.
    ///
    /// - Throws: `unknown-snippet` with near names.
    func delete(_ name: ArgumentWord) throws(Diagnostic) {
        guard let path = existingPath(name.text),
            (try? FileManager.default.removeItem(atPath: path)) != nil
        else { throw unknown(name) }
    }

    /// Returns the script that a line `@NAME` stands for, or nil when the text is no such line.
    ///
    /// - Throws: `unknown-snippet`.
    func called(by source: SourceText) throws(Diagnostic) -> SourceText? {
        guard source.file == nil else { return nil }
        let bytes = Array(source.text.utf8)
        guard let start = bytes.firstIndex(where: { !Self.isBlank($0) }),
            bytes[start] == UInt8(ascii: "@"),
            let end = bytes.lastIndex(where: { !Self.isBlank($0) })
        else { return nil }
        let name = bytes[(start + 1)...end]
        guard !name.isEmpty, name.allSatisfy(Self.isNameByte) else { return nil }
        let word = ArgumentWord(
            text: String(decoding: name, as: UTF8.self),
            span: SourceSpan(start, end + 1),
            origins: []
        )
        do {
            return SourceText(text: try text(word), isRecorded: source.isRecorded)
        } catch {
            throw source.placing(error)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    static func isNameByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
            || (0x61...0x7A).contains(byte | 0x20)
    }

    private func existingPath(_ name: String) -> String? {
        workspace.existingFolder("snippets").map { "\($0)/\(name).fettle" }
    }

    private func path(_ name: String) throws(Diagnostic) -> String {
        try workspace.folder("snippets") + "/\(name).fettle"
    }

    private func unknown(_ name: ArgumentWord) -> Diagnostic {
        Diagnostic(
            "unknown-snippet",
            "no snippet '\(name.text)'",
            span: name.span,
            hints: [
                didYouMean(name.text, among: names()),
                "'snippet save \(name.text) 12..15' keeps commands of the history",
            ].compactMap(\.self)
        )
    }
}
