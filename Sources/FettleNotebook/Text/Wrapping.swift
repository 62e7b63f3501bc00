/// Returns sanitised text without line ends in lines of at most `width` columns, at blanks where there are any, between wide
/// characters, and inside a word only when it is longer than a line.
func wrap(_ text: String, to width: Int) -> [String] {
    guard width > 1, DisplayWidth.of(text) > width else { return [text] }
    var lines: [String] = []
    var line: [(character: Character, columns: Int)] = []
    var used = 0
    // The number of characters of `line` that stay when it is broken; 0 when there is no place.
    var breakAt = 0

    func trimmed(_ part: some Sequence<(character: Character, columns: Int)>) -> String {
        var out = String(part.map(\.character))
        while out.last == " " { out.removeLast() }
        return out
    }

    for character in text {
        let columns = DisplayWidth.of(character)
        while used + columns > width, character != " ", !line.isEmpty {
            let keep = breakAt > 0 ? breakAt : line.count
            lines.append(trimmed(line[..<keep]))
            line = Array(line[keep...].drop { $0.character == " " })
            used = line.reduce(0) { $0 + $1.columns }
            breakAt = 0
        }
        line.append((character, columns))
        used += columns
        if character == " " || columns == 2 { breakAt = line.count }
    }
    lines.append(trimmed(line))
    return lines
}
