/// Large pastes, which stand in the line as `⟨paste 1: 812 lines⟩` until it is submitted.
struct PasteShelf {
    private static let lineLimit = 200
    private static let byteLimit = 64 * 1024

    private var pastes: [(token: String, text: String)] = []

    /// Returns what is to stand in the line for a pasted text: the text itself, or a token for it.
    mutating func shorten(_ text: String) -> String {
        let bytes = text.utf8.count
        let lines = text.utf8.count { $0 == 0x0A } + (text.utf8.last == 0x0A ? 0 : 1)
        guard bytes > Self.byteLimit || lines > Self.lineLimit else { return text }
        let size = lines > 1 ? "\(lines) lines" : "\((bytes + 1023) / 1024) kB"
        let token = "⟨paste \(pastes.count + 1): \(size)⟩"
        pastes.append((token, text))
        return token
    }

    /// Returns a line with the pasted texts in place of their tokens.
    func expand(_ line: String) -> String {
        guard !pastes.isEmpty else { return line }
        var result = ""
        var rest = line[...]
        while let start = rest.firstIndex(of: "⟨") {
            result += rest[..<start]
            rest = rest[start...]
            if let paste = pastes.first(where: { rest.hasPrefix($0.token) }) {
                result += paste.text
                rest = rest.dropFirst(paste.token.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result + rest
    }

    mutating func clear() {
        pastes = []
    }
}
