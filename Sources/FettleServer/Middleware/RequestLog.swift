import HTTPTypes
import HummingbirdCore
import Logging

/// The log's line for each request: no keys, no bodies, no queries.
enum RequestLog {
    static func write(
        _ log: Logger,
        _ id: String,
        _ request: Request,
        _ path: RequestPath,
        _ status: Int,
        _ duration: Duration
    ) {
        log.info(
            "request",
            metadata: [
                "id": "\(id)", "method": "\(request.method.rawValue)", "path": "\(path.shown)",
                "status": "\(status)", "ms": "\(duration.milliseconds)",
            ]
        )
    }
}

/// Writes events of the log as lines of `name=value`, with their time.
struct LineLogger: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable (String) -> Void
    private let label: String

    private init(_ label: String, _ write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.write = write
    }

    /// Returns a logger whose lines go to `write`.
    static func logger(_ write: @escaping @Sendable (String) -> Void) -> Logger {
        Logger(label: "fettle.server") { LineLogger($0, write) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "\(LogTime.now()) \(event.level) \(label): \(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let others = all.keys.filter { !Self.order.contains($0) }.sorted()
        for name in Self.order + others {
            if let value = all[name] { line += " \(name)=\(value)" }
        }
        write(Self.oneLine(line))
    }

    /// The names of a request's line in the order in which they are read best.
    private static let order = ["id", "method", "path", "status", "ms"]

    /// The text without line ends and other control characters.
    static func oneLine(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return text }
        return String(
            text.unicodeScalars.map {
                $0.properties.generalCategory == .control ? " " : Character($0)
            }
        )
    }
}
