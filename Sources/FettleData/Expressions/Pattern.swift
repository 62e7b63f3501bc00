import CPCRE2
import FettleCore

/// A compiled PCRE2 pattern: UTF-8, Unicode classes, machine code where the library can make it.
///
/// The compiled code never changes, so it is shared between threads; the matching itself needs a
/// ``PatternMatcher`` for each.
final class Pattern: @unchecked Sendable {
    /// The pattern as written.
    let source: String
    let code: OpaquePointer

    /// Compiles a pattern.
    ///
    /// - Throws: `bad-pattern` with a span in the pattern's UTF-8 bytes.
    init(_ source: String) throws(Diagnostic) {
        let options =
            UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_MATCH_INVALID_UTF)
            | UInt32(PCRE2_USE_OFFSET_LIMIT) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        var failure: Int32 = 0
        var offset = 0
        let bytes = Array(source.utf8)
        guard let code = pcre2_compile_8(bytes, bytes.count, options, &failure, &offset, nil) else {
            let start = min(offset, bytes.count)
            throw Diagnostic(
                "bad-pattern",
                "pattern '\(Self.shown(source))': \(Self.text(of: failure))",
                span: SourceSpan(max(0, min(start, bytes.count - 1)), max(1, start)),
                hint: "to match a character of .^$*+?()[{\\| itself, write a backslash before it"
            )
        }
        // Without machine code the interpreter runs: slower, the same answers.
        pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
        self.source = source
        self.code = code
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// The pattern on one line.
    var shown: String { Self.shown(source) }

    private static func shown(_ source: String) -> String {
        String(
            String.UnicodeScalarView(
                source.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
                    switch scalar {
                    case "\n": ["\\", "n"]
                    case "\r": ["\\", "r"]
                    case "\t": ["\\", "t"]
                    default: [scalar]
                    }
                }
            )
        )
    }

    static func text(of failure: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pcre2_get_error_message_8(failure, &buffer, buffer.count)
        return count > 0
            ? String(decoding: buffer.prefix(Int(count)), as: UTF8.self) : "error \(failure)"
    }
}

/// Bytes that an evaluator writes a text into and overwrites for the next row.
final class ScratchBytes {
    private(set) var base: UnsafeMutableRawPointer
    private var capacity: Int
    var count = 0

    init(capacity: Int = 64) {
        base = .allocate(byteCount: capacity, alignment: 1)
        self.capacity = capacity
    }

    convenience init(_ text: some Collection<UInt8>) {
        self.init(capacity: max(1, text.count))
        append(text)
    }

    deinit {
        base.deallocate()
    }

    /// The bytes written; good until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes room for `wanted` bytes in all.
    func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let larger = max(wanted, capacity * 2)
        let next = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 1)
        next.copyMemory(from: base, byteCount: count)
        base.deallocate()
        (base, capacity) = (next, larger)
    }

    /// Appends bytes.
    func append(_ text: some Collection<UInt8>) {
        reserve(count + text.count)
        for byte in text {
            base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
            count += 1
        }
    }

    /// Appends a byte.
    func append(_ byte: UInt8) {
        reserve(count + 1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends bytes that do not stand in this buffer.
    func append(_ text: UnsafeRawBufferPointer) {
        guard let from = text.baseAddress else { return }
        reserve(count + text.count)
        (base + count).copyMemory(from: from, byteCount: text.count)
        count += text.count
    }
}

extension ScratchBytes {
    /// Overwrites four bytes with a number.
    func store(_ value: UInt32, at offset: Int) {
        base.storeBytes(of: value, toByteOffset: offset, as: UInt32.self)
    }
}
