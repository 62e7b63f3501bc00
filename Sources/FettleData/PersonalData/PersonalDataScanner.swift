import FettleCore

/// Finds personal data in texts.
///
/// Only what has the form of such data, and passes the check that its kind has, counts: names and street addresses are
/// not looked for.
struct PersonalDataScanner: Sendable {
    /// A stretch of a text.
    struct Match: Hashable, Sendable {
        let kind: PersonalDataKind
        /// The bytes.
        let range: Range<Int>
    }

    /// The detectors in the order in which they are asked: a number that is several things is the first of these.
    private static let detectors: [(kind: PersonalDataKind, find: Detector)] = [
        (.key, AccessKey.match), (.mail, MailAddress.match), (.iban, IBAN.match),
        (.ip, IPAddress.match), (.card, PaymentCard.match), (.phone, PhoneNumber.match),
    ]

    /// Returns the stretch of what begins at a byte where a word begins; nil for anything else.
    typealias Detector = @Sendable (UnsafeRawBufferPointer, Int) -> Range<Int>?

    private let detectors: [(kind: PersonalDataKind, find: Detector)]

    /// Makes a scanner for some kinds.
    init(_ kinds: [PersonalDataKind] = PersonalDataKind.allCases) {
        detectors = Self.detectors.filter { kinds.contains($0.kind) }
    }

    /// Returns what is found, in the order of the text; no two overlap.
    func matches(in text: UnsafeRawBufferPointer) -> [Match] {
        var found: [Match] = []
        var at = 0
        while at < text.count {
            guard TextByte.beginsWord(text, at) else {
                at += 1
                continue
            }
            var next = at + 1
            for detector in detectors {
                guard let range = detector.find(text, at) else { continue }
                found.append(Match(kind: detector.kind, range: range))
                next = range.upperBound
                break
            }
            at = next
        }
        return found
    }

    /// Appends the text with marks in place of matches.
    static func mask(
        _ text: UnsafeRawBufferPointer,
        _ matches: [Match],
        into out: ScratchBytes
    ) {
        var at = 0
        for match in matches {
            out.append(UnsafeRawBufferPointer(rebasing: text[at..<match.range.lowerBound]))
            out.append(match.kind.mark.utf8)
            at = match.range.upperBound
        }
        out.append(UnsafeRawBufferPointer(rebasing: text[at...]))
    }
}

/// What bytes of a text are.
enum TextByte {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
    }

    /// The byte at a place, 0 where there is none.
    static func at(_ text: UnsafeRawBufferPointer, _ place: Int) -> UInt8 {
        place >= 0 && place < text.count ? text[place] : 0
    }

    /// Whether something may begin here: an ASCII letter or digit after something else, or one of `+`, `(`, `-`, `:`,
    /// which phone numbers, blocks of keys and addresses begin with.
    static func beginsWord(_ text: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        let byte = text[place]
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "("), UInt8(ascii: "-"), UInt8(ascii: ":"): return true
        default: return isAlphanumeric(byte) && !isAlphanumeric(at(text, place - 1))
        }
    }

    /// Whether a number that ends here goes on: with a letter, a digit, or a decimal.
    static func goesOn(_ text: UnsafeRawBufferPointer, _ end: Int) -> Bool {
        let byte = at(text, end)
        if isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "%") {
            return true
        }
        let isPoint = byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
        return isPoint && isDigit(at(text, end + 1))
    }

    /// Whether a number that begins here is part of a longer word, a price, a path or a sum.
    static func isJoined(_ text: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        switch at(text, place - 1) {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "$"), UInt8(ascii: "="),
            UInt8(ascii: "&"), UInt8(ascii: "@"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
