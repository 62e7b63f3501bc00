import CZlib
import FettleCore

/// Unpacks the bytes of one file of an archive, piece by piece.
struct Inflation {
    private static let pieceSize = 1 << 18

    let archive: ZipArchive
    let entry: ZipArchive.Entry

    /// Writes all bytes of the file, and sees to it that they are as many as told and have the checksum.
    ///
    /// - Parameters:
    ///   - file: where they go.
    ///   - progress: called with the bytes written after each piece.
    /// - Throws: `model-corrupt`, `model-unwritable`, or `CancellationError`.
    func write(to file: NewFile, progress: (Int) throws -> Void) throws {
        let packed = UnsafeRawBufferPointer(rebasing: archive.bytes.buffer[entry.range])
        var checksum = crc32(0, nil, 0)
        var written = 0
        func take(_ piece: UnsafeRawBufferPointer) throws {
            try Task.checkCancellation()
            written += piece.count
            guard written <= entry.count else {
                throw damaged("has more bytes than the \(entry.count) of its directory")
            }
            let start = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            checksum = crc32(checksum, start, UInt32(piece.count))
            try file.write(piece)
            try progress(written)
        }
        if entry.isDeflated {
            try inflate(packed, take)
        } else {
            var start = 0
            while start < packed.count {
                let end = min(packed.count, start + Self.pieceSize)
                try take(UnsafeRawBufferPointer(rebasing: packed[start..<end]))
                start = end
            }
        }
        try archive.bytes.requireUnchanged()
        guard written == entry.count else {
            throw damaged("has \(written) bytes, and its directory tells of \(entry.count)")
        }
        guard UInt32(truncatingIfNeeded: checksum) == entry.checksum else {
            throw damaged("does not match its checksum")
        }
    }

    private func inflate(
        _ packed: UnsafeRawBufferPointer,
        _ take: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var stream = z_stream()
        guard fettle_inflate_init(&stream) == Z_OK else {
            throw FileFault.unreadable(archive.bytes.path, "no memory to unpack '\(entry.name)'")
        }
        defer { inflateEnd(&stream) }
        let piece = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.pieceSize,
            alignment: 64
        )
        defer { piece.deallocate() }
        var consumed = 0
        while true {
            let rest = UnsafeRawBufferPointer(rebasing: packed[consumed...])
            // The library counts in 32 bits.
            let offered = min(rest.count, 1 << 30)
            stream.next_in = UnsafeMutablePointer(
                mutating: rest.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
            stream.avail_in = UInt32(offered)
            stream.next_out = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(piece.count)
            let status = CZlib.inflate(&stream, Z_NO_FLUSH)
            let made = piece.count - Int(stream.avail_out)
            let used = offered - Int(stream.avail_in)
            consumed += used
            if made > 0 { try take(UnsafeRawBufferPointer(rebasing: piece[..<made])) }
            if status == Z_STREAM_END { return }
            guard status == Z_OK, made > 0 || used > 0 else {
                throw damaged("cannot be unpacked")
            }
        }
    }

    private func damaged(_ what: String) -> Diagnostic {
        FileFault.corrupt(archive.bytes.path, "'\(entry.name)' in it \(what)")
    }
}
