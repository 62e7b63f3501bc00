import CPCRE2
import FettleCore

/// A compiled PCRE2 pattern: UTF-8, Unicode classes, machine code where the library can make it.
///
/// The compiled code never changes, so it is shared between threads; the matching itself needs a
/// ``PatternMatcher`` for each.
final class Pattern: @unchecked Sendable {
    /// The pattern as written.
    let source: String
    fileprivate let code: OpaquePointer

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

    fileprivate static func text(of failure: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pcre2_get_error_message_8(failure, &buffer, buffer.count)
        return count > 0
            ? String(decoding: buffer.prefix(Int(count)), as: UTF8.self) : "error \(failure)"
    }
}

/// Matches one pattern against many texts, within limits; for one thread at a time.
final class PatternMatcher {
    /// Backtracking steps that a match may take from one starting place.
    ///
    /// Measured: 2 to 5 ms in machine code, 16 ms interpreted.
    static let stepLimit: UInt32 = 1_000_000
    private static let depthLimit: UInt32 = 20_000
    private static let heapLimitKiB: UInt32 = 32_000
    private static let firstStretch = 256
    private static let jitStackBytes = 32 << 20

    let pattern: Pattern
    private let context: OpaquePointer?
    private let result: OpaquePointer?
    private let stack: OpaquePointer?

    /// Makes a matcher.
    init(_ pattern: Pattern) {
        self.pattern = pattern
        context = pcre2_match_context_create_8(nil)
        result = pcre2_match_data_create_8(1, nil)
        stack = pcre2_jit_stack_create_8(32 << 10, Self.jitStackBytes, nil)
        pcre2_set_match_limit_8(context, Self.stepLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimitKiB)
        pcre2_jit_stack_assign_8(context, nil, stack.map(UnsafeMutableRawPointer.init))
    }

    deinit {
        pcre2_match_data_free_8(result)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
    }

    /// Whether the pattern matches somewhere in the text.
    ///
    /// A long text is searched a stretch of starting places at a time, so that a cancelled task stops
    /// inside it.
    /// - Throws: `pattern-limit` when the pattern runs away, `CancellationError`.
    func matches(_ text: UnsafeRawBufferPointer) throws -> Bool {
        var start = 0
        var stretch = Self.firstStretch
        while true {
            let last = start + stretch
            let limited = last < text.count
            pcre2_set_offset_limit_8(context, limited ? last : Int(bitPattern: ~0))
            let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let found = pcre2_match_8(pattern.code, bytes, text.count, start, 0, result, context)
            if found >= 0 { return true }
            guard found == PCRE2_ERROR_NOMATCH else { throw failure(found, text.count) }
            guard limited else { return false }
            try Task.checkCancellation()
            start = last + 1
            while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
            stretch = min(stretch * 2, 1 << 14)
        }
    }

    /// Replaces every match in `text`, appending the result to `out`; `$1` in the replacement is the
    /// first group.
    ///
    /// - Throws: `pattern-limit` when the pattern runs away, `bad-replacement`.
    func replace(
        in text: UnsafeRawBufferPointer,
        with replacement: [UInt8],
        into out: ScratchBytes
    ) throws {
        let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let options =
            UInt32(PCRE2_SUBSTITUTE_GLOBAL) | UInt32(PCRE2_SUBSTITUTE_OVERFLOW_LENGTH)
            | UInt32(PCRE2_SUBSTITUTE_UNSET_EMPTY)
        pcre2_set_offset_limit_8(context, Int(bitPattern: ~0))
        var count = max(64, text.count * 2)
        for _ in 0..<2 {
            out.reserve(count)
            let target = out.base.assumingMemoryBound(to: UInt8.self)
            let made = pcre2_substitute_8(
                pattern.code,
                bytes,
                text.count,
                0,
                options,
                nil,
                context,
                replacement,
                replacement.count,
                target,
                &count
            )
            if made == PCRE2_ERROR_NOMEMORY { continue }
            guard made >= 0 else { throw failure(made, text.count) }
            out.count = count
            return
        }
        throw failure(PCRE2_ERROR_NOMEMORY, text.count)
    }

    private func limit(_ what: String, hint: String) -> Diagnostic {
        Diagnostic("pattern-limit", "pattern '\(pattern.shown)' \(what)", hint: hint)
    }

    private func failure(_ code: Int32, _ count: Int) -> Diagnostic {
        switch code {
        case PCRE2_ERROR_MATCHLIMIT:
            limit(
                "runs away: it needs more than \(NumberText.count(Int(Self.stepLimit))) steps on a "
                    + "text of \(NumberText.count(count, "byte"))",
                hint:
                    "a repetition inside a repetition, such as (a+)+, tries every way to share the "
                    + "text out; write a+, or (?>a+) which does not go back"
            )
        case PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_JIT_STACKLIMIT:
            limit(
                "needs more memory than allowed on a text of \(NumberText.count(count, "byte"))",
                hint: "write repetitions that do not go back: [^a]*+ for [^a]*, (?>…) for (…)"
            )
        case PCRE2_ERROR_BADREPLACEMENT, PCRE2_ERROR_BADREPESCAPE, PCRE2_ERROR_NOSUBSTRING,
            PCRE2_ERROR_REPMISSINGBRACE, PCRE2_ERROR_BADSUBSTITUTION:
            Diagnostic(
                "bad-replacement",
                "the replacement for '\(pattern.shown)': \(Pattern.text(of: code))",
                hint: "$1 is the first group; write $$ for a dollar sign"
            )
        default:
            Diagnostic("pattern-failed", "pattern '\(pattern.shown)': \(Pattern.text(of: code))")
        }
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
