import FettleCore

/// Tells UTF-8 from other encodings.
enum SourceEncoding {
    /// Returns where the text starts, after a UTF-8 byte order mark if there is one.
    ///
    /// - Throws: `not-utf8` when the bytes are of another encoding or no text at all.
    static func start(
        of bytes: UnsafeRawBufferPointer,
        named name: String
    ) throws(Diagnostic) -> Int {
        let head = Array(bytes.prefix(4_096))
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return 3 }
        if let other = other(head) { throw wrong(other.name, iconv: other.iconv, name) }
        if let format = packed(head) {
            throw Diagnostic(
                "not-utf8",
                "expected text, found \(format.name) in '\(name)'",
                hint: format.hint
            )
        }
        return 0
    }

    /// Checks the encoding that was asked for.
    static func check(_ asked: String?, named name: String) throws(Diagnostic) {
        guard let asked else { return }
        let plain = asked.lowercased().filter { $0.isLetter || $0.isNumber }
        if plain == "utf8" || plain == "utf8sig" || plain == "ascii" { return }
        throw Diagnostic(
            "unknown-encoding",
            "cannot read the encoding '\(asked)', only UTF-8",
            hint: iconvHint(asked, name)
        )
    }

    private static func wrong(_ encoding: String, iconv: String, _ name: String) -> Diagnostic {
        Diagnostic(
            "not-utf8",
            "expected UTF-8, found \(encoding) in '\(name)'",
            hint: iconvHint(iconv, name)
        )
    }

    private static func iconvHint(_ encoding: String, _ name: String) -> String {
        "convert it: iconv -f \(encoding) -t UTF-8 '\(name)' > utf8.txt"
    }

    private static func other(_ head: [UInt8]) -> (name: String, iconv: String)? {
        if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) {
            return ("UTF-32 (by its byte order mark)", "UTF-32")
        }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            return ("UTF-16 (by its byte order mark)", "UTF-16")
        }
        // Text in Latin script has a NUL in every second byte of UTF-16, three in four of UTF-32.
        var nuls = [0, 0, 0, 0]
        for (place, byte) in head.enumerated() where byte == 0 { nuls[place % 4] += 1 }
        let quarter = head.count / 4
        guard quarter >= 2, nuls.reduce(0, +) * 4 >= head.count else { return nil }
        let many = nuls.map { $0 * 2 > quarter }
        switch many {
        case [false, true, true, true]: return ("UTF-32 (by its NUL bytes)", "UTF-32LE")
        case [true, true, true, false]: return ("UTF-32 (by its NUL bytes)", "UTF-32BE")
        case [false, true, false, true]: return ("UTF-16 (by its NUL bytes)", "UTF-16LE")
        case [true, false, true, false]: return ("UTF-16 (by its NUL bytes)", "UTF-16BE")
        default: return nil
        }
    }

    private static func packed(_ head: [UInt8]) -> (name: String, hint: String)? {
        if head.starts(with: [0x1F, 0x8B]) {
            return ("gzip", "unpack it: gunzip -k FILE, or pipe 'zcat FILE' in")
        }
        if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            return ("zstd", "unpack it: zstd -d FILE, or pipe 'zstdcat FILE' in")
        }
        if head.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            return ("a zip archive or an office document", "unpack it, or save the sheet as CSV")
        }
        if head.starts(with: Array("PAR1".utf8)) {
            return ("Parquet", "convert it to CSV or JSONL, for example with DuckDB")
        }
        return nil
    }
}
