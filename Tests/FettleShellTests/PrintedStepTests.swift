import FettleCore
import FettleData
import FettleWorkbench
import Testing

@testable import FettleShell

/// What a recipe prints, which the shell reads back as the same step.
struct PrintedStepTests {
    private static let names = [
        "plain", "a b", "a=b", "=", "it's", "say \"so\"", "both ' and \"", "as", "by", "seed",
        "prompt", "on", "评论 标题", "评论", "$plain", "${plain}", "a'$plain", "a,b", ",", "#1", "##",
        "-x", "--all", "!ls", "a|b", "a>b", "a;b", "a&", "`tick`", "(a)", "[a]", "{{a}}",
        "back\\slash",
        "\\", "tab\tbed", "two\nlines", "bell\u{7}", "\u{A0}", "a\u{3000}b", "e\u{301}", "1", "1.5",
        "true", "null", "and", "<<end", "~x", "*", "%", "@", "😀", "\r", "\u{85}",
    ]

    /// A dataset whose columns have these names and whose values are these names.
    private static func session() -> Session {
        var columns: [Frame.NamedColumn] = []
        for name in names {
            var builder = ColumnBuilder(.text, reserving: names.count)
            for value in names { try? builder.append(.text(value)) }
            columns.append(.init(name, builder.build()))
        }
        var session = Session()
        session.library.add(
            Dataset(
                name: "d",
                source: .init(name: "d.csv", fingerprint: "00"),
                recipe: ["load d.csv"],
                frame: Frame(columns: columns)
            )
        )
        try? session.library.use("d")
        return session
    }

    private static func check(_ step: some RecipeStep, _ session: Session) async throws {
        let made = try session.library.dataset("d").applying(step)
        var shell = TestShell(session)
        let result = await shell.run(step.summary)
        #expect(result.status == .success, "\(step.summary): \(result.errors)")
        let read = try shell.session.library.dataset(nil)
        #expect(read.name == "d")
        #expect(read.recipe == made.recipe)
        #expect(read.frame.columnNames == made.frame.columnNames)
        #expect(read.frame.rows == made.frame.rows)
        for (column, other) in zip(read.frame.columns, made.frame.columns) {
            #expect(column.column[0] == other.column[0])
        }
    }

    @Test(arguments: names)
    func stepWithAnOddNameReadsBack(name: String) async throws {
        let session = Self.session()
        try await Self.check(Select([name]), session)
        try await Self.check(Drop([name]), session)
        try await Self.check(Dedupe(.columns([name])), session)
        try await Self.check(Balance(by: name, .over, seed: 3), session)
        try await Self.check(Balance(by: name, .target(2), seed: 3), session)
        try await Self.check(Sample(.count(30), by: name, seed: .max), session)
        try await Self.check(Derive(name, Expression(parsing: "len(plain) + 1")), session)
        try await Self.check(
            Relabel(name, [.init(name, "new"), .init("😀", name)].suffix(name == "😀" ? 1 : 2)),
            session
        )
        try await Self.check(Relabel("plain", [.init(name, "")]), session)
        if !name.contains("`") {
            try await Self.check(Where(Expression(parsing: "`\(name)` != 'x'")), session)
        }
        try await Self.check(
            Where(Expression(parsing: "plain == " + CommandText.quoted(name))),
            session
        )
    }

    @Test func stepsWithSeveralOddNamesReadBack() async throws {
        let session = Self.session()
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<40 {
            let names = Array(Self.names.shuffled(using: &generator).prefix(4))
            try await Self.check(Select(names), session)
            try await Self.check(Drop(names), session)
            try await Self.check(Dedupe(.columns(names)), session)
            let changes = zip(names, names.reversed()).map { Relabel.Change($0, $1) }
            try await Self.check(Relabel(names[0], changes), session)
        }
        try await Self.check(Shuffle(seed: 7), session)
        for percent in [0.1 + 0.2, 33.3, 1e-7, 100] {
            try await Self.check(Sample(.percent(percent), seed: 0), session)
        }
    }

    @Test(arguments: [
        [("by", 0.25), ("seed", 0.25), ("on", 0.25), ("prompt", 0.25)],
        [("train", 1.0 / 3), ("as", 1.0 / 3), ("评论", 1.0 / 3)],
        [("train", 0.1 + 0.2), ("test-2.b", 0.7)],
    ])
    func splitReadsBack(parts: [(name: String, share: Double)]) async throws {
        for key in [
            RowKey.row, .columns(["a,b", "it's"]), .template(try PromptTemplate("{{a b}}'$1")),
        ] {
            for keepsTogether in [true, false] {
                let split = try Split(
                    parts.map { .init($0.name, $0.share) },
                    stratifyBy: "a=b",
                    key: key,
                    keepsTogether: keepsTogether,
                    seed: 11
                )
                var shell = TestShell(Self.session())
                let result = await shell.run(split.summary)
                #expect(result.status == .success, "\(split.summary): \(result.errors)")
                let name = "d.\(parts[0].name)"
                let part = try shell.session.library.dataset(name)
                #expect(part.recipe.last == "\(split.summary); use \(name)")
            }
        }
    }

    @Test(arguments: [
        ("let x = 'a$plain'\nwhere plain == $x", "where plain == \"a\\$plain\""),
        ("let x = 'a$plain'\nwhere plain == \"$x!\"", "where plain == \"a\\$plain!\""),
        ("derive \"a b\" = 1", "derive 'a b' = 1"),
        ("derive `a b`=1", "derive 'a b' = 1"),
        ("derive 'x=y' = plain == 'z'", "derive 'x=y' = plain == 'z'"),
        ("relabel plain \"a=b\"=c", "relabel plain 'a=b'=c"),
        ("relabel plain a\\=b=c", "relabel plain 'a=b'=c"),
        ("let x = \"a=b\"\nrelabel plain \"$x\"=c", "relabel plain 'a=b'=c"),
        ("select \"a b,plain\"", "select 'a b' plain"),
        ("select 'a,b',plain", "select 'a,b' plain"),
    ])
    func whatIsTypedIsPrintedInOneWay(lines: String, printed: String) async throws {
        var shell = TestShell(Self.session())
        var result = await shell.run(lines)
        #expect(result.status == .success, "\(result.errors)")
        let first = try shell.session.library.dataset("d")
        #expect(first.recipe.last == printed)
        shell = TestShell(Self.session())
        result = await shell.run(printed)
        #expect(result.status == .success, "\(result.errors)")
        #expect(try shell.session.library.dataset("d").fingerprint == first.fingerprint)
    }

    @Test(arguments: [
        ("derive 'a b' 1", "missing-argument"), ("derive '' = 1", "bad-name"),
        ("derive 'a' b = 1", "bad-name"), ("derive \"\\q\" = 1", "bad-escape"),
        ("derive 'a b' == 1", "missing-argument"), ("relabel plain =x", "unexpected-word"),
    ])
    func namesThatAreNoneAreErrors(line: String, code: String) async {
        var shell = TestShell(Self.session())
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix("error[\(code)]: "), "\(result.errors)")
    }
}
