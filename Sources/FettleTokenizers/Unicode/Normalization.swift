/// Canonical composition (NFC), as Hugging Face's tokenizers compose.
///
/// The tables are of the version of Unicode that they use; the standard library's is newer, and its NFC is
/// not public.
enum Normalization {
    /// What composition needs to know of scalars.
    struct Tables: Sendable {
        /// A scalar and what it is made of; 0 for the second where there is one.
        var parts: [UInt32: (UInt32, UInt32)] = [:]
        /// What two scalars make together.
        var composed: [UInt64: UInt32] = [:]
        var classes: [UInt32: UInt8] = [:]
        /// Scalars that can change when they come after others, or by themselves.
        var changing: Set<UInt32> = []
    }

    static let tables = makeTables()

    /// Scalars below this are not changed and do not change what is before them.
    static let firstChanging: UInt32 = 0x300

    private static func makeTables() -> Tables {
        var tables = Tables()
        for entry in words(decompositions) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let whole = hexadecimal(entry[..<equals])
            let rest = entry[(equals + 1)...]
            let sign = rest.firstIndex { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            let first = hexadecimal(rest[..<(sign ?? rest.endIndex)])
            let second = sign.map { hexadecimal(rest[($0 + 1)...]) } ?? 0
            tables.parts[whole] = (first, second)
            if let sign, rest[sign] == UInt8(ascii: "+") {
                tables.composed[UInt64(first) << 32 | UInt64(second)] = whole
                tables.changing.insert(second)
            } else {
                tables.changing.insert(whole)
            }
        }
        for entry in words(combiningClasses) {
            guard let colon = entry.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = entry[(colon + 1)...].reduce(0) { $0 * 10 + UInt32($1) - 0x30 }
            let dash = entry.firstIndex(of: UInt8(ascii: "-"))
            let first = hexadecimal(entry[..<(dash ?? colon)])
            let last = dash.map { hexadecimal(entry[($0 + 1)..<colon]) } ?? first
            for scalar in first...last {
                tables.classes[scalar] = UInt8(value)
                tables.changing.insert(scalar)
            }
        }
        for scalar in UInt32(0x1161)...0x1175 { tables.changing.insert(scalar) }
        for scalar in UInt32(0x11A8)...0x11C2 { tables.changing.insert(scalar) }
        return tables
    }

    private static func words(_ text: StaticString) -> [Slice<UnsafeBufferPointer<UInt8>>] {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            .split { $0 == 0x20 || $0 == 0x0A }
    }

    private static func hexadecimal(_ digits: some Sequence<UInt8>) -> UInt32 {
        digits.reduce(0) { $0 << 4 | UInt32($1 < 0x3A ? $1 - 0x30 : $1 - 0x37) }
    }

    /// Returns whether no scalar of `range` can change or be changed.
    static func isComposed(_ text: ScalarText, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound {
            // 0xCC leads U+0300, the first that changes.
            if text.bytes[at] < 0xCC {
                at &+= 1
                continue
            }
            let (scalar, length) = text.scalar(at: at)
            if tables.changing.contains(scalar) { return false }
            at &+= length
        }
        return true
    }

    /// Appends the composed text of `range`, a stretch that composes by itself at a time.
    ///
    /// `append` gets the scalars of a stretch and the range of the text that it comes from.
    static func compose(
        _ text: ScalarText,
        _ range: Range<Int>,
        append: ([UInt32], Range<Int>, _ isChanged: Bool) -> Void
    ) {
        var at = range.lowerBound
        var stretch: [UInt32] = []
        while at < range.upperBound {
            let start = at
            stretch.removeAll(keepingCapacity: true)
            repeat {
                let (scalar, length) = text.scalar(at: at)
                // A stretch begins at a scalar that cannot change what is before it.
                if at > start, scalar < firstChanging || !tables.changing.contains(scalar) { break }
                stretch.append(scalar)
                at += length
            } while at < range.upperBound
            if stretch.count == 1, !tables.changing.contains(stretch[0]) {
                append(stretch, start..<at, false)
            } else {
                let composed = composed(stretch)
                append(composed, start..<at, composed != stretch)
            }
        }
    }

    private static func composed(_ stretch: [UInt32]) -> [UInt32] {
        var scalars: [UInt32] = []
        for scalar in stretch { decompose(scalar, into: &scalars) }
        order(&scalars)
        var result: [UInt32] = []
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in scalars {
            let kind = tables.classes[scalar] ?? 0
            if let place = starter, let joint = joint(result[place], scalar) {
                let isNext = place == result.count - 1
                if isNext || (lastClass < kind && lastClass != 0) {
                    result[place] = joint
                    continue
                }
            }
            if kind == 0 { starter = result.count }
            lastClass = kind
            result.append(scalar)
        }
        return result
    }

    private static func decompose(_ scalar: UInt32, into out: inout [UInt32]) {
        if scalar >= 0xAC00, scalar < 0xD7A4 {
            let index = scalar - 0xAC00
            out.append(0x1100 + index / 588)
            out.append(0x1161 + index % 588 / 28)
            if index % 28 > 0 { out.append(0x11A7 + index % 28) }
            return
        }
        guard let (first, second) = tables.parts[scalar] else {
            out.append(scalar)
            return
        }
        decompose(first, into: &out)
        if second != 0 { decompose(second, into: &out) }
    }

    /// Sorts each run of marks by combining class, equal ones in their order.
    private static func order(_ scalars: inout [UInt32]) {
        var start = 0
        while start < scalars.count {
            guard tables.classes[scalars[start]] != nil else {
                start += 1
                continue
            }
            var end = start
            while end < scalars.count, tables.classes[scalars[end]] != nil { end += 1 }
            let run = scalars[start..<end].enumerated().sorted {
                let left = tables.classes[$0.element] ?? 0
                let right = tables.classes[$1.element] ?? 0
                return (left, $0.offset) < (right, $1.offset)
            }
            scalars.replaceSubrange(start..<end, with: run.map(\.element))
            start = end
        }
    }

    private static func joint(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if first >= 0x1100, first < 0x1113, second >= 0x1161, second < 0x1176 {
            return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
        }
        if first >= 0xAC00, first < 0xD7A4, (first - 0xAC00) % 28 == 0, second > 0x11A7,
            second < 0x11C3
        {
            return first + second - 0x11A7
        }
        return tables.composed[UInt64(first) << 32 | UInt64(second)]
    }
}
