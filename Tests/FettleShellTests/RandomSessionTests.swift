import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// Random sessions: the saved script and what is brought back make the same datasets.
///
/// `FETTLE_RANDOM_SESSIONS=2500` runs that many of each kind.
struct RandomSessionTests {
    private static let seeds: ClosedRange<UInt64> = {
        let count = ProcessInfo.processInfo.environment["FETTLE_RANDOM_SESSIONS"]
        return 1...(count.flatMap(UInt64.init) ?? 8)
    }()

    /// All kinds of commands.
    private static let mixed = [
        "where extra < 5", "where label == 'good' as good", "shuffle seed=3",
        "sample 30 seed=1",
        "sample 20 seed=2 as few", "drop extra", "derive size = len(text)", "dedupe on=text",
        "split 60/40 seed=5", "use d", "use few", "rows | where extra == 1 as ones",
        "rows d | where extra == 1 | rows", "check --fix", "check", "drop --dataset few",
        #"format prompt="{{text}}" completion=" {{extra}}""#, "concat d few as both",
        "balance by=label seed=1", "let a = 3", "rows 2", "where extra < $a",
        "run FOLDER/moves.fettle", "run FOLDER/changes.fettle", " sample 40 seed=9", " undo",
        "undo", "undo", "undo", "redo", "redo", "evaluate m on d", "preview 1",
    ]

    /// Mostly going back and forth.
    private static let restless = [
        "sample 90% seed=1", "sample 150 seed=2 as few", "use d", "use few", "let a = 3",
        "let a = 5", "where extra < $a", "rows 1", "run FOLDER/changes.fettle", "undo", "undo",
        "undo", "redo", "redo", "redo",
    ]

    private static func compare(_ lines: [String]) async throws {
        let folder = try TemporaryFolder()
        try folder.write("use d\nlet b = 1\n", to: "moves.fettle")
        try folder.write(
            "where extra < 6\nundo\nredo\nlet a = 4\nsample 90% seed=4 as few\nrows 1\n",
            to: "changes.fettle"
        )
        var shell = try await SmallData.shell(folder)
        for line in lines { await shell.run(line.replacing("FOLDER", with: folder.path)) }
        guard !shell.session.journal.isEmpty else { return }
        let kept = SessionScript.kept(shell.session.journal)
        let back = SessionScript.stateOnly(shell.session.journal)
        let variables = Set(shell.session.variables.keys)
        for script in [kept, back] {
            var other = TestShell()
            let text = script.joined(separator: "\n")
            let result = await other.run(text)
            #expect(result.status == .success, "\(result.errors)\n\(text)\nof \(lines)")
            #expect(
                TimeTravelTests.state(other) == TimeTravelTests.state(shell),
                "\(text)\nof \(lines)"
            )
            #expect(Set(other.session.variables.keys) == variables, "\(text)\nof \(lines)")
            #expect(other.session.variables == shell.session.variables, "\(text)\nof \(lines)")
        }
        let hasUndone = back.contains { $0 == "undo" || $0 == "redo" }
        #expect(!hasUndone, "\(back)")
    }

    @Test(arguments: seeds)
    func whatIsSavedMakesTheSameDatasets(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let lines = (0..<25).map { _ in
            Self.mixed[Int.random(in: 0..<Self.mixed.count, using: &generator)]
        }
        // What is typed after a blank is in no script: such sessions are compared without it.
        try await Self.compare(lines.filter { !$0.hasPrefix(" ") })
    }

    @Test(arguments: seeds)
    func goingBackAndForthMakesTheSameDatasets(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let lines = (0..<40).map { _ in
            Self.restless[Int.random(in: 0..<Self.restless.count, using: &generator)]
        }
        try await Self.compare(lines)
    }

    @Test(arguments: [
        ["sample 50 seed=1 as few", "undo", "load FOLDER/d.csv as e", "use d", "undo"],
        [
            "sample 50 seed=1 as few", "use d", "where extra < 5", "undo", "use few", "redo",
            "rows 1", "undo",
        ],
        ["sample 50 seed=1 as few", "where extra < 5", "undo", "use d", "redo", "undo"],
        ["let a = 3", "where extra < $a", "undo", "let a = 5", "redo"],
        ["run FOLDER/changes.fettle", "undo", "rows 1"],
        ["run FOLDER/changes.fettle", "undo", "redo", "undo", "use d", "redo"],
        ["where extra < 5", "rows 1", "undo", "rows 2", "redo", "rows 3", "undo"],
    ])
    func undoneThingsWithMovesBetween(lines: [String]) async throws {
        try await Self.compare(lines)
    }
}
