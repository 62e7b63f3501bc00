/// Comma-separated values (RFC 4180); the delimiter may also be a semicolon, a tab or a bar.
struct CSVFormat: DatasetFormat {
    let name = "csv"
    let extensions = ["csv"]
    let writer: any RowWriter = DelimitedWriter(delimiter: UInt8(ascii: ","))

    /// Every text can be read as rows of one cell at least.
    func recognizes(_ source: SourceText) -> Bool { true }

    func read(
        _ source: SourceText,
        _ options: LoadOptions,
        progress: (LoadProgress) throws -> Void
    ) throws -> ReadRows {
        try DelimitedReader(source, options, delimiter: nil).read(progress)
    }
}
