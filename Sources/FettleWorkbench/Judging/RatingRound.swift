public import FettleCore
import FettleData
public import FettleStore

/// Two models' answers to the same rows, shown one row at a time to a person who does not know which is whose.
///
/// Rows come in an order that the seed decides, and so does which answer stands first. What was said is stored with
/// each answer, so that a round that was stopped, or whose process was killed, goes on where it was.
public struct RatingRound: Sendable {
    /// A row that somebody is asked about.
    public struct Question: Sendable {
        /// The position in the dataset, from 0.
        public let position: Int
        /// Which question of the round it is, from 1.
        public let number: Int
        /// What the first model read.
        public let prompt: String
        /// The two answers in the order in which they are shown.
        public var shown: [String] { isSwapped ? answers.reversed() : answers }
        /// The first model's answer and the second's.
        let answers: [String]
        /// Whether the second model's answer is shown first.
        let isSwapped: Bool
    }

    /// What a person says of the answers as they are shown.
    public enum Choice: Hashable, Sendable {
        /// The upper one is better.
        case upper
        /// The lower one is better.
        case lower
        /// Neither is.
        case neither
        /// Pass over the row.
        case skip
    }

    /// How often each was said.
    public struct Tally: Hashable, Sendable {
        /// The first model's answer was preferred.
        public var first = 0
        /// The second model's answer was preferred.
        public var second = 0
        /// Neither was.
        public var ties = 0
        /// Rows that were passed over.
        public var skipped = 0
        /// Rows with the same answer twice, about which nobody was asked.
        public var same = 0

        /// Rows that were shown.
        public var asked: Int { first + second + ties + skipped }

        mutating func add(_ verdict: RatingRecord.Verdict) {
            switch verdict {
            case .first: first += 1
            case .second: second += 1
            case .tie: ties += 1
            case .skipped: skipped += 1
            case .same: same += 1
            }
        }
    }

    /// How often each was said so far, in this session and earlier ones.
    public private(set) var tally = Tally()
    /// How many rows are shown at most.
    public let count: Int

    /// Whether there is nothing more to ask about.
    public var isOver: Bool { tally.asked >= count || place >= order.count }

    private let answerers: [RowAnswerer]
    private let order: [Int]
    private let seed: UInt64
    private let subject: RatingRecord.Subject
    private let known: [Int: RatingRecord.Verdict]
    private var place = 0
    /// Rows with the same answer twice that are not stored yet.
    private var unkept: [RatingRecord] = []
    private let workspace: Workspace
    private let clock: WorkClock

    /// Opens the models, and reads what was said before.
    ///
    /// - Parameters:
    ///   - models: two of them.
    ///   - dataset: the rows.
    ///   - count: how many rows are shown at most.
    ///   - seed: decides the order of the rows and which answer stands first.
    ///   - maxTokens: the most tokens of a written answer.
    ///   - workspace: where what is said is kept.
    ///   - clock: tells when it was said.
    /// - Throws: `no-examples` for a dataset without rows; what is wrong with a model, or with its format on the rows.
    public init(
        _ models: (first: ModelRecord, second: ModelRecord),
        on dataset: Dataset,
        count: Int,
        seed: UInt64,
        maxTokens: Int,
        in workspace: Workspace,
        clock: WorkClock
    ) throws {
        guard dataset.frame.count > 0 else {
            throw Diagnostic(
                "no-examples",
                "'\(dataset.name)' has no rows to judge answers on",
                hint: "a filter may have left nothing: undo"
            )
        }
        self.count = count
        self.seed = seed
        self.workspace = workspace
        self.clock = clock
        let library = ModelLibrary(workspace)
        answerers = try [models.first, models.second].map {
            try RowAnswerer($0, of: dataset, maxTokens: maxTokens, in: library)
        }
        var generator = SeededGenerator(seed: seed)
        var order = Array(0..<dataset.frame.count)
        generator.shuffle(&order)
        self.order = order
        subject = RatingRecord.Subject(
            first: models.first.id,
            second: models.second.id,
            dataset: dataset.name,
            datasetFingerprint: dataset.fingerprint,
            settings: "seed=\(seed) max_tokens=\(maxTokens)"
        )
        let ratings = try workspace.existingStore()?.ratings(of: subject) ?? []
        known = Dictionary(
            ratings.map { ($0.row, $0.verdict) },
            uniquingKeysWith: { $1 }
        )
    }

    /// Finds the next row to ask about.
    ///
    /// - Parameter onProgress: called with how many rows were looked at.
    /// - Returns: the row, or nil when enough were asked about or there is none left.
    /// - Throws: what a model does, `CancellationError`.
    public mutating func next(onProgress: (Int) -> Void) throws -> Question? {
        while tally.asked < count, place < order.count {
            try Task.checkCancellation()
            let position = order[place]
            if let verdict = known[position] {
                tally.add(verdict)
                place += 1
                continue
            }
            onProgress(place)
            let answers = try answerers.map { try $0.answer(at: position) }
            guard answers[0] == answers[1] else {
                var generator = SeededGenerator(
                    seed: seed ^ UInt64(position) &* 0xD6E8_FEB8_6659_FD93
                )
                return Question(
                    position: position,
                    number: tally.asked + 1,
                    prompt: answerers[0].prompt(at: position),
                    answers: answers,
                    isSwapped: generator.next() & 1 == 1
                )
            }
            unkept.append(record(position, .same, answers))
            tally.add(.same)
            place += 1
        }
        return nil
    }

    /// Stores what was said of a question, which is then behind.
    public mutating func keep(_ choice: Choice, of question: Question) throws(Diagnostic) {
        let verdict: RatingRecord.Verdict =
            switch choice {
            case .upper: question.isSwapped ? .second : .first
            case .lower: question.isSwapped ? .first : .second
            case .neither: .tie
            case .skip: .skipped
            }
        try store(adding: [record(question.position, verdict, question.answers)])
        tally.add(verdict)
        place += 1
    }

    /// Stores what is not stored yet, at the end.
    public mutating func finish() throws(Diagnostic) {
        if !unkept.isEmpty { try store(adding: []) }
    }

    private mutating func store(adding ratings: [RatingRecord]) throws(Diagnostic) {
        try workspace.store().keep(unkept + ratings, of: subject)
        unkept = []
    }

    private func record(
        _ position: Int,
        _ verdict: RatingRecord.Verdict,
        _ answers: [String]
    ) -> RatingRecord {
        RatingRecord(
            row: position,
            verdict: verdict,
            firstAnswer: answers[0],
            secondAnswer: answers[1],
            ratedAt: clock.now()
        )
    }
}
