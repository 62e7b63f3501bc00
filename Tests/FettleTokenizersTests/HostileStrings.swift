import FettleCore
import Foundation

/// The strings that tokenizers are compared on: the same as `Reference/strings.py` makes.
struct HostileStrings: Sendable {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Reference")
    static let blockLength = 50

    private let texts: [String]
    private let spaces: [String]
    private let digits: [String]
    private let ranges: [(first: Int, last: Int)]
    private let marks: [String]
    private let endings: [String]
    private let specials: [String]
    private let repeated: [String]

    init() throws {
        let bytes = Array(try Data(contentsOf: Self.folder.appending(path: "fragments.json")))
        let json = try JSONValue.parse(bytes, file: "fragments.json")
        texts = json.strings("texts")
        spaces = json.strings("spaces")
        digits = json.strings("digits")
        marks = json.strings("marks")
        endings = json.strings("endings")
        specials = json.strings("specials")
        repeated = json.strings("repeated")
        ranges = json.items("ranges").map { range in
            guard case .array(let ends) = range, case .integer(let first) = ends[0],
                case .integer(let last) = ends[1]
            else { return (0, 0) }
            return (Int(first), Int(last))
        }
    }

    /// Returns whether the special tokens in the string of a position are meant.
    static func takesSpecials(_ position: Int) -> Bool {
        position.isMultiple(of: 2)
    }

    subscript(position: Int) -> String {
        var generator = SeededGenerator(seed: UInt64(position))
        var text = ""
        for _ in 0...generator.below(10) {
            switch generator.below(12) {
            case 0..<4:
                text += generator.below(3) > 0 ? " " : ""
                text += pick(texts, &generator)
            case 4: for _ in 0...generator.below(5) { text += pick(spaces, &generator) }
            case 5: for _ in 0...generator.below(8) { text += pick(digits, &generator) }
            case 6:
                let (first, last) = ranges[generator.below(ranges.count)]
                for _ in 0...generator.below(8) {
                    text += scalar(first + generator.below(last - first + 1))
                }
            case 7: text += scalar(generator.below(0x110000))
            case 8: text += pick(marks, &generator)
            case 9: text += "'" + pick(endings, &generator)
            case 10: text += pick(specials, &generator)
            default:
                let piece = pick(repeated, &generator)
                text += String(repeating: piece, count: generator.below(40))
            }
        }
        return text
    }

    private func pick(_ items: [String], _ generator: inout SeededGenerator) -> String {
        items[generator.below(items.count)]
    }

    private func scalar(_ value: Int) -> String {
        String(UnicodeScalar(UInt32(value)) ?? "\u{FFFD}")
    }
}

extension JSONValue {
    /// The items of a list, none where there is no list.
    func items(_ name: String) -> [JSONValue] {
        guard case .array(let items)? = self[name] else { return [] }
        return items
    }

    /// The texts of a list.
    func strings(_ name: String) -> [String] {
        items(name).compactMap { item in
            guard case .string(let text) = item else { return nil }
            return text
        }
    }

    /// The numbers of a list.
    func numbers(_ name: String) -> [Double] {
        items(name).compactMap { item in
            switch item {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        }
    }
}
