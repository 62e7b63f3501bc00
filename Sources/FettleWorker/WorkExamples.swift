import FettleCore

/// The lines of a file of examples.
enum WorkExamples {
    /// Lines between looks at whether the task was cancelled.
    private static let linesPerCheck = 256

    /// Returns the examples of lines of JSON with `prompt` and `completion`; others are members that nothing reads.
    ///
    /// - Parameters:
    ///   - bytes: the lines; empty ones are left out.
    ///   - file: the name that an error is placed in.
    ///   - needsCompletions: whether each must have a completion, which is else empty.
    /// - Returns: the examples in the order of the lines.
    /// - Throws: `bad-json`, `invalid-utf8`, `bad-training-file`, and `CancellationError`.
    static func read(
        _ bytes: [UInt8],
        file: String,
        needsCompletions: Bool
    ) throws -> [Example] {
        var examples: [Example] = []
        try bytes.withUnsafeBytes { bytes in
            var (start, number) = (0, 0)
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                start = end + 1
                number += 1
                if number % linesPerCheck == 0 { try Task.checkCancellation() }
                guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { continue }
                examples.append(try example(line, file, number, needsCompletions))
            }
        }
        return examples
    }

    private static func example(
        _ line: UnsafeRawBufferPointer,
        _ file: String,
        _ number: Int,
        _ needsCompletion: Bool
    ) throws(Diagnostic) -> Example {
        let value: JSONValue
        do {
            value = try JSONValue.parse(line, file: file)
        } catch {
            var error = error
            error.location?.line = number
            throw error
        }
        var completion = ""
        if case .string(let text)? = value["completion"] {
            completion = text
        } else if needsCompletion {
            throw missing("completion", file, number)
        }
        guard case .string(let prompt)? = value["prompt"] else {
            throw missing("prompt", file, number)
        }
        return Example(prompt: prompt, completion: completion)
    }

    private static func missing(_ name: String, _ file: String, _ number: Int) -> Diagnostic {
        Diagnostic(
            "bad-training-file",
            "expected a line of JSON with the text '\(name)'",
            location: SourceLocation(file: file, line: number, column: 1)
        )
    }
}
