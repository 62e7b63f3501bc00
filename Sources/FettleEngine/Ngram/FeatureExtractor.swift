/// Turns a prompt into the hashes of its features.
///
/// Words, runs of words and runs of characters inside words, each hashed to 64 bits (feature
/// hashing: Weinberger et al., arXiv:0902.2206; with 64 bits, collisions do not occur in practice).
/// Characters of scripts without spaces are words of one character, so runs of words are runs of
/// characters there. No run crosses a blank line: a title and a body stay apart, and a constant
/// ending such as `\n\n###\n\n` makes only features that stand in every prompt.
///
/// Owns scratch memory that grows to the longest prompt; call ``free()`` at the end.
struct FeatureExtractor {
    private let settings: FeatureSettings
    /// The distinct features of the last prompt, in order of first appearance.
    private(set) var hashes = GrowingBuffer<UInt64>(capacity: 1 << 10)
    /// Words of the last prompt: its count of tokens.
    private(set) var tokenCount = 0
    /// What each feature of the last prompt reads as, when names are kept.
    private(set) var names: [String] = []
    /// Whether ``names`` are kept, for a few prompts that people look at.
    private let keepsNames: Bool
    /// The tokens as the model reads them, when names are kept.
    private var texts: [String] = []

    private var tokens = GrowingBuffer<Token>(capacity: 1 << 9)
    private var scalars = GrowingBuffer<UInt32>(capacity: 1 << 7)
    private var seen = SeenHashes()

    /// A word of the text.
    private struct Token {
        var hash: UInt64
        /// Number of the paragraph it stands in, from 0.
        var paragraph: UInt32
        var isIdeograph: Bool
    }

    /// Longest part of a word whose character runs are features; the rest of a longer word (a link,
    /// a run of noise) only counts towards the word's own hash.
    private static let longestCharacterSource = 40

    init(_ settings: FeatureSettings, keepsNames: Bool = false) {
        self.settings = settings
        self.keepsNames = keepsNames
    }

    func free() {
        hashes.free()
        tokens.free()
        scalars.free()
        seen.free()
    }

    /// Returns how many tokens the text has.
    mutating func countTokens(_ text: UnsafeRawBufferPointer) -> Int {
        tokenize(text, characters: false)
        return tokens.count
    }

    /// Finds the features of a text; they then stand in ``hashes``.
    mutating func extract(_ text: UnsafeRawBufferPointer) {
        hashes.removeAll()
        if keepsNames { names.removeAll() }
        seen.startOver()
        tokenize(text, characters: settings.characterMinimum > 0)
        tokenCount = tokens.count
        addWordRuns()
    }

    private mutating func addWordRuns() {
        let count = tokens.count
        // The first paragraph is a title when another one with more than one word follows.
        var titleEnd = 0
        if settings.titles, count > 0 {
            while titleEnd < count, tokens[titleEnd].paragraph == 0 { titleEnd += 1 }
            if count - titleEnd < 2 { titleEnd = 0 }
        }
        for start in 0..<count {
            let first = tokens[start]
            var hash = first.hash
            if add(hash, FeatureKind.word), keepsNames { names.append(texts[start]) }
            if start < titleEnd, add(mixed(hash &+ 0x7C15), FeatureKind.title), keepsNames {
                names.append(texts[start])
            }
            var length = 1
            while start + length < count {
                let next = tokens[start + length]
                guard next.paragraph == first.paragraph else { break }
                let order = next.isIdeograph ? max(3, settings.wordOrder) : settings.wordOrder
                guard length < order else { break }
                hash = mixed(hash &* 0x9E37_79B9_7F4A_7C15 &+ next.hash)
                if add(hash, FeatureKind.words), keepsNames { nameRun(start...start + length) }
                if start < titleEnd, length == 1, add(mixed(hash &+ 0x7C15), FeatureKind.title),
                    keepsNames
                {
                    nameRun(start...start + length)
                }
                length += 1
            }
        }
    }

    /// Adds a feature, and returns whether it is the first of its kind in the prompt.
    @inline(__always)
    private mutating func add(_ hash: UInt64, _ kind: UInt64) -> Bool {
        let feature = hash & ~3 | kind
        guard seen.insert(feature) else { return false }
        hashes.append(feature)
        return true
    }

    /// Names the feature that was added last by the tokens of a run, with blanks between words.
    private mutating func nameRun(_ run: ClosedRange<Int>) {
        let touch = run.allSatisfy { tokens[$0].isIdeograph }
        names.append(texts[run].joined(separator: touch ? "" : " "))
    }

    private static func text(_ scalar: UInt32) -> String {
        Unicode.Scalar(scalar).map { String($0) } ?? "\u{FFFD}"
    }

    // MARK: - Words

    private mutating func tokenize(_ text: UnsafeRawBufferPointer, characters: Bool) {
        tokens.removeAll()
        if keepsNames { texts.removeAll() }
        scalars.removeAll()
        var decoder = UTF8Reader(text)
        var paragraph: UInt32 = 0
        var newlines = 0
        var wordHash: UInt64 = 0
        var inWord = false
        var lastMark: UInt32 = 0
        ScalarTable.shared.withEntries { table in
            while let value = decoder.next() {
                let packed =
                    value < ScalarTable.tableCount
                    ? table[Int(value)] : ScalarTable.packedBeyondTable(value)
                var folded = packed >> 8
                var kind = ScalarClass(rawValue: UInt8(truncatingIfNeeded: packed)) ?? .space
                if folded == 0x2019 { folded = 0x27 }
                if folded == 0x27, inWord, decoder.isAtASCIILetter { kind = .letter }
                if kind == .letter || (kind == .combining && inWord) {
                    // Three and more of the same letter in a row read as two: "soooo" is "soo".
                    let held = scalars.count
                    if inWord, held >= 2, folded > 0x39, scalars[held - 1] == folded,
                        scalars[held - 2] == folded
                    {
                        continue
                    }
                    if !inWord {
                        inWord = true
                        wordHash = Self.seed
                        scalars.removeAll()
                    }
                    wordHash = (wordHash ^ UInt64(folded)) &* Self.prime
                    scalars.append(folded)
                    newlines = 0
                    lastMark = 0
                    continue
                }
                if inWord {
                    endWord(wordHash, paragraph, characters: characters)
                    inWord = false
                }
                switch kind {
                case .space:
                    if value == 0x0A {
                        newlines += 1
                        if newlines == 2, paragraph < .max - 1 { paragraph += 1 }
                    }
                    lastMark = 0
                    continue
                case .combining:
                    // A vowel sign changes the character before it, which is a token of its own.
                    if tokens.count > 0 {
                        let last = tokens.count - 1
                        tokens[last].hash = mixed(tokens[last].hash ^ UInt64(folded))
                        if keepsNames { texts[last] += Self.text(folded) }
                    }
                case .mark:
                    // A run of one mark is one token: "!!!" is "!!", "........" is "..".
                    let hash = mixed((Self.seed ^ UInt64(folded)) &* Self.prime)
                    if lastMark == folded, tokens.count > 0 {
                        tokens[tokens.count - 1].hash = mixed(hash &+ 2)
                        if keepsNames {
                            texts[tokens.count - 1] = Self.text(folded) + Self.text(folded)
                        }
                    } else {
                        tokens.append(Token(hash: hash, paragraph: paragraph, isIdeograph: false))
                        if keepsNames { texts.append(Self.text(folded)) }
                    }
                case .ideograph, .letter:
                    let hash = mixed((Self.seed ^ UInt64(folded)) &* Self.prime)
                    tokens.append(Token(hash: hash, paragraph: paragraph, isIdeograph: true))
                    if keepsNames { texts.append(Self.text(folded)) }
                }
                lastMark = kind == .mark ? folded : 0
                newlines = 0
            }
            if inWord { endWord(wordHash, paragraph, characters: characters) }
        }
    }

    private mutating func endWord(_ hash: UInt64, _ paragraph: UInt32, characters: Bool) {
        tokens.append(Token(hash: mixed(hash), paragraph: paragraph, isIdeograph: false))
        if keepsNames { texts.append(textOfScalars(0..<scalars.count)) }
        guard characters else { return }
        let length = min(scalars.count, Self.longestCharacterSource)
        let shortest = settings.characterMinimum
        // Position 0 is the word's start mark, `length + 1` its end mark.
        for start in 0..<(length + 1) {
            var run = Self.runSeed
            let end = min(start + settings.characterMaximum, length + 2)
            var position = start
            while position < end {
                let scalar: UInt32 =
                    position == 0 || position > length ? 0x20 : scalars[position - 1]
                run = (run ^ UInt64(scalar)) &* Self.prime
                position += 1
                if position - start >= shortest, add(mixed(run), FeatureKind.characters),
                    keepsNames
                {
                    let inner = textOfScalars(max(start, 1) - 1..<min(position - 1, length))
                    let end = position == length + 2 ? "" : "…"
                    names.append((start == 0 ? "" : "…") + inner + end)
                }
            }
        }
    }

    /// The letters of the word that was read last, as the model reads them.
    private func textOfScalars(_ range: Range<Int>) -> String {
        range.reduce(into: "") { text, place in text += Self.text(scalars[place]) }
    }

    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Far from `seed`: neighbours would let a run of four letters collide with a word of four.
    private static let runSeed: UInt64 = 0x51ED_270B_7A3F_9D11
    private static let prime: UInt64 = 0x9FB2_1C65_1E98_DF25

    @inline(__always)
    private func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 32)) &* 0xD6E8_FEB8_6659_FD93
        z = (z ^ (z >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return z ^ (z >> 32)
    }
}
