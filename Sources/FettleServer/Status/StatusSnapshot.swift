import FettleCore
import FettleStore
import FettleWorkbench

/// What the status page shows, as it is at one moment.
struct StatusSnapshot: Sendable {
    /// A job with how far it is.
    struct Job: Sendable {
        let number: Int
        let id: String
        let status: JobStatus
        let base: String
        let dataset: String
        let model: String?
        let error: String?
        let createdAt: Int64
        /// Weight updates done and in all; nil before the first.
        let progress: (done: Int, total: Int)?
    }

    /// Most jobs that are shown.
    static let mostJobs = 20

    /// The latest jobs, newest first.
    let jobs: [Job]
    /// How many jobs there are.
    let jobCount: Int
    /// The latest job that has metrics, and these.
    let curve: (job: Job, metrics: [TrainingMetrics])?
    /// Tuned models, newest first.
    let models: [ModelRecord]
    /// Names that stand for models.
    let aliases: [AliasLibrary.Alias]
    /// Predictions by model, where some are kept.
    let predictions: [PredictionCount]

    /// Looks at the workspace.
    init(_ services: ServerServices) throws {
        let store = try services.workspace.existingStore()
        let stored = try services.workspace.jobs()
        var jobs: [Job] = []
        var curve: (job: Job, metrics: [TrainingMetrics])?
        for job in stored.reversed().prefix(Self.mostJobs) {
            let wantsMetrics = job.record.status.isActive || curve == nil
            let metrics = wantsMetrics ? try store?.metrics(ofJob: job.record.id) ?? [] : []
            let shown = Job(
                number: job.number,
                id: job.record.id,
                status: job.record.status,
                base: job.record.base,
                dataset: job.record.dataset,
                model: job.model,
                error: job.error,
                createdAt: job.record.createdAt,
                progress: metrics.last.map { ($0.step, max($0.step, $0.totalSteps)) }
            )
            if !metrics.isEmpty, curve == nil || shown.status == .running {
                if curve?.job.status != .running { curve = (shown, metrics) }
            }
            jobs.append(shown)
        }
        self.jobs = jobs
        self.curve = curve
        jobCount = stored.count
        models = try services.models.models().reversed()
        aliases = try services.aliases.all()
        predictions = try store?.predictionCounts() ?? []
    }
}
