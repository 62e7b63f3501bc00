import FettleTestSupport
import Testing

struct EditingWalkTests {
    /// A walk of random edits in a narrow window: after every key the screen shows the text and the
    /// cursor as a terminal would that was given the text anew.
    @Test(arguments: [1, 2, 3, 4])
    func screenFollowsTheText(seed: UInt64) async throws {
        let columns = 13
        let terminal = try await PseudoTerminal.probe(columns: columns, rows: 16)
        var random = Steps(state: seed)
        var text: [String] = []
        var cursor = 0
        for step in 1...120 {
            let key: String
            switch random.next(below: 12) {
            case 0 where cursor > 0:
                key = Key.left
                cursor -= 1
            case 1 where cursor < text.count:
                key = "\u{1B}[C"
                cursor += 1
            case 2 where cursor > 0:
                key = Key.backspace
                cursor -= 1
                text.remove(at: cursor)
            case 3 where cursor < text.count:
                key = Key.delete
                text.remove(at: cursor)
            case 4:
                key = Key.home
                cursor = 0
            case 5:
                key = "\u{1B}[F"
                cursor = text.count
            default:
                key = ["a", "b", "数", "据", "😀", "é"][random.next(below: 6)]
                text.insert(key, at: cursor)
                cursor += 1
            }
            try terminal.send(key)
            let wanted = picture(of: text, cursor: cursor, columns: columns)
            try await terminal.wait(for: "step \(step) (\(key.debugDescription)):\n\(wanted.text)")
            {
                $0.text == wanted.text && $0.cursorRow == wanted.row
                    && $0.cursorColumn == wanted.column
            }
        }
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the next prompt") { $0.currentLine == ">" }
        let shown = terminal.screen.text.filter { $0 != "\n" }
        #expect(shown.hasSuffix("line: \(text.joined())>"))
    }

    private func picture(
        of text: [String],
        cursor: Int,
        columns: Int
    ) -> (text: String, row: Int, column: Int) {
        var rows = ["> "]
        var column = 2
        var place = (row: 0, column: 2)
        for (index, character) in text.enumerated() {
            let width = character == "a" || character == "b" || character == "é" ? 1 : 2
            if column + width > columns {
                rows.append("")
                column = 0
            }
            if index == cursor { place = (rows.count - 1, column) }
            rows[rows.count - 1] += character
            column += width
            if column == columns {
                rows.append("")
                column = 0
            }
        }
        if cursor == text.count { place = (rows.count - 1, column) }
        if rows.last == "" { rows.removeLast() }
        if rows == ["> "] { rows = [">"] }
        return (rows.joined(separator: "\n"), place.row, place.column)
    }
}

/// A small linear congruential generator: the walks are the same on every machine.
private struct Steps {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
