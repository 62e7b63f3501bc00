import FettleCore

/// The pieces of results that a log has brought so far.
struct WorkPieces {
    private struct Pieces {
        let count: Int
        var found: [Int: [UInt8]] = [:]
        var bytes = 0
    }

    private let limit: Int
    private var files: [String: Pieces] = [:]
    private var bytes = 0
    private var count = 0

    /// Most pieces, whatever their sizes.
    private var countLimit: Int { max(1000, limit / 1024) }

    /// Keeps at most `limit` bytes.
    init(limit: Int) { self.limit = limit }

    /// Takes a piece; returns whether it is new.
    ///
    /// A piece with another number of pieces begins the file anew: it was written again.
    ///
    /// - Throws: `bad-event` where there is no room for it.
    mutating func add(_ chunk: WorkEvent.Chunk) throws(Diagnostic) -> Bool {
        var pieces = files[chunk.name] ?? Pieces(count: chunk.count)
        var (bytes, count) = (bytes, count)
        if pieces.count != chunk.count {
            bytes -= pieces.bytes
            count -= pieces.found.count
            pieces = Pieces(count: chunk.count)
        }
        let old = pieces.found[chunk.index]
        guard old != chunk.bytes else { return false }
        let change = chunk.bytes.count - (old?.count ?? 0)
        bytes += change
        count += old == nil ? 1 : 0
        // An empty piece takes memory too.
        guard bytes <= limit, count <= countLimit else {
            throw Diagnostic(
                "bad-event",
                "the results of the log have more than \(NumberText.count(limit, "byte"))"
            )
        }
        // Taken out first, so that it is not copied.
        files[chunk.name] = nil
        pieces.found[chunk.index] = chunk.bytes
        pieces.bytes += change
        files[chunk.name] = pieces
        (self.bytes, self.count) = (bytes, count)
        return true
    }

    /// Returns the bytes of a file whose pieces are all there.
    ///
    /// - Throws: `result-damaged`.
    func content(of file: WorkEvent.File) throws(Diagnostic) -> [UInt8] {
        guard let pieces = files[file.name] else {
            throw Self.damaged(file, "the log has none of its pieces")
        }
        guard pieces.found.count == pieces.count else {
            throw Self.damaged(
                file,
                "the log has \(NumberText.count(pieces.found.count)) of its "
                    + NumberText.count(pieces.count, "piece")
            )
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.bytes)
        for index in 0..<pieces.count { bytes += pieces.found[index] ?? [] }
        return bytes
    }

    static func damaged(_ file: WorkEvent.File, _ what: String) -> Diagnostic {
        Diagnostic(
            "result-damaged",
            "the result '\(file.name)' of \(NumberText.count(file.bytes, "byte")) did not arrive whole: "
                + what,
            hint:
                "start the job again, or give it a folder that it shares with this machine for its results"
        )
    }
}
