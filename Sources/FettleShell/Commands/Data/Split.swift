import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Split: Command {
    static let shares = Option<ArgumentWord>.word(
        "shares",
        required: false,
        kind: .text,
        default: "80/10/10",
        help: "percent for train, validation and test; two shares make train and test"
    )
    static let parts = Option<String>.mapping(
        "part=share",
        required: false,
        help: "or parts by name: train=0.8 validation=0.1 test=0.1"
    )
    static let stratify = Option<ArgumentWord>.setting(
        "by",
        kind: .column,
        default: "none",
        help: "give each part this column's values in their shares"
    )
    static let ungrouped = Option<Bool>.flag(
        "no-group",
        help: "let equal rows fall into different parts; leaks are counted"
    )
    static let seed = Option<UInt64>.setting("seed", default: "0", help: "seed of the draw")

    static let declaration = CommandDeclaration(
        "split",
        group: .data,
        summary: "cut the current dataset into train, validation and test parts",
        details: """
            The parts are datasets named after the whole: reviews.train. Rows with equal prompts (equal rows
            when there is no format) stay in one part, so that what is tested was not trained on. Classes that
            a part has lost, and leaks with --no-group, are reported.
            """,
        parameters: [
            shares.parameter, parts.parameter, stratify.parameter, seed.parameter,
            KeyOptions.on.parameter.withoutAliases, KeyOptions.prompt.parameter,
            ungrouped.parameter,
        ],
        effect: .state,
        examples: [
            .init("split 80/10/10 by=stars seed=7", "three parts with equal shares of each star"),
            .init(
                "split train=0.9 test=0.1 on=product_id",
                "keep the reviews of a product together"
            ),
        ]
    )

    let parts: [FettleData.Split.Part]
    let stratify: ArgumentWord?
    let on: ArgumentWord?
    let prompt: ArgumentWord?
    let keepsTogether: Bool
    let seed: UInt64
    let span: SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        stratify = try arguments.value(Self.stratify)
        on = try arguments.value(KeyOptions.on)
        prompt = try arguments.value(KeyOptions.prompt)
        keepsTogether = !arguments.has(Self.ungrouped)
        seed = try arguments.value(Self.seed, or: 0)
        let pairs = arguments.mapping(Self.parts)
        let shares = try arguments.value(Self.shares)
        span = shares?.span ?? pairs.first?.old.span ?? arguments.span
        guard pairs.isEmpty else {
            parts = try pairs.map { pair throws(Diagnostic) in
                guard let share = Double(pair.new.text) else {
                    throw expected("a share such as 0.8", pair.new, for: pair.old.text)
                }
                return .init(try DatasetName.checked(pair.old), share)
            }
            return
        }
        parts = try Self.named(shares)
    }

    private static func named(_ word: ArgumentWord?) throws(Diagnostic) -> [FettleData.Split.Part] {
        let numbers = (word?.text ?? "80/10/10").split(separator: "/").map { Double($0) }
        let names = numbers.count == 2 ? ["train", "test"] : ["train", "validation", "test"]
        let shares = numbers.compactMap(\.self)
        guard shares.count == names.count, numbers.count == shares.count else {
            guard let word else { return [] }
            throw expected("two or three shares such as 80/10/10", word, for: "shares")
        }
        return zip(names, shares).map { .init($0, $1) }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(nil)
        let key = try self.key(for: source)
        let stratify = try stratify.map { word throws(Diagnostic) in
            try source.frame.columnNames([word])[0]
        }
        do {
            let split = try FettleData.Split(
                parts,
                stratifyBy: stratify,
                key: key,
                keepsTogether: keepsTogether,
                seed: seed
            )
            let (frames, report) = try split.apply(to: source.frame)
            var kept: [Dataset] = []
            for (part, frame) in zip(split.parts, frames) {
                var dataset = source.replacing(
                    frame: frame,
                    adding: "\(split.summary); use \(source.name).\(part.name)"
                )
                dataset.name = "\(source.name).\(part.name)"
                kept.append(session.library.add(dataset))
            }
            try context.record(kept)
            let blocks = Self.blocks(report, kept, split)
            return CommandOutput(blocks: blocks + [Self.grouping(split, report)])
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: span)
        }
    }

    private func key(for source: Dataset) throws(Diagnostic) -> RowKey {
        if let key = try KeyOptions.key(on: on, prompt: prompt, for: source) { return key }
        guard let format = source.format else { return .row }
        return .template(try format.promptTemplate())
    }

    private static func blocks(
        _ report: SplitReport,
        _ datasets: [Dataset],
        _ split: FettleData.Split
    ) -> [OutputBlock] {
        let total = max(1, datasets.reduce(0) { $0 + $1.frame.count })
        let showsClasses = !report.classes.isEmpty && report.classes.count <= 12
        var table = TextTable(
            columns: [.init("part"), .init("rows", .right), .init("share", .right)],
            rows: []
        )
        if showsClasses { table.columns += report.classes.map { .init($0, .right) } }
        for (part, dataset) in zip(report.parts, datasets) {
            let share = Double(part.rows) / Double(total)
            var row: [TextTable.Cell] = [
                .text(dataset.name),
                .text(NumberText.count(part.rows)),
                .number(share, NumberText.percent(share)),
            ]
            if showsClasses { row += part.classCounts.map { .text(NumberText.count($0)) } }
            table.rows.append(row)
        }
        var blocks: [OutputBlock] = [.table(table)]
        blocks += report.lostClasses.prefix(5).map { lost in
            .warning("part '\(lost.part)' has no row of class '\(lost.label)'")
        }
        if report.lostClasses.count > 5 {
            blocks.append(.warning("and \(report.lostClasses.count - 5) more lost classes"))
        }
        return blocks
    }

    /// Says what was kept together, and what is not known without a format.
    private static func grouping(
        _ split: FettleData.Split,
        _ report: SplitReport
    ) -> OutputBlock {
        let seed = "(seed \(split.seed))"
        if report.leakedRows > 0 {
            let rows = NumberText.count(report.leakedRows, "row")
            return .warning("\(rows) also stand in an earlier part \(seed)")
        }
        return switch split.key {
        case .template: .note("no prompt stands in two parts \(seed)")
        case .columns(let names):
            .note("no \(names.joined(separator: ", ")) stands in two parts \(seed)")
        case .row:
            .note(
                "no equal rows stand in two parts \(seed); prompts are looked at when there is a format"
            )
        }
    }
}

extension Parameter {
    /// The parameter under its own name only.
    fileprivate var withoutAliases: Parameter {
        var copy = self
        copy.aliases = []
        return copy
    }
}
