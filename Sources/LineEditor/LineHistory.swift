import CEditLine
import CTerminal
import Glibc

/// The lines that Up, Ctrl-R and hints find, oldest first.
struct LineHistory {
    private(set) var lines: [String]

    /// The places of lines that were added elsewhere, which only a search finds.
    private var others: Set<Int> = []
    /// How many of the lines libedit knows, for its own keys.
    private var fed = 0
    /// The line that Up has come to; the count of lines at first.
    private var place: Int
    /// What was typed before the first Up.
    private var typed = ""
    /// The last beginning looked for, and the newest line at or before which it can be.
    private var lookup = (prefix: [UInt8](), index: 0)

    init(_ lines: [String]) {
        self.lines = lines
        place = lines.count
        lookup.index = lines.count - 1
    }

    mutating func add(_ line: String) {
        guard !line.isEmpty, line != lines.last || others.contains(lines.count - 1) else { return }
        lines.append(line)
        lookup = ([], lines.count - 1)
        rewind()
    }

    /// Adds lines before all others; libedit may not have been told of any yet.
    mutating func prepend(_ older: [String]) {
        guard fed == 0 else { return }
        lines = older + lines
        others = Set(others.map { $0 + older.count })
        place += older.count
        lookup = ([], lines.count - 1)
    }

    /// Adds lines that were added elsewhere.
    mutating func add(ofOthers new: [String]) {
        guard !new.isEmpty else { return }
        let isRewound = place == lines.count
        others.formUnion(lines.count..<(lines.count + new.count))
        lines += new
        if isRewound { rewind() }
    }

    /// Whether Up has come to the oldest line.
    var isAtOldest: Bool { own(before: place) == nil }

    private func own(before place: Int) -> Int? {
        var index = place - 1
        while others.contains(index) { index -= 1 }
        return index >= 0 ? index : nil
    }

    /// Starts again from the newest line, as for each prompt.
    mutating func rewind() {
        place = lines.count
    }

    /// Returns the line before the present one, or nil where there is none.
    mutating func older(than text: String) -> String? {
        guard let older = own(before: place) else { return nil }
        if place == lines.count { typed = text }
        place = older
        return lines[place]
    }

    /// Returns the line after the present one, at last what was typed, or nil where there is none.
    mutating func newer() -> String? {
        guard place < lines.count else { return nil }
        repeat { place += 1 } while others.contains(place)
        return place < lines.count ? lines[place] : typed
    }

    /// Returns how the newest line that begins with a text goes on.
    ///
    /// - Complexity: O(1) on the whole for text that is typed, as each search goes on where the last
    ///   one ended; else O(n).
    mutating func continuation(of text: String) -> String? {
        let prefix = Array(text.utf8)
        guard !prefix.isEmpty else { return nil }
        if !prefix.starts(with: lookup.prefix) || lookup.index >= lines.count {
            lookup.index = lines.count - 1
        }
        lookup.prefix = prefix
        while lookup.index >= 0 {
            let line = lines[lookup.index]
            if line.utf8.count > prefix.count, line.has(prefix), !others.contains(lookup.index) {
                return String(line[line.utf8.index(line.startIndex, offsetBy: prefix.count)...])
            }
            lookup.index -= 1
        }
        return nil
    }

    /// Returns the nearest line in a direction that holds a text, and the scalar at which it does.
    func search(
        _ text: String,
        from start: Int,
        backwards: Bool
    ) -> (index: Int, offset: Int)? {
        let wanted = Array(text.utf8)
        var index = start
        while lines.indices.contains(index) {
            if let offset = lines[index].offset(of: wanted) {
                let scalars = lines[index].utf8.prefix(offset).count { $0 & 0xC0 != 0x80 }
                return (index, scalars)
            }
            index += backwards ? -1 : 1
        }
        return nil
    }

    /// Tells libedit's own history of up to `limit` more lines; returns whether it knows all.
    mutating func feed(_ history: OpaquePointer, limit: Int = .max) -> Bool {
        let end = limit < lines.count - fed ? fed + limit : lines.count
        while fed < end {
            if !others.contains(fed) { fettle_history_enter(history, lines[fed].wide) }
            fed += 1
        }
        return fed == lines.count
    }
}

extension String {
    fileprivate func has(_ prefix: [UInt8]) -> Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            guard let start = bytes.baseAddress, bytes.count >= prefix.count else { return false }
            return memcmp(start, prefix, prefix.count) == 0
        } ?? utf8.starts(with: prefix)
    }

    /// Returns the UTF-8 offset of the first place of some bytes.
    fileprivate func offset(of wanted: [UInt8]) -> Int? {
        var copy = self
        let offset = copy.withUTF8 { bytes in
            fettle_find_bytes(bytes.baseAddress, bytes.count, wanted, wanted.count)
        }
        return offset < 0 ? nil : offset
    }
}
