import HTTPTypes
import Foundation

/// Finds the parts of a form (`multipart/form-data`, RFC 7578) whose bytes come in pieces; what it keeps is
/// never longer than a part's headers.
struct MultipartParser {
    /// What was found.
    enum Event {
        /// A part begins; `filename` is nil for a field that is no file.
        case begin(name: String, filename: String?)
        /// Bytes of the part.
        case data(UnsafeRawBufferPointer)
        /// The part is over.
        case end
    }

    /// The longest headers of a part, and how many parts there may be.
    private static let longestHeaders = 16 << 10
    private static let mostParts = 64

    private enum State {
        case preamble, headers, body, afterBoundary, done
    }

    /// The line break before a boundary, and the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// Bytes that may be the beginning of a delimiter, or headers that are not yet whole.
    private var held: [UInt8] = []
    private var parts = 0

    /// Makes a parser.
    init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary may stand at the very start.
        held = [0x0D, 0x0A]
    }

    /// Takes the next bytes and gives what they complete to `found`.
    ///
    /// - Throws: 400 for what is no form, and what `found` throws.
    mutating func feed(
        _ bytes: UnsafeRawBufferPointer,
        _ found: (Event) throws -> Void
    ) throws {
        var at = 0
        while at < bytes.count {
            switch state {
            case .preamble, .body: at = try takeBody(bytes, from: at, found)
            case .afterBoundary, .headers: at = try takeHeaders(bytes, from: at, found)
            case .done: return
            }
        }
    }

    /// Ends the form.
    ///
    /// - Throws: 400 when its last boundary did not come.
    func finish() throws {
        guard case .done = state else {
            throw Self.bad("the form ends before its last boundary")
        }
    }

    /// Takes bytes of a body until the delimiter; returns the place after what it took.
    private mutating func takeBody(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        _ found: (Event) throws -> Void
    ) throws -> Int {
        var at = start
        // What was held is the beginning of the delimiter.
        while !held.isEmpty, at < bytes.count {
            if bytes[at] == delimiter[held.count] {
                held.append(bytes[at])
                at += 1
                if held.count == delimiter.count { return try endBody(at, found) }
            } else {
                try give(held, found)
                held = []
            }
        }
        while at < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
            guard let base = rest.baseAddress, let hit = memchr(base, 0x0D, rest.count) else {
                try give(rest, found)
                return bytes.count
            }
            let place = UnsafeRawPointer(hit) - base
            try give(UnsafeRawBufferPointer(rebasing: rest[..<place]), found)
            at += place
            let matched = zip(bytes[at...], delimiter).prefix { $0 == $1 }.count
            if matched == delimiter.count { return try endBody(at + matched, found) }
            if at + matched == bytes.count {
                held = Array(delimiter[..<matched])
                return bytes.count
            }
            // A delimiter has its only carriage return at its start, so none begins within what matched.
            try give(UnsafeRawBufferPointer(rebasing: bytes[at..<(at + matched)]), found)
            at += matched
        }
        return at
    }

    private func give(
        _ bytes: UnsafeRawBufferPointer,
        _ found: (Event) throws -> Void
    ) throws {
        guard case .body = state, !bytes.isEmpty else { return }
        try found(.data(bytes))
    }

    private func give(_ bytes: [UInt8], _ found: (Event) throws -> Void) throws {
        try bytes.withUnsafeBytes { try give($0, found) }
    }

    private mutating func endBody(_ at: Int, _ found: (Event) throws -> Void) throws -> Int {
        if case .body = state { try found(.end) }
        held = []
        state = .afterBoundary
        return at
    }

    /// Takes what follows a boundary: two hyphens, or the headers of a part up to a blank line.
    private mutating func takeHeaders(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        _ found: (Event) throws -> Void
    ) throws -> Int {
        var at = start
        while at < bytes.count {
            held.append(bytes[at])
            at += 1
            if case .afterBoundary = state {
                if held == Array("--".utf8) {
                    held = []
                    state = .done
                    return bytes.count
                }
                if held.last == 0x0A {
                    held = [0x0D, 0x0A]
                    state = .headers
                } else if held.count > 256 {
                    throw Self.bad("a boundary is followed by neither a line break nor '--'")
                }
                continue
            }
            guard held.count <= Self.longestHeaders else {
                throw Self.bad("a part has headers of more than \(Self.longestHeaders) bytes")
            }
            guard held[held.count - 1] == 0x0A, held.count >= 4, held[held.count - 2] == 0x0D,
                held[held.count - 3] == 0x0A, held[held.count - 4] == 0x0D
            else { continue }
            let (name, filename) = try Self.disposition(held)
            parts += 1
            guard parts <= Self.mostParts else {
                throw Self.bad("the form has more than \(Self.mostParts) parts")
            }
            held = []
            state = .body
            try found(.begin(name: name, filename: filename))
            return at
        }
        return at
    }

    static func bad(_ problem: String) -> OpenAIErrorResponse {
        OpenAIErrorResponse(.badRequest, "The body cannot be read as a form: \(problem).")
    }
}
