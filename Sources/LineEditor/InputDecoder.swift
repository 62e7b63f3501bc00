/// Turns the bytes of a terminal into scalars for libedit and whole pasted texts.
///
/// Bracketed paste is taken out here rather than by a key binding, so that a paste arrives as one
/// key even where libedit reads keys on its own, as in an incremental search.
struct InputDecoder {
    /// What the bytes stand for.
    enum Token: Equatable {
        case scalar(UInt32)
        case paste(String)
    }

    private static let pasteStart: [UInt8] = Array("\u{1B}[200~".utf8)
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    /// Bytes that may become the start of a paste or a character.
    private var held: [UInt8] = []
    private var pasted: [UInt8] = []

    /// Whether a paste has begun and not ended: the rest can be read in large blocks.
    private(set) var isPasting = false

    /// Whether bytes wait for more, which may never come: see ``flush()``.
    var isHolding: Bool { !isPasting && !held.isEmpty }

    /// Takes bytes and returns what they complete.
    mutating func decode(_ bytes: some Sequence<UInt8>) -> [Token] {
        var tokens: [Token] = []
        for byte in bytes {
            take(byte, into: &tokens)
        }
        return tokens
    }

    /// Returns the bytes held as they are, as after a pause that no terminal makes in a sequence.
    mutating func flush() -> [Token] {
        defer { held = [] }
        guard !isPasting else { return [] }
        return String(decoding: held, as: UTF8.self).unicodeScalars.map { .scalar($0.value) }
    }

    private mutating func take(_ byte: UInt8, into tokens: inout [Token]) {
        if isPasting {
            pasted.append(byte)
            guard byte == UInt8(ascii: "~"), pasted.hasSuffix(Self.pasteEnd) else { return }
            pasted.removeLast(Self.pasteEnd.count)
            tokens.append(.paste(Self.cleaned(pasted)))
            pasted = []
            isPasting = false
            return
        }
        held.append(byte)
        if held.first == 0x1B {
            if held == Self.pasteStart {
                held = []
                isPasting = true
            } else if !Self.pasteStart.starts(with: held) {
                let last = held.removeLast()
                tokens += flush()
                take(last, into: &tokens, afterEscape: true)
            }
            return
        }
        releaseCharacter(into: &tokens)
    }

    /// Takes a byte that ended what looked like a paste: it may itself begin something.
    private mutating func take(
        _ byte: UInt8,
        into tokens: inout [Token],
        afterEscape: Bool
    ) {
        guard byte == 0x1B || byte >= 0x80 else {
            tokens.append(.scalar(UInt32(byte)))
            return
        }
        take(byte, into: &tokens)
    }

    private mutating func releaseCharacter(into tokens: inout [Token]) {
        guard let lead = held.first else { return }
        let length =
            switch lead {
            case ..<0x80: 1
            case 0xC2..<0xE0: 2
            case 0xE0..<0xF0: 3
            case 0xF0..<0xF5: 4
            default: 1
            }
        if let last = held.last, held.count > 1, last & 0xC0 != 0x80 {
            // The character broke off: what follows it must not be lost with it.
            held.removeLast()
            tokens += flush()
            take(last, into: &tokens)
            return
        }
        guard held.count >= length else { return }
        tokens += flush()
    }

    /// Returns bytes from elsewhere as text whose lines end with a line feed, without other controls.
    ///
    /// libedit's terminal mode swaps CR and LF, so a pasted CR LF arrives as LF CR.
    static func cleaned(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n":
                text.append("\n")
            case "\r":
                if previous != "\n" { text.append("\n") }
            case "\t":
                text.append("\t")
            default:
                if scalar.value >= 0x20, !(0x7F..<0xA0).contains(scalar.value) {
                    text.append(scalar)
                }
            }
            previous = scalar
        }
        return String(text)
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
        self.suffix(suffix.count).elementsEqual(suffix)
    }
}
