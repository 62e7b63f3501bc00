import CZlib
import Foundation

/// Unpacks zip archives as Ray does: by their directory, and with the modes that it tells.
public enum UnpackedZip {
    /// What an archive has wrong.
    public struct Damage: Error, CustomStringConvertible {
        /// In words.
        public var description: String
    }

    /// A file of an archive.
    public struct File: Equatable, Sendable {
        /// Its path in the archive.
        public var name: String
        /// Its Unix mode, with the kind of file.
        public var mode: UInt32
        /// Its bytes, whose number and checksum are those of the directory.
        public var bytes: [UInt8]
    }

    /// Returns the files of an archive in the directory's order.
    ///
    /// - Throws: ``Damage``.
    public static func files(_ archive: [UInt8]) throws -> [File] {
        guard
            let end = (0...max(0, archive.count - 22)).reversed().first(where: {
                archive.count >= 22 && number(archive, $0, 4) == 0x0605_4B50
            })
        else { throw Damage(description: "it has no end of a directory") }
        var place = number(archive, end + 16, 4)
        var files: [File] = []
        for _ in 0..<number(archive, end + 10, 2) {
            guard number(archive, place, 4) == 0x0201_4B50 else {
                throw Damage(description: "an entry of its directory does not begin with PK")
            }
            let nameLength = number(archive, place + 28, 2)
            let name = String(
                decoding: archive[(place + 46)..<(place + 46 + nameLength)],
                as: UTF8.self
            )
            let local = number(archive, place + 42, 4)
            guard number(archive, local, 4) == 0x0403_4B50 else {
                throw Damage(description: "'\(name)' has no header")
            }
            let start = local + 30 + number(archive, local + 26, 2) + number(archive, local + 28, 2)
            let packed = Array(archive[start..<(start + number(archive, place + 20, 4))])
            let size = number(archive, place + 24, 4)
            let bytes = number(archive, place + 10, 2) == 8 ? try inflated(packed, size) : packed
            guard bytes.count == size,
                Int(crc32(0, bytes, UInt32(bytes.count))) == number(archive, place + 16, 4)
            else { throw Damage(description: "'\(name)' does not match its directory") }
            files.append(
                File(name: name, mode: UInt32(number(archive, place + 38, 4)) >> 16, bytes: bytes)
            )
            place +=
                46 + nameLength + number(archive, place + 30, 2) + number(archive, place + 32, 2)
        }
        return files
    }

    /// Writes the files of an archive into a folder.
    ///
    /// - Throws: ``Damage``, or an error of writing.
    public static func unpack(_ archive: [UInt8], into folder: String) throws {
        for file in try files(archive) {
            let path = URL(filePath: folder).appending(path: file.name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.bytes).write(to: path)
            chmod(path.path, file.mode & 0o777)
        }
    }

    /// The number of so many bytes, the low one first; 0 past the end.
    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        guard place >= 0, place + count <= bytes.count else { return 0 }
        return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    private static func inflated(_ packed: [UInt8], _ size: Int) throws -> [UInt8] {
        var stream = z_stream()
        guard fettle_inflate_init(&stream) == Z_OK else {
            throw Damage(description: "no memory")
        }
        defer { inflateEnd(&stream) }
        var packed = packed
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let status = packed.withUnsafeMutableBufferPointer { input in
            bytes.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw Damage(description: "it cannot be unpacked") }
        return Array(bytes.prefix(Int(stream.total_out)))
    }
}
