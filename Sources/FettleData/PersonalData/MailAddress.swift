/// Addresses of electronic mail in ASCII, as RFC 5321 has them without quotes: `name@host.domain`.
enum MailAddress {
    private static let longestName = 64

    @Sendable static func match(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        guard TextByte.isAlphanumeric(text[start]) else { return nil }
        switch TextByte.at(text, start - 1) {
        // Inside a name that was looked at already.
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "-"): return nil
        default: break
        }
        var at = start
        while at < text.count, isNameByte(text[at]) { at += 1 }
        guard at < text.count, text[at] == UInt8(ascii: "@"), at - start <= longestName,
            text[at - 1] != UInt8(ascii: ".")
        else { return nil }
        return host(text, at + 1).map { start..<$0 }
    }

    /// Returns where the host's name ends that begins here: labels with points between them, the last one of at
    /// least two letters.
    private static func host(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var at = start
        var end: Int?
        var labels = 0
        while true {
            let first = at
            while at < text.count,
                TextByte.isAlphanumeric(text[at]) || text[at] == UInt8(ascii: "-")
            {
                at += 1
            }
            guard at > first, text[first] != UInt8(ascii: "-"), text[at - 1] != UInt8(ascii: "-")
            else { break }
            labels += 1
            if labels > 1, at - first >= 2,
                text[first..<at].allSatisfy({ TextByte.isLetter($0) })
            {
                end = at
            }
            guard TextByte.at(text, at) == UInt8(ascii: ".") else { break }
            at += 1
        }
        return end
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        TextByte.isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }
}
