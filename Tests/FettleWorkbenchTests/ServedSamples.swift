import FettleCore
import FettleStore
import FettleWorkbench
import Foundation
import Synchronization
import Testing

/// Uploaded files in a folder, as a library of files would keep them.
final class ServedFiles: Sendable {
    private let folder: TemporaryFolder
    private let all = Mutex<[(file: ServedFile, isResult: Bool)]>([])

    init(_ folder: TemporaryFolder) {
        self.folder = folder
    }

    /// Keeps a text, and returns its id.
    @discardableResult
    func add(_ text: String, _ name: String, isResult: Bool = false) throws -> String {
        try all.withLock { all in
            let id = "file-\(all.count + 1)"
            try folder.write(text, to: "uploads/\(id)")
            let path = folder.file("uploads/\(id)")
            all.append((ServedFile(id: id, filename: name, path: path), isResult))
            return id
        }
    }

    func file(_ id: String) -> ServedFile? {
        all.withLock { $0.first { $0.file.id == id }?.file }
    }

    /// The ids of the files that jobs made.
    var results: [String] { all.withLock { $0.filter(\.isResult).map(\.file.id) } }

    func remove(_ id: String) { all.withLock { $0.removeAll { $0.file.id == id } } }

    func text(_ id: String) throws -> String {
        let path = try #require(file(id)).path
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}

/// A workspace with jobs of the API.
struct ServedSite {
    let site: JobSite
    let files: ServedFiles
    let center: JobCenter
    let jobs: ServedJobs

    init(queueLimit: Int = 32) throws {
        let site = try JobSite()
        try self.init(site, ServedFiles(site.folder), queueLimit: queueLimit)
    }

    /// Opens the workspace as another process would.
    func next() throws -> ServedSite {
        try ServedSite(JobSite(in: site.folder), files)
    }

    private init(_ site: JobSite, _ files: ServedFiles, queueLimit: Int = 32) throws {
        self.site = site
        self.files = files
        center = JobCenter(site.workspace, clock: Samples.clock)
        jobs = ServedJobs(
            site.workspace,
            clock: Samples.clock,
            center: center,
            queueLimit: queueLimit,
            surroundings: ServedJobs.Surroundings(
                file: { id throws(Diagnostic) in files.file(id) },
                addFile: { text, name throws(Diagnostic) in
                    do {
                        return try files.add(text, name, isResult: true)
                    } catch {
                        throw Diagnostic("workspace-write", "\(error)")
                    }
                },
                removeFile: { files.remove($0) },
                resolve: { name throws(Diagnostic) in
                    ["ada", "prod"].contains(name) ? "ngram" : name
                }
            )
        )
    }

    /// Lines of reviews whose words tell their stars.
    static func lines(_ count: Int, classes: Int = 3) -> String {
        let words = ["awful broken", "lovely great", "plain okay"]
        return (0..<count).map { row in
            let place = row % classes
            return
                #"{"prompt": "\#(words[place]) item \#(row) ->", "completion": " \#(place + 1)"}"#
                + "\n"
        }.joined()
    }

    /// Returns a request for a short job on reviews.
    func request(
        _ generation: ServedGeneration = .legacy,
        epochs: Int? = 2,
        model: String = "ada"
    ) throws -> ServedJobs.Submission {
        var options = ServedOptions()
        options.epochs = epochs
        options.batchSize = 10
        options.seed = 3
        return ServedJobs.Submission(
            generation,
            model: model,
            trainingFile: try files.add(Self.lines(60), "train.jsonl"),
            options: options
        )
    }

    /// Follows a job to its end, and returns the messages.
    @discardableResult
    func follow(_ id: String) async throws -> [String] {
        var messages: [String] = []
        for await event in try jobs.eventStream(of: id) { messages.append(event.message) }
        return messages
    }

    /// Waits until a job has a row of metrics or the end of an epoch to show.
    ///
    /// - Throws: an error when it has ended first.
    func waitForProgress(_ id: String) async throws {
        let job = try jobs.job(id).stored.record.id
        while center.latest(of: job).flatMap(\.self) == nil,
            try !jobs.messages(of: id).contains(where: { $0.message.hasPrefix("Completed epoch") })
        {
            try #require(try !jobs.job(id).stored.record.status.isFinal, "the job has ended first")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
