/// A search through the history while it is typed: Ctrl-R.
struct HistorySearch {
    /// The line found, or the one from which the search began.
    private(set) var line: [UInt32]
    /// The first scalar of what was found in it.
    private(set) var cursor: Int
    private var pattern: [UInt32] = []
    private var index: Int
    private var backwards = true
    private var hasFailed = false

    init(from line: [UInt32], cursor: Int, backwards: Bool, count: Int) {
        self.line = line
        self.cursor = cursor
        self.backwards = backwards
        index = count
    }

    /// What the screen shows below the line.
    var shown: [UInt32] {
        let mark = (backwards ? "bck" : "fwd") + (hasFailed ? "?" : ":")
        return mark.unicodeScalars.map(\.value) + pattern
    }

    mutating func type(_ scalar: UInt32, in history: LineHistory) {
        pattern.append(scalar)
        find(from: min(index, history.lines.count - 1), in: history)
    }

    /// Takes the last character back and searches from the newest line.
    mutating func erase(in history: LineHistory) {
        guard !pattern.isEmpty else { return }
        pattern.removeLast()
        find(from: backwards ? history.lines.count - 1 : 0, in: history)
    }

    /// Goes on to the next line in a direction.
    mutating func next(backwards: Bool, last: [UInt32], in history: LineHistory) {
        self.backwards = backwards
        if pattern.isEmpty { pattern = last }
        find(from: index + (backwards ? -1 : 1), in: history)
    }

    /// What was searched for.
    var wanted: [UInt32] { pattern }

    private mutating func find(from start: Int, in history: LineHistory) {
        hasFailed = false
        guard !pattern.isEmpty else { return }
        let text = String(scalars: pattern)
        guard let found = history.search(text, from: start, backwards: backwards) else {
            hasFailed = true
            return
        }
        index = found.index
        line = history.lines[found.index].unicodeScalars.map(\.value)
        cursor = found.offset
    }
}

extension EditorCore {
    /// Searches the history until a key comes that is none of the search's; that key is then done.
    func searchHistory(backwards: Bool) {
        guard search == nil else { return }
        adoptOlderHistory(waits: true)
        history.add(ofOthers: configuration.othersHistory())
        let (scalars, cursor) = currentLine
        var search = HistorySearch(
            from: scalars,
            cursor: cursor,
            backwards: backwards,
            count: history.lines.count
        )
        defer { self.search = nil }
        while true {
            self.search = search
            guard let key = nextKey() else { return }
            switch key {
            case 0x12, 0x13: search.next(backwards: key == 0x12, last: lastPattern, in: history)
            case 0x08, 0x7F: search.erase(in: history)
            case 0x07:
                return
            case 0x20..<0x7F, 0xA0...: search.type(key, in: history)
            default:
                lastPattern = search.wanted
                setLine(search.line, cursor: search.cursor)
                pushBack(key)
                return
            }
        }
    }
}
