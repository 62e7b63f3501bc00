import FettleCore

/// One event of a stream of the type `text/event-stream`.
public struct ServerSentEvent: Hashable, Sendable {
    /// What the event says; several lines are joined by line feeds.
    public var data: String
    /// Its kind; nil for the usual one.
    public var event: String?
    /// The id after which a client may ask again.
    public var id: String?

    /// The event that ends a stream of the API.
    public static let done = ServerSentEvent(data: "[DONE]")

    /// What keeps a quiet stream open, and is no event.
    public static let ping = ": ping\n\n"

    /// Makes an event.
    public init(data: String, event: String? = nil, id: String? = nil) {
        self.data = data
        self.event = event
        self.id = id
    }

    /// Makes an event of a part of the API.
    public init(_ value: some WireValue) {
        self.init(data: value.json.text())
    }

    /// Whether it ends a stream of the API.
    public var isDone: Bool { data.hasPrefix("[DONE]") }

    /// The event as it is sent, blank line included.
    public var text: String {
        var text = ""
        if let event { text += "event: \(event)\n" }
        if let id { text += "id: \(id)\n" }
        for line in data.split(separator: "\n", omittingEmptySubsequences: false) {
            text += "data: \(line)\n"
        }
        return text + "\n"
    }
}

/// Finds the events of a stream whose bytes come in pieces.
public struct ServerSentEventParser: Sendable {
    /// The longest line and the longest event in bytes.
    public static let limit = 16 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var event: String?
    private var id: String?
    private var endsInReturn = false
    private var isAtStart = true

    /// Makes a parser at the start of a stream.
    public init() {}

    /// Takes the next bytes and returns the events that they complete.
    ///
    /// - Throws: when a line or an event is longer than ``limit``.
    public mutating func feed(
        _ bytes: some Sequence<UInt8>
    ) throws(WireProblem) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let isSecondHalf = endsInReturn && byte == 0x0A
            endsInReturn = byte == 0x0D
            switch byte {
            case 0x0A where isSecondHalf: continue
            case 0x0A, 0x0D:
                if let event = endLine() { events.append(event) }
            default: line.append(byte)
            }
            guard line.count + data.count <= Self.limit else {
                throw WireProblem("an event of the stream is longer than \(Self.limit) bytes")
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else {
            defer {
                data = []
                hasData = false
                event = nil
            }
            guard hasData else { return nil }
            return ServerSentEvent(
                data: String(decoding: data, as: UTF8.self),
                event: event,
                id: id
            )
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            hasData = true
            data.append(contentsOf: value)
        case "event": event = String(decoding: value, as: UTF8.self)
        case "id": id = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }
}
