import FettleCore
import Glibc

/// Says which language a text is in: German, English, Spanish, French, Japanese or Chinese, or none of these.
///
/// A softmax over hashed n-grams of characters: stretches of two to four letters with the blanks around words, and
/// single ones and pairs of Chinese characters and kana where these are at least half of a text; each counted, and
/// divided by the square root of their number. Other languages are classes too, in groups whose names are never told, so that a text of one is unknown
/// and not the nearest of the six. The profile is made by `profiles/make.py`.
public enum LanguageIdentifier {
    /// What texts are called that are too short, in another language, or in no certain one.
    public static let unknown = "unknown"

    /// The languages that are told apart, as ISO 639-1 codes.
    public static var languages: [String] {
        Array(LanguageProfile.classes.prefix(LanguageProfile.named))
    }

    /// A text's language must be this likely.
    static let leastProbability: Float = 0.7
    /// A text must have this many letters, of which a Chinese character or kana counts as two.
    static let fewestLetters = 10

    /// Returns the code of the language that UTF-8 bytes are in, or ``unknown``.
    ///
    /// - Complexity: O(*n*) in the bytes.
    public static func language(of text: UnsafeRawBufferPointer) -> String {
        var counter = NgramScores()
        counter.read(text)
        guard counter.letters >= fewestLetters, let best = counter.best,
            best.place < LanguageProfile.named,
            best.probability >= leastProbability
        else { return unknown }
        return LanguageProfile.classes[best.place]
    }

    /// Returns the code of the language that a text is in, or ``unknown``.
    public static func language(of text: String) -> String {
        var text = text
        return text.withUTF8 { language(of: UnsafeRawBufferPointer($0)) }
    }
}

/// The weights of n-grams.
enum LanguageProfile {
    /// The classes that are written in Chinese characters and kana.
    static let ideographic = ["ja", "zh"]
    /// The logarithm of the number of buckets.
    static let bits = 13
    /// The letters of the levels from −31 on.
    static let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"

    /// The levels, `[buckets, classes]`; the weight is that times ``scale``.
    static let levels: [Int8] = {
        var level = [Int8](repeating: 0, count: 128)
        for (place, letter) in alphabet.utf8.enumerated() { level[Int(letter)] = Int8(place - 31) }
        let count = letters.count
        var levels = [Int8](repeating: 0, count: count << bits)
        for (place, row) in letters.enumerated() {
            precondition(
                row.utf8CodeUnitCount == 1 << bits,
                "a class of \(row.utf8CodeUnitCount) buckets"
            )
            for bucket in 0..<1 << bits {
                levels[bucket * count + place] = level[Int(row.utf8Start[bucket])]
            }
        }
        return levels
    }()
}

/// Adds up the weights of a text's n-grams.
private struct NgramScores {
    /// The sums of n-grams of one kind.
    private struct Sums {
        /// The letters they are made of, of which a Chinese character or kana counts as two.
        var letters = 0
        var grams = 0
        var levels = [Int32](repeating: 0, count: LanguageProfile.classes.count)

        /// Adds the weights of a bucket.
        mutating func add(_ bucket: Int) {
            grams += 1
            LanguageProfile.levels.withUnsafeBufferPointer { weights in
                for place in levels.indices {
                    levels[place] += Int32(weights[bucket * levels.count + place])
                }
            }
        }
    }

    private var alphabetic = Sums()
    private var ideographic = Sums()
    /// Letters of the Latin script.
    private var latin = 0
    /// Hangul, which count as ideographs do.
    private var hangul = 0
    private var window: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var filled = 0

    /// The letters of the text, of which a Chinese character or kana counts as two.
    var letters: Int { alphabetic.letters + ideographic.letters }

    /// Reads a text from its first to its last letter, with a blank at each end.
    mutating func read(_ text: UnsafeRawBufferPointer) {
        add(0x20)
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte < 0x80 {
                at += 1
                add(TextByte.isLetter(byte) ? UInt32(byte | 0x20) : 0x20)
            } else {
                let (value, length) = TextScalars.decode(text, at)
                at += length
                add(Self.folded(value))
            }
        }
        add(0x20)
    }

    private static func folded(_ value: UInt32) -> UInt32 {
        if TextScalars.isIdeographic(value) { return value }
        guard let scalar = Unicode.Scalar(value) else { return 0x20 }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter:
            return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
        case .lowercaseLetter, .modifierLetter, .otherLetter: return value
        default: return 0x20
        }
    }

    private mutating func add(_ value: UInt32) {
        guard value != 0x20 || window.3 != 0x20 else { return }
        window = (window.1, window.2, window.3, value)
        filled = min(filled + 1, 4)
        if TextScalars.isIdeographic(value) {
            ideographic.letters += 2
            if (0xAC00...0xD7A3).contains(value) { hangul += 2 }
            for length in 1...2 where filled >= length { ideographic.add(bucket(length)) }
        } else {
            if value != 0x20 { alphabetic.letters += 1 }
            if value != 0x20, value < 0x250 || (0x1E00...0x1EFF).contains(value) { latin += 1 }
            for length in 2...4 where filled >= length { alphabetic.add(bucket(length)) }
        }
    }

    /// The bucket of the n-gram of the last `length` characters.
    private func bucket(_ length: Int) -> Int {
        var value = UInt64(length)
        func mix(_ scalar: UInt32) { value = (value &* 0x100_0000_01B3) ^ UInt64(scalar) }
        if length > 3 { mix(window.0) }
        if length > 2 { mix(window.1) }
        if length > 1 { mix(window.2) }
        mix(window.3)
        return Int((value &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - LanguageProfile.bits))
    }

    /// The likeliest class; nil for a text without n-grams, and for one of a script that no class is written in.
    var best: (place: Int, probability: Float)? {
        let isMostly = ideographic.letters > 0 && ideographic.letters >= alphabetic.letters
        let sums = isMostly ? ideographic : alphabetic
        let isKnown = isMostly ? hangul * 2 < ideographic.letters : latin * 2 > alphabetic.letters
        guard sums.grams > 0, isKnown else { return nil }
        let norm = LanguageProfile.scale / Float(sums.grams).squareRoot()
        let logits = zip(sums.levels, LanguageProfile.bias).map { Float($0) * norm + $1 }
        guard let place = logits.indices.max(by: { logits[$0] < logits[$1] }) else { return nil }
        // What few n-grams say must not overrule the script.
        guard LanguageProfile.ideographic.contains(LanguageProfile.classes[place]) == isMostly
        else { return nil }
        let total = logits.reduce(Float(0)) { $0 + exp($1 - logits[place]) }
        return (place, 1 / total)
    }
}
