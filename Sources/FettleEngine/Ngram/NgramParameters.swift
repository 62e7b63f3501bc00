/// The numbers of a model in one piece of memory, as they also stand in its file.
///
/// `rows` is [F + 1, stride] in row-major order, for F features; the last row is the bias. A row is
/// [scale, sum of squared gradients, weight of class 0, weight of class 1, …, zeros], so that one
/// look-up brings all that a feature needs.
final class NgramParameters: @unchecked Sendable {
    // Written while it is made and by the one trainer that owns it; read-only once in a model.

    let featureCount: Int
    let classCount: Int
    let bucketBits: Int
    /// Floats in a row: a multiple of 4.
    let stride: Int
    let bytes: UnsafeMutableRawBufferPointer

    static let headerFloats = 2
    /// Most features a file may have, so that sizes cannot overflow.
    static let featureLimit = 1 << 26

    init(featureCount: Int, classCount: Int, bucketBits: Int) {
        self.featureCount = featureCount
        self.classCount = classCount
        self.bucketBits = bucketBits
        stride = Self.stride(classCount)
        let size = Self.byteCount(
            featureCount: featureCount,
            classCount: classCount,
            bucketBits: bucketBits
        )
        bytes = .allocate(byteCount: size, alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { bytes.deallocate() }

    /// Returns numbers of its own that equal these.
    func copy() -> NgramParameters {
        let copy = NgramParameters(
            featureCount: featureCount,
            classCount: classCount,
            bucketBits: bucketBits
        )
        copy.bytes.copyMemory(from: UnsafeRawBufferPointer(bytes))
        return copy
    }

    static func stride(_ classCount: Int) -> Int { (classCount + headerFloats + 3) / 4 * 4 }

    /// Bytes of the index, rounded up so that rows start on a cache line.
    private static func indexBytes(featureCount: Int, bucketBits: Int) -> Int {
        ((1 << bucketBits) + 1 + featureCount + 15) / 16 * 64
    }

    /// Returns the size of such a model's numbers; the arguments must be within the file's limits.
    static func byteCount(featureCount: Int, classCount: Int, bucketBits: Int) -> Int {
        indexBytes(featureCount: featureCount, bucketBits: bucketBits)
            + (featureCount + 1) * stride(classCount) * 4
    }

    private var base: UnsafeMutableRawPointer {
        guard let base = bytes.baseAddress else { preconditionFailure("a model has memory") }
        return base
    }

    var starts: UnsafeMutablePointer<UInt32> { base.assumingMemoryBound(to: UInt32.self) }

    var tags: UnsafeMutablePointer<UInt32> { starts + (1 << bucketBits) + 1 }

    var rows: UnsafeMutablePointer<Float> {
        (base + Self.indexBytes(featureCount: featureCount, bucketBits: bucketBits))
            .assumingMemoryBound(to: Float.self)
    }

    var biasRow: UnsafeMutablePointer<Float> { rows + featureCount * stride }

    var index: FeatureIndex {
        FeatureIndex(
            bucketBits: bucketBits,
            featureCount: featureCount,
            starts: UnsafePointer(starts),
            tags: UnsafePointer(tags)
        )
    }
}
