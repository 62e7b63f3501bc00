/// Finds the number of a feature from its hash.
///
/// Features are numbered in the order of their hashes. A feature's identity is the top 40 bits of
/// its hash: `starts` gives, for each value of the top `bucketBits` of them, the first feature in
/// that bucket, and `tags` holds the low 32 bits of each identity. A look-up reads two cache lines,
/// and the index takes about 5 bytes a feature.
struct FeatureIndex {
    /// Bits of a feature's identity.
    static let identityBits = 40
    /// Fewest bucket bits; with these, tag and bucket give the whole identity back.
    static let minimumBucketBits = 8
    /// Most bucket bits that a file may have.
    static let maximumBucketBits = 26

    var bucketBits: Int
    var featureCount: Int
    /// One entry per bucket, and `featureCount` at the end.
    var starts: UnsafePointer<UInt32>
    /// One entry per feature.
    var tags: UnsafePointer<UInt32>

    /// Returns the feature's number, or -1 for one that the model does not know.
    @inline(__always)
    func find(_ hash: UInt64) -> Int {
        let bucket = Int(truncatingIfNeeded: hash >> UInt64(64 - bucketBits))
        let tag = UInt32(truncatingIfNeeded: hash >> 24)
        var position = Int(starts[bucket])
        let end = Int(starts[bucket + 1])
        while position < end {
            if tags[position] == tag { return position }
            position += 1
        }
        return -1
    }

    /// What is wrong with an index that was read from a file; nil when look-ups can rely on it:
    /// buckets are in order and within the features.
    var fault: String? {
        var before: UInt32 = 0
        for bucket in 0...(1 << bucketBits) {
            let start = starts[bucket]
            guard start >= before, start <= featureCount else {
                return "bucket \(bucket) of its index is out of order"
            }
            before = start
        }
        guard starts[0] == 0, Int(before) == featureCount else {
            return "its index does not cover its features"
        }
        return nil
    }

    /// Returns how many bucket bits suit a number of features: about four features a bucket.
    static func bucketBits(for featureCount: Int) -> Int {
        var bits = minimumBucketBits
        while bits < maximumBucketBits - 2, (1 << bits) * 4 < featureCount { bits += 1 }
        return bits
    }

    /// Returns the identities of all features, ascending.
    func identities() -> [UInt64] {
        var result: [UInt64] = []
        result.reserveCapacity(featureCount)
        for bucket in 0..<(1 << bucketBits) {
            let top = UInt64(bucket >> (bucketBits - Self.minimumBucketBits)) << 32
            for position in Int(starts[bucket])..<Int(starts[bucket + 1]) {
                result.append(top | UInt64(tags[position]))
            }
        }
        return result
    }

    /// Fills `starts` and `tags` for identities in ascending order.
    static func fill(
        _ identities: [UInt64],
        bucketBits: Int,
        starts: UnsafeMutablePointer<UInt32>,
        tags: UnsafeMutablePointer<UInt32>
    ) {
        let shift = UInt64(identityBits - bucketBits)
        var bucket = 0
        for (position, identity) in identities.enumerated() {
            let own = Int(identity >> shift)
            while bucket <= own {
                starts[bucket] = UInt32(position)
                bucket += 1
            }
            tags[position] = UInt32(truncatingIfNeeded: identity)
        }
        while bucket <= 1 << bucketBits {
            starts[bucket] = UInt32(identities.count)
            bucket += 1
        }
    }
}
