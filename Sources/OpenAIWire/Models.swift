public import FettleCore

/// A model that can be asked, or tuned.
public struct ModelObject: WireValue {
    /// The id.
    public var id: String
    /// When it was made, in seconds since 1970; 0 where that means nothing.
    public var created: Int
    /// Whose it is, and of an alias what it stands for.
    public var ownedBy: String
    /// What it stands for: an alias its model, any other itself.
    public var root: String?
    /// The model that it was tuned from.
    public var parent: String?
    /// When it goes away, as `2027-01-14`.
    public var shutdownDate: String?

    /// Makes one.
    public init(
        id: String,
        created: Int = 0,
        ownedBy: String = "",
        root: String? = nil,
        parent: String? = nil,
        shutdownDate: String? = nil
    ) {
        self.id = id
        self.created = created
        self.ownedBy = ownedBy
        self.root = root
        self.parent = parent
        self.shutdownDate = shutdownDate
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.required("id", object.string("id"))
        created = try object.integer("created") ?? 0
        ownedBy = try object.string("owned_by") ?? ""
        root = try object.string("root")
        parent = try object.string("parent")
        shutdownDate = try object.string("shutdown_date")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("model")))
        members.append(.init("id", wire(id)))
        members.append(.init("created", wire(created)))
        members.append(.init("owned_by", wire(ownedBy)))
        if let root { members.append(.init("root", wire(root))) }
        if let parent { members.append(.init("parent", wire(parent))) }
        if let shutdownDate { members.append(.init("shutdown_date", wire(shutdownDate))) }
        return .object(members)
    }
}

/// A model, as the oldest form of the API lists it.
public struct EngineObject: WireValue {
    /// The id.
    public var id: String
    /// Whose it is.
    public var owner: String
    /// Whether it can be asked.
    public var ready: Bool

    /// Makes one.
    public init(
        id: String,
        owner: String = "",
        ready: Bool = true
    ) {
        self.id = id
        self.owner = owner
        self.ready = ready
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.required("id", object.string("id"))
        owner = try object.string("owner") ?? ""
        ready = try object.flag("ready") ?? true
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("object", .string("engine")),
            .init("id", wire(id)),
            .init("owner", wire(owner)),
            .init("ready", wire(ready)),
        ])
    }
}
