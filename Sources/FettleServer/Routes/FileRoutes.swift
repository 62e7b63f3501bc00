import FettleWorkbench
import FettleCore
import FettleStore
import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenAIWire

/// Files: uploaded ones, and those that jobs made.
enum FileRoutes {
    static let all: [Route] = [
        Route(
            method: .post,
            pattern: "/v1/files",
            maximumBody: nil,
            bodyTime: .seconds(3600),
            answer: create
        ),
        .get("/v1/files", list),
        .get("/v1/files/{id}", retrieve),
        Route(method: .get, pattern: "/v1/files/{id}/content", takesLinks: true, answer: content),
        .delete("/v1/files/{id}", delete),
    ]

    private static let purposes = [
        "fine-tune", "fine-tune-results", "assistants", "batch", "vision", "user_data", "evals",
    ]

    private static func create(_ exchange: Exchange) async throws -> Response {
        let boundary = try MultipartParser.boundary(exchange.request.headers[.contentType])
        var parser = MultipartParser(boundary: boundary)
        var form = UploadForm(
            exchange.services.files,
            maximumBytes: exchange.services.settings.maximumUpload,
            purposes: purposes
        )
        do {
            let limit = exchange.services.settings.maximumUpload + Limits.formOverhead
            try await exchange.readBody(upTo: limit) { piece in
                try piece.withUnsafeReadableBytes { bytes in
                    try parser.feed(bytes) { try form.take($0) }
                }
            }
            try parser.finish()
            return exchange.answer(FileObject(try form.finish()))
        } catch {
            form.abandon()
            throw error
        }
    }

    private static func list(_ exchange: Exchange) async throws -> Response {
        let query = exchange.query
        let limit = try query.integer("limit", in: 1...10_000, default: 10_000)
        let order = query["order"] ?? "desc"
        guard ["asc", "desc"].contains(order) else {
            throw OpenAIErrorResponse(
                .badRequest,
                "'order' must be 'asc' or 'desc', found '\(order.prefix(40))'",
                param: "order"
            )
        }
        var files = try exchange.services.files.files()
        if let purpose = query["purpose"] { files.removeAll { $0.purpose != purpose } }
        if order == "desc" { files.reverse() }
        let page = try Page(files, after: query["after"], limit: limit) { $0.id }
        return exchange.answer(
            WireList(page: page.items.map { FileObject($0) }, hasMore: page.hasMore) { $0.id }
        )
    }

    private static func retrieve(_ exchange: Exchange) async throws -> Response {
        exchange.answer(FileObject(try exchange.services.files.file(exchange["id"])))
    }

    private static func content(_ exchange: Exchange) async throws -> Response {
        let files = exchange.services.files
        let file = try files.file(exchange["id"])
        guard let body = FileBody(try files.path(of: file)) else {
            throw Diagnostic("workspace-read", "the bytes of '\(file.id)' are gone")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .contentLength: String(body.count),
            ],
            body: body.body
        )
    }

    private static func delete(_ exchange: Exchange) async throws -> Response {
        exchange.answer(Deletion(id: try exchange.services.files.delete(exchange["id"]).id))
    }
}

/// A part of a list, as clients ask for it.
struct Page<Item> {
    /// The items.
    let items: [Item]
    /// Whether others follow.
    let hasMore: Bool

    /// Takes the items after the one with the id `after`.
    ///
    /// - Throws: 400 when there is none, which a client would otherwise ask after for ever.
    init(
        _ all: [Item],
        after: String?,
        limit: Int,
        id: (Item) -> String
    ) throws(OpenAIErrorResponse) {
        var rest = all[...]
        if let after {
            guard let place = all.firstIndex(where: { id($0) == after }) else {
                throw OpenAIErrorResponse(
                    .badRequest,
                    "'after' must be the id of an item of the list, found '\(after.prefix(80))'",
                    param: "after"
                )
            }
            rest = all[(place + 1)...]
        }
        items = Array(rest.prefix(limit))
        hasMore = rest.count > limit
    }
}
