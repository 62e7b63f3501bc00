import FettleCore

/// A template bound to a frame's columns.
struct CompiledTemplate: Sendable {
    private enum Piece: Sendable {
        case text([UInt8])
        case column(Column)
    }

    private let pieces: [Piece]
    /// The columns that it reads, each once.
    let columns: [Column]

    /// Binds a template.
    ///
    /// - Throws: `unknown-column` with a span in the template's text.
    init(_ template: PromptTemplate, _ frame: Frame) throws(Diagnostic) {
        var pieces: [Piece] = []
        for segment in template.segments {
            switch segment {
            case .text(let text): pieces.append(.text(Array(text.utf8)))
            case .column(let name, let span):
                guard let position = frame.position(of: name) else {
                    throw frame.unknownColumn(name, span: span)
                }
                pieces.append(.column(frame.columns[position].column))
            }
        }
        self.pieces = pieces
        columns = template.columns.compactMap { name in
            frame.position(of: name).map { frame.columns[$0].column }
        }
    }

    /// Joins templates with a text between them.
    init(joining templates: [CompiledTemplate], separator: String) {
        pieces = Array(
            templates.map(\.pieces).joined(separator: [.text(Array(separator.utf8))])
        )
        columns = templates.flatMap(\.columns)
    }

    /// Appends the text of a source row.
    func render(row: Int, to out: ScratchBytes) {
        for piece in pieces {
            switch piece {
            case .text(let bytes): bytes.withUnsafeBytes { out.append($0) }
            case .column(let column): column.append(row: row, to: out)
            }
        }
    }

    /// Appends the text of a source row.
    func render(row: Int, to out: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .text(let bytes): out += bytes
            case .column(let column): column.withBytes(at: row) { out.append(contentsOf: $0) }
            }
        }
    }

    /// The text of a source row.
    func text(row: Int) -> String {
        var bytes: [UInt8] = []
        render(row: row, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Column {
    /// Appends a cell as a template shows it.
    func append(row: Int, to out: ScratchBytes) {
        withBytes(at: row) { out.append($0) }
    }
}
