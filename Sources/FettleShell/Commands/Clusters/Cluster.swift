import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Cluster: Command {
    /// What can be done with clusters.
    enum Action: String, CaseIterable, ArgumentValue {
        case add, check, list, remove
    }

    static let action = Option<Action>.word("action", help: "what to do")
    static let name = Option<ArgumentWord>.word(
        "name",
        required: false,
        kind: .cluster,
        help: "what commands call it"
    )
    static let url = Option<ArgumentWord>.word(
        "url",
        required: false,
        kind: .text,
        help: "add: the address of its head, such as http://127.0.0.1:8265; slurm: or slurm://HOST"
    )
    static let token = Option<ArgumentWord>.setting(
        "token",
        kind: .text,
        default: "where Ray itself looks",
        help: "add: the secret that is its token, as secret:NAME"
    )
    static let shared = Option<ArgumentWord>.setting(
        "shared",
        kind: .file([]),
        default: "none",
        help: "add: a folder that this machine and all of the cluster see under the same path"
    )
    static let files = Option<ArgumentWord>.setting(
        "files",
        kind: .text,
        default: "sent with each job",
        help:
            "add: from where a Ray cluster's machines fetch large files: a provider, or the address of a folder"
    )
    static let partition = Option<ArgumentWord>.setting(
        "partition",
        kind: .text,
        default: "the cluster's own",
        help: "add: the Slurm partition that jobs go to"
    )
    static let account = Option<ArgumentWord>.setting(
        "account",
        kind: .text,
        default: "the user's own",
        help: "add: the Slurm account that pays"
    )
    static let minutes = Option<Int>.setting(
        "minutes",
        default: "the partition's limit",
        unit: "minutes",
        help: "add: the most that a Slurm job runs"
    )
    static let insecure = Option<Bool>.flag(
        "insecure",
        help: "add: take an address whose requests can be read on the way"
    )

    static let declaration = CommandDeclaration(
        "cluster",
        group: .train,
        summary: "know the clusters whose machines run jobs, by Ray or Slurm",
        details: """
            A cluster is the address of a Ray head's dashboard, which 'ray start --head' tells. Who has its token runs any
            code on it, so that an address without encryption is taken only of this machine, such as a tunnel's:
            ssh -L 8265:127.0.0.1:8265 HOST. The token is in no workspace and no script: 'secret set' asks for it; a
            cluster that names none is shown that of Ray's own places, RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH and
            ~/.ray/auth_token. 'check' asks what the cluster is, what is free on its machines, and by a small job
            whether its Python has what tuning takes.

            The address of a Slurm cluster is slurm: where this machine has its programs, or slurm://USER@HOST where ssh
            goes to one that has them, without asking for a password. It needs shared=, a folder that all of its machines
            see.

            A Ray cluster takes 100 MiB with a job. With files=PROVIDER files from 1 MiB on go to that server instead, once
            each, and the cluster's machines fetch them by links that end after some days. The provider is 'fettle serve' on
            a machine that this one and the cluster's reach under the same address; its key stays here. With
            files=https://HOST/FOLDER they go to a folder that takes them by PUT and gives them by GET and HEAD, each
            under its hash: whoever knows that, and reaches the folder, can read the file.
            """,
        parameters: [
            action.parameter, name.parameter, url.parameter, token.parameter, shared.parameter,
            files.parameter, partition.parameter, account.parameter, minutes.parameter,
            insecure.parameter,
        ],
        effect: .files,
        examples: [
            .init(
                "cluster add lab http://127.0.0.1:8265 token=secret:lab",
                "one behind a tunnel; 'secret set lab' asks for the token"
            ),
            .init(
                "provider add depot url=http://127.0.0.1:8080/v1; cluster add lab http://127.0.0.1:8265 files=depot",
                "large files are fetched from a server, which 'fettle serve' started"
            ),
            .init(
                "cluster add here http://127.0.0.1:8265; cluster list; cluster remove here",
                "one of this machine, with the token that Ray itself uses"
            ),
        ]
    )

    private enum Work {
        case add(
            String,
            url: ArgumentWord,
            secret: String?,
            shared: ArgumentWord?,
            files: ArgumentWord?,
            batch: ClusterRecord.Batch,
            isInsecure: Bool
        )
        case list
        case remove(ArgumentWord)
        case check(ArgumentWord)
    }

    private let work: Work

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.required(Self.action)
        let name = try arguments.value(Self.name)
        let url = try arguments.value(Self.url)
        let token = try arguments.value(Self.token)
        let shared = try arguments.value(Self.shared)
        let files = try arguments.value(Self.files)
        let partition = try arguments.value(Self.partition)
        let account = try arguments.value(Self.account)
        let minutes = try SweepSpace.whole(Self.minutes, arguments, 1...525_600)
        let isInsecure = arguments.has(Self.insecure)
        let settings = [
            url, token, shared, files, partition, account, arguments.word(Self.minutes),
        ]
        if action != .add, let extra = settings.lazy.compactMap(\.self).first {
            throw Diagnostic(
                "unexpected-word",
                "'cluster \(action.rawValue)' takes no address and no settings",
                span: extra.span,
                hint: "cluster add NAME URL token=secret:NAME"
            )
        }
        if action != .add, isInsecure {
            throw Diagnostic(
                "unexpected-word",
                "'cluster \(action.rawValue)' takes no --insecure",
                span: arguments.span,
                hint: "cluster add NAME URL --insecure"
            )
        }
        if action == .list {
            guard let name else {
                work = .list
                return
            }
            throw Diagnostic(
                "unexpected-word",
                "'\(name.text)' is not expected here",
                span: name.span,
                hint: "'cluster check \(name.text)' asks that one"
            )
        }
        guard let name else {
            throw Diagnostic(
                "missing-argument",
                "'cluster \(action.rawValue)' needs the cluster's name",
                span: arguments.span,
                hint: "cluster \(action.rawValue) lab"
                    + (action == .add ? " http://127.0.0.1:8265" : "")
            )
        }
        switch action {
        case .remove: work = .remove(name)
        case .check: work = .check(name)
        default:
            guard let url else {
                throw Diagnostic(
                    "missing-argument",
                    "'cluster add' needs the address",
                    span: arguments.span,
                    hint: "cluster add \(name.text) http://127.0.0.1:8265"
                )
            }
            work = .add(
                try DatasetName.checked(name),
                url: url,
                secret: try SecretName.read(token, of: "token", example: "lab"),
                shared: shared,
                files: files,
                batch: .init(
                    partition: partition?.text,
                    account: account?.text,
                    minutes: minutes
                ),
                isInsecure: isInsecure
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let library = ClusterLibrary(context.services.workspace)
        switch work {
        case .list: return CommandOutput(blocks: [try Self.list(library)])
        case .remove(let name):
            do {
                try library.remove(name.text)
            } catch {
                throw error.located(at: name.span)
            }
            return CommandOutput(blocks: [.note("cluster '\(name.text)' is forgotten")])
        case .add(let name, let url, let secret, let shared, let files, let batch, let isInsecure):
            let record: ClusterRecord
            do {
                record = try library.keep(
                    name,
                    url: url.text,
                    secret: secret,
                    sharedFolder: shared?.text,
                    fileServer: files?.text,
                    batch: batch,
                    isInsecure: isInsecure,
                    at: context.services.clock.now()
                )
            } catch {
                let word =
                    switch error.code {
                    case "no-folder", "bad-cluster-folder": shared
                    default: error.parameter == "files" ? files : url
                    }
                throw error.located(at: (word ?? url).span)
            }
            return CommandOutput(blocks: try Self.added(record, library, context))
        case .check(let name):
            let progress = context.services.progress
            do {
                if let slurm = try library.checkSlurm(name.text) {
                    return CommandOutput(
                        blocks: SlurmView.blocks(slurm, name.text),
                        value: SlurmView.value(slurm)
                    )
                }
                let report = try library.check(name.text) { words, seconds in
                    progress.update(done: seconds, total: nil, unit: "s", extra: words)
                }
                return CommandOutput(
                    blocks: ClusterView.blocks(report, name.text),
                    value: ClusterView.value(report)
                )
            } catch let diagnostic as Diagnostic {
                throw diagnostic.located(at: name.span)
            }
        }
    }

    /// What is said of a cluster that was added.
    private static func added(
        _ record: ClusterRecord,
        _ library: ClusterLibrary,
        _ context: Context
    ) throws(Diagnostic) -> [OutputBlock] {
        var blocks: [OutputBlock] = [.text("\(record.name): \(record.url)")]
        if let secret = record.secret {
            if try context.services.secrets.find(secret) == nil {
                blocks.append(
                    .warning(
                        "there is no secret '\(secret)' yet: 'secret set \(secret)' asks for it"
                    )
                )
            }
        } else if let source = try library.tokenSource(of: record) {
            blocks.append(.note("it is shown the token of \(source)"))
        }
        if let address = try library.fileAddress(of: record) {
            blocks.append(
                .note(
                    "its machines fetch files from 1 MiB on from \(address.text), which they must reach, too"
                )
            )
            if address.isOpen {
                blocks.append(
                    .warning("what goes to '\(address.text)' can be read on the way: use https")
                )
            }
        }
        if record.isInsecure {
            blocks.append(
                .warning(
                    "what goes to '\(record.url)' can be read on the way, and whoever reads the token there runs any "
                        + "code on the cluster"
                )
            )
        }
        blocks.append(.note("'cluster check \(record.name)' asks it"))
        return blocks
    }

    private static func list(_ library: ClusterLibrary) throws(Diagnostic) -> OutputBlock {
        let all = try library.clusters()
        guard !all.isEmpty else {
            return .note("no cluster: cluster add NAME http://127.0.0.1:8265 token=secret:NAME")
        }
        return .table(
            TextTable(
                columns: [
                    .init("cluster"), .init("kind"), .init("address"), .init("token"),
                    .init("shared folder"), .init("files"),
                ],
                rows: all.map { record in
                    [
                        .text(record.name), .text(record.kind.rawValue), .text(record.url),
                        record.secret.map { .text("secret:\($0)") } ?? .blank,
                        record.sharedFolder.map { .text($0) } ?? .blank,
                        record.fileServer.map { .text($0) } ?? .blank,
                    ]
                }
            )
        )
    }
}
