import FettleCore
import FettleProviders
import Foundation

/// The program that is sent to clusters, `fettle-worker`.
enum WorkerProgram {
    static let name = "fettle-worker"

    /// Returns where the program is.
    ///
    /// - Throws: `no-worker` where it is not on this machine.
    static func path() throws(Diagnostic) -> String {
        let manager = FileManager.default
        guard let path = places.first(where: { manager.isExecutableFile(atPath: $0) }) else {
            throw Diagnostic(
                "no-worker",
                "'\(name)', the program that a cluster runs, is not on this machine",
                hint:
                    "'make worker' builds it; it is looked for beside fettle, in ../libexec/fettle and in "
                    + "../worker, or where FETTLE_WORKER says"
            )
        }
        return path
    }

    /// Where it may be, the likeliest place first.
    private static var places: [String] {
        if let path = ProcessInfo.processInfo.environment["FETTLE_WORKER"] { return [path] }
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return [] }
        let folder = URL(filePath: own).deletingLastPathComponent()
        // A build folder has the release build's program two folders up.
        return ["../libexec/fettle", "../worker", "../../worker", "."].map {
            folder.appending(path: "\($0)/\(name)").standardizedFileURL.path
        }
    }
}
