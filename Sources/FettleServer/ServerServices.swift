import FettleWorkbench
import Logging
import Synchronization

/// What routes work on.
final class ServerServices: Sendable {
    let settings: ServerSettings
    let workspace: Workspace
    /// The jobs that train in this process.
    let jobs: JobCenter
    let clock: WorkClock
    let files: FileLibrary
    let aliases: AliasLibrary
    let models: ModelLibrary
    /// The jobs that clients ask for.
    let served: ServedJobs
    /// Those of the API that the book used.
    var fineTunes: LegacyFineTunes { LegacyFineTunes(served, files) }
    /// What answers questions to models.
    let completer: Completer
    /// What keeps predictions; nil where none are kept.
    let recorder: PredictionRecorder?
    let metrics = ServerMetrics()
    let log: Logger
    private let stopping = Mutex(false)

    init(_ settings: ServerSettings, _ parts: ServerParts, _ log: Logger) {
        self.settings = settings
        self.log = log
        workspace = parts.workspace
        jobs = parts.jobs
        clock = parts.clock
        files = FileLibrary(parts.workspace, clock: parts.clock)
        aliases = AliasLibrary(parts.workspace, clock: parts.clock)
        models = ModelLibrary(parts.workspace)
        completer = Completer(parts.workspace, aliases, isCalibrated: settings.isCalibrated)
        recorder =
            settings.recordsPredictions
            ? PredictionRecorder(parts.workspace, clock: parts.clock) { error in
                log.error(
                    "predictions lost",
                    metadata: ["error": "\(LineLogger.oneLine("\(error)"))"]
                )
            } : nil
        served = ServedJobs(
            parts.workspace,
            clock: parts.clock,
            center: parts.jobs,
            surroundings: ServedJobs.Surroundings(files, aliases)
        )
    }

    /// Whether the server is about to stop, so that streams should end.
    var isStopping: Bool { stopping.withLock { $0 } }

    func beginStopping() {
        stopping.withLock { $0 = true }
    }
}
