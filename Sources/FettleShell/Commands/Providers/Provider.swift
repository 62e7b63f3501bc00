import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Provider: Command {
    /// What can be done with providers.
    enum Action: String, CaseIterable, ArgumentValue {
        case add, list, remove, check
        case `import`
    }

    static let action = Option<Action>.word("action", help: "what to do")
    static let name = Option<ArgumentWord>.word(
        "name",
        required: false,
        kind: .text,
        help: "what its models' names begin with: NAME/MODEL"
    )
    static let url = Option<ArgumentWord>.setting(
        "url",
        kind: .text,
        help: "add: the address of its API, such as https://api.openai.com/v1"
    )
    static let key = Option<ArgumentWord>.setting(
        "key",
        kind: .text,
        default: "none",
        help: "add: the secret that is its key, as secret:NAME"
    )

    static let price = Option<Double>.setting(
        "training_price",
        default: "not known",
        unit: "dollars",
        help: "add: what it asks for a million tokens of tuning"
    )

    static let folder = Option<ArgumentWord>.setting(
        "folder",
        kind: .file([]),
        default: "the provider's name",
        help: "import: where the files go"
    )

    static let declaration = CommandDeclaration(
        "provider",
        group: .models,
        summary: "use the models of servers elsewhere that have OpenAI's API",
        details: """
            The models of a provider are NAME/MODEL in 'tune', 'ask', 'predict', 'evaluate' and 'compare'. The key is in no
            workspace and no script: 'secret set' asks for it. Requests that meet a lost connection, a full queue
            or an error of the server are made again; redirects to other servers are not followed. Choosing among
            labels takes the probabilities of first tokens, and of whole labels where those are the same.
            'import' is the way out: it lists the models that the account tuned, fetches the files that they learnt
            from, and writes a script that keeps their answers, tunes models of this machine on the same rows and
            compares them.
            """,
        parameters: [
            action.parameter, name.parameter, url.parameter, key.parameter, price.parameter,
            folder.parameter,
        ],
        effect: .files,
        examples: [
            .init(
                "provider add openai url=https://api.openai.com/v1 key=secret:openai",
                "OpenAI's own; 'secret set openai' asks for the key"
            ),
            .init(
                "provider add here url=http://127.0.0.1:8080/v1; provider list; provider remove here",
                "a server of this machine, which needs no key"
            ),
        ]
    )

    private enum Work {
        case add(String, url: ArgumentWord, secret: String?, price: Double?)
        case list
        case remove(ArgumentWord)
        case check(ArgumentWord)
        case `import`(ArgumentWord, folder: String)
    }

    private let work: Work

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.required(Self.action)
        let name = try arguments.value(Self.name)
        let url = try arguments.value(Self.url)
        let key = try arguments.value(Self.key)
        let price = arguments.word(Self.price)
        let folder = try arguments.value(Self.folder)
        if action != .import, let folder {
            throw Diagnostic(
                "unexpected-word",
                "'provider \(action.rawValue)' takes no folder",
                span: folder.span,
                hint: "provider import NAME folder=…"
            )
        }
        if action != .add, let extra = url ?? key ?? price {
            throw Diagnostic(
                "unexpected-word",
                "'provider \(action.rawValue)' takes no url, key or price",
                span: extra.span,
                hint: "provider add NAME url=… key=secret:NAME"
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
                hint: "'provider check \(name.text)' asks that one"
            )
        }
        guard let name else {
            throw Diagnostic(
                "missing-argument",
                "'provider \(action.rawValue)' needs the provider's name",
                span: arguments.span,
                hint: "provider \(action.rawValue) openai"
            )
        }
        switch action {
        case .remove: work = .remove(name)
        case .check: work = .check(name)
        case .import: work = .import(name, folder: folder?.text ?? name.text)
        default:
            guard let url else {
                throw Diagnostic(
                    "missing-argument",
                    "'provider add' needs the address",
                    span: arguments.span,
                    hint: "add url=https://api.openai.com/v1"
                )
            }
            let checked = try DatasetName.checked(name)
            guard !checked.contains(".") else {
                throw Diagnostic(
                    "bad-name",
                    "'\(checked)' has a point, which a provider's name has not",
                    span: name.span
                )
            }
            work = .add(
                checked,
                url: url,
                secret: try SecretName.read(key, of: "key", example: "openai"),
                price: try price.map { word throws(Diagnostic) in try Self.dollars(word) }
            )
        }
    }

    private static func dollars(_ word: ArgumentWord) throws(Diagnostic) -> Double {
        guard let value = Double(word.text), value >= 0, value <= 1_000_000 else {
            throw expected("dollars, such as 3.5", word, for: price.parameter.name)
        }
        return value
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let library = ProviderLibrary(context.services.workspace)
        switch work {
        case .list: return CommandOutput(blocks: [try Self.list(library)])
        case .remove(let name):
            do {
                try library.remove(name.text)
            } catch {
                throw error.located(at: name.span)
            }
            return CommandOutput(blocks: [.note("provider '\(name.text)' is forgotten")])
        case .add(let name, let url, let secret, let price):
            let record: ProviderRecord
            do {
                record = try library.keep(
                    name,
                    url: url.text,
                    secret: secret,
                    trainingPrice: price,
                    at: context.services.clock.now()
                )
            } catch {
                throw error.located(at: url.span)
            }
            var blocks: [OutputBlock] = [
                .text("\(record.name): \(record.url)"),
                .note(
                    "its models are \(record.name)/MODEL; 'provider check \(record.name)' asks it"
                ),
            ]
            if secret != nil, try ProviderLibrary.isOpen(record.url) {
                blocks.append(
                    .warning("the key goes to '\(record.url)' without encryption: use https")
                )
            }
            if let secret, try context.services.secrets.find(secret) == nil {
                blocks.append(
                    .warning(
                        "there is no secret '\(secret)' yet: 'secret set \(secret)' asks for it"
                    )
                )
            }
            return CommandOutput(blocks: blocks)
        case .import(let name, let folder):
            return try Self.fetch(name, into: folder, context)
        case .check(let name):
            do {
                let models = try library.models(of: name.text)
                let shown = models.prefix(20).map { "\(name.text)/\($0)" }
                var blocks: [OutputBlock] = [
                    .text("'\(name.text)' answers: \(NumberText.count(models.count, "model"))")
                ]
                if !shown.isEmpty { blocks.append(.text(shown.joined(separator: "\n"))) }
                if models.count > shown.count {
                    blocks.append(.note("and \(NumberText.count(models.count - shown.count)) more"))
                }
                return CommandOutput(
                    blocks: blocks,
                    value: .array(models.map { .string($0) })
                )
            } catch let diagnostic as Diagnostic {
                throw diagnostic.located(at: name.span)
            }
        }
    }

    /// Fetches what an account's models were tuned on.
    private static func fetch(
        _ name: ArgumentWord,
        into folder: String,
        _ context: Context
    ) throws -> CommandOutput {
        let progress = context.services.progress
        let items: [AccountImport.Item]
        do {
            items = try AccountImport(name.text, into: folder, context.services.workspace).run {
                progress.update(done: $0, total: $1, unit: "models")
            }
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: name.span)
        }
        guard !items.isEmpty else {
            return CommandOutput(blocks: [.note("'\(name.text)' has tuned no models")])
        }
        let fields = items.map { item in
            var words = [
                "from \(item.base)", "made \(WorkClock.stamp(of: Int64(item.createdAt) * 1000))",
            ]
            if let ends = item.ends { words.append("ends \(ends)") }
            words.append(
                item.file.map { "\(NumberText.count(item.rows, "row")) in \($0)" }
                    ?? item.problem ?? "no rows"
            )
            return OutputBlock.Field(item.model, words.joined(separator: ", "))
        }
        let script = "\(folder)/\(AccountImport.script)"
        return CommandOutput(blocks: [
            .fields(fields),
            .note(
                "'\(script)' keeps their answers, tunes models here on the same rows, and compares: "
                    + "cd \(folder) && fettle \(AccountImport.script)"
            ),
        ])
    }

    private static func list(_ library: ProviderLibrary) throws(Diagnostic) -> OutputBlock {
        let all = try library.providers()
        guard !all.isEmpty else {
            return .note("no provider: provider add NAME url=https://… key=secret:NAME")
        }
        return .table(
            TextTable(
                columns: [
                    .init("provider"), .init("address"), .init("key"), .init("$/M tokens tuned"),
                ],
                rows: all.map { record in
                    [
                        .text(record.name), .text(record.url),
                        record.secret.map { .text("secret:\($0)") } ?? .blank,
                        record.trainingPrice.map { .text(NumberText.decimal($0, digits: 2)) }
                            ?? .blank,
                    ]
                }
            )
        )
    }
}
