import FettleCore

/// One tensor within a file, and how its rows stand there.
struct ModelTensor: Sendable {
    /// How the rows of the network's matrix are found in the stored one.
    enum Arrangement: Hashable, Sendable {
        /// Row r is stored as row r.
        case plain
        /// The rows of each of `heads` heads are stored for interleaved rotary positions, as GGUF
        /// keeps Llama's: rows i and i + half of a head are stored at 2i and 2i + 1.
        case interleavedHeads(Int)
        /// Stored `[in, out]`, as GPT-2's `Conv1D` is.
        case transposed
    }

    let bytes: ModelBytes
    /// Offset of the first byte; the whole tensor lies within `bytes`.
    let offset: Int
    let type: TensorType
    /// The network's shape, `[out, in]` for a matrix.
    let shape: [Int]
    let arrangement: Arrangement

    var count: Int { shape.reduce(1, *) }
    /// The rows of the network's matrix; 1 for a vector.
    var rows: Int { shape.count > 1 ? shape.dropLast().reduce(1, *) : 1 }
    var columns: Int { shape.last ?? 1 }
    var byteCount: Int { count / type.blockSize * type.blockBytes }

    var stored: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes.buffer[offset..<offset + byteCount])
    }

    /// Returns where the row is stored.
    func storedRow(_ row: Int) -> Int {
        guard case .interleavedHeads(let heads) = arrangement else { return row }
        let length = (shape.count > 1 ? rows : columns) / heads
        let (head, place) = row.quotientAndRemainder(dividingBy: length)
        let half = length / 2
        return head * length + 2 * (place % half) + place / half
    }

    /// Writes rows as single precision, `[range.count, columns]`; for a vector row 0 is all of it.
    func read(_ range: Range<Int>, into out: UnsafeMutableBufferPointer<Float>) {
        guard let target = out.baseAddress, columns > 0, !range.isEmpty else { return }
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        precondition(out.count >= range.count * columns, "\(out.count) numbers are too few")
        let rowBytes = columns / type.blockSize * type.blockBytes
        switch arrangement {
        case .plain:
            let run = UnsafeRawBufferPointer(
                rebasing: stored[range.lowerBound * rowBytes..<range.upperBound * rowBytes]
            )
            Dequantisation.decode(run, type, into: target)
        case .interleavedHeads where shape.count == 1:
            var plain = [Float](repeating: 0, count: columns)
            plain.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                Dequantisation.decode(stored, type, into: base)
                for place in 0..<columns { target[place] = base[storedRow(place)] }
            }
        case .interleavedHeads:
            for (place, row) in range.enumerated() {
                let start = storedRow(row) * rowBytes
                let run = UnsafeRawBufferPointer(rebasing: stored[start..<start + rowBytes])
                Dequantisation.decode(run, type, into: target + place * columns)
            }
        case .transposed: readTransposed(range, into: target)
        }
    }

    private func readTransposed(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        var line = [Float](repeating: 0, count: rows)
        let lineBytes = rows / type.blockSize * type.blockBytes
        line.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for column in 0..<columns {
                let start = column * lineBytes
                let run = UnsafeRawBufferPointer(rebasing: stored[start..<start + lineBytes])
                Dequantisation.decode(run, type, into: base)
                for (place, row) in range.enumerated() {
                    target[place * columns + column] = base[row]
                }
            }
        }
    }
}
