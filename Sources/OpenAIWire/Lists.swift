public import FettleCore

/// A list, or a page of one.
public struct WireList<Item: WireValue>: WireValue {
    /// The items.
    public var data: [Item]
    /// Whether another page follows; nil where the list has no pages.
    public var hasMore: Bool?
    /// The id of the first item; written when ``hasMore`` is.
    public var firstID: String?
    /// The id of the last item, which the next page is asked for after.
    public var lastID: String?

    /// Makes a list without pages.
    public init(_ data: [Item]) {
        self.data = data
    }

    /// Makes a page.
    public init(page data: [Item], hasMore: Bool, id: (Item) -> String) {
        self.data = data
        self.hasMore = hasMore
        firstID = data.first.map(id)
        lastID = data.last.map(id)
    }

    /// Reads one; `has_more` may be absent.
    public init(reading object: WireObject) throws(WireProblem) {
        data = try object.list(Item.self, "data") ?? []
        hasMore = try object.flag("has_more")
        firstID = try object.string("first_id")
        lastID = try object.string("last_id")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("object", .string("list")), .init("data", wire(data)),
        ]
        if let hasMore {
            members.append(.init("first_id", firstID.map { .string($0) } ?? .null))
            members.append(.init("last_id", lastID.map { .string($0) } ?? .null))
            members.append(.init("has_more", .boolean(hasMore)))
        }
        return .object(members)
    }
}
