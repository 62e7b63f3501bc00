public import FettleCore
import FettleProviders
public import FettleStore
import Foundation

/// The clusters whose machines run jobs of the workspace.
public struct ClusterLibrary: Sendable {
    let workspace: Workspace

    /// Makes a library over a workspace.
    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// Returns the clusters by name.
    public func clusters() throws(Diagnostic) -> [ClusterRecord] {
        try workspace.existingStore()?.clusters() ?? []
    }

    /// Returns the cluster of this name.
    ///
    /// - Throws: `unknown-cluster` with near names.
    public func cluster(_ name: String) throws(Diagnostic) -> ClusterRecord {
        let all = try clusters()
        if let cluster = all.first(where: { $0.name == name }) { return cluster }
        throw Diagnostic(
            "unknown-cluster",
            "no cluster '\(name)'",
            hints: [
                didYouMean(name, among: all.map(\.name)),
                all.isEmpty
                    ? "add it: cluster add \(name) http://127.0.0.1:8265"
                    : "clusters: " + all.map(\.name).joined(separator: ", "),
            ].compactMap(\.self)
        )
    }

    /// Adds a cluster, or gives one of this name another address and the rest.
    ///
    /// - Parameters:
    ///   - name: what commands call it.
    ///   - url: the address of its head.
    ///   - secret: the name of the secret that is its token.
    ///   - sharedFolder: a folder that all of the cluster sees under the same path.
    ///   - fileServer: the provider, or the address of a folder of the web, from which its machines fetch the large
    ///     files of jobs.
    ///   - batch: where and for how long Slurm runs its jobs.
    ///   - isInsecure: whether what goes there may be read on the way.
    ///   - now: milliseconds since 1970.
    /// - Returns: the cluster as it is kept.
    /// - Throws: `bad-address`; `insecure-cluster` for an address without encryption that is not of this machine,
    ///   unless that is allowed; `no-folder`; `unknown-provider`.
    public func keep(
        _ name: String,
        url: String,
        secret: String?,
        sharedFolder: String?,
        fileServer: String? = nil,
        batch: ClusterRecord.Batch = .init(),
        isInsecure: Bool,
        at now: Int64
    ) throws(Diagnostic) -> ClusterRecord {
        if let known = try clusters().first(where: { $0.name == name }), known.url != url {
            try requireUnused(name)
        }
        if url.hasPrefix("slurm:") {
            guard fileServer == nil else {
                var diagnostic = Diagnostic(
                    "bad-value",
                    "'files' is Ray's, and '\(url)' is a Slurm cluster, whose files are in its shared folder",
                    hint: "leave it out"
                )
                diagnostic.parameter = "files"
                throw diagnostic
            }
            return try keepSlurm(
                name,
                url: url,
                secret: secret,
                sharedFolder: sharedFolder,
                batch: batch,
                at: now
            )
        }
        guard batch == .init() else {
            throw Diagnostic(
                "bad-value",
                "'partition', 'account' and 'minutes' are Slurm's, and '\(url)' is no address of a Slurm cluster",
                hint: "leave them out, or name one: slurm: or slurm://HOST"
            )
        }
        let address = try Self.address(url)
        guard !address.isOpen || isInsecure else {
            throw Diagnostic(
                "insecure-cluster",
                "what goes to '\(address.text)' can be read on the way, and whoever reads the token of a cluster "
                    + "there runs any code on it",
                hints: [
                    "go by a tunnel: ssh -L 8265:127.0.0.1:8265 HOST, and add http://127.0.0.1:8265",
                    "or by a proxy with https://; --insecure adds it as it is",
                ]
            )
        }
        let record = ClusterRecord(
            name: name,
            url: address.text,
            secret: secret,
            sharedFolder: try sharedFolder.map { folder throws(Diagnostic) in
                try Self.folder(folder)
            },
            fileServer: try fileServer.map { server throws(Diagnostic) in
                do throws(Diagnostic) {
                    return try Self.isAddress(server)
                        ? WebFolder(server).text : ProviderLibrary(workspace).provider(server).name
                } catch {
                    var diagnostic = error
                    diagnostic.parameter = "files"
                    if diagnostic.code == "bad-address" {
                        diagnostic.hints = [
                            "files= is a provider, or a folder of the web such as https://HOST/FOLDER"
                        ]
                    }
                    throw diagnostic
                }
            },
            isInsecure: address.isOpen,
            createdAt: now
        )
        try workspace.store().keep(record)
        return record
    }

    /// Adds a cluster whose programs this machine has, or another that ssh goes to.
    private func keepSlurm(
        _ name: String,
        url: String,
        secret: String?,
        sharedFolder: String?,
        batch: ClusterRecord.Batch,
        at now: Int64
    ) throws(Diagnostic) -> ClusterRecord {
        let address = try SlurmAddress(url)
        guard secret == nil else {
            throw Diagnostic(
                "bad-cluster-token",
                "'\(url)' is a Slurm cluster, whose programs take no token",
                hint: "leave out token=: who may do what there is ssh's to know"
            )
        }
        guard let sharedFolder else {
            throw Diagnostic(
                "no-folder",
                "a Slurm cluster needs a folder that all of its machines see under the same path",
                hint: "name one: cluster add \(name) \(url) shared=/home/you/fettle"
            )
        }
        let record = ClusterRecord(
            name: name,
            kind: .slurm,
            url: address.text,
            sharedFolder: address.login == nil ? try Self.folder(sharedFolder) : sharedFolder,
            batch: batch,
            createdAt: now
        )
        _ = try slurm(record)
        try workspace.store().keep(record)
        return record
    }

    /// Returns what runs the programs of a Slurm cluster.
    ///
    /// - Throws: `bad-cluster-folder`.
    func slurm(_ record: ClusterRecord) throws(Diagnostic) -> SlurmEngine {
        try SlurmEngine(
            name: record.name,
            address: SlurmAddress(record.url),
            folder: record.sharedFolder ?? "",
            choices: .init(
                partition: record.batch.partition,
                account: record.batch.account,
                minutes: record.batch.minutes
            )
        )
    }

    private static func address(_ url: String) throws(Diagnostic) -> ServerAddress {
        do {
            return try ServerAddress(url)
        } catch {
            var diagnostic = error
            diagnostic.message =
                "the address of a cluster begins with https:// or http:// and a host, and has no token in it"
            diagnostic.hints = ["such as http://127.0.0.1:8265; the token is token=secret:NAME"]
            throw diagnostic
        }
    }

    /// Returns the whole path of a folder, under which the cluster sees it, too.
    private static func folder(_ path: String) throws(Diagnostic) -> String {
        let whole = URL(fileURLWithPath: path).standardizedFileURL.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw Diagnostic(
                "no-folder",
                "there is no folder '\(whole)' on this machine",
                hint:
                    "a shared folder is one that this machine and all of the cluster see under the same path"
            )
        }
        return whole
    }

    /// Forgets a cluster.
    ///
    /// - Throws: `unknown-cluster`; `cluster-in-use` while jobs of it have not ended.
    public func remove(_ name: String) throws(Diagnostic) {
        let record = try cluster(name)
        try requireUnused(record.name)
        _ = try workspace.store().deleteCluster(record.name)
    }

    /// Sees to it that no job on a cluster waits to be followed: it knows its cluster by the name.
    ///
    /// - Throws: `cluster-in-use`.
    private func requireUnused(_ name: String) throws(Diagnostic) {
        let jobs = try workspace.jobs().filter { job in
            ClusterPlace(job.record.settings)?.cluster == name
                && (job.record.status.isActive || workspace.canResume(job))
        }
        guard let first = jobs.first else { return }
        let numbers = jobs.map { String($0.number) }.joined(separator: ", ")
        throw Diagnostic(
            "cluster-in-use",
            "\(NumberText.count(jobs.count, "job")) of '\(name)' \(jobs.count == 1 ? "has" : "have") not ended: "
                + numbers,
            hint: "wait for it, or end it: cancel \(first.number)"
        )
    }

    /// Returns where the token of a cluster comes from, in words, nil where none is known.
    ///
    /// - Throws: `bad-cluster-token` when it cannot be read; `unknown-variable` when there is no such secret.
    public func tokenSource(of record: ClusterRecord) throws(Diagnostic) -> String? {
        guard record.kind == .ray else { return nil }
        return try token(of: record)?.source
    }

    /// Returns what asks a cluster.
    ///
    /// - Throws: `unknown-cluster`; as ``tokenSource(of:)``.
    func client(of name: String) throws(Diagnostic) -> RayClient {
        let record = try cluster(name)
        return RayClient(
            name: name,
            address: try ServerAddress(record.url),
            token: try token(of: record)
        )
    }

    /// Returns where the large files of a cluster's jobs go; nil where they are sent with the rest.
    ///
    /// - Throws: `unknown-provider`; `unknown-variable` where the secret with its key is gone.
    func files(of record: ClusterRecord) throws(Diagnostic) -> RayFiles? {
        guard let server = record.fileServer else { return nil }
        if Self.isAddress(server) { return RayFiles(at: .folder(try WebFolder(server))) }
        do {
            return RayFiles(at: .server(try ProviderLibrary(workspace).client(of: server)))
        } catch {
            throw error.hinting(
                "the cluster '\(record.name)' has it for large files: files=\(server)"
            )
        }
    }

    /// Returns the address that the large files of a cluster's jobs go to and are fetched from, and whether what goes
    /// there can be read on the way; nil where they are sent with the rest.
    ///
    /// - Throws: `unknown-provider`.
    public func fileAddress(
        of record: ClusterRecord
    ) throws(Diagnostic) -> (text: String, isOpen: Bool)? {
        guard let server = record.fileServer else { return nil }
        let text =
            Self.isAddress(server)
            ? server : try ProviderLibrary(workspace).provider(server).url
        return (text, try ServerAddress(text).isOpen)
    }

    /// Whether it says where a folder of the web is; no provider's name has a colon.
    private static func isAddress(_ server: String) -> Bool { server.contains(":") }

    private func token(of record: ClusterRecord) throws(Diagnostic) -> RayToken? {
        guard let secret = record.secret else { return try workspace.secrets.clusterToken()?.token }
        guard let value = try workspace.secrets.value(secret) else {
            throw Diagnostic(
                "unknown-variable",
                "no secret '\(secret)', which is the token of the cluster '\(record.name)'",
                hint: "'secret set \(secret)' asks for it"
            )
        }
        return try RayToken(value, source: "the secret '\(secret)'")
    }
}
