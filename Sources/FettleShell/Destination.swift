import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench
import Foundation

/// A file that takes a command's output, in the form that its extension says.
struct Destination {
    private let file: ArgumentWord
    private let appends: Bool

    init(file: ArgumentWord, appends: Bool) {
        self.file = file
        self.appends = appends
    }

    /// Writes the output and says what was written.
    func write(_ output: CommandOutput, width: Int) throws -> OutputBlock {
        do {
            if let rows = output.rows, isForm {
                try FrameWriter(forPath: file.text).write(
                    rows.frame,
                    toFile: file.text,
                    appending: appends
                )
                let count = NumberText.count(rows.frame.count, "row")
                return .note("\(appends ? "added" : "wrote") \(count) to \(file.text)")
            }
            try write(bytes: Array(try text(of: output, width: width).utf8))
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

    private var fileExtension: String {
        let name = file.text.split(separator: "/").last ?? ""
        return name.contains(".")
            ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    }

    /// Whether the extension names a form that rows and tables are written in.
    private var isForm: Bool {
        ["csv", "tsv", "json", "jsonl", "ndjson", "md"].contains(fileExtension)
    }

    private func text(of output: CommandOutput, width: Int) throws -> String {
        if let value = output.value, fileExtension == "json" {
            return value.text(pretty: true) + "\n"
        }
        if let value = output.value, fileExtension == "jsonl" { return value.text() + "\n" }
        let tables = output.blocks.compactMap { block in
            if case .table(let table) = block { table } else { nil }
        }
        if isForm, fileExtension != "md", let table = tables.first {
            return try TableForms.named(fileExtension).text(of: table)
        }
        guard fileExtension == "md" else {
            return PlainRenderer(width: width).render(output.blocks)
        }
        return try output.blocks.map { block in
            if case .table(let table) = block { return try TableForms.named("md").text(of: table) }
            return PlainRenderer(width: width).render([block])
        }.joined(separator: "\n")
    }

    /// Returns the system's words for why a file could not be written.
    private static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        let isOfSystem = cause.domain == NSPOSIXErrorDomain
        guard isOfSystem, let words = strerror(Int32(cause.code)) else {
            return "no such file or folder"
        }
        let text = String(cString: words)
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// Writes through a temporary file in the same folder, so that the file is whole or as it was; devices
    /// and pipes are written to as they are.
    private func write(bytes: [UInt8]) throws(Diagnostic) {
        let isOrdinary = !file.text.hasPrefix("/dev/")
        do {
            if appends || !isOrdinary {
                let url = URL(fileURLWithPath: file.text)
                if isOrdinary, !FileManager.default.fileExists(atPath: file.text) {
                    try Data().write(to: url, options: .atomic)
                }
                let handle = try FileHandle(forWritingTo: url)
                defer { try? handle.close() }
                if isOrdinary { try handle.seekToEnd() }
                try handle.write(contentsOf: Data(bytes))
            } else {
                try Data(bytes).write(to: URL(fileURLWithPath: file.text), options: .atomic)
            }
        } catch {
            throw Diagnostic(
                "cannot-write",
                "cannot write '\(file.text)': \(Self.reason(error))",
                hint: "check that its folder exists and may be written"
            )
        }
    }
}
