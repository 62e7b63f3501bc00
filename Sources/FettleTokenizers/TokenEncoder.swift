/// Encodes many texts with one tokenizer, remembering the tokens of words it has seen.
public struct TokenEncoder: Sendable {
    private let tokenizer: Tokenizer
    private var merger = PairMerger()
    private let remembersWords: Bool
    private var memory: WordMemory
    private var tracks = false
    private var takesSpecials = false
    private var ids: [Int32] = []
    /// The bytes of each token in the text that was cut into words.
    private var lengths: [Int32] = []
    /// Bytes at the start of the last word that no token stands for.
    private var lost = 0
    /// The bytes of each token in the user's text, where they are wanted.
    private var places: [(start: Int, end: Int)] = []

    /// Makes an encoder; `remembersWords` pays from some hundred words on.
    public init(_ tokenizer: Tokenizer, remembersWords: Bool = true) {
        self.tokenizer = tokenizer
        self.remembersWords = remembersWords
        memory = WordMemory(isUsed: remembersWords)
    }

    /// Returns the tokens of a text, without those that go before and after every text.
    public mutating func encode(
        _ text: String,
        specials: Tokenizer.Specials = .asText
    ) -> [Int32] {
        tracks = false
        run(text, specials)
        return ids
    }

    /// Returns the tokens of a text with the bytes that each stands for.
    ///
    /// A token of a character that NFC puts together stands for all that it is made of.
    public mutating func tokens(
        of text: String,
        specials: Tokenizer.Specials = .asText
    ) -> [Token] {
        tracks = true
        run(text, specials)
        return zip(ids, places).map { Token(id: $0, start: $1.start, end: $1.end) }
    }

    private mutating func run(_ text: String, _ specials: Tokenizer.Specials) {
        takesSpecials = specials == .asTokens
        ids.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        var text = text
        text.withUTF8 { bytes in
            guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
            findRaw(TextView(text: ScalarText(base), origin: .offset(0)), 0..<bytes.count)
        }
    }

    // MARK: - Added tokens and normalisation

    private mutating func findRaw(_ view: TextView, _ range: Range<Int>) {
        let matcher = tokenizer.rawMatcher
        guard matcher.isUseful(takesSpecials: takesSpecials) else { return normalize(view, range) }
        matcher.split(view.text, range, takesSpecials: takesSpecials) { part, token in
            if let token { add(token, view, part) } else { normalize(view, part) }
        }
    }

    private mutating func normalize(_ view: TextView, _ range: Range<Int>) {
        guard let changed = tokenizer.normalizer.changed(view, range) else {
            return findNormalized(view, range)
        }
        changed.withView { whole, all in findNormalized(whole, all) }
    }

    private mutating func findNormalized(_ view: TextView, _ range: Range<Int>) {
        let matcher = tokenizer.normalizedMatcher
        guard matcher.isUseful(takesSpecials: takesSpecials) else { return markWords(view, range) }
        matcher.split(view.text, range, takesSpecials: takesSpecials) { part, token in
            if let token { add(token, view, part) } else { markWords(view, part) }
        }
    }

    private mutating func markWords(_ view: TextView, _ range: Range<Int>) {
        guard let mark = tokenizer.normalizer.wordMark else { return addWords(view, range) }
        let first = range.lowerBound
        let isMarked =
            view.text.bytes[first] == 0x20
            || WordSplitter.isMark(view.text, first, range.upperBound)
        let isWanted =
            switch mark {
            case .never: false
            case .everyPart: true
            case .firstPart: view.source(first).start == 0
            }
        var marked = ChangedText()
        marked.mark(view, range, prefix: isWanted && !isMarked, marksSpaces: true)
        marked.withView { whole, all in addWords(whole, all) }
    }

    // MARK: - Words

    private mutating func addWords(_ view: TextView, _ range: Range<Int>) {
        let bytes = view.text.bytes
        guard tracks else {
            tokenizer.splitter.split(view.text, range) { start, end in
                addWord(bytes + start, end &- start)
            }
            return
        }
        tokenizer.splitter.split(view.text, range) { start, end in
            let first = ids.count
            addWord(bytes + start, end &- start)
            var at = start + lost
            for position in first..<ids.count {
                let next = at + Int(lengths[position])
                places.append((view.source(at).start, view.source(next - 1).end))
                at = next
            }
        }
    }

    private mutating func add(_ token: Int32, _ view: TextView, _ part: Range<Int>) {
        ids.append(token)
        lengths.append(0)
        guard tracks else { return }
        places.append(
            (view.source(part.lowerBound).start, view.source(part.upperBound - 1).end)
        )
    }

    @inline(__always)
    private mutating func addWord(_ word: UnsafePointer<UInt8>, _ count: Int) {
        lost = 0
        guard remembersWords, count <= WordMemory.longest else { return mergeWord(word, count) }
        let hash = memory.hash(word, count)
        if memory.recall(word, count, hash: hash, ids: &ids, lengths: &lengths) { return }
        let first = ids.count
        mergeWord(word, count)
        guard lost == 0 else { return }
        memory.keep(
            word,
            count,
            hash: hash,
            ids: ids[first...],
            lengths: lengths[first...]
        )
    }

    private mutating func mergeWord(_ word: UnsafePointer<UInt8>, _ count: Int) {
        if tokenizer.takesWholeWords, let id = tokenizer.vocabulary.id(word, count) {
            ids.append(id)
            lengths.append(Int32(truncatingIfNeeded: count))
            return
        }
        merger.removeAll()
        switch tokenizer.symbols {
        case .bytes(let tokens, let unknown):
            for place in 0..<count {
                let id = tokens[Int(word[place])]
                if id >= 0 {
                    merger.append(id, length: 1)
                } else {
                    appendUnknown(unknown, length: 1, joins: false)
                }
            }
        case .characters(let characters): appendCharacters(characters, word, count)
        }
        merger.merge(tokenizer.pairs)
        ids.append(contentsOf: merger.ids)
        lengths.append(contentsOf: merger.lengths)
    }

    private mutating func appendCharacters(
        _ characters: Tokenizer.Characters,
        _ word: UnsafePointer<UInt8>,
        _ count: Int
    ) {
        var at = 0
        var wasUnknown = false
        while at < count {
            let byte = word[at]
            let length = ScalarText.length(byte)
            let id =
                byte < 0x80
                ? characters.ascii[Int(byte)] : tokenizer.vocabulary.id(word + at, length) ?? -1
            if id >= 0 {
                merger.append(id, length: length)
                wasUnknown = false
            } else if let bytes = characters.bytes {
                for place in at..<(at + length) {
                    merger.append(bytes[Int(word[place])], length: 1)
                }
                wasUnknown = false
            } else {
                appendUnknown(
                    characters.unknown,
                    length: length,
                    joins: wasUnknown && characters.joinsUnknown
                )
                wasUnknown = true
            }
            at += length
        }
    }

    /// Appends the unknown token, or makes the last one longer; where there is none, the text is lost.
    private mutating func appendUnknown(_ id: Int32?, length: Int, joins: Bool) {
        if let id, !joins {
            merger.append(id, length: length)
        } else if merger.ids.isEmpty {
            lost += length
        } else {
            merger.extendLast(by: length)
        }
    }
}
