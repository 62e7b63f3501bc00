/// What a text of Ray's says that is no JSON: the last line of a traceback is the sentence, and the place in
/// Ray's source stays beside it.
struct RayWords: Hashable {
    /// One line without the class of a Python error and without a full stop; empty where there is none.
    let sentence: String
    /// Where in Ray it was said, as `job_manager.py:553, in submit_job`; nil without a traceback.
    let place: String?

    /// The longest sentence.
    private static let longest = 400

    init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map { String($0) }
        let isTraceback = text.contains("Traceback (most recent call last)")
        // A traceback within another's message leaves a full stop of that on a line of its own, and what is
        // indented is source.
        let said = lines.last { line in
            line.contains { $0 != "." && !$0.isWhitespace }
                && !(isTraceback && line.first?.isWhitespace == true)
        }
        var sentence = (said ?? "").drop { $0.isWhitespace }
        if sentence.hasPrefix("<") { sentence = "" }
        let kind = sentence.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        let rest = sentence.dropFirst(kind.count)
        if rest.hasPrefix(": "), rest.count > 2,
            ["Error", "Exception", "Timeout"].contains(where: { kind.hasSuffix($0) })
        {
            sentence = rest.dropFirst(2)
        }
        while let last = sentence.last, last == "." || last.isWhitespace { sentence.removeLast() }
        self.sentence = String(sentence.prefix(Self.longest))
        place = lines.last { $0.contains("  File \"") }.flatMap { line in
            line.firstMatch(of: #/File "(?:[^"]*\/)?([^"\/]+)", line (\d+), in (\S+)/#).map {
                "\($0.output.1):\($0.output.2), in \($0.output.3)"
            }
        }
    }
}
