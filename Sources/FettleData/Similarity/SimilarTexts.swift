import FettleCore

/// A search for texts that are similar to one of a growing set.
///
/// A text is compared with those that share a band with it, exactly: by the Jaccard similarity of the shingles.
/// Texts that lie above the threshold and share no band are missed, one in a thousand at the threshold itself.
struct SimilarTexts {
    private let texts: RawComparedTexts
    private let sketches: TextSketches
    private let threshold: Double
    /// The last text added to each slot of a band plus one, `[bands, slots]`; 0 where there is none.
    private var heads: [UInt32]
    /// The text added before to the slot of a text in a band plus one, `[added, bands]`.
    private var next: [UInt32] = []
    /// The texts added, in their order.
    private var added: [UInt32] = []
    private let slots: Int
    /// The shingles of added texts that something was compared with, by their places: texts made after one pattern
    /// are compared again and again.
    private var known: [Int: [UInt64]] = [:]
    /// The text that each added one was last compared with.
    private var stamps: [UInt32] = []
    private var own = Shingles()
    private var other = Shingles()
    private let scratch = ScratchBytes(capacity: 4096)
    /// How many pairs were compared exactly.
    private(set) var compared = 0

    /// Makes a search among texts; `most` is how many will be added at most.
    init(_ texts: RawComparedTexts, _ sketches: TextSketches, threshold: Double, most: Int) {
        self.texts = texts
        self.sketches = sketches
        self.threshold = threshold
        var slots = 1024
        while slots < most { slots *= 2 }
        self.slots = slots
        heads = Array(repeating: 0, count: slots * sketches.plan.bands)
    }

    /// Adds a text that later ones are compared with.
    mutating func add(_ text: Int) {
        guard sketches.sizes[text] > 0 else { return }
        let bands = sketches.plan.bands
        added.append(UInt32(text))
        stamps.append(.max)
        for band in 0..<bands {
            let slot = band * slots + Int(sketches.keys[text * bands + band]) & (slots - 1)
            next.append(heads[slot])
            heads[slot] = UInt32(added.count)
        }
    }

    /// Returns the first text added that is similar enough to another one of the same texts, and how similar it
    /// is.
    mutating func first(like text: Int) -> (text: Int, similarity: Double)? {
        first(like: text, of: texts, sketches)
    }

    /// Returns the first text added that is similar enough to one of other texts, each of which is asked for
    /// once, and how similar it is.
    mutating func first(
        like text: Int,
        of others: RawComparedTexts,
        _ asked: TextSketches
    ) -> (text: Int, similarity: Double)? {
        let size = Double(asked.sizes[text])
        guard size > 0 else { return nil }
        let bands = sketches.plan.bands
        var found: (place: Int, similarity: Double)?
        var isRead = false
        for band in 0..<bands {
            let key = asked.keys[text * bands + band]
            var link = heads[band * slots + Int(key) & (slots - 1)]
            while link != 0 {
                let place = Int(link) - 1
                link = next[place * bands + band]
                let candidate = Int(added[place])
                guard stamps[place] != UInt32(text),
                    sketches.keys[candidate * bands + band] == key
                else { continue }
                stamps[place] = UInt32(text)
                if let found, found.place < place { continue }
                // No larger part of the larger set than its smaller one can be in both.
                let theirs = Double(sketches.sizes[candidate])
                guard min(size, theirs) >= threshold * max(size, theirs) else { continue }
                if !isRead {
                    others.write(text, to: scratch)
                    own.read(scratch.bytes)
                    isRead = true
                }
                compared += 1
                let similarity = Shingles.similarity(own.hashes, hashes(of: candidate, place))
                if similarity >= threshold { found = (place, similarity) }
            }
        }
        return found.map { (Int(added[$0.place]), $0.similarity) }
    }
    /// The shingles of a text added at a place.
    private mutating func hashes(of text: Int, _ place: Int) -> [UInt64] {
        if let hashes = known[place] { return hashes }
        texts.write(text, to: scratch)
        other.read(scratch.bytes)
        known[place] = other.hashes
        return other.hashes
    }
}
