/// A token that is found in the text as it stands, before the text is cut into words.
struct AddedToken: Hashable, Sendable {
    var id: Int32
    var content: String
    /// Whether it steers the model, and so is found only on request.
    var isSpecial = false
    /// Whether it takes the white space before it.
    var stripsLeft = false
    /// Whether it takes the white space after it.
    var stripsRight = false
    /// Whether it is found only between characters that are of no word.
    var isSingleWord = false
    /// Whether it is looked for in the normalised text.
    var isNormalized = false
}

/// Finds added tokens: the leftmost, of those the longest, one after the other.
struct AddedTokenMatcher: Sendable {
    private let tokens: [AddedToken]
    /// Nodes of a trie by node and byte; the value is the next node.
    private var edges: PairTable
    /// The position in ``tokens`` of the token that ends at a node, or -1.
    private var ends: [Int32] = [-1]
    private var firstBytes = [Bool](repeating: false, count: 256)
    /// Whether there is a token to look for when special ones are left as text.
    private let hasPlain: Bool

    /// Makes a matcher of tokens, each with the bytes to look for; of equal ones the first counts.
    init(_ tokens: [(token: AddedToken, bytes: [UInt8])]) {
        self.tokens = tokens.map(\.token)
        hasPlain = tokens.contains { !$0.token.isSpecial }
        edges = PairTable(capacity: tokens.count * 8)
        for (position, (_, bytes)) in tokens.enumerated() where !bytes.isEmpty {
            var node: Int32 = 0
            for byte in bytes {
                if let next = edges.value(node, Int32(byte)) {
                    node = Int32(next)
                } else {
                    edges.set(node, Int32(byte), to: UInt64(ends.count))
                    node = Int32(ends.count)
                    ends.append(-1)
                }
            }
            if ends[Int(node)] < 0 { ends[Int(node)] = Int32(position) }
            firstBytes[Int(bytes[0])] = true
        }
    }

    /// Returns whether any token can be found.
    func isUseful(takesSpecials: Bool) -> Bool {
        takesSpecials ? !tokens.isEmpty : hasPlain
    }

    /// Calls `body` for each part of `range` in order, with the token that it is or nil.
    func split(
        _ text: ScalarText,
        _ range: Range<Int>,
        takesSpecials: Bool,
        _ body: (Range<Int>, Int32?) -> Void
    ) {
        var done = range.lowerBound
        var at = range.lowerBound
        while at < range.upperBound {
            guard firstBytes[Int(text.bytes[at])],
                let (position, matchEnd) = longest(text, at, range.upperBound)
            else {
                at += 1
                continue
            }
            let token = tokens[position]
            var start = at
            var end = matchEnd
            at = matchEnd
            if token.isSpecial, !takesSpecials { continue }
            if token.isSingleWord, Self.touchesWord(text, start, end, range) { continue }
            if token.stripsLeft { start = Self.skipSpaceBefore(text, start, done) }
            if token.stripsRight { end = Self.skipSpaceAfter(text, end, range.upperBound) }
            start = max(start, done)
            if done < start { body(done..<start, nil) }
            body(start..<max(start, end), token.id)
            done = max(start, end)
        }
        if done < range.upperBound { body(done..<range.upperBound, nil) }
    }

    private func longest(_ text: ScalarText, _ start: Int, _ end: Int) -> (Int, Int)? {
        var node: Int32 = 0
        var found: (Int, Int)?
        var at = start
        while at < end, let next = edges.value(node, Int32(text.bytes[at])) {
            node = Int32(next)
            at += 1
            if ends[Int(node)] >= 0 { found = (Int(ends[Int(node)]), at) }
        }
        return found
    }

    private static func skipSpaceBefore(_ text: ScalarText, _ start: Int, _ least: Int) -> Int {
        var place = start
        while place > least {
            let before = text.start(before: place)
            guard before >= least, text.kind(at: before).kind >= ScalarClass.space else { break }
            place = before
        }
        return place
    }

    private static func skipSpaceAfter(_ text: ScalarText, _ end: Int, _ most: Int) -> Int {
        var place = end
        while place < most {
            let next = text.kind(at: place)
            guard next.kind >= ScalarClass.space else { break }
            place += next.length
        }
        return place
    }

    private static func touchesWord(
        _ text: ScalarText,
        _ start: Int,
        _ end: Int,
        _ range: Range<Int>
    ) -> Bool {
        if start > range.lowerBound, isOfWord(text, text.start(before: start)) { return true }
        return end < range.upperBound && isOfWord(text, end)
    }

    private static func isOfWord(_ text: ScalarText, _ at: Int) -> Bool {
        guard let scalar = UnicodeScalar(text.scalar(at: at).value) else { return false }
        let kind = text.kind(at: at).kind
        // Letters and digits are those of the table, as everywhere.
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .connectorPunctuation: return true
        case .decimalNumber, .letterNumber: return kind == ScalarClass.number
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return kind == ScalarClass.letter
        default: return scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }
}
