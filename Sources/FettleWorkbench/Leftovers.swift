import FettleCore
import FettleStore
import Foundation

/// The files that jobs and deleted models left behind in a workspace, and that nothing needs any more.
///
/// A checkpoint stays while its job can go on from it. What belongs to no job of the database stays too:
/// the database may have been moved away for a while.
enum Leftovers {
    /// Removes them; another process may work in the workspace meanwhile.
    static func remove(from folder: String, _ store: Store) {
        let jobFolders = names(in: folder + "/jobs")
        let files = names(in: folder + "/models")
        guard !jobFolders.isEmpty || !files.isEmpty else { return }
        // The database is looked at first without keeping others from writing: mostly there is nothing.
        guard let jobs = try? store.jobs(), let models = try? store.models(),
            !paths(jobFolders, files, in: folder, jobs, models).isEmpty
        else { return }
        // A job cannot be taken on again between the look at it and the removal.
        try? store.whileNothingChanges { jobs, models in
            for path in paths(jobFolders, files, in: folder, jobs, models) {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }

    /// Removes the checkpoints of jobs that were cancelled or failed, which then cannot go on; returns the
    /// numbers of those jobs.
    static func removeCheckpoints(from folder: String, _ store: Store) throws(Diagnostic) -> [Int] {
        var numbers: [Int] = []
        try store.whileNothingChanges { jobs, _ in
            for job in jobs where job.record.status.isFinal {
                let files = JobFolder("\(folder)/jobs/\(job.record.id)")
                guard files.exists else { continue }
                files.remove()
                numbers.append(job.number)
            }
        }
        return numbers
    }

    private static func paths(
        _ jobFolders: [String],
        _ files: [String],
        in folder: String,
        _ jobs: [StoredJob],
        _ models: [ModelRecord]
    ) -> [String] {
        let byID = Dictionary(jobs.map { ($0.record.id, $0) }) { first, _ in first }
        let used = Set(models.map(\.file))
        let oldFolders = jobFolders.filter { name in
            guard let job = byID[name], !job.record.status.isActive else { return false }
            return job.record.status == .succeeded
                || !JobFolder("\(folder)/jobs/\(name)").canGoOn
        }
        // Weights are named after their job, also while they are written under a longer name.
        let oldFiles = files.filter { name in
            guard !used.contains(name), let dot = name.firstIndex(of: "."),
                let job = byID[String(name[..<dot])]
            else { return false }
            return !job.record.status.isActive
        }
        return oldFolders.map { "\(folder)/jobs/\($0)" } + oldFiles.map { "\(folder)/models/\($0)" }
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}
