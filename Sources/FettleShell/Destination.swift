import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// A file that takes a command's output, in the form that its extension says.
struct Destination {
    private let file: ArgumentWord
    private let appends: Bool
    private let convert: Surroundings.Convert
    /// Columns of text in a file, wide enough to cut nothing that people write.
    private static let fileWidth = 1000
    /// Endings of pictures that are not made here, and of which nobody wants the text instead.
    private static let otherPictures: Set<String> = [
        "pdf", "jpg", "jpeg", "gif", "webp", "eps", "ps", "tif", "tiff", "bmp",
    ]

    /// Makes a destination; `convert` runs the program that makes PNG of SVG.
    init(file: ArgumentWord, appends: Bool, convert: @escaping Surroundings.Convert) {
        self.file = file
        self.appends = appends
        self.convert = convert
    }

    /// Writes the output and says what was written.
    func write(_ output: CommandOutput) async throws -> OutputBlock {
        try checkFile()
        do {
            if output.document != nil, isTableForm || PictureForm(rawValue: fileExtension) != nil,
                !["md", "json"].contains(fileExtension)
            {
                throw Diagnostic(
                    "unknown-form",
                    "a report cannot be written as '\(file.text)'",
                    hint: "forms of reports: .html, .md, .ipynb; .json has its figures"
                )
            }
            if let form = PictureForm(rawValue: fileExtension) {
                let bytes = try await form.bytes(of: output, appends: appends, convert)
                try WholeFile.write(bytes, to: file.text)
                return .note("wrote \(file.text)")
            }
            if Self.otherPictures.contains(fileExtension), PictureForm.isPicture(output.blocks) {
                throw Diagnostic(
                    "unknown-form",
                    "a picture cannot be written as '\(file.text)'",
                    hint: "forms of pictures: .svg, .png; 'rsvg-convert' makes others of an SVG"
                )
            }
            if output.rows != nil, !isRowForm, !file.text.hasPrefix("/dev/") {
                throw Diagnostic(
                    "unknown-form",
                    "rows cannot be written as '\(file.text)', whose ending names no form",
                    hint: "forms: " + FrameWriter.names.map { "." + $0 }.joined(separator: ", ")
                )
            }
            if let rows = output.rows, isRowForm {
                try FrameWriter(forPath: file.text).write(
                    rows.frame,
                    toFile: file.text,
                    appending: appends
                )
                let count = NumberText.count(rows.frame.count, "row")
                return .note("\(appends ? "added" : "wrote") \(count) to \(file.text)")
            }
            try WholeFile.write(
                Array(try text(of: output).utf8),
                to: file.text,
                appending: appends
            )
            return .note("\(appends ? "added to" : "wrote") \(file.text)")
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: file.span)
        }
    }

    /// Returns what a line of the system's shell reads: rows as JSONL, other output as its plain text.
    static func bytes(of output: CommandOutput, width: Int) throws -> [UInt8] {
        if let rows = output.rows {
            return Array(try FrameWriter(format: "jsonl").text(rows.frame).utf8)
        }
        return Array((PlainRenderer(width: width).render(output.blocks)).utf8)
    }

    private func checkFile() throws(Diagnostic) {
        guard !file.text.isEmpty else {
            throw Diagnostic(
                "bad-value",
                "the file's name is empty",
                span: file.span,
                hint: "write '> rows.csv'"
            )
        }
    }

    private var fileExtension: String {
        let name = file.text.split(separator: "/").last ?? ""
        return name.contains(".")
            ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    }

    /// Whether the extension names a form that rows are written in.
    private var isRowForm: Bool {
        (try? FrameWriter(forPath: file.text)) != nil
    }

    /// Whether the extension names a form that tables are written in.
    private var isTableForm: Bool {
        TableForms.all.contains { $0.name == fileExtension || $0.aliases.contains(fileExtension) }
    }

    private func text(of output: CommandOutput) throws -> String {
        if let document = output.document, TranscriptExports.endings.contains(fileExtension) {
            let export = try TranscriptExports.forPath(file.text)
            guard document.metadata == nil || export == MarkdownExport.self else {
                throw Diagnostic(
                    "bad-value",
                    "a model card is Markdown, found '\(file.text)'",
                    hint: "write '> README.md', or leave out --card"
                )
            }
            return (document.metadata ?? "") + export.text(of: document.transcript)
        }
        if let value = output.value, fileExtension == "json" {
            return value.text(pretty: true) + "\n"
        }
        if let value = output.value, fileExtension == "jsonl" { return value.text() + "\n" }
        let tables = output.blocks.flatMap(\.realTables)
        if isTableForm, fileExtension != "md", let table = tables.first {
            return try TableForms.named(fileExtension).text(of: table)
        }
        guard fileExtension == "md" else {
            return PlainRenderer(width: Self.fileWidth).render(output.blocks)
        }
        return try output.blocks.map { block in
            if case .table(let table) = block { return try TableForms.named("md").text(of: table) }
            return PlainRenderer(width: Self.fileWidth).render([block])
        }.joined(separator: "\n")
    }
}
