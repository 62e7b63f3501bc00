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

    /// Joins templates, each as a JSON string after the bytes of its head, and with the tail's after the
    /// last; only ``RawTemplate/render(escaped:to:)`` makes JSON of it.
    init(json parts: [(head: String, template: CompiledTemplate)], tail: String) {
        var pieces: [Piece] = []
        for (head, template) in parts {
            pieces.append(.text(Array((head + "\"").utf8)))
            for piece in template.pieces {
                guard case .text(let bytes) = piece else {
                    pieces.append(piece)
                    continue
                }
                var escaped: [UInt8] = []
                bytes.withUnsafeBytes { ByteText.append(escaped: $0, to: &escaped) }
                pieces.append(.text(escaped))
            }
            pieces.append(.text([ByteScan.quote]))
        }
        self.pieces = pieces + [.text(Array(tail.utf8))]
        columns = parts.flatMap(\.template.columns)
    }

    /// Calls `body` with the template for loops over many rows.
    func withRaw<Result>(_ body: (RawTemplate) throws -> Result) rethrows -> Result {
        var constants: [UInt8] = []
        var bound: [Column] = []
        for piece in pieces {
            switch piece {
            case .text(let bytes): constants += bytes
            case .column(let column): bound.append(column)
            }
        }
        return try constants.withUnsafeBytes { constants in
            try RawColumn.withRaw(bound) { columns in
                var (at, used) = (0, 0)
                let raw = pieces.map { piece in
                    switch piece {
                    case .text(let bytes):
                        at += bytes.count
                        return RawTemplate.Piece.text(
                            UnsafeRawBufferPointer(rebasing: constants[at - bytes.count..<at])
                        )
                    case .column:
                        used += 1
                        return .column(columns[used - 1])
                    }
                }
                return try raw.withUnsafeBufferPointer { try body(RawTemplate(pieces: $0)) }
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

/// A template with its columns' cells as pointers; good within ``CompiledTemplate/withRaw(_:)``.
struct RawTemplate: @unchecked Sendable {
    enum Piece {
        case text(UnsafeRawBufferPointer)
        case column(RawColumn)
    }

    let pieces: UnsafeBufferPointer<Piece>

    /// Appends the text of a source row.
    @inline(__always)
    func render(row: Int, to out: ScratchBytes) {
        for piece in pieces {
            switch piece {
            case .text(let bytes): out.append(bytes)
            case .column(let column): column.append(row: row, to: out)
            }
        }
    }

    /// Appends the text of a source row, the columns' cells as they stand inside a JSON string.
    @inline(__always)
    func render(escaped row: Int, to out: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .text(let bytes): out.append(contentsOf: bytes)
            case .column(let column): column.append(escaped: row, to: &out)
            }
        }
    }
}
