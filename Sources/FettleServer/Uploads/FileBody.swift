import Foundation
import HummingbirdCore
import NIOCore

/// The bytes of a file as the body of an answer, read piece by piece as the client takes them.
struct FileBody {
    /// How long the file is.
    let count: Int
    /// The body.
    let body: ResponseBody

    private static let piece = 256 << 10

    /// Opens a file; nil when it cannot be read.
    init?(_ path: String) {
        guard let file = OpenFile(path) else { return nil }
        count = file.count
        body = ResponseBody(contentLength: file.count) { writer in
            var rest = file.count
            while rest > 0 {
                var buffer = ByteBufferAllocator().buffer(capacity: min(rest, Self.piece))
                let got = buffer.writeWithUnsafeMutableBytes(
                    minimumWritableBytes: min(rest, Self.piece)
                ) {
                    max(0, Foundation.read(file.descriptor, $0.baseAddress, min($0.count, rest)))
                }
                // The file is shorter than it was, so that the promised length cannot be kept.
                guard got > 0 else { throw CancellationError() }
                rest -= got
                try await writer.write(buffer)
            }
            try await writer.finish(nil)
        }
    }
}

/// A file that is open until nobody needs it, also after it was deleted.
private final class OpenFile: Sendable {
    let descriptor: Int32
    let count: Int

    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        count = fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
