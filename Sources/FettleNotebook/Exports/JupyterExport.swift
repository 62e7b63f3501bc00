import FettleCore

/// A Jupyter notebook of format 4.5: prose and code cells with streams, tables, drawings and errors.
public enum JupyterExport: TranscriptExport {
    /// The ending.
    public static let fileExtension = "ipynb"
    /// Columns of the plain text beside each output.
    private static let width = 100

    /// Returns the notebook's JSON.
    public static func text(of transcript: Transcript) -> String {
        var cells: [JSONValue] = []
        for (index, cell) in transcript.cells.enumerated() {
            switch cell {
            case .prose(let text): cells.append(prose(text, id: "prose-\(index + 1)"))
            case .command(let command): cells.append(code(command, id: "cell-\(index + 1)"))
            }
        }
        let language = JSONValue.object([
            .init("name", .string("fettle")), .init("file_extension", .string(".fettle")),
            .init("mimetype", .string("text/x-fettle")),
        ])
        let kernel = JSONValue.object([
            .init("name", .string("fettle")), .init("display_name", .string("Fettle")),
            .init("language", .string("fettle")),
        ])
        let notebook = JSONValue.object([
            .init("cells", .array(cells)),
            .init(
                "metadata",
                .object([
                    .init("kernelspec", kernel), .init("language_info", language),
                    .init("title", .string(Sanitizer.line(transcript.title))),
                ])
            ),
            .init("nbformat", .integer(4)), .init("nbformat_minor", .integer(5)),
        ])
        return notebook.text(pretty: true) + "\n"
    }

    private static func prose(_ text: String, id: String) -> JSONValue {
        .object([
            .init("cell_type", .string("markdown")), .init("id", .string(id)),
            .init("metadata", .object([])), .init("source", lines(Sanitizer.block(text))),
        ])
    }

    private static func code(_ command: Transcript.Command, id: String) -> JSONValue {
        var facts: [JSONValue.Member] = [.init("outcome", .string(command.outcome.rawValue))]
        if let duration = command.duration {
            facts.append(.init("duration_ms", .integer(duration)))
        }
        var outputs = command.blocks.map(output)
        if let failure = command.failure {
            outputs.append(
                .object([
                    .init("output_type", .string("error")), .init("ename", .string(failure.code)),
                    .init("evalue", .string(Sanitizer.line(failure.message))),
                    .init("traceback", traceback(failure.text)),
                ])
            )
        } else if command.outcome == .cancelled {
            outputs.append(stream("interrupted\n", name: "stderr"))
        }
        return .object([
            .init("cell_type", .string("code")), .init("id", .string(id)),
            .init("execution_count", .integer(command.number)),
            .init("metadata", .object([.init("fettle", .object(facts))])),
            .init("outputs", .array(outputs)),
            .init("source", lines(Sanitizer.block(command.source))),
        ])
    }

    private static func output(_ block: OutputBlock) -> JSONValue {
        let plain = Sanitizer.block(PlainRenderer(width: width, hints: false).render(block))
        switch block {
        case .text, .guide, .note, .warning, .data, .fields: return stream(plain, name: "stdout")
        case .table(let table):
            return display([("text/html", HTMLTable.html(table)), ("text/plain", plain)])
        case .bars(let chart): return picture(Plot(chart), plain)
        case .plot(let plot): return picture(plot, plain)
        }
    }

    /// A drawing on white, for it is seen on pages of any colour.
    private static func picture(_ plot: Plot, _ plain: String) -> JSONValue {
        display([("image/svg+xml", plot.svg(theme: .light)), ("text/plain", plain)])
    }

    private static func display(_ forms: [(name: String, text: String)]) -> JSONValue {
        .object([
            .init("output_type", .string("display_data")),
            .init("data", .object(forms.map { .init($0.name, lines($0.text)) })),
            .init("metadata", .object([])),
        ])
    }

    private static func stream(_ text: String, name: String) -> JSONValue {
        .object([
            .init("output_type", .string("stream")), .init("name", .string(name)),
            .init("text", lines(text)),
        ])
    }

    private static func traceback(_ text: String) -> JSONValue {
        let lines = Sanitizer.block(text).split(separator: "\n", omittingEmptySubsequences: false)
        return .array(lines.filter { !$0.isEmpty }.map { .string(String($0)) })
    }

    /// Returns a text as the list of its lines, each with its line end, as notebooks keep it.
    private static func lines(_ text: String) -> JSONValue {
        var lines: [JSONValue] = []
        var rest = text[...]
        while let end = rest.firstIndex(of: "\n") {
            lines.append(.string(String(rest[...end])))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { lines.append(.string(String(rest))) }
        return .array(lines)
    }
}
