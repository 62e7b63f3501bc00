import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// The parameters that say when two rows are the same.
enum KeyOptions {
    static let on = Option<ArgumentWord>.setting(
        "on",
        aliases: ["by"],
        kind: .columns,
        default: "all columns",
        help: "columns that make rows the same, or 'prompt' for the prompt of the format"
    )
    static let prompt = Option<ArgumentWord>.setting(
        "prompt",
        kind: .template,
        help: "a template whose text makes rows the same"
    )

    /// Returns the key that the arguments say, or nil when they say none.
    static func key(
        on: ArgumentWord?,
        prompt: ArgumentWord?,
        for dataset: Dataset
    ) throws(Diagnostic) -> RowKey? {
        if let prompt {
            do throws(Diagnostic) {
                let template = try PromptTemplate(prompt.text)
                for case .column(let name, let span) in template.segments
                where dataset.frame.position(of: name) == nil {
                    throw dataset.frame.unknownColumn(name, span: span)
                }
                return .template(template)
            } catch {
                throw prompt.placing(error)
            }
        }
        guard let on else { return nil }
        if on.text == "prompt", dataset.frame.position(of: "prompt") == nil {
            guard let format = dataset.format else {
                throw Diagnostic(
                    "no-format",
                    "'\(dataset.name)' has no format, and so no prompt",
                    span: on.span,
                    hints: [
                        "set one: format prompt=\"{{text}}\" completion=\" {{label}}\"",
                        "or name columns: on=title,body",
                    ]
                )
            }
            return .template(try format.promptTemplate())
        }
        return .columns(try dataset.frame.columnNames([on]))
    }
}

struct Dedupe: Command {
    static let near = Option<NearThreshold>.setting(
        "near",
        default: "only equal rows",
        help: "from which similarity on rows count as the same, from 0.5 to 1"
    )

    static let declaration = CommandDeclaration(
        "dedupe",
        group: .data,
        summary: "keep the first of rows that are the same, or nearly so",
        details: """
            With near= a row is dropped that is like one kept before: when at least that share of what stands in
            any five characters in a row, without case and punctuation (two for Chinese, Japanese and Korean),
            is in both texts (the Jaccard similarity of their shingles). Which texts are compared is said by
            on= or prompt=; unsaid, those of the format's prompt are.
            """,
        parameters: [
            KeyOptions.on.parameter, KeyOptions.prompt.parameter, near.parameter,
            StepOptions.name.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("dedupe on=prompt", "one row for each prompt of the format"),
            .init("dedupe on=review_title,review_body", "one row for each title and body"),
            .init("dedupe as distinct", "one row for each whole row, under a name"),
            .init("dedupe on=review_body near=0.8", "bodies with few words changed count as one"),
        ]
    )

    let on: ArgumentWord?
    let prompt: ArgumentWord?
    let near: NearThreshold?
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        near = try arguments.value(Self.near)
        on = try arguments.value(KeyOptions.on)
        prompt = try arguments.value(KeyOptions.prompt)
        name = try arguments.value(StepOptions.name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        if let near { return try nearlySame(near, source, in: &session, context) }
        let key = try KeyOptions.key(on: on, prompt: prompt, for: source) ?? .row
        let report = try DuplicateReport(
            source.frame,
            key: key,
            label: source.format.map { .template($0.target) }
        )
        var text = "dropped \(NumberText.count(report.repeated, "row"))"
        if report.repeated > 0 {
            text += ", repeats of \(NumberText.count(report.repeatedKeys, "other"))"
        }
        var remarks: [OutputBlock] = [.note(text)]
        if let contradictory = report.contradictoryKeys, contradictory > 0 {
            let groups = NumberText.count(contradictory, "group")
            remarks.append(
                .warning("\(groups) of the repeats had different completions; the first was kept")
            )
        }
        return try context.keep(
            try source.applying(FettleData.Dedupe(key)),
            was: source.frame.count,
            as: name,
            in: &session,
            remarks: remarks
        )
    }
    /// Keeps the first of rows whose texts are nearly the same.
    private func nearlySame(
        _ near: NearThreshold,
        _ source: Dataset,
        in session: inout Session,
        _ context: Context
    ) throws -> CommandOutput {
        let named = try KeyOptions.key(on: on, prompt: prompt, for: source)
        guard let key = try named ?? source.format.map({ .template(try $0.promptTemplate()) })
        else {
            throw Diagnostic(
                "no-format",
                "'\(source.name)' has no format, whose prompts near= would compare",
                hints: [
                    "name the columns to compare: dedupe on=title,body near=\(near.text)",
                    "or set a format: format prompt=\"{{text}}\" completion=\" {{label}}\"",
                ]
            )
        }
        let progress = context.services.progress
        let found = try NearDuplicates(in: source.frame, key: key, threshold: near) { done, total in
            progress.update(done: done, total: total, unit: "texts")
        }
        let step = FettleData.Dedupe(key, near: near)
        var output = try context.keep(
            source.replacing(frame: found.kept(of: source.frame), adding: step.summary),
            was: source.frame.count,
            as: name,
            in: &session,
            remarks: NearView.remarks(found)
        )
        output.value = NearView.value(found)
        return output
    }
}
