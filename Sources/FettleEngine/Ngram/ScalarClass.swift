/// What a character is to the tokeniser.
enum ScalarClass: UInt8 {
    /// Separates tokens and is no part of one.
    case space
    /// Part of a word.
    case letter
    /// A token of its own: a mark such as `!`.
    case mark
    /// A token of its own in a script that does not put spaces between words.
    case ideograph
    /// Belongs to the character before it: a combining accent or vowel sign.
    case combining
}

/// The class and the folded form of every character below U+3100, and rules for the others.
///
/// A table because both are asked for once per character of every prompt.
struct ScalarTable: Sendable {
    static let shared = ScalarTable()

    /// Characters below this one are in the table: all alphabets with upper and lower case but
    /// few historic ones.
    private static let limit: UInt32 = 0x3100

    /// Class in the low byte, folded scalar above it.
    private let entries: [UInt32]

    private init() {
        entries = (0..<Self.limit).map { value in
            guard let scalar = Unicode.Scalar(value) else { return 0 }
            let scalarClass = Self.classify(scalar)
            var folded = value
            if scalarClass == .letter {
                let lower = scalar.properties.lowercaseMapping.unicodeScalars
                if lower.count == 1, let first = lower.first { folded = first.value }
            }
            return folded << 8 | UInt32(scalarClass.rawValue)
        }
    }

    /// Calls `body` with a pointer to the table, one entry per scalar below ``tableCount``.
    func withEntries<R>(_ body: (UnsafePointer<UInt32>) -> R) -> R {
        entries.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the table is empty") }
            return body(base)
        }
    }

    /// How many scalars the table covers.
    static var tableCount: UInt32 { limit }

    /// Returns the class and the folded scalar of a character that is not in the table, packed alike.
    @inline(__always)
    static func packedBeyondTable(_ value: UInt32) -> UInt32 {
        switch value {
        case 0xFF21...0xFF3A: (value - 0xFF21 + 0x61) << 8 | pack(.letter)
        case 0xFF41...0xFF5A: (value - 0xFF41 + 0x61) << 8 | pack(.letter)
        case 0xFF10...0xFF19: (value - 0xFF10 + 0x30) << 8 | pack(.letter)
        case 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF5E:
            (value - 0xFF01 + 0x21) << 8 | pack(.mark)
        case 0xFF5F...0xFF65: value << 8 | pack(.mark)
        case 0xFF66...0xFF9F: value << 8 | pack(.ideograph)
        case 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xE0100...0xE01EF, 0x1F3FB...0x1F3FF:
            value << 8 | pack(.combining)
        case 0xFE10...0xFE1F, 0xFE30...0xFE6F, 0xFFFC...0xFFFD: value << 8 | pack(.mark)
        case 0xFEFF: value << 8 | pack(.space)
        case 0x3100...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xF900...0xFAFF, 0x1B000...0x1B16F, 0x20000...0x3FFFF:
            value << 8 | pack(.ideograph)
        case 0x31C0...0x31EF, 0x3200...0x33FF, 0x4DC0...0x4DFF, 0xE000...0xF8FF,
            0x1F000...0x1FAFF:
            value << 8 | pack(.mark)
        default: value << 8 | pack(.letter)
        }
    }

    @inline(__always)
    private static func pack(_ scalarClass: ScalarClass) -> UInt32 { UInt32(scalarClass.rawValue) }

    private static func classify(_ scalar: Unicode.Scalar) -> ScalarClass {
        switch scalar.value {
        // Thai, Lao, Tibetan, Burmese, Khmer: words stand together without spaces.
        case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark: return .combining
            case .unassigned, .control: return .space
            case .otherPunctuation, .openPunctuation, .closePunctuation: return .mark
            default: return .ideograph
            }
        case 0x3041...0x30FF where scalar.value != 0x30FB: return .ideograph
        case 0x3005...0x3007: return .ideograph
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .unassigned, .privateUse, .surrogate:
            return .letter
        case .nonspacingMark, .spacingMark, .enclosingMark: return .combining
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format: return .space
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol,
            .currencySymbol, .modifierSymbol, .otherSymbol:
            return .mark
        @unknown default: return .letter
        }
    }
}
