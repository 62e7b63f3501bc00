import Foundation

/// The calls of the stand-in.
enum RayStandInRoutes {
    private static let sizeLimit = 104_857_600

    static func answer(
        _ request: RayStandIn.Request,
        _ settings: RayStandIn.Settings,
        _ cluster: RayStandInJobs
    ) -> RayStandInAnswer {
        if let token = settings.token {
            guard let shown = request.headers["authorization"] else {
                return .text(401, "Unauthorized: Missing authentication token")
            }
            guard shown == "Bearer \(token)" else {
                return .text(403, "Forbidden: Invalid authentication token")
            }
        }
        let isBrowser =
            request.headers["origin"] != nil
            || request.headers["user-agent"]?.hasPrefix("Mozilla") == true
        if isBrowser, request.method != "GET" {
            return .text(405, "'\(request.method)' method not allowed for browser traffic.")
        }
        if request.body.count > sizeLimit {
            return .text(413, "Maximum request body size \(sizeLimit) exceeded.")
        }
        let path = request.path.prefix { $0 != "?" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map { $0.removingPercentEncoding ?? String($0) }
        switch (request.method, parts.count, parts.first ?? "") {
        case ("GET", 2, "api") where parts[1] == "version":
            return .json([
                "version": settings.api, "ray_version": "2.60.0", "ray_commit": "stand-in",
                "session_name": "session_1",
            ])
        case ("GET", 2, "api") where parts[1] == "gcs_healthz": return .text(200, "success")
        case ("GET", 3, "api") where parts[1...] == ["v0", "nodes"]: return nodes(settings)
        case ("GET", 2, "api") where parts[1] == "cluster_status":
            return status(settings, used: cluster.used)
        case ("GET", 4, "api") where parts[1...] == ["v0", "logs", "file"]:
            let id = request.path.split(separator: "=").last.map(String.init) ?? ""
            guard request.path.contains("node_id=\(node)&"), cluster.ids.contains(id) else {
                return .text(500, "ValueError: node_id or node_ip must be provided")
            }
            return .text(200, cluster.log(of: id))
        case (_, 4, "api") where parts[1...2] == ["packages", "gcs"]:
            return package(request, parts[3], cluster)
        case (_, 3..., "api") where parts[1] == "jobs": return jobs(request, parts, cluster)
        default: return .text(404, "404: Not Found")
        }
    }

    static let node = String(repeating: "a1", count: 28)

    private static func nodes(_ settings: RayStandIn.Settings) -> RayStandInAnswer {
        var resources: [String: Any] = [
            "CPU": Double(settings.cpus), "memory": Double(settings.memory),
            "node:127.0.0.1": 1.0,
        ]
        if settings.gpus > 0 { resources["GPU"] = Double(settings.gpus) }
        return .json([
            "result": true, "msg": "",
            "data": [
                "result": [
                    "total": 1,
                    "result": [
                        [
                            "node_id": node, "node_ip": "127.0.0.1", "is_head_node": true,
                            "state": "ALIVE", "resources_total": resources,
                        ]
                    ],
                ]
            ],
        ])
    }

    private static func status(
        _ settings: RayStandIn.Settings,
        used: (cpus: Double, gpus: Double)
    ) -> RayStandInAnswer {
        let usage = [
            "CPU": [used.cpus, Double(settings.cpus)], "GPU": [used.gpus, Double(settings.gpus)],
            "memory": [0, Double(settings.memory)],
        ]
        return .json([
            "result": true, "msg": "Got cluster status.",
            "data": [
                "clusterStatus": ["loadMetricsReport": ["usageByNode": [node: usage]]]
            ],
        ])
    }

    private static func package(
        _ request: RayStandIn.Request,
        _ name: String,
        _ cluster: RayStandInJobs
    ) -> RayStandInAnswer {
        switch request.method {
        case "GET":
            return cluster.packageNames.contains(name)
                ? .text(200, "") : .text(404, "Package gcs://\(name) does not exist")
        case "PUT":
            cluster.keep(package: name, request.body)
            return .text(200, "")
        default: return .text(405, "405: Method Not Allowed")
        }
    }

    private static func jobs(
        _ request: RayStandIn.Request,
        _ parts: [String],
        _ cluster: RayStandInJobs
    ) -> RayStandInAnswer {
        let id = parts[2]
        switch (request.method, parts.count) {
        case ("POST", 3) where id.isEmpty: return submit(request.body, cluster)
        case ("GET", 3) where id.isEmpty:
            return .json(cluster.ids.compactMap { cluster.facts(of: $0) })
        default: break
        }
        guard let facts = cluster.facts(of: id) else {
            return .text(404, "Job \(id) does not exist")
        }
        switch (request.method, parts.dropFirst(3)) {
        case ("GET", []): return .json(facts)
        case ("GET", ["logs"]): return .json(["logs": cluster.log(of: id)])
        case ("POST", ["stop"]): return .json(["stopped": cluster.stop(id)])
        case ("DELETE", []):
            let status = facts["status"] as? String ?? ""
            guard cluster.delete(id) else {
                return .traceback(
                    "delete_job",
                    "RuntimeError: Attempted to delete job '\(id)', but it is in a non-terminal state \(status).",
                    inner: 500
                )
            }
            return .json(["deleted": true])
        default: return .text(404, "404: Not Found")
        }
    }

    private static func submit(
        _ body: [UInt8],
        _ cluster: RayStandInJobs
    ) -> RayStandInAnswer {
        guard let value = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        else {
            return .text(
                500,
                "500 Internal Server Error\n\nServer got itself in trouble"
            )
        }
        guard let entrypoint = value["entrypoint"] as? String else {
            return .text(
                400,
                """
                Traceback (most recent call last):
                  File "/opt/ray/dashboard/modules/job/common.py", line 445, in validate_request_type
                    return request_type(**json_data)
                TypeError: JobSubmitRequest.__init__() missing 1 required positional argument: 'entrypoint'

                """
            )
        }
        let id = value["submission_id"] as? String ?? "raysubmit_\(UUID().uuidString.prefix(16))"
        guard cluster.submit(id, entrypoint, value) else {
            return .traceback(
                "submit_job",
                "ValueError: Job with submission_id \(id) already exists. Please use a different submission_id.",
                inner: 400
            )
        }
        return .json(["job_id": id, "submission_id": id])
    }
}
