/// Ends a text that comes in pieces where one of several texts comes, however it is cut into pieces.
///
/// The text that is complete first ends it; of those that are complete at one place the longest.
struct StopTexts {
    private let stops: [[UInt8]]
    /// What a stop may begin with, so that it is not certain yet.
    private var held: [UInt8] = []
    /// The number of the stop that came, or nil.
    private(set) var found: Int?

    init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }
    }

    /// Takes a piece and returns what is certain of the text; after a stop, nothing.
    mutating func append(_ piece: String) -> String {
        guard !stops.isEmpty else { return piece }
        guard found == nil else { return "" }
        for byte in piece.utf8 {
            held.append(byte)
            let ended = stops.indices.filter { held.hasEnding(stops[$0]) }
            guard let longest = ended.max(by: { stops[$0].count < stops[$1].count }) else {
                continue
            }
            found = longest
            defer { held = [] }
            return String(decoding: held.dropLast(stops[longest].count), as: UTF8.self)
        }
        let kept = stops.map(beginning).max() ?? 0
        defer { held.removeFirst(held.count - kept) }
        return String(decoding: held.dropLast(kept), as: UTF8.self)
    }

    /// Returns what was held back: no stop came of it.
    mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// How many bytes at the end of what is held are the beginning of a stop.
    private func beginning(of stop: [UInt8]) -> Int {
        let longest = min(held.count, stop.count - 1)
        return (0...max(0, longest)).last { held.hasEnding(stop.prefix($0)) } ?? 0
    }
}

extension [UInt8] {
    fileprivate func hasEnding(_ ending: some Collection<UInt8>) -> Bool {
        count >= ending.count && suffix(ending.count).elementsEqual(ending)
    }
}
