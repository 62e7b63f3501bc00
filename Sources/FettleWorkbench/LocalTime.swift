#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The present time on the user's clock.
enum LocalTime {
    /// Returns the time in a format of `strftime`, or nil where that gives nothing or more than 255 bytes.
    static func text(format: String) -> String? {
        var seconds = time(nil)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return nil }
        var bytes = [CChar](repeating: 0, count: 256)
        let count = strftime(&bytes, bytes.count, format, &parts)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
