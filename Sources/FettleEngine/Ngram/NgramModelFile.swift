public import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The model file: little-endian, all lengths checked before they are used.
///
///     0   magic "FETTLNGR"
///     8   UInt32 version, UInt32 word order, UInt32 character minimum, UInt32 character maximum
///     24  UInt32 titles (0 or 1), UInt32 classes, UInt32 bucket bits, UInt32 features
///     40  UInt64 examples seen, UInt64 tokens seen, UInt64 bytes of labels, UInt64 checksum
///     72  labels: for each, UInt32 length and that many bytes of UTF-8; zeros up to a multiple of 8
///         numbers: see ``NgramParameters``
///
/// The checksum is over all bytes but its own eight, in three parts: header, labels, numbers.
private enum Layout {
    static let magic: [UInt8] = Array("FETTLNGR".utf8)
    static let version: UInt32 = 1
    static let checksumOffset = 64
    static let headerBytes = 72
    /// More examples or tokens than this are a mistake; a sum of two such counts cannot overflow.
    static let countLimit = 1 << 60
}

extension NgramModel {
    /// Reads a model from a file.
    ///
    /// - Throws: `model-unreadable` when the file cannot be read, `model-foreign` when it is none of
    ///   these models, `model-too-new` for a newer version of the format, and `model-corrupt` when
    ///   its content contradicts itself; the message names the file and the field.
    public init(contentsOf path: String) throws(Diagnostic) {
        let file = try ModelFileBytes(path, "model")
        let size = file.bytes.count
        guard size >= 8, file.bytes.prefix(8).elementsEqual(Layout.magic) else {
            throw Diagnostic(
                "model-foreign",
                "'\(path)' is not an 'ngram' model: it does not begin with 'FETTLNGR'",
                hint: "give the path of a model that 'tune ngram' wrote"
            )
        }
        guard size >= Layout.headerBytes else {
            throw Self.corrupt(path, "it has \(size) bytes, and the header alone has 72")
        }
        let version = file.word(8)
        guard version == Layout.version else {
            throw Diagnostic(
                "model-too-new",
                "'\(path)' has version \(version) of the 'ngram' model format, "
                    + "and this Fettle reads version \(Layout.version)",
                hint: "use the Fettle that wrote it, or a newer one"
            )
        }
        let (wordOrder, shortest, longest) = (file.word(12), file.word(16), file.word(20))
        guard (1...8).contains(wordOrder) else {
            throw Self.corrupt(path, "its word order is \(wordOrder), not 1 to 8")
        }
        guard shortest <= 16, longest <= 16, shortest <= longest else {
            throw Self.corrupt(path, "its character runs are \(shortest) to \(longest) long")
        }
        let (titles, classes, bits) = (file.word(24), Int(file.word(28)), Int(file.word(32)))
        guard titles <= 1 else {
            throw Self.corrupt(path, "its title flag is \(titles), not 0 or 1")
        }
        guard (2...LabelSet.limit).contains(classes) else {
            throw Self.corrupt(path, "its number of labels is \(classes), not 2 to 1000")
        }
        guard (FeatureIndex.minimumBucketBits...FeatureIndex.maximumBucketBits).contains(bits)
        else { throw Self.corrupt(path, "its number of bucket bits is \(bits), not 8 to 26") }
        let features = Int(file.word(36))
        guard features <= NgramParameters.featureLimit else {
            throw Self.corrupt(path, "its number of features is \(features), limit 67108864")
        }
        guard let examples = Int(exactly: file.longWord(40)), examples < Layout.countLimit else {
            throw Self.corrupt(path, "its number of examples seen is too large")
        }
        guard let tokens = Int(exactly: file.longWord(48)), tokens < Layout.countLimit else {
            throw Self.corrupt(path, "its number of tokens seen is too large")
        }
        let labelBytes = file.longWord(56)
        guard labelBytes <= UInt64(size - Layout.headerBytes), labelBytes % 8 == 0 else {
            throw Self.corrupt(path, "its labels have \(labelBytes) bytes, in a file of \(size)")
        }
        let start = Layout.headerBytes + Int(labelBytes)
        let expected =
            start
            + NgramParameters.byteCount(
                featureCount: features,
                classCount: classes,
                bucketBits: bits
            )
        guard size == expected else {
            throw Self.corrupt(path, "it has \(size) bytes, and its header tells of \(expected)")
        }
        var checksum = Checksum()
        checksum.add(UnsafeRawBufferPointer(rebasing: file.bytes[..<Layout.checksumOffset]))
        checksum.add(UnsafeRawBufferPointer(rebasing: file.bytes[Layout.headerBytes..<start]))
        checksum.add(UnsafeRawBufferPointer(rebasing: file.bytes[start...]))
        guard checksum.value == file.longWord(Layout.checksumOffset) else {
            throw Self.corrupt(path, "its checksum does not match its content")
        }
        let names = try Self.readLabels(file, classes, end: start, path)
        let parameters = NgramParameters(
            featureCount: features,
            classCount: classes,
            bucketBits: bits
        )
        parameters.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[start...]))
        if let fault = parameters.index.fault { throw Self.corrupt(path, fault) }
        self.init(
            labels: names,
            examplesSeen: examples,
            tokensSeen: tokens,
            features: FeatureSettings(
                wordOrder: Int(wordOrder),
                characterMinimum: Int(shortest),
                characterMaximum: Int(longest),
                titles: titles == 1
            ),
            parameters: parameters
        )
    }

    private static func corrupt(_ path: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "model-corrupt",
            "'\(path)' is a damaged 'ngram' model: \(what)",
            hint: "restore the file, or tune the model again"
        )
    }

    private static func readLabels(
        _ file: borrowing ModelFileBytes,
        _ count: Int,
        end: Int,
        _ path: String
    ) throws(Diagnostic) -> [String] {
        var names: [String] = []
        var offset = Layout.headerBytes
        for number in 0..<count {
            guard end - offset >= 4 else {
                throw corrupt(path, "label \(number) begins after the end of the labels")
            }
            let length = Int(file.word(offset))
            offset += 4
            guard end - offset >= length else {
                throw corrupt(path, "label \(number) has \(length) bytes, \(end - offset) are left")
            }
            guard
                let name = String(
                    validating: file.bytes[offset..<(offset + length)],
                    as: UTF8.self
                )
            else { throw corrupt(path, "label \(number) is not UTF-8") }
            names.append(name)
            offset += length
        }
        guard Set(names).count == count else {
            throw corrupt(path, "two of its labels are the same")
        }
        guard end - offset < 8, file.bytes[offset..<end].allSatisfy({ $0 == 0 }) else {
            throw corrupt(path, "\(end - offset) bytes follow its last label, not up to 7 zeros")
        }
        return names
    }

    /// Writes the model to a file, in one piece or not at all: to a new file beside it, which then
    /// takes its place.
    ///
    /// - Throws: `model-unwritable` with the path and the system's reason.
    public func write(to path: String) throws(Diagnostic) {
        var header: [UInt8] = Layout.magic
        for value in [
            Layout.version, UInt32(features.wordOrder), UInt32(features.characterMinimum),
            UInt32(features.characterMaximum), features.titles ? 1 : 0, UInt32(labels.count),
            UInt32(parameters.bucketBits), UInt32(parameters.featureCount),
        ] {
            header.append(littleEndian: value)
        }
        var names: [UInt8] = []
        for label in labels {
            names.append(littleEndian: UInt32(label.utf8.count))
            names += label.utf8
        }
        while names.count % 8 != 0 { names.append(0) }
        for value in [examplesSeen, tokensSeen, names.count] {
            header.append(littleEndian: UInt64(value))
        }
        let numbers = UnsafeRawBufferPointer(parameters.bytes)
        var checksum = Checksum()
        header.withUnsafeBytes { checksum.add($0) }
        names.withUnsafeBytes { checksum.add($0) }
        checksum.add(numbers)
        header.append(littleEndian: checksum.value)
        let temporary = "\(path).\(getpid()).new"
        try replaceFile(path, by: temporary, "model", with: header + names, numbers)
    }
}

/// A 64-bit checksum of 8-byte words in four lanes, which keeps up with memory.
///
/// Where one part ends and the next begins counts too. It tells accidents; it is no protection against someone who wants to fool it.
package struct Checksum {
    private var lanes = SIMD4<UInt64>(
        0x9E37_79B9_7F4A_7C15,
        0xC2B2_AE3D_27D4_EB4F,
        0x1656_67B1_9E37_79F9,
        0x85EB_CA77_C2B2_AE63
    )
    private var length: UInt64 = 0

    package init() {}

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        length &+= UInt64(bytes.count)
        var (a, b, c, d) = (lanes.x, lanes.y, lanes.z, lanes.w)
        var offset = 0
        while offset + 32 <= bytes.count {
            a = Self.step(a, base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            b = Self.step(b, base.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            c = Self.step(c, base.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
            d = Self.step(d, base.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
            offset += 32
        }
        while offset < bytes.count {
            a = Self.step(a, UInt64(base.load(fromByteOffset: offset, as: UInt8.self)))
            offset += 1
        }
        lanes = SIMD4(a, b, c, d)
    }

    package var value: UInt64 {
        var result = length
        for lane in 0..<4 { result = Self.step(result ^ (result >> 29), lanes[lane]) }
        return result ^ (result >> 32)
    }

    @inline(__always)
    private static func step(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (state ^ UInt64(littleEndian: word)) &* 0x9FB2_1C65_1E98_DF25
        return mixed << 31 | mixed >> 33
    }
}
