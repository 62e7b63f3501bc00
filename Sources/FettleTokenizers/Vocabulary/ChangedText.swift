/// Text in memory and where its bytes come from in the text that the user gave.
struct TextView {
    /// Where the bytes come from.
    enum Origin {
        /// This many bytes further on.
        case offset(Int)
        /// The first and the last byte's end for each byte.
        case map(UnsafePointer<(start: Int32, end: Int32)>)
    }

    let text: ScalarText
    let origin: Origin

    /// Returns the bytes of the user's text that the byte at `at` comes from.
    func source(_ at: Int) -> (start: Int, end: Int) {
        switch origin {
        case .offset(let offset): (at + offset, at + offset + 1)
        case .map(let map): (Int(map[at].start), Int(map[at].end))
        }
    }
}

/// Text that normalisation makes.
struct ChangedText {
    private(set) var bytes: [UInt8] = []
    private var map: [(start: Int32, end: Int32)] = []

    /// Appends the bytes of a range as they are.
    private mutating func copy(_ view: TextView, _ range: Range<Int>) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: view.text.bytes, count: range.upperBound)[range]
        )
        for at in range { append(source: view.source(at)) }
    }

    private mutating func append(source: (start: Int, end: Int)) {
        map.append((Int32(truncatingIfNeeded: source.start), Int32(truncatingIfNeeded: source.end)))
    }

    /// Appends the composed text of `range`.
    mutating func compose(_ view: TextView, _ range: Range<Int>) {
        Normalization.compose(view.text, range) { scalars, part, isChanged in
            guard isChanged else { return copy(view, part) }
            let start = view.source(part.lowerBound).start
            let end = view.source(part.upperBound - 1).end
            for scalar in scalars.lazy.compactMap(UnicodeScalar.init) {
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    bytes.append(byte)
                    append(source: (start, end))
                }
            }
        }
    }

    /// Appends `range` with "▁" for spaces, and one more before it when `prefix`.
    mutating func mark(_ view: TextView, _ range: Range<Int>, prefix: Bool, marksSpaces: Bool) {
        bytes.reserveCapacity(range.count + range.count / 2)
        if prefix, !range.isEmpty {
            let start = view.source(range.lowerBound).start
            appendMark((start, start))
        }
        for at in range {
            let byte = view.text.bytes[at]
            if byte == 0x20, marksSpaces {
                appendMark(view.source(at))
            } else {
                bytes.append(byte)
                append(source: view.source(at))
            }
        }
    }

    private mutating func appendMark(_ source: (start: Int, end: Int)) {
        for byte in [0xE2, 0x96, 0x81] as [UInt8] {
            bytes.append(byte)
            append(source: source)
        }
    }

    /// Calls `body` with the text.
    func withView(_ body: (TextView, Range<Int>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            map.withUnsafeBufferPointer { map in
                guard let text = bytes.baseAddress, let origin = map.baseAddress, !bytes.isEmpty
                else { return }
                body(TextView(text: ScalarText(text), origin: .map(origin)), 0..<bytes.count)
            }
        }
    }
}
