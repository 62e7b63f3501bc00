public import FettleCore

/// Something that happened to a job.
public struct FineTuningJobEvent: WireValue {
    /// The id, as `ftevent-…`.
    public var id: String
    /// When, in seconds since 1970.
    public var createdAt: Int
    /// `info`, `warn` or `error`.
    public var level: String
    /// What happened.
    public var message: String
    /// `message` or `metrics`.
    public var type: String
    /// The figures of a step.
    public var data: JSONValue?

    /// Makes one.
    public init(
        id: String = "",
        createdAt: Int = 0,
        level: String = "info",
        message: String = "",
        type: String = "message",
        data: JSONValue? = nil
    ) {
        self.id = id
        self.createdAt = createdAt
        self.level = level
        self.message = message
        self.type = type
        self.data = data
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.string("id") ?? ""
        createdAt = try object.integer("created_at") ?? 0
        level = try object.string("level") ?? "info"
        message = try object.string("message") ?? ""
        type = try object.string("type") ?? "message"
        data = object.any("data")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("fine_tuning.job.event")))
        members.append(.init("id", wire(id)))
        members.append(.init("created_at", wire(createdAt)))
        members.append(.init("level", wire(level)))
        members.append(.init("message", wire(message)))
        members.append(.init("type", wire(type)))
        members.append(.init("data", data.map { wire($0) } ?? .null))
        return .object(members)
    }
}
