public import FettleCore

/// An uploaded file, or one that a job made.
public struct FileObject: WireValue {
    /// The id, as `file-…`.
    public var id: String
    /// What it is for, such as `fine-tune`.
    public var purpose: String
    /// The name that its user gave; data, never a path.
    public var filename: String
    /// How long it is.
    public var bytes: Int
    /// When it was uploaded, in seconds since 1970.
    public var createdAt: Int
    /// `uploaded`, `processed` or `error`.
    public var status: String
    /// What is wrong with it.
    public var statusDetails: String?
    /// When it goes away by itself, in seconds since 1970.
    public var expiresAt: Int?

    /// Makes one.
    public init(
        id: String,
        purpose: String = "",
        filename: String = "",
        bytes: Int = 0,
        createdAt: Int = 0,
        status: String = "processed",
        statusDetails: String? = nil,
        expiresAt: Int? = nil
    ) {
        self.id = id
        self.purpose = purpose
        self.filename = filename
        self.bytes = bytes
        self.createdAt = createdAt
        self.status = status
        self.statusDetails = statusDetails
        self.expiresAt = expiresAt
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.required("id", object.string("id"))
        purpose = try object.string("purpose") ?? ""
        filename = try object.string("filename") ?? ""
        bytes = try object.integer("bytes") ?? 0
        createdAt = try object.integer("created_at") ?? 0
        status = try object.string("status") ?? "processed"
        statusDetails = try object.string("status_details")
        expiresAt = try object.integer("expires_at")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("file")))
        members.append(.init("id", wire(id)))
        members.append(.init("purpose", wire(purpose)))
        members.append(.init("filename", wire(filename)))
        members.append(.init("bytes", wire(bytes)))
        members.append(.init("created_at", wire(createdAt)))
        members.append(.init("status", wire(status)))
        members.append(.init("status_details", statusDetails.map { wire($0) } ?? .null))
        if let expiresAt { members.append(.init("expires_at", wire(expiresAt))) }
        return .object(members)
    }
}

/// The answer to the deletion of a file, a model or a job.
public struct Deletion: WireValue {
    /// The id of what was deleted.
    public var id: String
    /// What it was: `file`, `model` or `fine-tune`.
    public var kind: String
    /// Whether it is gone.
    public var deleted: Bool

    /// Makes one.
    public init(
        id: String,
        kind: String = "file",
        deleted: Bool = true
    ) {
        self.id = id
        self.kind = kind
        self.deleted = deleted
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.required("id", object.string("id"))
        kind = try object.string("object") ?? "file"
        deleted = try object.flag("deleted") ?? true
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("id", wire(id)),
            .init("object", wire(kind)),
            .init("deleted", wire(deleted)),
        ])
    }
}
