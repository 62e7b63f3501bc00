import Glibc

/// How a MinHash signature is cut into bands, so that texts which are similar enough share one.
///
/// Texts of Jaccard similarity *s* agree in a place of the signature with probability *s* (Broder 1997), in a band
/// of *r* places with *s*^*r*, and in one of *b* bands at least with 1 − (1 − *s*^*r*)^*b* (Leskovec, Rajaraman
/// and Ullman, "Mining of Massive Datasets", section 3.4).
struct BandPlan: Hashable, Sendable {
    /// Places of a signature in each band.
    let rows: Int
    /// Bands.
    let bands: Int

    /// The longest bands that lose at most one in a thousand pairs at the threshold itself, and fewer above it.
    init(threshold: Double) {
        var rows = 1
        while rows < MinHash.places {
            let next = rows + 1
            let lost = pow(1 - pow(threshold, Double(next)), Double(MinHash.places / next))
            guard lost <= Self.mostLost else { break }
            rows = next
        }
        self.rows = rows
        bands = MinHash.places / rows
    }

    private static let mostLost = 0.001
}

/// Makes MinHash signatures: 256 places, of which two texts share as many as their shingles are similar.
///
/// One hash of a shingle fills one of sixteen places (one-permutation hashing, Li, Owen and Zhang 2012), and
/// sixteen hashes make the signature; places that no shingle of a short text falls into are filled from others
/// of the same hash (optimal densification, Shrivastava 2017). A shingle so costs 16 steps and not 256.
struct MinHash {
    static let places = hashes * bins
    private static let hashes = 16
    private static let bins = 16
    private static let empty = UInt32.max

    /// Place `bin * 16 + hash`, so that the places of a band come from different hashes.
    private var signature = [UInt32](repeating: MinHash.empty, count: MinHash.places)
    private let seeds = (0..<UInt64(MinHash.hashes)).map { TextHash.mixed($0 &+ 0x5EED) | 1 }

    /// Appends the keys of a text's bands, of at least one shingle.
    mutating func append(
        bandsOf shingles: [UInt64],
        _ plan: BandPlan,
        to keys: inout [UInt32]
    ) {
        sign(shingles)
        for band in 0..<plan.bands {
            var key = TextHash.mixed(UInt64(band))
            for place in band * plan.rows..<(band + 1) * plan.rows {
                key = TextHash.mixed(key ^ UInt64(signature[place]))
            }
            keys.append(UInt32(truncatingIfNeeded: key))
        }
    }

    private mutating func sign(_ shingles: [UInt64]) {
        let seeds = seeds
        signature.withUnsafeMutableBufferPointer { signature in
            seeds.withUnsafeBufferPointer { seeds in
                signature.update(repeating: Self.empty)
                for shingle in shingles {
                    for hash in 0..<Self.hashes {
                        var mixed = shingle &+ seeds[hash]
                        mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
                        let value = UInt32(truncatingIfNeeded: mixed >> 28) >> 1
                        let place = Int(mixed >> 60) &* Self.hashes &+ hash
                        if value < signature[place] { signature[place] = value }
                    }
                }
                for hash in 0..<Self.hashes { Self.densify(signature, hash) }
            }
        }
    }

    /// Fills empty places of a hash from places that are not, always the same for the same place.
    private static func densify(_ signature: UnsafeMutableBufferPointer<UInt32>, _ hash: Int) {
        var filled: UInt32 = 0
        for bin in 0..<bins where signature[bin &* hashes &+ hash] != empty { filled |= 1 << bin }
        guard filled != 0, filled != 1 << bins - 1 else { return }
        for bin in 0..<bins where filled & (1 << bin) == 0 {
            var draw = UInt64(bin &* hashes &+ hash)
            var from = bin
            repeat {
                draw = TextHash.mixed(draw)
                from = Int(draw >> 60)
            } while filled & (1 << from) == 0
            signature[bin &* hashes &+ hash] = signature[from &* hashes &+ hash]
        }
    }
}
