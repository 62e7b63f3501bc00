import FettleCore
import FettleHub
import Foundation

extension ModelLibrary {
    /// What is fetched from a hub.
    public struct HubModel: Sendable {
        /// Organisation and name.
        public var name: String
        /// A branch, tag or commit.
        public var revision: String
        /// The GGUF file, where the model has several.
        public var file: String?
        /// The hub's address.
        public var endpoint: String
        /// The user's token, which is neither shown nor stored.
        public var token: String?

        /// The hub that is asked unless the user names another.
        public static let endpoint = "https://huggingface.co"

        /// Takes the parts as they are.
        public init(
            _ name: String,
            revision: String = "main",
            file: String? = nil,
            endpoint: String = endpoint,
            token: String? = nil
        ) {
            self.name = name
            self.revision = revision
            self.file = file
            self.endpoint = endpoint
            self.token = token
        }
    }

    /// Fetches a model into the workspace and adds it as a base model; a fetch that was broken off goes on.
    ///
    /// - Parameters:
    ///   - model: what is fetched from where.
    ///   - name: what `tune` and `ask` call it.
    ///   - now: milliseconds since 1970.
    ///   - progress: called with the bytes that are there and how many they are.
    /// - Returns: what was found in its files.
    /// - Throws: `name-taken`, `bad-model-name`, `hub-unreachable`, `hub-refused`, `hub-corrupt`; as
    ///   ``add(_:as:at:progress:)``; `CancellationError`, after which the same call goes on.
    public func pull(
        _ model: HubModel,
        as name: String,
        at now: Int64,
        progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> BaseFacts {
        try requireFree(name)
        let hub = try HubClient(endpoint: model.endpoint, token: model.token)
        let place = try workspace.folder("bases") + "/\(name)"
        // Without a record it is what a killed command left.
        try? FileManager.default.removeItem(atPath: place)
        try hub.pull(model.name, revision: model.revision, file: model.file, to: place) {
            try Task.checkCancellation()
            progress($0, $1)
        }
        return try adopt(place, as: name, at: now, isOwn: true)
    }
}
