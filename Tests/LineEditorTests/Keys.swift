/// The bytes that a terminal sends for keys.
enum Key {
    static let enter = "\r"
    static let altEnter = "\u{1B}\r"
    static let right = "\u{1B}[C"
    static let end = "\u{1B}[F"
    static let left = "\u{1B}[D"
    static let up = "\u{1B}[A"
    static let down = "\u{1B}[B"
    static let backspace = "\u{7F}"
    static let delete = "\u{1B}[3~"
    static let home = "\u{1B}[H"
    static let tab = "\t"

    static func control(_ letter: Unicode.Scalar) -> String {
        String(Character(Unicode.Scalar(UInt8(letter.value & 0x1F))))
    }

    static func pasted(_ text: String) -> String {
        "\u{1B}[200~" + text + "\u{1B}[201~"
    }
}
