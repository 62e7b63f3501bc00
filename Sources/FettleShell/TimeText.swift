import Foundation

/// Moments as people read them.
enum TimeText {
    /// Returns a moment in milliseconds since 1970 as the day and the time of the user's own zone:
    /// `2026-11-22 10:30:00`.
    static func local(_ milliseconds: Int64) -> String {
        var moment = time_t(milliseconds / 1000)
        var parts = tm()
        guard localtime_r(&moment, &parts) != nil else { return "" }
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
