import FettleCore

/// What one of Slurm's programs, or ssh, says on standard error.
struct SlurmWords: Hashable {
    /// The one line that says what is wrong, without the program's name and without a full stop; empty where
    /// there is none.
    let sentence: String
    /// Whether it says that Slurm's own servers do not answer.
    let isOfServers: Bool

    /// The longest sentence.
    private static let longest = 400
    private static let ofServers = [
        "Unable to contact slurm controller", "Munge encode failed", "munge",
        "Could not establish a configuration source", "Zero Bytes were transmitted",
        "Socket timed out", "Protocol authentication error", "Connection refused",
    ]

    /// Reads what a program said.
    ///
    /// Slurm's programs say last what it comes to; the others, such as `tar`, say it first.
    init(_ text: String, of program: String) {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            String(line.filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
        }.filter { $0.contains { !$0.isWhitespace } }
        let own = lines.filter { $0.hasPrefix("\(program): ") }
        let isSlurms = SlurmHost.programs.contains(program)
        let said = isSlurms ? lines.last : (own.first ?? lines.last)
        var sentence = (said ?? "")[...]
        for prefix in ["\(program): ", "error: ", "fatal: "] where sentence.hasPrefix(prefix) {
            sentence = sentence.dropFirst(prefix.count)
        }
        while let last = sentence.last, last == "." || last.isWhitespace { sentence.removeLast() }
        self.sentence = String(sentence.prefix(Self.longest))
        isOfServers = isSlurms && Self.ofServers.contains { text.contains($0) }
    }
}
