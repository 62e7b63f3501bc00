/// Tab-separated values, quoted as in CSV where a cell needs it.
struct TSVFormat: DatasetFormat {
    let name = "tsv"
    let extensions = ["tsv", "tab"]
    let writer: any RowWriter = DelimitedWriter(delimiter: UInt8(ascii: "\t"))

    func recognizes(_ source: SourceText) -> Bool {
        DelimitedSniffing.delimiter(of: source) == UInt8(ascii: "\t")
    }

    func read(
        _ source: SourceText,
        _ options: LoadOptions,
        progress: (LoadProgress) throws -> Void
    ) throws -> ReadRows {
        try DelimitedReader(source, options, delimiter: UInt8(ascii: "\t")).read(progress)
    }
}
