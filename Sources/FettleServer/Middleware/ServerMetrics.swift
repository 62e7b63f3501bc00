import FettleCore
import HTTPTypes
import Synchronization

/// Figures of the requests, in the text form of Prometheus.
final class ServerMetrics: Sendable {
    private struct Key: Hashable, Comparable {
        let route: String
        let method: String
        let status: Int

        static func < (first: Key, second: Key) -> Bool {
            (first.route, first.method, first.status) < (second.route, second.method, second.status)
        }
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: ServerMetrics.bounds.count + 1)
        var sum = 0.0
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var durations: [String: Histogram] = [:]
        var tokens: [String: Int] = [:]
    }

    /// The upper ends of the histogram's classes, in seconds.
    private static let bounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Methods that are told apart; a client could make up any number of others.
    private static let methods: Set = ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"]

    private let state = Mutex(State())

    /// Counts a request that was answered.
    func count(
        route: String,
        method: HTTPRequest.Method,
        _ status: Int,
        _ duration: Duration
    ) {
        let seconds = duration.inSeconds
        let method = Self.methods.contains(method.rawValue) ? method.rawValue : "other"
        let place = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.requests[Key(route: route, method: method, status: status), default: 0] += 1
            state.durations[route, default: Histogram()].counts[place] += 1
            state.durations[route, default: Histogram()].sum += seconds
        }
    }

    /// Counts tokens of prompts and of completions.
    func count(promptTokens: Int, completionTokens: Int) {
        state.withLock { state in
            state.tokens["prompt", default: 0] += promptTokens
            state.tokens["completion", default: 0] += completionTokens
        }
    }

    /// The figures, with how many jobs there are of each status.
    func text(jobs: [JobStatus: Int]) -> String {
        let state = state.withLock { $0 }
        var lines = [
            "# HELP fettle_requests_total Requests that were answered.",
            "# TYPE fettle_requests_total counter",
        ]
        lines += state.requests.sorted { $0.key < $1.key }.map { key, count in
            "fettle_requests_total{route=\"\(key.route)\",method=\"\(key.method)\",status=\"\(key.status)\"} "
                + "\(count)"
        }
        lines += [
            "# HELP fettle_request_seconds Time from a request's head to the end of its answer.",
            "# TYPE fettle_request_seconds histogram",
        ]
        for (route, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            var sum = 0
            for (bound, count) in zip(Self.bounds, histogram.counts) {
                sum += count
                lines.append(
                    "fettle_request_seconds_bucket{route=\"\(route)\",le=\"\(bound)\"} \(sum)"
                )
            }
            sum += histogram.counts.last ?? 0
            lines += [
                "fettle_request_seconds_bucket{route=\"\(route)\",le=\"+Inf\"} \(sum)",
                "fettle_request_seconds_sum{route=\"\(route)\"} \(histogram.sum)",
                "fettle_request_seconds_count{route=\"\(route)\"} \(sum)",
            ]
        }
        lines += [
            "# HELP fettle_jobs Jobs of the workspace by their status.", "# TYPE fettle_jobs gauge",
        ]
        lines += JobStatus.allCases.map {
            "fettle_jobs{status=\"\($0.rawValue)\"} \(jobs[$0] ?? 0)"
        }
        lines += [
            "# HELP fettle_queue_length Jobs that wait for their turn.",
            "# TYPE fettle_queue_length gauge", "fettle_queue_length \(jobs[.queued] ?? 0)",
            "# HELP fettle_tokens_total Tokens of prompts and completions.",
            "# TYPE fettle_tokens_total counter",
        ]
        lines += ["prompt", "completion"].map {
            "fettle_tokens_total{kind=\"\($0)\"} \(state.tokens[$0] ?? 0)"
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
