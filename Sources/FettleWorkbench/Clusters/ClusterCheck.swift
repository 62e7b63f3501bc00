import FettleCore
import FettleProviders
import FettleStore
import Foundation

extension ClusterLibrary {
    /// Asks a cluster what it is and has, and by a small job what its Python has.
    ///
    /// The job is taken away at its end, and when this is cancelled.
    ///
    /// - Parameters:
    ///   - name: the cluster.
    ///   - progress: called with what is waited for, and the seconds so far.
    /// - Returns: what it said.
    /// - Throws: `unknown-cluster`, `cluster-unreachable`, `cluster-token`, `cluster-answer` and their like, or
    ///   `CancellationError`.
    public func check(
        _ name: String,
        progress: @escaping (_ words: String, _ seconds: Int) -> Void = { _, _ in }
    ) throws -> ClusterReport {
        let record = try cluster(name)
        let client = try client(of: name)
        // Who asks whether it is there does not wait for it to come.
        let version = try client.withoutRepeating().version()
        guard try client.isHealthy() else {
            throw Diagnostic(
                "cluster-unreachable",
                "the cluster '\(name)' has lost the part of it that knows what runs where",
                hint: "start its head anew"
            )
        }
        let source = try tokenSource(of: record)
        var report = ClusterReport(
            ray: version.ray,
            api: version.api,
            isKnownAPI: version.api == RayVersion.knownAPI,
            takesEverybody: try source == nil || client.isOpen(),
            tokenSource: source,
            isReadable: record.isInsecure,
            nodes: []
        )
        report.fileServer = record.fileServer
        var link: String?
        do {
            link = try files(of: record)?.withoutRepeating().probe(in: NSTemporaryDirectory())
        } catch let diagnostic as Diagnostic {
            report.fileProblem = ([diagnostic.message] + diagnostic.hints).joined(separator: "; ")
        }
        let probe = ClusterProbe(client, link: link)
        do {
            switch try probe.run(progress) {
            case .success(let found):
                report.python = found.python
                report.fileProblem = report.fileProblem ?? found.fileProblem
            case .failure(let problem): report.problem = problem.message
            }
        } catch {
            _ = probe.discard()
            throw error
        }
        report.leftJob = probe.discard() ? nil : probe.id
        // After a job that ran somewhere: a head that has just started knows no machine for some seconds.
        report.nodes = try client.nodes().map { ClusterReport.Node($0) }
        return report
    }
}

/// A small job that says what the Python of a cluster's jobs has.
struct ClusterProbe {
    /// Why nothing was found out.
    struct Problem: Error {
        var message: String
    }

    /// What was found out.
    struct Findings {
        var python: ClusterReport.Python
        /// Why the job could not fetch the file; nil where it could, or was not asked to.
        var fileProblem: String?
    }

    /// What tuning takes, in the order in which it is needed.
    static let packages = ["ray", "torch", "transformers", "peft", "ray.train"]

    /// What its line begins with.
    private static let mark = "FETTLE-PROBE "
    /// For how long it may take, in seconds; importing PyTorch from a slow disk takes the longest.
    private static let patience = 180
    /// For how long its end may take, in seconds.
    private static let farewell = 10.0

    /// The job's id.
    let id = "fettle-check-" + String(UInt64.random(in: 0 ... .max), radix: 16)
    private let client: RayClient
    /// The address of a file with ``RayFiles/probeText``, which the job is to fetch; nil for none.
    private let link: String?

    init(_ client: RayClient, link: String? = nil) {
        // The script stands between single quotes.
        (self.client, self.link) = (client, link?.replacing("'", with: "%27"))
    }

    /// Imports each package, since one that is there may lack what it needs.
    private var script: String {
        """
        import importlib, json, sys, urllib.request
        found, missing, gpus, files = {}, {}, 0, None
        try:
            link = \(link.map { JSONValue.string($0).text() } ?? "None")
            if link:
                files = len(urllib.request.urlopen(link, timeout=20).read(1000)) == \(RayFiles.probeText.utf8.count)
        except Exception as error:
            files = (type(error).__name__ + ": " + str(error))[:300]
        for name in \(JSONValue.array(Self.packages.map { .string($0) }).text()):
            try:
                found[name] = str(getattr(importlib.import_module(name), "__version__", ""))
            except Exception as error:
                missing[name] = (type(error).__name__ + ": " + str(error))[:300]
        if "torch" in found:
            gpus = importlib.import_module("torch").cuda.device_count()
        facts = {"python": sys.version.split()[0], "found": found, "missing": missing, "gpus": gpus, "files": files}
        print("\(Self.mark)" + json.dumps(facts), flush=True)
        """
    }

    /// A line for the system's shell; Ray puts its own Python on no path.
    var entrypoint: String {
        "for p in python python3; do command -v $p > /dev/null 2>&1 && exec $p -c '\(script)'; done; "
            + "echo no Python is on the PATH of jobs; exit 127"
    }

    /// Runs the job to its end.
    func run(
        _ progress: (_ words: String, _ seconds: Int) -> Void
    ) throws -> Result<Findings, Problem> {
        try client.submit(
            RayJobRequest(
                id: id,
                entrypoint: entrypoint,
                metadata: ["fettle": "check"]
            )
        )
        let start = DispatchTime.now().uptimeNanoseconds
        var pace = FollowingPace()
        while true {
            let job = try client.job(id)
            if job.status.isEnd { return try result(of: job) }
            let seconds = Int((DispatchTime.now().uptimeNanoseconds - start) / 1_000_000_000)
            guard seconds < Self.patience else {
                return .failure(
                    Problem(message: "it has not ended in \(Self.patience) s: \(job.message)")
                )
            }
            progress(job.status == .pending ? "the job waits" : "the job imports", seconds)
            try RetryPolicy.usual.wait(min(1, pace.next(hasNews: false)))
        }
    }

    private func result(of job: RayJob) throws -> Result<Findings, Problem> {
        // Ray's own lines are among them, with the job's line, in whatever order.
        let lines = try client.log(of: id).replacing(entrypoint, with: "")
            .split(whereSeparator: \.isNewline)
            .filter {
                !$0.hasPrefix("Running entrypoint for job ") && !$0.contains("job_manager.py:")
            }
        if job.status == .succeeded,
            let line = lines.last(where: { $0.hasPrefix(Self.mark) }),
            let findings = Self.findings(line.dropFirst(Self.mark.count))
        {
            return .success(findings)
        }
        let reason = job.reason ?? (job.status == .stopped ? "it was stopped" : "it said nothing")
        let said = job.status == .failed && job.exitCode != nil ? lines.last : nil
        return .failure(
            Problem(message: client.masked(reason + (said.map { ": \($0)" } ?? "")))
        )
    }

    private static func findings(_ text: Substring) -> Findings? {
        guard let value = try? JSONValue.parse(Array(text.utf8)),
            case .string(let version)? = value["python"]
        else { return nil }
        var gpus = 0
        if case .integer(let count)? = value["gpus"] { gpus = Int(clamping: count) }
        func words(_ member: String, _ name: String) -> String? {
            if case .string(let words)? = value[member]?[name] { words } else { nil }
        }
        let python = ClusterReport.Python(
            version: version,
            packages: packages.map { name in
                let found = words("found", name)
                return .init(
                    name: name,
                    version: found,
                    problem: found == nil ? words("missing", name) ?? "it was not looked for" : nil
                )
            },
            gpus: gpus
        )
        return Findings(python: python, fileProblem: fileProblem(value["files"]))
    }

    private static func fileProblem(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let words)?: "its jobs cannot fetch from there: \(words)"
        case .boolean(false)?: "its jobs get from there what was not sent"
        default: nil
        }
    }

    /// Takes the job away, though this task was cancelled; returns whether it is gone.
    func discard() -> Bool {
        let (client, id) = (client.withoutRepeating(), id)
        let isGone: Void? = try? OwnThread.run {
            do {
                try client.stop(id)
            } catch let diagnostic as Diagnostic where diagnostic.code == "unknown-cluster-job" {
                return
            }
            let end = Date(timeIntervalSinceNow: Self.farewell)
            while try !client.job(id).status.isEnd, Date() < end {
                Thread.sleep(forTimeInterval: 0.2)
            }
            try client.delete(id)
        }
        return isGone != nil
    }
}
