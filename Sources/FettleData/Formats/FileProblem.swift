import FettleCore

#if canImport(Glibc)
import Glibc
#endif

/// Errors about files that users name.
enum FileProblem {
    /// The error for a file that cannot be opened, with near names when there is no such file.
    static func cannotOpen(_ path: String, _ code: Int32) -> Diagnostic {
        guard code == ENOENT || code == ENOTDIR else { return cannotRead(path, code) }
        let (folder, name, _) = split(path)
        guard let names = names(in: folder) else {
            return Diagnostic(
                "no-such-file",
                "no file '\(path)'",
                hint: "there is no folder '\(folder)'"
            )
        }
        return Diagnostic("no-such-file", "no file '\(path)'", hints: [])
            .hinting(didYouMean(name, among: names))
    }

    /// The error for a file that cannot be read.
    static func cannotRead(_ path: String, _ code: Int32) -> Diagnostic {
        var diagnostic = Diagnostic("cannot-read", "cannot read '\(path)': \(reason(code))")
        if code == EACCES { diagnostic.hints = ["see its permissions with '!ls -l \(path)'"] }
        return diagnostic
    }

    /// The error for a file that cannot be written.
    static func cannotWrite(_ path: String, _ code: Int32) -> Diagnostic {
        var diagnostic = Diagnostic("cannot-write", "cannot write '\(path)': \(reason(code))")
        if code == ENOENT { diagnostic.hints = ["there is no folder '\(split(path).folder)'"] }
        if code == ENOSPC { diagnostic.hints = ["nothing was left half-written"] }
        return diagnostic
    }

    /// The error for a folder where a file was expected, naming the data files in it.
    static func isFolder(_ path: String) -> Diagnostic {
        let files = (names(in: path) ?? [])
            .filter { DatasetFormats.name(forExtension: split($0).fileExtension) != nil }
            .sorted()
        var diagnostic = Diagnostic("is-a-folder", "expected a file, found the folder '\(path)'")
        if !files.isEmpty {
            let shown = files.prefix(5).joined(separator: ", ")
            diagnostic.hints = ["files in it: " + shown + (files.count > 5 ? ", …" : "")]
        }
        return diagnostic
    }

    /// Splits a path into its folder, its name and the name's extension in lower case.
    static func split(_ path: String) -> (folder: String, name: String, fileExtension: String) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
            return (folder, name, "")
        }
        return (folder, name, name[name.index(after: dot)...].lowercased())
    }

    /// Returns the operating system's words for an error, first letter small.
    static func reason(_ code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream), names.count < 10_000 {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
