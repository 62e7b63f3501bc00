public import FettleCore

/// The log probabilities of completions after prompts, as a result's file has them.
///
/// Little-endian, with the very bits that the model gave:
///
///     0    magic "FETTLSCR", UInt32 version, UInt32 labels, UInt64 rows, UInt64 bytes of labels
///     32   labels: for each, UInt32 length and that many bytes of UTF-8; zeros up to a multiple of 8
///          natural log probabilities: Double [rows, labels] row-major
public struct ScoreFile: Hashable, Sendable {
    /// The completions in the order of their log probabilities.
    public var labels: [String]
    /// Natural log probabilities, `[rows, labels]` row-major.
    public var logprobs: [Double]

    private static let magic = Array("FETTLSCR".utf8)
    private static let version: UInt32 = 1
    private static let headerBytes = 32

    /// Makes the content of a file; there are as many log probabilities as rows times labels, and a label at least.
    public init(labels: [String], logprobs: [Double]) {
        precondition(
            !labels.isEmpty && logprobs.count % labels.count == 0,
            "\(logprobs.count) log probabilities of \(labels.count) labels"
        )
        (self.labels, self.logprobs) = (labels, logprobs)
    }

    /// How many prompts were scored.
    public var rowCount: Int { logprobs.count / labels.count }

    /// The file's bytes.
    public var bytes: [UInt8] {
        var names: [UInt8] = []
        for label in labels {
            names.append(littleEndian: UInt32(label.utf8.count))
            names += label.utf8
        }
        while names.count % 8 != 0 { names.append(0) }
        var bytes = Self.magic
        bytes.reserveCapacity(Self.headerBytes + names.count + logprobs.count * 8)
        bytes.append(littleEndian: Self.version)
        bytes.append(littleEndian: UInt32(labels.count))
        bytes.append(littleEndian: UInt64(rowCount))
        bytes.append(littleEndian: UInt64(names.count))
        bytes += names
        for value in logprobs { bytes.append(littleEndian: value.bitPattern) }
        return bytes
    }

    /// Reads a file's bytes.
    ///
    /// - Parameters:
    ///   - bytes: the bytes.
    ///   - name: what an error calls the file.
    /// - Throws: `result-damaged` for bytes that are no such file, and for one that contradicts itself.
    public init(_ bytes: [UInt8], name: String) throws(Diagnostic) {
        func damaged(_ what: String) -> Diagnostic {
            Diagnostic("result-damaged", "'\(name)' is no file of scores: \(what)")
        }
        guard bytes.count >= Self.headerBytes, bytes.starts(with: Self.magic) else {
            throw damaged("it does not begin with 'FETTLSCR'")
        }
        let version = bytes.word(8)
        guard version == Self.version else {
            throw damaged("it has version \(version), and this Fettle reads \(Self.version)")
        }
        let limit = bytes.count - Self.headerBytes
        guard let count = Int(exactly: bytes.word(12)), count > 0,
            let rows = Int(exactly: bytes.longWord(16)),
            let nameBytes = Int(exactly: bytes.longWord(24)), nameBytes <= limit,
            nameBytes % 8 == 0, count <= nameBytes / 4
        else { throw damaged("its header tells of more than it has") }
        let (values, isTooLarge) = rows.multipliedReportingOverflow(by: count)
        guard !isTooLarge, values == (limit - nameBytes) / 8, (limit - nameBytes) % 8 == 0 else {
            throw damaged("it has \(bytes.count) bytes, and its header tells of others")
        }
        var (labels, place): ([String], Int) = ([], Self.headerBytes)
        let end = Self.headerBytes + nameBytes
        for _ in 0..<count {
            guard place + 4 <= end, let length = Int(exactly: bytes.word(place)),
                length <= end - place - 4,
                let label = String(
                    validating: bytes[place + 4..<place + 4 + length],
                    as: UTF8.self
                )
            else { throw damaged("its labels are no texts") }
            labels.append(label)
            place += 4 + length
        }
        self.labels = labels
        logprobs = (0..<values).map { Double(bitPattern: bytes.longWord(end + 8 * $0)) }
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate func word(_ offset: Int) -> UInt32 {
        withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    fileprivate func longWord(_ offset: Int) -> UInt64 {
        withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }
}
