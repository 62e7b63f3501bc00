import FettleCore

/// Reads datasets from files, standard input and memory.
public enum DatasetLoader {
    /// Reads all rows of a source.
    ///
    /// - Parameters:
    ///   - input: where the bytes are.
    ///   - options: what is not to be found out from the source.
    ///   - onProgress: called on the calling thread after each few megabytes.
    /// - Returns: the rows in the source's order, and what was found out about them.
    /// - Throws: a ``Diagnostic`` with file, line and column for a bad row, and `CancellationError`
    ///   when the task was cancelled.
    public static func load(
        _ input: SourceInput,
        options: LoadOptions = LoadOptions(),
        onProgress: (LoadProgress) -> Void = { _ in }
    ) throws -> LoadedSource {
        let bytes = try SourceBytes.open(input)
        let name = name(of: input)
        try SourceEncoding.check(options.encoding, named: name)
        let start = try SourceEncoding.start(of: bytes.buffer, named: name)
        guard let base = bytes.buffer.baseAddress else { throw empty(name) }
        let source = SourceText(
            bytes: base.assumingMemoryBound(to: UInt8.self),
            start: start,
            count: bytes.buffer.count,
            name: name,
            fileExtension: FileProblem.split(name).fileExtension
        )
        guard source.hasText else { throw empty(name) }
        let format = try DatasetFormats.format(of: source, asked: options.format)
        let hashing = FingerprintTask(bytes)
        defer { hashing.wait() }
        var rows: ReadRows
        do {
            rows = try format.read(source, options) { progress in
                try Task.checkCancellation()
                onProgress(progress)
            }
        } catch let bad as BadRow {
            var places = SourcePlaces(source)
            throw places.diagnostic(bad)
        }
        return try finish(&rows, of: source, bytes, format.name, options, hashing)
    }

    /// Puts the rows together, whose pieces are given up on the way.
    private static func finish(
        _ rows: inout ReadRows,
        of source: SourceText,
        _ bytes: SourceBytes,
        _ format: String,
        _ options: LoadOptions,
        _ hashing: FingerprintTask
    ) throws -> LoadedSource {
        var places = SourcePlaces(source)
        if let failure = rows.batches.lazy.compactMap(\.failure).first {
            throw places.diagnostic(failure).hinting(
                options.quarantine == nil ? quarantineHint : nil
            )
        }
        try checkDeclared(options.types, in: rows)
        let bad = rows.batches.flatMap(\.bad)
        if let path = options.quarantine, !bad.isEmpty {
            try Quarantine.write(bad, of: source, to: path)
        }
        guard rows.batches.reduce(0, { $0 + $1.rowCount }) < Int(UInt32.max) else {
            throw Diagnostic("too-many-rows", "more than \(UInt32.max) rows in '\(source.name)'")
        }
        let fingerprint = hashing.wait()
        var assembly = SourceAssembly(&rows, declared: options.types)
        let (columns, facts) = assembly.assemble(
            bytes,
            from: .init(name: source.name, fingerprint: fingerprint)
        )
        let frame = Frame(columns: columns, rows: Array(0..<UInt32(assembly.rowCount)))
        try frame.checkSources()
        return LoadedSource(
            frame: frame,
            format: format,
            delimiter: rows.delimiter,
            header: rows.header,
            encoding: source.start > 0 ? "UTF-8 with byte order mark" : "UTF-8",
            columns: facts,
            fingerprint: fingerprint,
            byteCount: source.count,
            quarantined: bad.count,
            quarantinePath: bad.isEmpty ? nil : options.quarantine
        )
    }

    private static let quarantineHint = "with '--quarantine' bad rows go to a side file"

    private static func checkDeclared(
        _ types: [String: ColumnKind],
        in rows: ReadRows
    ) throws(Diagnostic) {
        var names: [String] = []
        for column in rows.batches.lazy.flatMap(\.columns) where !names.contains(column.name) {
            names.append(column.name)
        }
        for name in types.keys.sorted() where !names.contains(name) {
            throw Diagnostic(
                "unknown-column",
                "no column '\(name)' to give a type to",
                hints: [
                    didYouMean(name, among: names), "columns: " + names.joined(separator: ", "),
                ].compactMap(\.self)
            )
        }
    }

    private static func name(of input: SourceInput) -> String {
        switch input {
        case .path(let path): path
        case .standardInput: "standard input"
        case .bytes(_, let name): name
        }
    }

    private static func empty(_ name: String) -> Diagnostic {
        Diagnostic("empty-source", "expected rows, found nothing in '\(name)'")
    }
}
