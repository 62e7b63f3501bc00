import Dispatch
import Synchronization

/// The hash of a source, computed beside the reading when the source is large.
final class FingerprintTask: Sendable {
    /// Bytes from which a second thread is worth its start.
    private static let large = 8 << 20

    private let result: Mutex<Fingerprint?>
    private let group = DispatchGroup()

    init(_ bytes: SourceBytes) {
        guard bytes.buffer.count >= Self.large else {
            result = Mutex(ContentHash.xxh3_128(bytes.buffer))
            return
        }
        result = Mutex(nil)
        DispatchQueue.global().async(group: group) { [self] in
            let hash = ContentHash.xxh3_128(bytes.buffer)
            result.withLock { $0 = hash }
        }
    }

    /// Returns the hash when it is there.
    @discardableResult
    func wait() -> Fingerprint {
        group.wait()
        return result.withLock { $0 }
            ?? ContentHash.xxh3_128(UnsafeRawBufferPointer(start: nil, count: 0))
    }
}
