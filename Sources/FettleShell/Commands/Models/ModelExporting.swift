import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

extension ModelCommand {
    /// What 'model export' is told.
    struct Writing {
        private static let forms: [ModelExport.Form] = [.adapter, .folder, .gguf, .modelfile]

        private let path: ArgumentWord
        private let dataset: ArgumentWord?
        private let export: ModelExport

        init(
            _ arguments: Arguments,
            to path: ArgumentWord,
            as form: ArgumentWord?
        ) throws(Diagnostic) {
            self.path = path
            dataset = try arguments.value(ModelCommand.dataset)
            guard !path.text.isEmpty else {
                throw Diagnostic(
                    "bad-value",
                    "the path is empty",
                    span: path.span,
                    hint: "name a file or a folder that is not there yet"
                )
            }
            var export = ModelExport(
                path: path.text,
                replaces: arguments.has(ModelCommand.force),
                isChecked: !arguments.has(ModelCommand.unchecked)
            )
            if let form {
                guard let known = Self.forms.first(where: { $0.rawValue == form.text }) else {
                    let names = Self.forms.map(\.rawValue)
                    throw expected(names.joined(separator: ", "), form, for: "as")
                        .hinting(didYouMean(form.text, among: names))
                }
                export.form = known
            }
            if let type = try arguments.value(ModelCommand.numbers) {
                guard let known = ModelExport.Numbers(rawValue: type.text.lowercased()) else {
                    let names = ModelExport.Numbers.allCases.map(\.rawValue)
                    throw expected(names.joined(separator: ", "), type, for: "type")
                        .hinting(didYouMean(type.text, among: names))
                }
                export.numbers = known
            }
            self.export = export
        }

        func run(
            _ model: ArgumentWord,
            _ session: Session,
            _ context: Context
        ) throws -> CommandOutput {
            let named = try dataset.map { word throws(Diagnostic) in try session.dataset(word) }
            let record = try context.services.model(model, on: named)
            let progress = context.services.progress
            let result = try context.services.models.export(
                record,
                export,
                on: named ?? data(of: record, session),
                isNamed: named != nil
            ) { done, total, unit in
                progress.update(done: done, total: total, unit: unit)
            }
            return Self.output(result)
        }

        /// The dataset that a model was tuned on, where the session has it with the same rows.
        private func data(of record: ModelRecord, _ session: Session) -> Dataset? {
            guard let dataset = try? session.library.dataset(record.dataset),
                dataset.fingerprint == record.datasetFingerprint
            else { return nil }
            return dataset
        }

        private static func output(_ result: ModelExport.Result) -> CommandOutput {
            var lines = result.written.map { "wrote \($0.path): \($0.what)" }
            var members = [
                JSONValue.Member(
                    "written",
                    .array(result.written.map { .string($0.path) })
                )
            ]
            if let agreement = result.agreement {
                lines.append(agreement.summary)
                members += [
                    .init("answers", .integer(Int64(agreement.count))),
                    .init(
                        "same",
                        .integer(Int64(agreement.count - agreement.differences.count))
                    ),
                    .init("furthest", .number(agreement.furthest)),
                ]
            }
            return CommandOutput(
                blocks: lines.map { .text($0) },
                value: .object(members)
            )
        }
    }

    /// Sees to it that options stand with the action that they are for.
    static func requireFitting(
        _ arguments: Arguments,
        _ action: ArgumentWord
    ) throws(Diagnostic) {
        let words: [(name: String, word: ArgumentWord?, action: String)] = [
            ("type=", arguments.word(numbers), "export"), ("on", arguments.word(dataset), "export"),
            ("file=", arguments.word(file), "pull"), ("token=", arguments.word(token), "pull"),
            ("revision=", arguments.word(revision), "pull"),
        ]
        var found = words.filter { $0.word != nil }.map { ($0.name, $0.word?.span, $0.action) }
        for flag in [force, unchecked] where arguments.has(flag) {
            found.append(("--\(flag.parameter.name)", arguments.span, "export"))
        }
        for (name, span, owner) in found where owner != action.text {
            throw Diagnostic(
                "unexpected-word",
                "'\(name)' is for 'model \(owner)', and this is 'model \(action.text)'",
                span: span,
                hint: "leave it out"
            )
        }
    }
}
