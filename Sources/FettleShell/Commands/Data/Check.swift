import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Check: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "what to check"
    )
    static let fix = Option<Bool>.flag(
        "fix",
        help: "apply the fixes that suit nearly everybody, as a new version"
    )
    static let all = Option<Bool>.flag("all", help: "with --fix: apply the other fixes too")

    static let tokenizer = Option<ArgumentWord>.setting(
        "tokenizer",
        kind: .base,
        help: "a language model, or the tokenizer.json of one, whose tokens the labels are to be"
    )

    static let near = Option<NearThreshold>.setting(
        "near",
        default: NearThreshold.standard.text,
        help: "from which similarity on prompts are nearly the same, from 0.5 to 1"
    )
    static let quick = Option<Bool>.flag(
        "quick",
        help: "leave out what takes long to find, as 'tune' and 'export' do"
    )

    static let declaration = CommandDeclaration(
        "check",
        group: .data,
        summary: "look for faults in the examples, and say which command mends each",
        details: """
            Empty and absent texts, repeated rows, contradictory labels, leaks between parts, missing separators
            and leading spaces, rare and unbalanced classes, long examples and more. Errors stop 'tune' and
            'export', which check by themselves; warnings do not. With tokenizer= lengths are counted in
            tokens, and labels of several tokens are found, of which max_tokens=1 gives only a part; 'tune'
            takes those of the model that it tunes.

            Prompts that are nearly the same, also those of other parts, are found by MinHash and compared
            exactly: near= is the share of their shingles (what stands in any five characters in a row) that
            both have.
            """,
        parameters: [
            dataset.parameter, fix.parameter, all.parameter, quick.parameter, near.parameter,
            tokenizer.parameter,
        ],
        effect: .state,
        takesRows: true,
        examples: [
            .init("check reviews.train", "numbered findings with rows and fixes"),
            .init("check --fix", "mend the current dataset"),
            .init("check near=0.9", "call prompts nearly the same only when they hardly differ"),
            .init(
                "model add samples/tiny-llama as tiny; check reviews.train tokenizer=tiny",
                "and see what a language model's tokens make of the labels"
            ),
        ]
    )

    let dataset: ArgumentWord?
    let isFixing: Bool
    let isAll: Bool
    let tokenizer: ArgumentWord?
    let near: NearThreshold
    let isQuick: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        tokenizer = try arguments.value(Self.tokenizer)
        isAll = arguments.has(Self.all)
        isFixing = arguments.has(Self.fix)
        near = try arguments.value(Self.near, or: .standard)
        isQuick = arguments.has(Self.quick)
        guard isFixing || !isAll else {
            throw Diagnostic(
                "missing-argument",
                "'--all' goes with '--fix'",
                span: arguments.span,
                hint: "'check' alone lists every finding; 'check --fix --all' mends all that it can"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let tokens = try tokenizer.map { word throws(Diagnostic) in
            try context.services.tokenizer(word)
        }
        var limits = CheckLimits(tokens)
        limits.near = near
        var input = try session.checkInput(for: source, limits: limits)
        let progress = context.services.progress
        input.isThorough = !isQuick
        input.progress = { progress.update(done: $0, total: $1, unit: "rows") }
        guard isFixing else {
            let findings = try DatasetChecker.run(input)
            var blocks = FindingView.blocks(findings, of: source)
            if !isQuick, let others = FindingView.others(findings) { blocks.append(.note(others)) }
            if input.dataset != session.library.current, findings.contains(where: { $0.fix != nil })
            {
                blocks.append(.note("fixes change the current dataset: first 'use \(source.name)'"))
            } else if let advice = FindingView.advice(findings) {
                blocks.append(.note(advice))
            }
            return CommandOutput(blocks: blocks, value: FindingView.value(findings))
        }
        let (fixed, mended) = try DatasetChecker.fixing(input, all: isAll)
        guard !mended.isEmpty else {
            return CommandOutput(blocks: [
                .note("'\(source.name)' has no fault that a fix would mend")
            ])
        }
        let lines = mended.flatMap { $0.fix?.commands ?? [] }
        var dataset = source
        for line in lines where !line.hasPrefix("format ") {
            dataset = dataset.replacing(frame: fixed.frame, adding: line)
        }
        dataset = dataset.formatted(as: fixed.format)
        var output = try context.keep(dataset, was: source.frame.count, as: nil, in: &session)
        if output.rows?.name == dataset.name, input.format.json != fixed.format.json,
            !isInPipe(context)
        {
            for other in session.library.datasets
            where other.name == dataset.name || other.format?.json == input.format.json {
                session.library.setFormat(fixed.format, of: other.name)
            }
        }
        output.blocks += lines.map { .text("applied: \($0)") }
        let left = try DatasetChecker.run(fixed)
        if !left.isEmpty { output.blocks += FindingView.blocks(left, of: dataset) }
        if let advice = FindingView.adviceOnRest(left) { output.blocks.append(.note(advice)) }
        return output
    }
}

extension Check {
    /// Whether the rows go on or come through a pipe, so that nothing is kept.
    private func isInPipe(_ context: Context) -> Bool {
        context.isPiped || context.input != nil
    }
}

extension Session {
    /// Returns what the checks look at: the rows, their format, the other parts of their whole, and the
    /// rows that they will be measured on.
    func checkInput(
        for dataset: Dataset,
        through format: PromptFormat? = nil,
        measuredOn validation: Dataset? = nil,
        limits: CheckLimits
    ) throws(Diagnostic) -> CheckInput {
        let whole = dataset.name.split(separator: ".").first.map(String.init) ?? dataset.name
        let parts = library.datasets.filter { other in
            dataset.name.contains(".") && other.name != dataset.name
                && other.name.hasPrefix(whole + ".")
        }
        let seenThrough: PromptFormat
        if let format { seenThrough = format } else { seenThrough = try dataset.requiredFormat() }
        return CheckInput(
            dataset: dataset.name,
            frame: dataset.frame,
            format: seenThrough,
            otherParts: (parts
                + [validation].compactMap(\.self).filter { measured in
                    !parts.contains { $0.name == measured.name }
                }).map { .init($0.name, $0.frame) },
            limits: limits
        )
    }

    /// Checks a dataset before it is used; an error stops, warnings are counted in a line.
    func checkBeforeUse(
        _ dataset: Dataset,
        through format: PromptFormat? = nil,
        measuredOn validation: Dataset? = nil,
        tokens tokenizer: TextTokenizer? = nil
    ) throws -> [OutputBlock] {
        guard format ?? dataset.format != nil else { return [] }
        let isItself = validation?.fingerprint == dataset.fingerprint
        let input = try checkInput(
            for: dataset,
            through: format,
            measuredOn: isItself ? nil : validation,
            limits: CheckLimits(tokenizer)
        )
        let findings = try DatasetChecker.run(input)
        if let error = findings.first(where: { $0.severity == .error }) {
            throw Diagnostic(
                error.code,
                "'\(dataset.name)': \(error.message)",
                hints: (error.fix?.commands ?? []).map { line in
                    let isCurrent = dataset.name == library.current
                    return "mend it: " + (isCurrent ? line : "use \(dataset.name); \(line)")
                }
                    + [
                        "'check \(dataset.name)' lists all findings; --no-check goes on all the same"
                    ]
            )
        }
        let warnings = findings.filter { $0.severity == .warning }
        if isItself {
            return [
                .warning(
                    "'\(dataset.name)' is both what is learnt and what it is measured on: the figures say how well "
                        + "the model remembers, not how well it does on new rows"
                )
            ]
        }
        // A leak makes every later figure too good, so it is said before anything else.
        guard let first = warnings.first(where: { $0.code == "leak" }) ?? warnings.first else {
            return []
        }
        let more = warnings.count > 1 ? ", and \(NumberText.count(warnings.count - 1)) more" : ""
        return [.warning("\(first.message)\(more): 'check \(dataset.name)' says what to do")]
    }
}

extension Services {
    /// Returns the tokenizer of a model of the workspace, or of a file, that a word names.
    func tokenizer(_ word: ArgumentWord) throws(Diagnostic) -> TextTokenizer {
        do {
            return try models.tokenizer(named: word.text)
        } catch {
            throw error.location == nil ? error.located(at: word.span) : error
        }
    }
}

extension CheckLimits {
    /// The limits of a model's tokens, where they are known.
    fileprivate init(_ tokenizer: TextTokenizer?) {
        self.init()
        guard let tokenizer else { return }
        var tokens = Tokens(most: tokenizer.contextLength ?? .max) { tokenizer.parts($0).count }
        tokens.name = tokenizer.name
        tokens.texts = { text in
            tokenizer.parts(text).map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        self.tokens = tokens
    }
}

/// Shows findings as blocks.
enum FindingView {
    static func blocks(_ findings: [Finding], of dataset: Dataset) -> [OutputBlock] {
        guard !findings.isEmpty else { return [.text("'\(dataset.name)': nothing to mend")] }
        var blocks: [OutputBlock] = []
        for (index, finding) in findings.enumerated() {
            var fields: [OutputBlock.Field] = [
                .init(
                    "\(index + 1). \(word(finding.severity))",
                    "[\(finding.code)] \(finding.message)"
                )
            ]
            if !finding.rows.isEmpty {
                let rows = finding.rows.map(String.init).joined(separator: ", ")
                fields.append(
                    .init("   rows", rows + (finding.count > finding.rows.count ? ", …" : ""))
                )
            }
            blocks.append(.fields(fields))
            blocks += finding.details.map { .text("   \($0)") }
            if finding.groups.count > finding.details.count {
                let more = finding.groups.count - finding.details.count
                blocks.append(
                    .text("   and \(NumberText.count(more)) more; 'check > FILE.json' writes all")
                )
            }
            for command in finding.fix?.commands ?? [] {
                blocks.append(.text("   fix: \(command)"))
            }
        }
        return blocks
    }

    /// Says how many checks found nothing; nil where none could look, as a column is missing.
    static func others(_ findings: [Finding]) -> String? {
        DatasetChecker.quietCount(findings).map { count in
            let all = NumberText.count(DatasetChecker.checks.count)
            return "\(NumberText.count(count)) of \(all) checks found nothing; 'help check' lists "
                + "what they look for"
        }
    }

    /// Says what '--fix' would do, where that is more than one line to type.
    static func advice(_ findings: [Finding]) -> String? {
        let fixable = findings.filter { !($0.fix?.changes.isEmpty ?? true) }
        guard fixable.count > 1 else { return nil }
        let automatic = fixable.count { $0.fix?.isAutomatic == true }
        let parts = [
            automatic > 0 ? "'check --fix' mends \(NumberText.count(automatic)) of these" : nil,
            automatic < fixable.count
                ? "'check --fix --all' mends \(NumberText.count(fixable.count))" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
            + "; by hand, 'check' again after each, as one fix can change the next"
    }

    /// Says of what is left after '--fix' who can mend it.
    static func adviceOnRest(_ findings: [Finding]) -> String? {
        let (some, none) = (
            findings.count { !($0.fix?.changes.isEmpty ?? true) }, findings.count { $0.fix == nil }
        )
        let parts = [
            some > 0
                ? "'check --fix --all' mends \(NumberText.count(some)) of these as well" : nil,
            none > 0
                ? "no command mends \(NumberText.count(none)): \(none == 1 ? "it takes" : "they take") "
                    + "other data" : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    static func value(_ findings: [Finding]) -> JSONValue {
        .array(
            findings.map { finding in
                .object([
                    .init("code", .string(finding.code)),
                    .init("severity", .string(word(finding.severity))),
                    .init("message", .string(finding.message)),
                    .init("count", .integer(Int64(finding.count))),
                    .init("rows", .array(finding.rows.map { .integer(Int64($0)) })),
                    .init("groups", groups(finding)),
                    .init("details", .array(finding.details.map { .string($0) })),
                    .init("fix", .array((finding.fix?.commands ?? []).map { .string($0) })),
                ])
            }
        )
    }

    private static func groups(_ finding: Finding) -> JSONValue {
        .array(finding.groups.map { .array($0.map { .integer(Int64($0)) }) })
    }

    private static func word(_ severity: Finding.Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .note: "note"
        }
    }
}
