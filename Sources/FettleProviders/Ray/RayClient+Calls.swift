import FettleCore
import Foundation
import OpenAIWire

/// The calls of the jobs API that Fettle makes.
extension RayClient {
    // MARK: - The cluster

    /// Returns what runs at the address.
    ///
    /// - Throws: `cluster-unreachable`, `cluster-token`, or `cluster-answer` where it is no Ray.
    public func version() throws -> RayVersion {
        let answer = try value(answer(.get, "/api/version"))
        return try reading(answer) { object throws(WireProblem) in
            RayVersion(
                api: try object.required("version", object.string("version")),
                ray: try object.required("ray_version", object.string("ray_version"))
            )
        }
    }

    /// Returns whether the part of Ray that knows what runs where is well.
    public func isHealthy() throws -> Bool {
        let answer = try answer(.get, "/api/gcs_healthz")
        guard answer.status != 401, answer.status != 403 else { throw refusal(answer) }
        return answer.status == 200
    }

    /// Whether the cluster takes requests that show no token.
    public func isOpen() throws -> Bool {
        let status = try withoutToken().answer(.get, "/api/version").status
        return (200..<300).contains(status)
    }

    /// Returns the machines that are there, the head first; there are none in the first seconds of a head.
    ///
    /// What is taken on each comes from wherever the cluster tells it, and is nil where nothing does.
    public func nodes() throws -> [RayNode] {
        let answer = try value(answer(.get, "/api/v0/nodes?limit=1000"))
        guard case .array(let items)? = answer["data"]?["result"]?["result"] else {
            throw foreign("its list of nodes is none")
        }
        var nodes: [RayNode] = []
        for item in items {
            let node = try reading(item) { object throws(WireProblem) in try RayNode(object) }
            if let node { nodes.append(node) }
        }
        guard !nodes.isEmpty else { return [] }
        var usage = try usage("/api/cluster_status", RayNode.usage(status:))
        if nodes.contains(where: { usage[$0.id] == nil }) {
            let more = try self.usage("/nodes?view=summary", RayNode.usage(summary:))
            usage.merge(more) { first, _ in first }
        }
        return nodes.map { node in
            var node = node
            node.used = usage[node.id]
            return node
        }.sorted { ($0.isHead ? 0 : 1, $0.address, $0.id) < ($1.isHead ? 0 : 1, $1.address, $1.id) }
    }

    /// What is taken, by the ids of nodes; nothing where the cluster does not know the call.
    private func usage(
        _ path: String,
        _ read: (JSONValue) -> [String: [String: Double]]
    ) throws -> [String: [String: Double]] {
        let answer = try answer(.get, path)
        guard answer.status == 200, let value = try? value(answer) else { return [:] }
        return read(value)
    }

    // MARK: - Packages

    /// Whether the cluster has a package of this name just now.
    ///
    /// It throws one away within minutes of the end of the last job that refers to it, so that this is asked
    /// before each job.
    public func holds(package name: String) throws -> Bool {
        let answer = try answer(.get, Self.path(package: name))
        if answer.status == 404 { return false }
        guard (200..<300).contains(answer.status) else { throw refusal(answer) }
        return true
    }

    /// Sends a package unless the cluster has it.
    ///
    /// - Parameters:
    ///   - package: what to send.
    ///   - progress: called with the bytes that are sent.
    /// - Throws: `package-too-large` before anything is sent.
    public func upload(
        _ package: RayPackage,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void = { _, _ in }
    ) throws {
        guard package.size <= RayPackage.sizeLimit else {
            throw Diagnostic(
                "package-too-large",
                "the package for the cluster '\(name)' has \(NumberText.count(Int(package.size), "byte")), "
                    + "limit \(NumberText.count(Int(RayPackage.sizeLimit)))",
                hint: Self.lessHint
            )
        }
        if try holds(package: package.name) { return }
        let answer = try answer(
            .put,
            Self.path(package: package.name),
            .file(package.path),
            quietSeconds: 300,
            progress: { progress($0, package.size) }
        )
        guard (200..<300).contains(answer.status) else { throw refusal(answer) }
    }

    private static func path(package name: String) -> String {
        "/api/packages/gcs/\(WebAddress.escaped(name))"
    }

    // MARK: - Jobs

    /// Asks for a job.
    ///
    /// One of the same id that does the same, which a request made whose answer was lost, is taken for it.
    ///
    /// - Throws: `cluster-job-exists` when another job has the id.
    public func submit(_ request: RayJobRequest) throws {
        let answer = try answer(.post, "/api/jobs/", .json(request.json))
        if answer.status == 500 || answer.status == 400,
            RayWords(String(decoding: answer.body, as: UTF8.self)).sentence
                .contains("\(request.id) already exists")
        {
            let job = try job(request.id)
            guard job.entrypoint == request.entrypoint, job.metadata == request.metadata else {
                throw Diagnostic(
                    "cluster-job-exists",
                    "the cluster '\(name)' has another job called '\(request.id)'",
                    hint: "delete it there, or choose another id"
                )
            }
            return
        }
        let made = try value(answer)
        let id = try reading(made) { object throws(WireProblem) in
            try object.required("submission_id", object.string("submission_id"))
        }
        guard id == request.id else { throw foreign("it calls the job '\(masked(id))'") }
    }

    /// Returns a job as it stands.
    ///
    /// - Throws: `unknown-cluster-job`.
    public func job(_ id: String) throws -> RayJob {
        let value = try value(known(id, answer(.get, Self.path(id))))
        let job = try reading(value) { object throws(WireProblem) in try RayJob(object) }
        guard let job else { throw foreign("the job '\(id)' has no id") }
        return job
    }

    /// Returns the jobs that were asked for by this API, oldest first.
    public func jobs() throws -> [RayJob] {
        guard case .array(let items) = try value(answer(.get, "/api/jobs/")) else {
            throw foreign("its list of jobs is none")
        }
        var jobs: [RayJob] = []
        for item in items {
            let job = try reading(item) { object throws(WireProblem) in try RayJob(object) }
            if let job { jobs.append(job) }
        }
        return jobs.sorted { ($0.startedAt ?? 0, $0.id) < ($1.startedAt ?? 0, $1.id) }
    }

    /// Returns all that a job has written so far, but for the token; lines of Ray's own are among it.
    ///
    /// - Throws: `unknown-cluster-job`; `cluster-log-too-large` for one of more than 64 MiB.
    public func log(of id: String) throws -> String {
        let answer = try known(id, answer(.get, Self.path(id) + "/logs"))
        let text: String
        if answer.status == 500, let file = try logFile(of: id) {
            text = file
        } else {
            text = try reading(value(answer)) { object throws(WireProblem) in
                try object.string("logs") ?? ""
            }
        }
        return token?.masked(text) ?? text
    }

    /// Returns what the file of a job's log holds; nil where its machine does not tell.
    ///
    /// Ray keeps the address that a job tells of the agent of its machine. The first job of a machine that has just
    /// joined tells one without a port, by which the log of none of its jobs is found from then on; files are.
    private func logFile(of id: String) throws -> String? {
        guard let node = try job(id).node.map({ WebAddress.escaped($0) }) else { return nil }
        let query = "lines=-1&timeout=5&node_id=\(node)&submission_id=\(WebAddress.escaped(id))"
        do {
            // Of a machine that is gone it tells nothing, however often it is asked.
            let answer = try withoutRepeating().answer(.get, "/api/v0/logs/file?\(query)")
            return answer.status == 200 ? String(decoding: answer.body, as: UTF8.self) : nil
        } catch let diagnostic as Diagnostic where diagnostic.code == "cluster-unreachable" {
            return nil
        }
    }

    /// Asks that a job ends; its status follows some seconds later.
    ///
    /// A job that waits for resources says `pending` on until it would have started, and then ends.
    ///
    /// - Returns: whether it had not ended before.
    /// - Throws: `unknown-cluster-job`.
    @discardableResult
    public func stop(_ id: String) throws -> Bool {
        let value = try value(known(id, answer(.post, Self.path(id) + "/stop")))
        return try reading(value) { object throws(WireProblem) in
            try object.flag("stopped") ?? false
        }
    }

    /// Forgets a job that has ended, and its log; one that is not there is forgotten.
    ///
    /// - Throws: `cluster-refused` for one that has not ended.
    public func delete(_ id: String) throws {
        let answer = try answer(.delete, Self.path(id))
        guard (200..<300).contains(answer.status) || isUnknown(id, answer) else {
            throw refusal(answer)
        }
    }

    private static func path(_ id: String) -> String { "/api/jobs/\(WebAddress.escaped(id))" }

    /// Whether the answer is that there is no such job, and not that there is no such call.
    private func isUnknown(_ id: String, _ answer: HTTPAnswer) -> Bool {
        answer.status == 404
            && String(decoding: answer.body, as: UTF8.self).contains("Job \(id) does not exist")
    }

    /// Returns the answer unless it is that there is no such job.
    private func known(_ id: String, _ answer: HTTPAnswer) throws(Diagnostic) -> HTTPAnswer {
        guard isUnknown(id, answer) else { return answer }
        throw Diagnostic(
            "unknown-cluster-job",
            "the cluster '\(name)' has no job '\(id)'",
            hint:
                "it was deleted there, or the cluster's head was started anew, which forgets all jobs"
        )
    }
}
