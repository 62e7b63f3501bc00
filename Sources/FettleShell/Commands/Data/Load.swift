import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Load: Command {
    static let file = Option<ArgumentWord>.word(
        "file",
        kind: .file(["jsonl", "json", "csv", "tsv"]),
        help: "the file; - is standard input"
    )
    static let name = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        default: "the file's name",
        help: "the dataset's name"
    )
    static let format = Option<ArgumentWord>.setting(
        "format",
        kind: .choice(DatasetFormats.names),
        default: "found out",
        help: "how the rows are written"
    )
    static let delimiter = Option<ArgumentWord>.setting(
        "delimiter",
        default: "found out",
        help: "what separates the cells of a CSV file"
    )
    static let header = Option<Bool>.setting(
        "header",
        default: "found out",
        help: "whether the first row of a CSV file names the columns"
    )
    static let encoding = Option<String>.setting(
        "encoding",
        default: "utf-8",
        help: "the encoding of the text; UTF-8 is the one that is read"
    )
    static let types = Option<ArgumentWord>.setting(
        "types",
        default: "found out",
        help: "kinds of columns, such as stars:integer,id:text"
    )
    static let quarantine = Option<Bool>.flag(
        "quarantine",
        help: "put bad rows into a side file instead of stopping at the first"
    )

    static let declaration = CommandDeclaration(
        "load",
        group: .data,
        summary: "read rows from a CSV, TSV, JSON or JSONL file",
        details: """
            The format, delimiter, header and kinds of the columns are found out and shown. Null, a missing
            value and the empty text stay three different things. A bad row stops the loading with its file,
            line and column; with --quarantine it goes to FILE.quarantine.jsonl with the reason.
            """,
        parameters: [
            file.parameter, name.parameter, format.parameter, delimiter.parameter, header.parameter,
            encoding.parameter, types.parameter, quarantine.parameter,
        ],
        effect: .state,
        givesRows: true,
        examples: [
            .init("load samples/reviews.jsonl", "read the reviews as the dataset 'reviews'"),
            .init("load samples/tickets.tsv as tickets", "give the dataset a name"),
            .init("load samples/bad-rows.jsonl --quarantine", "set bad rows aside and go on"),
        ]
    )

    let file: ArgumentWord
    let name: ArgumentWord?
    let options: LoadOptions
    /// The command line with its options, for the recipe.
    let line: String
    /// Where the options stand that the loader's errors with these codes are about.
    let spans: [String: SourceSpan]

    init(_ arguments: Arguments) throws(Diagnostic) {
        file = try arguments.required(Self.file)
        name = try arguments.value(Self.name)
        var options = LoadOptions()
        options.format = try arguments.value(Self.format)?.text
        options.header = try arguments.value(Self.header)
        options.encoding = try arguments.value(Self.encoding)
        if let word = try arguments.value(Self.delimiter) {
            let text = word.text == "tab" ? "\t" : word.text
            guard let character = text.first, text.count == 1 else {
                throw expected("one character, or tab", word, for: "delimiter")
            }
            options.delimiter = character
        }
        for part in try arguments.value(Self.types)?.listParts() ?? [] {
            let pair = part.text.split(separator: ":", maxSplits: 1).map(String.init)
            guard pair.count == 2, let kind = ColumnKind(rawValue: pair[1]), kind != .json else {
                throw expected(
                    "COLUMN:KIND with text, integer, number or boolean",
                    part,
                    for: "types"
                )
            }
            options.types[pair[0]] = kind
        }
        if arguments.has(Self.quarantine) {
            options.quarantine = LoadOptions.usualQuarantine(of: file.text)
        }
        self.options = options
        let settings = [Self.format, Self.delimiter, Self.types].compactMap { option in
            arguments.word(option).map { "\(option.parameter.name)=\($0.text.commandWord)" }
        }
        let header = arguments.word(Self.header).map { ["header=\($0.text)"] } ?? []
        let flags = options.quarantine == nil ? [] : ["--quarantine"]
        line = (["load", file.text.commandWord] + settings + header + flags).joined(separator: " ")
        spans = [
            "unknown-format": arguments.word(Self.format),
            "unknown-encoding": arguments.word(Self.encoding),
            "unknown-column": arguments.word(Self.types),
        ].compactMapValues { $0?.span }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let loaded = try load(context)
        let name =
            try self.name.map { word throws(Diagnostic) in try DatasetName.checked(word) }
            ?? Self.name(for: file.text)
        let dataset = Dataset(
            name: name,
            source: .init(name: file.text, fingerprint: loaded.fingerprint.hex),
            recipe: [line],
            frame: loaded.frame
        )
        let kept = session.library.add(dataset)
        try session.library.use(name)
        try context.record([kept])
        return CommandOutput(blocks: Self.blocks(loaded, kept), rows: kept)
    }

    private func load(_ context: Context) throws -> LoadedSource {
        if file.text == "-" {
            guard context.services.surroundings.standardInputIsData else {
                throw Diagnostic(
                    "no-input",
                    "standard input is where the commands come from",
                    span: file.span,
                    hint:
                        "give the commands with -c or in a file: fettle -c 'load - as reviews' < file"
                )
            }
        }
        do {
            return try DatasetLoader.load(
                file.text == "-" ? .standardInput : .path(file.text),
                options: options
            ) { progress in
                context.services.progress.update(
                    done: progress.bytesDone,
                    total: progress.bytesTotal,
                    unit: "bytes"
                )
            }
        } catch let diagnostic as Diagnostic {
            guard diagnostic.location == nil else { throw diagnostic }
            throw diagnostic.located(at: spans[diagnostic.code] ?? file.span)
        }
    }

    /// The dataset's name for a file: its name without folder and extension, with what names cannot have
    /// replaced by `_`; `data` where that is a key.
    private static func name(for path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        let stem = last.split(separator: ".").first.map(String.init) ?? last
        let name = String(
            stem.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? $0 : "_" }
        )
        guard !Redaction.hasToken(name) else { return "data" }
        guard let first = name.first, first.isLetter else {
            return "data" + (name == "-" ? "" : name)
        }
        return name
    }

    private static func blocks(_ loaded: LoadedSource, _ dataset: Dataset) -> [OutputBlock] {
        var facts = [loaded.format.uppercased(), loaded.encoding]
        if let delimiter = loaded.delimiter {
            facts.append("delimiter \(delimiter == "\t" ? "tab" : "'\(delimiter)'")")
        }
        if let header = loaded.header { facts.append(header ? "with header" : "no header") }
        facts.append(NumberText.bytes(loaded.byteCount))
        let size = NumberText.count(dataset.frame.count, "row")
        let columns = NumberText.count(loaded.columns.count, "column")
        var blocks: [OutputBlock] = [
            .text("\(dataset.name): \(size), \(columns) (\(facts.joined(separator: ", ")))"),
            .note(
                loaded.columns.map { column in
                    "\(column.name) \(column.kind.rawValue)"
                        + (column.remark.map { " (\($0))" } ?? "")
                }.joined(separator: ", ")
            ),
        ]
        if let path = loaded.quarantinePath {
            let bad = NumberText.count(loaded.quarantined, "bad row")
            blocks.append(.warning("\(bad) set aside in \(path)"))
        }
        return blocks
    }
}
