/// Writes a table of GitHub's Markdown.
struct MarkdownWriter: RowWriter {
    func begin(_ columns: [WrittenColumn], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "|"))
        for column in columns {
            out.append(UInt8(ascii: " "))
            var name = column.name
            name.withUTF8 { append(UnsafeRawBufferPointer($0), to: &out) }
            out.append(contentsOf: " |".utf8)
        }
        out.append(contentsOf: "\n|".utf8)
        for column in columns {
            let isNumber = column.column.kind == .integer || column.column.kind == .number
            out.append(contentsOf: (isNumber ? " ---: |" : " --- |").utf8)
        }
        out.append(ByteScan.lineFeed)
    }

    func row(_ row: Int, _ columns: [WrittenColumn], isFirst: Bool, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "|"))
        for place in columns.indices {
            out.append(UInt8(ascii: " "))
            switch columns[place].column.presence(at: row) {
            case .null: out.append(contentsOf: "*null*".utf8)
            case .missing: out.append(contentsOf: "*missing*".utf8)
            case .value: columns[place].column.withBytes(at: row) { append($0, to: &out) }
            }
            out.append(contentsOf: " |".utf8)
        }
        out.append(ByteScan.lineFeed)
    }

    /// Appends a cell, whose bars and line ends would end it.
    private func append(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        for (place, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "|"): out.append(contentsOf: "\\|".utf8)
            case ByteScan.lineFeed: out.append(contentsOf: "<br>".utf8)
            case ByteScan.carriageReturn:
                let isPair = place + 1 < bytes.count && bytes[place + 1] == ByteScan.lineFeed
                if !isPair { out.append(contentsOf: "<br>".utf8) }
            default: out.append(byte)
            }
        }
    }
}
