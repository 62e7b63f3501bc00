import FettleCore
import Foundation

/// A form with a file, whose bytes come from the disk as they are sent.
struct MultipartForm {
    private let head: [UInt8]
    private let tail: [UInt8]
    private let path: String
    let boundary: String
    /// How long the file is.
    let fileSize: Int64

    /// Makes a form of fields and a file.
    ///
    /// - Throws: `no-file` when the file cannot be read.
    init(_ fields: [(name: String, value: String)], file path: String, named name: String) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? Int64 else {
            throw Diagnostic("no-file", "'\(path)' cannot be read")
        }
        fileSize = size
        self.path = path
        let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        boundary = "fettle-" + String((0..<32).compactMap { _ in letters.randomElement() })
        var text = ""
        for field in fields {
            text +=
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n"
            text += field.value + "\r\n"
        }
        // Names come from here, yet a quote or a line end would end the header.
        let safe = String(name.map { "\"\r\n\\".contains($0) || $0 == "\r\n" ? "_" : $0 })
        text +=
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(safe)\"\r\n"
        text += "Content-Type: application/octet-stream\r\n\r\n"
        head = Array(text.utf8)
        tail = Array("\r\n--\(boundary)--\r\n".utf8)
    }

    /// How long the whole form is.
    var size: Int64 { Int64(head.count) + fileSize + Int64(tail.count) }

    /// Returns what gives its bytes, once.
    func reader(_ progress: @escaping (Int64) -> Void) throws -> BodyReader {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Diagnostic("no-file", "'\(path)' cannot be read")
        }
        return BodyReader(
            size: size,
            parts: [.bytes(head), .file(handle, fileSize), .bytes(tail)],
            progress
        )
    }
}

/// Gives the bytes of a body piece by piece.
final class BodyReader {
    enum Part {
        case bytes([UInt8])
        case file(FileHandle, Int64)
    }

    let size: Int64
    private var parts: [Part]
    private let progress: (Int64) -> Void
    private var sentOfFile: Int64 = 0

    init(size: Int64, parts: [Part], _ progress: @escaping (Int64) -> Void) {
        self.size = size
        self.parts = parts
        self.progress = progress
    }

    convenience init(_ bytes: [UInt8]) {
        self.init(size: Int64(bytes.count), parts: [.bytes(bytes)]) { _ in }
    }

    /// Gives the bytes of a file.
    ///
    /// - Throws: `no-file` when it cannot be read.
    convenience init(file path: String, _ progress: @escaping (Int64) -> Void) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? Int64,
            let handle = FileHandle(forReadingAtPath: path)
        else { throw Diagnostic("no-file", "'\(path)' cannot be read") }
        self.init(size: size, parts: [.file(handle, size)], progress)
    }

    /// Puts the next bytes at `buffer`; returns how many, 0 at the end, -1 when the file has become another.
    func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while let part = parts.first {
            switch part {
            case .bytes(let bytes):
                let count = min(bytes.count, buffer.count)
                buffer.copyBytes(from: bytes[..<count])
                if count == bytes.count {
                    parts.removeFirst()
                } else {
                    parts[0] = .bytes(Array(bytes[count...]))
                }
                if count > 0 { return count }
            case .file(let handle, let rest):
                guard rest > 0 else {
                    try? handle.close()
                    parts.removeFirst()
                    continue
                }
                let most = Int(min(rest, Int64(buffer.count)))
                guard let data = try? handle.read(upToCount: most), !data.isEmpty else { return -1 }
                buffer.copyBytes(from: data)
                parts[0] = .file(handle, rest - Int64(data.count))
                sentOfFile += Int64(data.count)
                progress(sentOfFile)
                return data.count
            }
        }
        return 0
    }
}
