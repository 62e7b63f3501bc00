import HTTPTypes
import FettleCore
import FettleStore
import FettleWorkbench
import HummingbirdCore
import OpenAIWire

/// Models: those that were tuned, the base models, and the names that stand for one.
enum ModelRoutes {
    static let all: [Route] = [
        .get("/v1/models", list),
        .get("/v1/models/{model}", retrieve),
        .delete("/v1/models/{model}", delete),
    ]

    private static func list(_ exchange: Exchange) async throws -> Response {
        let services = exchange.services
        let aliases = try services.aliases.all().map(object)
        let bases = try services.models.bases().map { object(base: $0.name) }
        let tuned = try services.models.models().map(object)
        return exchange.answer(WireList(aliases + bases + tuned))
    }

    private static func retrieve(_ exchange: Exchange) async throws -> Response {
        let services = exchange.services
        let name = exchange["model"]
        if try services.aliases.resolve(name).alias != nil,
            let alias = try services.aliases.all().first(where: { $0.name == name })
        {
            return exchange.answer(object(alias))
        }
        if let base = try services.models.base(name) {
            return exchange.answer(object(base: base.name))
        }
        guard let model = try services.workspace.existingStore()?.model(name) else { throw absent }
        return exchange.answer(object(model))
    }

    private static func delete(_ exchange: Exchange) async throws -> Response {
        let services = exchange.services
        let name = exchange["model"]
        if let alias = try services.aliases.resolve(name).alias {
            throw OpenAIErrorResponse(
                .forbidden,
                "'\(alias)' is an alias, which cannot be deleted here; 'alias \(alias) --back' changes it in "
                    + "the shell.",
                param: "model"
            )
        }
        if try services.models.base(name) != nil {
            throw OpenAIErrorResponse(
                .forbidden,
                "'\(name)' is a base model, which cannot be deleted.",
                param: "model"
            )
        }
        guard try services.workspace.existingStore()?.model(name) != nil else { throw absent }
        let model = try services.models.delete(name)
        return exchange.answer(Deletion(id: model.id, kind: "model"))
    }

    // MARK: - Forms

    private static let absent = OpenAIErrorResponse(
        .notFound,
        "That model does not exist",
        param: "model",
        code: "model_not_found"
    )

    private static func object(_ alias: AliasLibrary.Alias) -> ModelObject {
        ModelObject(
            id: alias.name,
            created: (alias.setAt ?? 0).inSeconds,
            ownedBy: "alias of \(alias.target)",
            root: alias.target
        )
    }

    private static func object(base name: String) -> ModelObject {
        ModelObject(id: name, ownedBy: "fettle", root: name)
    }

    private static func object(_ model: ModelRecord) -> ModelObject {
        ModelObject(
            id: model.id,
            created: model.createdAt.inSeconds,
            ownedBy: "personal",
            root: model.id,
            parent: model.parent ?? model.base
        )
    }
}

extension Int64 {
    /// Milliseconds since 1970 as whole seconds, which the API counts in.
    var inSeconds: Int { Int(self / 1000) }
}
