import FettleCore
import FettleStore

extension ServedJobs.Surroundings {
    /// The files and the names of a workspace.
    public init(_ files: FileLibrary, _ aliases: AliasLibrary) {
        self.init(
            file: { id throws(Diagnostic) in
                guard let file = try files.existing(id) else { return nil }
                return ServedFile(
                    id: file.id,
                    filename: file.filename,
                    path: try files.path(of: file)
                )
            },
            addFile: { text, name throws(Diagnostic) in
                try files.add(text: text, filename: name, purpose: "fine-tune-results").id
            },
            removeFile: { _ = try? files.delete($0) },
            resolve: { name throws(Diagnostic) in try aliases.resolve(name).target }
        )
    }
}

extension FileLibrary {
    /// Returns the file with this id, or nil when there is none.
    fileprivate func existing(_ id: String) throws(Diagnostic) -> FileRecord? {
        do {
            return try file(id)
        } catch  where error.code == "unknown-file" {
            return nil
        }
    }
}
