import FettleTestSupport
import Foundation

/// What clusters are sent in the worker's place: a script of this machine that waits until a gate is open, then does
/// the work as the worker itself.
struct GatedWorker {
    private let folder: TemporaryFolder
    /// Where the script is.
    let path: String

    init(in folder: TemporaryFolder) throws {
        self.folder = folder
        let worker = PseudoTerminal.builtProgram(named: "fettle-worker")
        path = try folder.write(
            """
            #!/bin/sh
            echo begun >> '\(folder.path)/begun'
            while [ ! -e '\(folder.path)/open' ]; do sleep 0.05; done
            exec '\(worker)' "$@"

            """,
            to: "gated-worker"
        )
        chmod(path, 0o755)
    }

    /// Whether it runs, or ran.
    var hasBegun: Bool { FileManager.default.fileExists(atPath: folder.path + "/begun") }

    /// Lets it work.
    func open() throws { try folder.write("", to: "open") }

    /// Writes a worker that ends at once with a status and words, and returns its path.
    static func broken(in folder: TemporaryFolder) throws -> String {
        let path = try folder.write("#!/bin/sh\necho 'no room here' >&2\nexit 3\n", to: "broken")
        chmod(path, 0o755)
        return path
    }
}
