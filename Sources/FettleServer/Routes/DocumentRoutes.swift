import FettleWorkbench
import HTTPTypes
import HummingbirdCore

/// The description of the API itself.
enum DocumentRoutes {
    static let all: [Route] = [
        Route(method: .get, pattern: "/openapi.json", isOpen: true) { exchange in
            Response(
                json: OpenAPIDocument.json(
                    of: RouteCatalogue.all,
                    needsKey: !exchange.services.settings.keys.isEmpty
                )
            )
        }
    ]
}
