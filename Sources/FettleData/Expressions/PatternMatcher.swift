import CPCRE2
import FettleCore

/// Matches one pattern against many texts, within limits; for one thread at a time.
///
/// A text is searched from some starting places at a time, so that a cancelled task stops inside it. The
/// first try allows few steps and so takes milliseconds whatever the pattern; where they do not suffice,
/// the search goes on from few places at a time with many steps for each.
final class PatternMatcher {
    /// Backtracking steps that a match may take from one starting place.
    ///
    /// Measured: 2 to 5 ms in machine code, 16 ms interpreted.
    static let stepLimit: UInt32 = 1_000_000
    /// Steps from one place that a long stretch of places may be searched with: 20 µs at most for each.
    private static let quickStepLimit: UInt32 = 4000
    private static let depthLimit: UInt32 = 20_000
    private static let heapLimitKiB: UInt32 = 32_000
    private static let firstStretch = 256
    private static let longestStretch = 4096
    private static let slowStretch = 4
    /// Slow stretches of one text after which the pattern counts as too slow: about 20 s.
    private static let mostSlowStretches = 1000
    private static let jitStackBytes = 32 << 20

    let pattern: Pattern
    private let context: OpaquePointer?
    private let result: OpaquePointer?
    private let stack: OpaquePointer?

    /// Where a match was found, and how it was looked for.
    private struct Match {
        var range: Range<Int>
        var start: Int
        var options: UInt32
    }

    /// Makes a matcher.
    init(_ pattern: Pattern) {
        self.pattern = pattern
        context = pcre2_match_context_create_8(nil)
        result = pcre2_match_data_create_from_pattern_8(pattern.code, nil)
        stack = pcre2_jit_stack_create_8(32 << 10, Self.jitStackBytes, nil)
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
    /// - Throws: `pattern-limit` when the pattern is too slow, `CancellationError`.
    func matches(_ text: UnsafeRawBufferPointer) throws -> Bool {
        try search(text, from: 0, options: 0) != nil
    }

    /// Returns the first match from a place on.
    private func search(
        _ text: UnsafeRawBufferPointer,
        from first: Int,
        options: UInt32
    ) throws -> Match? {
        let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var (start, stretch) = (first, Self.firstStretch)
        var (isQuick, slowStretches) = (true, 0)
        while true {
            let last = start + (isQuick ? stretch : Self.slowStretch)
            let isLimited = last < text.count
            let options = start == first ? options : 0
            pcre2_set_offset_limit_8(context, isLimited ? last : Int(bitPattern: ~0))
            pcre2_set_match_limit_8(context, isQuick ? Self.quickStepLimit : Self.stepLimit)
            let found = pcre2_match_8(
                pattern.code,
                bytes,
                text.count,
                start,
                options,
                result,
                context
            )
            if found >= 0, let places = pcre2_get_ovector_pointer_8(result) {
                let range = places[0]..<max(places[0], places[1])
                return Match(range: range, start: start, options: options)
            }
            if found == PCRE2_ERROR_MATCHLIMIT, isQuick {
                isQuick = false
                continue
            }
            guard found == PCRE2_ERROR_NOMATCH else { throw failure(found, text.count) }
            guard isLimited else { return nil }
            try Task.checkCancellation()
            if isQuick {
                stretch = min(stretch * 2, Self.longestStretch)
            } else {
                slowStretches += 1
                guard slowStretches < Self.mostSlowStretches else {
                    throw failure(PCRE2_ERROR_MATCHLIMIT, text.count)
                }
                (isQuick, stretch) = (true, Self.firstStretch)
            }
            start = last + 1
            while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
        }
    }

    /// Replaces every match in `text`, writing the result to `out`; `$1` in the replacement is the first
    /// group.
    ///
    /// - Throws: `pattern-limit` when the pattern is too slow, `bad-replacement`, `CancellationError`.
    func replace(
        in text: UnsafeRawBufferPointer,
        with replacement: [UInt8],
        into out: ScratchBytes
    ) throws {
        out.count = 0
        if text.count <= Self.longestStretch {
            pcre2_set_offset_limit_8(context, Int(bitPattern: ~0))
            pcre2_set_match_limit_8(context, Self.quickStepLimit)
            let made = try substitute(
                in: text,
                from: 0,
                options: UInt32(PCRE2_SUBSTITUTE_GLOBAL),
                with: replacement,
                into: out
            )
            if made { return }
        }
        var (at, copied, options) = (0, 0, UInt32(0))
        while at <= text.count, let match = try search(text, from: at, options: options) {
            try Task.checkCancellation()
            if match.range.lowerBound >= copied {
                out.append(UnsafeRawBufferPointer(rebasing: text[copied..<match.range.lowerBound]))
                _ = try substitute(
                    in: text,
                    from: match.start,
                    options: match.options | UInt32(PCRE2_SUBSTITUTE_MATCHED)
                        | UInt32(PCRE2_SUBSTITUTE_REPLACEMENT_ONLY),
                    with: replacement,
                    into: out
                )
                copied = match.range.upperBound
            }
            // After an empty match the next one here must not be empty too.
            options = match.range.isEmpty ? UInt32(PCRE2_NOTEMPTY_ATSTART) : 0
            at = max(at, match.range.upperBound)
        }
        out.append(UnsafeRawBufferPointer(rebasing: text[copied...]))
    }

    /// Appends what a substitution gives to `out`; false when that takes more steps than allowed.
    private func substitute(
        in text: UnsafeRawBufferPointer,
        from start: Int,
        options: UInt32,
        with replacement: [UInt8],
        into out: ScratchBytes
    ) throws -> Bool {
        let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let options =
            options | UInt32(PCRE2_SUBSTITUTE_OVERFLOW_LENGTH)
            | UInt32(PCRE2_SUBSTITUTE_UNSET_EMPTY)
        var count = max(64, text.count * 2)
        for _ in 0..<2 {
            out.reserve(out.count + count)
            let target = out.base.assumingMemoryBound(to: UInt8.self) + out.count
            let made = pcre2_substitute_8(
                pattern.code,
                bytes,
                text.count,
                start,
                options,
                options & UInt32(PCRE2_SUBSTITUTE_MATCHED) == 0 ? nil : result,
                context,
                replacement,
                replacement.count,
                target,
                &count
            )
            if made == PCRE2_ERROR_NOMEMORY { continue }
            if made == PCRE2_ERROR_MATCHLIMIT { return false }
            guard made >= 0 else { throw failure(made, text.count) }
            out.count += count
            return true
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
                "is too slow: it needs more than \(NumberText.count(Int(Self.stepLimit))) steps on a "
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

extension Diagnostic {
    /// The error with the row, from 1, on which a pattern was too slow.
    func inRow(_ number: Int) -> Diagnostic {
        guard code == "pattern-limit" else { return self }
        var copy = self
        copy.message += ", in row \(NumberText.count(number))"
        return copy
    }
}
