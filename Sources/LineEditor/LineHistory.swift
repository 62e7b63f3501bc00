import CEditLine
import CTerminal
import Glibc

/// The lines that Up, Ctrl-R and hints find, oldest first.
struct LineHistory {
    private(set) var lines: [String]

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
        guard !line.isEmpty, line != lines.last else { return }
        lines.append(line)
        lookup = ([], lines.count - 1)
        rewind()
    }

    /// Starts again from the newest line, as for each prompt.
    mutating func rewind() {
        place = lines.count
    }

    /// Returns the line before the present one, or nil where there is none.
    mutating func older(than text: String) -> String? {
        guard place > 0 else { return nil }
        if place == lines.count { typed = text }
        place -= 1
        return lines[place]
    }

    /// Returns the line after the present one, at last what was typed, or nil where there is none.
    mutating func newer() -> String? {
        guard place < lines.count else { return nil }
        place += 1
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
            if line.utf8.count > prefix.count, line.has(prefix) {
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
            fettle_history_enter(history, lines[fed].wide)
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
