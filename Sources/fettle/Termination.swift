import FettleNotebook
import FettleShell
import FettleWorkbench
import Synchronization

/// What happens between a signal that ends the process and its end.
final class Termination: Sendable {
    /// Training looks for a wish to stop every 20 ms; what takes time is the disk.
    private static let seconds = 5.0

    private let hasBegun = Mutex(false)

    /// Stops the jobs, their checkpoints kept, says so, and removes the files of an ephemeral workspace.
    func stop(_ services: Services, _ output: Shell.Output) {
        hasBegun.withLock { $0 = true }
        for line in services.stopJobs(within: Self.seconds) {
            output.writeError(Sanitizer.line(line) + "\n")
        }
        services.workspace.discardFiles()
    }

    /// Returns at once; when the process is about to end by a signal, only after that should have
    /// happened, so that nothing else ends it with another status.
    func hold() async {
        guard hasBegun.withLock({ $0 }) else { return }
        try? await Task.sleep(for: .seconds(Self.seconds + 1))
    }
}
