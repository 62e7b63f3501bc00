import FettleCore

/// Writes one object a line.
struct JSONLWriter: RowWriter {
    func begin(_ columns: [WrittenColumn], to out: inout [UInt8]) {}

    func row(_ row: Int, _ columns: [WrittenColumn], isFirst: Bool, to out: inout [UInt8]) {
        JSONRow.append(row, columns, to: &out)
        out.append(ByteScan.lineFeed)
    }
}

/// Writes an array with one object a line.
struct JSONWriter: RowWriter {
    /// The array's end stands after the last row.
    let canAppend = false

    func begin(_ columns: [WrittenColumn], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "["))
    }

    func row(_ row: Int, _ columns: [WrittenColumn], isFirst: Bool, to out: inout [UInt8]) {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        out.append(ByteScan.lineFeed)
        JSONRow.append(row, columns, to: &out)
    }

    func end(isEmpty: Bool, to out: inout [UInt8]) {
        out.append(contentsOf: (isEmpty ? "]\n" : "\n]\n").utf8)
    }
}

/// Writes a row as an object; a missing cell has no member.
enum JSONRow {
    static func append(_ row: Int, _ columns: [WrittenColumn], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        for place in columns.indices {
            if columns[place].isText {
                let reference = columns[place].reference(at: row)
                if reference == .missing { continue }
                appendKey(columns[place].key, &isFirst, to: &out)
                if reference == .null {
                    out.append(contentsOf: "null".utf8)
                } else if columns[place].column.kind == .json {
                    ByteText.append(oneLine: columns[place].bytes(of: reference), to: &out)
                } else {
                    ByteText.append(json: columns[place].bytes(of: reference), to: &out)
                }
            } else {
                let presence = columns[place].column.presence(at: row)
                if presence == .missing { continue }
                appendKey(columns[place].key, &isFirst, to: &out)
                if presence == .null {
                    out.append(contentsOf: "null".utf8)
                } else {
                    append(columns[place].column, row, to: &out)
                }
            }
        }
        out.append(UInt8(ascii: "}"))
    }

    @inline(__always)
    private static func appendKey(_ key: [UInt8], _ isFirst: inout Bool, to out: inout [UInt8]) {
        if !isFirst {
            out.append(UInt8(ascii: ","))
            out.append(UInt8(ascii: " "))
        }
        isFirst = false
        out.append(contentsOf: key)
    }

    private static func append(_ column: Column, _ row: Int, to out: inout [UInt8]) {
        switch column.storage {
        case .text:
            break
        case .integer(let values):
            ByteText.append(values[row], to: &out)
        case .number(let values):
            out.append(contentsOf: JSONValue.text(of: values[row]).utf8)
        case .boolean(let values):
            out.append(contentsOf: (values[row] ? "true" : "false").utf8)
        }
    }
}
