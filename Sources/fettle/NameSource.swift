import FettleCore
import FettleData
import FettleLanguage
import FettleShell
import FettleStore
import FettleWorkbench
import Foundation
import Synchronization

/// The names that completion proposes, kept beside the session so that another thread can read them.
final class NameSource: Sendable {
    private struct Names {
        var current: String?
        var datasets: [String] = []
        var columns: [String: [String]] = [:]
        var models: [String] = []
        var variables: [String] = []
    }

    /// More files than this are no help, and asking after each takes time.
    private static let mostFiles = 2000

    private let services: Services
    private let names = Mutex(Names())

    init(_ services: Services) {
        self.services = services
    }

    /// Takes the names of a session as they are between two commands.
    func update(from session: Session) {
        let models = ((try? services.workspace.existingStore()?.models()) ?? []).map(\.displayName)
        let columns = session.library.datasets.map { ($0.name, $0.frame.columnNames) }
        let next = Names(
            current: session.library.current,
            datasets: session.library.names,
            columns: Dictionary(columns) { first, _ in first },
            models: models,
            variables: session.variables.keys.sorted()
        )
        names.withLock { $0 = next }
    }

    /// Returns the names there are for a place in a command.
    func values(for query: CompletionQuery) -> [String] {
        names.withLock { names in
            switch query.kind {
            case .dataset: names.datasets
            case .column, .columns:
                (query.dataset ?? names.current).flatMap { names.columns[$0] } ?? []
            case .model: names.models
            case .base: BaseModel.all.map(\.name) + names.models
            case .variable: names.variables
            case .secret: services.secretNames
            case .snippet: services.snippetNames
            case .errorCode: CommandCatalogue.errorCodes
            case .expression: Expression.functions.map { $0.name + "(" }
            case .file(let endings):
                Self.files(query.typed, endings, services.surroundings.environment["HOME"])
            case .text, .integer, .number, .boolean, .choice, .template, .command: []
            }
        }
    }

    /// The files and folders whose path begins with `typed`, a folder with `/` at its end.
    private static func files(_ typed: String, _ endings: [String], _ home: String?) -> [String] {
        let slash = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        let (folder, start) = (String(typed[..<slash]), typed[slash...])
        var place = folder.isEmpty ? "./" : folder
        if place.hasPrefix("~/"), let home, !home.isEmpty { place = home + place.dropFirst() }
        let manager = FileManager.default
        let found = ((try? manager.contentsOfDirectory(atPath: place)) ?? []).filter { name in
            name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
        }
        return found.sorted().prefix(mostFiles).compactMap { name in
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: place + name, isDirectory: &isFolder) else {
                return nil
            }
            if isFolder.boolValue { return folder + name + "/" }
            return has(name, endings) ? folder + name : nil
        }
    }

    private static func has(_ name: String, _ endings: [String]) -> Bool {
        endings.isEmpty || endings.contains { name.hasSuffix("." + $0) }
    }
}
