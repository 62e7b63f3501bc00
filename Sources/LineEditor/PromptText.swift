/// A prompt as characters with their colours.
struct PromptText: Equatable {
    /// A visible character and the SGR parameters that it is drawn with, such as `1;32`.
    struct Piece: Equatable {
        let scalar: UInt32
        let colour: String
    }

    /// The visible characters in order.
    private(set) var pieces: [Piece] = []

    /// The prompt without colours, for libedit where it draws itself.
    var plain: [UInt32] { pieces.map(\.scalar) }

    /// Converts a prompt with SGR sequences; other sequences and control characters are dropped.
    init(_ text: String, colour: Bool) {
        var current = ""
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            if scalar.value == 0x1B {
                var parameters = ""
                while let next = scalars.next() {
                    if next == "m" {
                        current = Self.adding(parameters, to: current)
                        break
                    }
                    if next == "[" { continue }
                    guard next == ";" || ("0"..."9").contains(next) else { break }
                    parameters.unicodeScalars.append(next)
                }
            } else if scalar == "\n" || (scalar.value >= 0x20 && scalar.value != 0x7F) {
                pieces.append(Piece(scalar: scalar.value, colour: colour ? current : ""))
            }
        }
    }

    /// Returns the text with blanks before it, so that it ends in the column in which a prompt ends.
    func aligned(with prompt: PromptText) -> PromptText {
        guard !pieces.isEmpty else { return self }
        let last = prompt.plain.split(separator: 0x0A, omittingEmptySubsequences: false).last ?? []
        let room = Glyph.width(of: String(scalars: last)) - Glyph.width(of: String(scalars: plain))
        var result = self
        let blank = Piece(scalar: 0x20, colour: "")
        result.pieces.insert(contentsOf: Array(repeating: blank, count: max(0, room)), at: 0)
        return result
    }

    /// Returns the parameters in force after a sequence; 0 ends all before it.
    private static func adding(_ parameters: String, to current: String) -> String {
        var result = current
        for parameter in parameters.split(separator: ";", omittingEmptySubsequences: false) {
            if parameter.isEmpty || parameter == "0" {
                result = ""
            } else {
                result += (result.isEmpty ? "" : ";") + parameter
            }
        }
        return result
    }
}
