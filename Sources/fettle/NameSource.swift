import FettleCore
import FettleData
import FettleLanguage
import FettleShell
import FettleStore
import FettleWorkbench
import Glibc
import Synchronization

/// The names that completion proposes, kept beside the session so that another thread can read them.
final class NameSource: Sendable {
    private struct Names {
        var current: String?
        var datasets: [String] = []
        var columns: [String: [String]] = [:]
        var models: [String] = []
        var bases: [String] = []
        var clusters: [String] = []
        var variables: [String] = []
    }

    /// More files than this are no help, and each takes time.
    private static let mostFiles = 20_000

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
            bases: ((try? ModelLibrary(services.workspace).bases()) ?? []).map(\.name),
            clusters: ((try? ClusterLibrary(services.workspace).clusters()) ?? []).map(\.name),
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
            case .model: names.models + names.bases
            case .base: names.bases + names.models
            case .variable: names.variables
            case .secret: services.secretNames
            case .snippet: services.snippetNames
            case .cluster: names.clusters
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
        guard let stream = opendir(place) else { return [] }
        defer { closedir(stream) }
        let prefix = Array(start.utf8)
        let endings = endings.map { Array(("." + $0).utf8) }
        var found: [String] = []
        while found.count < mostFiles, let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                let name = bytes.prefix { $0 != 0 }
                return isProposed(name, prefix) ? Array(name) : nil
            }
            guard let name else { continue }
            // Only for links and on file systems that do not say, the file is asked after.
            let kind = Int(entry.pointee.d_type)
            let isFolder =
                kind == Int(DT_DIR)
                || ((kind == Int(DT_LNK) || kind == Int(DT_UNKNOWN))
                    && isFolder(place + String(decoding: name, as: UTF8.self)))
            guard isFolder || endings.isEmpty || endings.contains(where: { name.ends(with: $0) })
            else { continue }
            guard let text = String(validating: name, as: UTF8.self) else { continue }
            found.append(folder + text + (isFolder ? "/" : ""))
        }
        return found.sorted()
    }

    /// Whether a name begins as typed; hidden ones only where the dot is typed.
    private static func isProposed(_ name: Slice<UnsafeRawBufferPointer>, _ typed: [UInt8]) -> Bool
    {
        guard name.starts(with: typed) else { return false }
        let dot = UInt8(ascii: ".")
        guard name.first == dot else { return true }
        return typed.first == dot && !name.elementsEqual([dot])
            && !name.elementsEqual([dot, dot])
    }

    private static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }
}

extension [UInt8] {
    fileprivate func ends(with ending: [UInt8]) -> Bool {
        suffix(ending.count).elementsEqual(ending)
    }
}
