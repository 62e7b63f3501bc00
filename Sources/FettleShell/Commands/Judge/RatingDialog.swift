import FettleCore
import FettleNotebook
import FettleWorkbench

/// Shows rows with two answers, and takes what is said of them: from a command, a terminal or standard input.
struct RatingDialog {
    /// Where the words come from.
    private enum Source {
        case given([RatingWord])
        case keys(StepDialog)
        case lines(@Sendable () async throws -> String?)
    }

    private static let keys = "12=sq"
    private static let question = "1 or 2 is better, = neither, s skips, q stops "

    private let source: Source
    private let context: Context

    /// Chooses where the words come from.
    ///
    /// - Throws: `no-terminal` where nobody can be asked.
    init(
        _ context: Context,
        _ answers: [RatingWord]?,
        at span: SourceSpan
    ) throws(Diagnostic) {
        self.context = context
        let surroundings = context.services.surroundings
        if let answers {
            source = .given(answers)
        } else if let dialog = surroundings.stepDialog, !context.isInBackground {
            source = .keys(dialog)
        } else if let readLine = surroundings.readLine, !context.isInBackground {
            source = .lines(readLine)
        } else {
            throw Diagnostic(
                "no-terminal",
                "'rate' asks about each row, and there is no terminal to ask at",
                span: span,
                hint: "say it in the command: answers=1,2,=,skip,stop"
            )
        }
    }

    /// Asks about rows until there are enough, or it is told to stop; what was said is stored each time.
    func judge(_ round: inout RatingRound, rows: Int) async throws {
        var place = 0
        while let question = try next(&round, rows) {
            for block in Self.blocks(question, of: round.count) { context.show(block) }
            let word = try await word(after: place)
            place += 1
            context.show(.note(word.shown))
            guard case .choice(let choice) = word else { break }
            try round.keep(choice, of: question)
        }
        try round.finish()
    }

    /// Finds the next row; the progress line is gone before anything is asked.
    private func next(
        _ round: inout RatingRound,
        _ rows: Int
    ) throws -> RatingRound.Question? {
        let progress = context.services.progress.forOneCommand()
        defer { progress.retire() }
        return try round.next { progress.update(done: $0, total: rows, unit: "rows") }
    }

    private static func blocks(
        _ question: RatingRound.Question,
        of count: Int
    ) -> [OutputBlock] {
        [
            .text("Row \(question.position + 1), \(question.number) of up to \(count):"),
            .text(question.prompt), .text("1:"), .text(question.shown[0]),
            .text("2:"), .text(question.shown[1]),
        ]
    }

    /// Returns the next word; the end of the input is a stop.
    ///
    /// - Throws: `bad-value` for a line that is none, `CancellationError`.
    private func word(after place: Int) async throws -> RatingWord {
        switch source {
        case .given(let words): return place < words.count ? words[place] : .stop
        case .keys(let dialog):
            let key = try await dialog.readKey(Self.question, Self.keys)
            return key.flatMap { RatingWord(String($0)) } ?? .stop
        case .lines(let readLine):
            guard let line = try await readLine() else { return .stop }
            let bare = String(line.filter { !$0.isWhitespace })
            guard let word = RatingWord(bare) else {
                throw Diagnostic(
                    "bad-value",
                    "line \(place + 1) of standard input is '\(line)', expected one of 1, 2, =, skip, stop",
                    hint: "what was said before it is stored: the same command goes on from there"
                )
            }
            return word
        }
    }
}
