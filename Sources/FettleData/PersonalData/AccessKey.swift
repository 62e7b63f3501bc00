import Glibc

/// Keys and tokens of programs' interfaces: those whose first characters say so, private keys in PEM, JSON web tokens,
/// and what looks drawn at random after `key=`, `token:` and the like.
enum AccessKey {
    /// What a key begins with, and how many letters, digits, `_` and `-` follow at least.
    private static let prefixes: [(head: [UInt8], least: Int)] = [
        ("sk-", 20), ("sk_live_", 16), ("sk_test_", 16), ("rk_live_", 16), ("pk_live_", 16),
        ("ghp_", 36),
        ("gho_", 36), ("ghu_", 36), ("ghs_", 36), ("ghr_", 36), ("github_pat_", 22), ("glpat-", 20),
        ("AKIA", 16), ("ASIA", 16), ("AIza", 35), ("xoxb-", 20), ("xoxp-", 20), ("xoxa-", 20),
        ("xoxr-", 20),
        ("xoxs-", 20), ("hf_", 30), ("npm_", 36), ("pypi-", 40), ("dop_v1_", 40), ("SG.", 40),
    ].map { (Array($0.0.utf8), $0.1) }

    /// How the names end whose values are keys.
    private static let names = ["key", "token", "secret", "password", "passwd", "pwd"]
        .map { Array($0.utf8) }
    private static let longestName = 40
    private static let shortestValue = 16
    /// Bits a character: what words and dates lie below, and random letters and digits above.
    private static let leastEntropy = 3.0

    @Sendable static func match(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        if text[start] == UInt8(ascii: "-") { return block(text, start) }
        guard TextByte.isAlphanumeric(text[start]) else { return nil }
        return prefixed(text, start) ?? webToken(text, start) ?? assigned(text, start)
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        TextByte.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func begins(
        _ text: UnsafeRawBufferPointer,
        _ start: Int,
        _ head: [UInt8]
    ) -> Bool {
        start + head.count <= text.count && text[start..<start + head.count].elementsEqual(head)
    }

    private static func prefixed(_ text: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        guard TextByte.at(text, start - 1) != UInt8(ascii: "-") else { return nil }
        for (head, least) in prefixes where begins(text, start, head) {
            var end = start + head.count
            let hasPoints = head.last == UInt8(ascii: ".")
            while end < text.count,
                isKeyByte(text[end]) || (hasPoints && text[end] == UInt8(ascii: "."))
            {
                end += 1
            }
            let tail = text[start + head.count..<end]
            if tail.count >= least, tail.contains(where: TextByte.isDigit) { return start..<end }
        }
        return nil
    }

    /// A JSON web token (RFC 7519): three parts in base64url, the first of which begins as `{"` does.
    private static func webToken(_ text: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        guard begins(text, start, Array("eyJ".utf8)) else { return nil }
        var (end, points) = (start, 0)
        while end < text.count, isKeyByte(text[end]) || text[end] == UInt8(ascii: ".") {
            if text[end] == UInt8(ascii: ".") { points += 1 }
            end += 1
        }
        return points >= 2 && end - start >= 40 ? start..<end : nil
    }

    /// A private key in PEM (RFC 7468), up to its end or that of the text.
    private static func block(_ text: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        guard begins(text, start, Array("-----BEGIN ".utf8)) else { return nil }
        let whole = UnsafeRawBufferPointer(rebasing: text[start...])
        let head = UnsafeRawBufferPointer(rebasing: whole.prefix(60))
        func place(of part: String, in text: UnsafeRawBufferPointer) -> Int? {
            let part = Array(part.utf8)
            return text.indices.first { begins(text, $0, part) }
        }
        guard place(of: "PRIVATE KEY-----", in: head) != nil else { return nil }
        guard let last = place(of: "-----END ", in: whole) else { return start..<text.count }
        var end = start + last + 9
        while end < text.count, text[end] != UInt8(ascii: "-"), text[end] != UInt8(ascii: "\n") {
            end += 1
        }
        while end < text.count, text[end] == UInt8(ascii: "-") { end += 1 }
        return start..<end
    }

    /// The value after a name such as `api_key=` or `"token": "…"`.
    private static func assigned(_ text: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        var at = start
        while at < text.count, isKeyByte(text[at]), at - start <= longestName { at += 1 }
        let name = text[start..<at].map { TextByte.isLetter($0) ? $0 | 0x20 : $0 }
        guard names.contains(where: { name.suffix($0.count).elementsEqual($0) }) else { return nil }
        func skip(_ signs: [UInt8]) { while at < text.count, signs.contains(text[at]) { at += 1 } }
        let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20]
        skip(quotes)
        guard at < text.count, text[at] == UInt8(ascii: "=") || text[at] == UInt8(ascii: ":") else {
            return nil
        }
        at += 1
        skip(quotes)
        let first = at
        while at < text.count,
            isKeyByte(text[at]) || text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "/")
                || text[at] == UInt8(ascii: "=")
        {
            at += 1
        }
        let value = text[first..<at]
        guard value.count >= shortestValue, value.contains(where: TextByte.isDigit),
            value.contains(where: TextByte.isLetter), entropy(value) >= leastEntropy
        else { return nil }
        return first..<at
    }

    /// The entropy of the bytes by how often each stands, in bits a byte.
    static func entropy(_ bytes: some Collection<UInt8>) -> Double {
        var counts: [UInt8: Int] = [:]
        for byte in bytes { counts[byte, default: 0] += 1 }
        return counts.values.reduce(0) { sum, count in
            let share = Double(count) / Double(bytes.count)
            return sum - share * log2(share)
        }
    }
}
