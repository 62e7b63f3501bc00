import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct ModelCommand: Command {
    static let action = Option<ArgumentWord>.word(
        "action",
        kind: .choice(["show"]),
        help: "show: what the model is and how it was made"
    )
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )

    static let declaration = CommandDeclaration(
        "model",
        group: .models,
        summary: "show what a tuned model is made of",
        parameters: [action.parameter, model.parameter],
        effect: .none,
        examples: [
            .init("model show stars", "base, data, settings with their reasons, and lineage"),
            .init("model show stars > model.json", "the same as one object"),
        ]
    )

    let model: ArgumentWord

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.required(Self.action)
        guard action.text == "show" else {
            throw expected("show", action, for: "action").hinting(
                didYouMean(action.text, among: ["show"])
            )
        }
        model = try arguments.required(Self.model)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
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
        while let id = parent, names.count < 100 {
            let next = try library.model(id)
            names.append(next.displayName)
            parent = next.parent
        }
        return ([record.base] + names.reversed()).joined(separator: " → ")
    }

    private static func shown(_ labels: [String]) -> String {
        let quoted = labels.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        return labels.count > 8 ? "\(quoted), … (\(labels.count))" : "\(quoted) (\(labels.count))"
    }
}

extension Services {
    /// Returns the model that a word names, its errors pointing at the word.
    func model(_ word: ArgumentWord) throws(Diagnostic) -> ModelRecord {
        do {
            return try models.model(word.text)
        } catch {
            throw error.located(at: word.span)
        }
    }
}
