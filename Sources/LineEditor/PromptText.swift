import Glibc

/// A prompt as pieces and in the form that libedit wants.
struct PromptText: Equatable {
    /// Encloses what libedit sends as it is.
    private static let literalMark: UInt32 = 1

    /// A visible character and the escapes before it.
    struct Piece: Equatable {
        var escape: [UInt32]
        let scalar: UInt32
    }

    /// The visible characters in order.
    private(set) var pieces: [Piece] = []

    /// The prompt for `fettle_el_set_prompt`, without its terminating zero.
    var encoded: [UInt32] {
        pieces.flatMap { piece in
            let mark = piece.escape.isEmpty ? [] : [Self.literalMark]
            return mark + piece.escape + mark + [piece.scalar]
        }
    }

    /// Converts a prompt with SGR sequences, which are dropped where colour is off.
    ///
    /// libedit loses an escape at the very end and garbles two adjacent ones, so neighbours are
    /// merged, and what would come last goes before the last visible character.
    init(_ text: String, colour: Bool) {
        var pending: [UInt32] = []
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            if scalar.value == 0x1B {
                pending.append(0x1B)
                while let next = scalars.next() {
                    pending.append(next.value)
                    if next != "[", (0x40...0x7E).contains(next.value) { break }
                }
            } else if scalar == "\n" || scalar.value >= 0x20 {
                pieces.append(Piece(escape: colour ? pending : [], scalar: scalar.value))
                pending = []
            }
        }
        if colour, !pieces.isEmpty { pieces[pieces.count - 1].escape += pending }
    }
}
