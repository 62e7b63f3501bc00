public import FettleCore
import FettleProviders
public import FettleStore
import OpenAIWire
import Synchronization

/// Returns the value of a secret by its name, nil where there is none.
final class SecretFinder: Sendable {
    typealias Find = @Sendable (String) throws(Diagnostic) -> String?
    typealias FindToken = @Sendable () throws(Diagnostic) -> ClusterToken?

    private let find = Mutex<Find>({ _ in nil })
    private let findToken = Mutex<FindToken>({ nil })

    func useToken(_ find: @escaping FindToken) {
        findToken.withLock { $0 = find }
    }

    /// The token of clusters that name no secret, nil where there is none.
    func clusterToken() throws(Diagnostic) -> ClusterToken? {
        let find = findToken.withLock { $0 }
        return try find()
    }

    func use(_ find: @escaping Find) {
        self.find.withLock { $0 = find }
    }

    func value(_ name: String) throws(Diagnostic) -> String? {
        let find = self.find.withLock { $0 }
        return try find(name)
    }
}

extension Workspace {
    /// Takes what knows the keys of providers by the names of secrets.
    public func findSecrets(
        by find: @escaping @Sendable (String) throws(Diagnostic) -> String?
    ) {
        secrets.use(find)
    }
}

/// The servers elsewhere whose models the workspace uses.
public struct ProviderLibrary: Sendable {
    let workspace: Workspace

    /// Makes a library over a workspace.
    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Returns the providers by name.
    public func providers() throws(Diagnostic) -> [ProviderRecord] {
        try workspace.existingStore()?.providers() ?? []
    }

    /// Returns the provider of this name.
    ///
    /// - Throws: `unknown-provider` with near names.
    public func provider(_ name: String) throws(Diagnostic) -> ProviderRecord {
        let all = try providers()
        if let provider = all.first(where: { $0.name == name }) { return provider }
        throw Diagnostic(
            "unknown-provider",
            "no provider '\(name)'",
            hints: [
                didYouMean(name, among: all.map(\.name)),
                all.isEmpty
                    ? "add it: provider add \(name) url=https://… key=secret:\(name)"
                    : "providers: " + all.map(\.name).joined(separator: ", "),
            ].compactMap(\.self)
        )
    }

    /// Adds a provider, or gives one of this name another address, key and price.
    ///
    /// - Throws: `bad-address`.
    public func keep(
        _ name: String,
        url: String,
        secret: String?,
        trainingPrice: Double? = nil,
        at now: Int64
    ) throws(Diagnostic) -> ProviderRecord {
        let record = ProviderRecord(
            name: name,
            url: try ServerAddress(url).text,
            secret: secret,
            trainingPrice: trainingPrice,
            createdAt: now
        )
        try workspace.store().keep(record)
        return record
    }

    /// Whether requests with a key can be read on the way to an address.
    ///
    /// - Throws: `bad-address`.
    public static func isOpen(_ url: String) throws(Diagnostic) -> Bool {
        try ServerAddress(url).isOpen
    }

    /// Forgets a provider.
    ///
    /// - Throws: `unknown-provider`.
    public func remove(_ name: String) throws(Diagnostic) {
        let record = try provider(name)
        _ = try workspace.store().deleteProvider(record.name)
    }

    /// Asks a provider which models it has.
    ///
    /// - Throws: `unknown-provider`; `provider-unreachable`, `provider-refused` and their like;
    ///   `CancellationError`.
    public func models(of name: String) throws -> [String] {
        try client(of: name).models().map(\.id)
    }

    /// Returns what asks a provider.
    ///
    /// - Throws: `unknown-provider`; `unknown-variable` when there is no such secret.
    func client(of name: String) throws(Diagnostic) -> OpenAIClient {
        let record = try provider(name)
        var key: String?
        if let secret = record.secret {
            key = try workspace.secrets.value(secret)
            guard key != nil else {
                throw Diagnostic(
                    "unknown-variable",
                    "no secret '\(secret)', which is the key of the provider '\(name)'",
                    hint: "'secret set \(secret)' asks for it"
                )
            }
        }
        return try OpenAIClient(name: name, address: ServerAddress(record.url), key: key)
    }

    /// Returns the model that a name such as `openai/gpt-4o-mini` says, as a base model; nil where no provider
    /// has the name before the first `/`.
    func model(_ name: String) throws(Diagnostic) -> BaseModel? {
        guard let slash = name.firstIndex(of: "/"), slash > name.startIndex else { return nil }
        let provider = String(name[..<slash])
        let model = String(name[name.index(after: slash)...])
        guard !model.isEmpty, try providers().contains(where: { $0.name == provider }) else {
            return nil
        }
        return .remote(
            RemoteModel(provider: provider, model: model) { () throws(Diagnostic) in
                try client(of: provider)
            }
        )
    }
}
