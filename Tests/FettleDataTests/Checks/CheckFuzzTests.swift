import FettleCore
import Testing

@testable import FettleData

/// Random datasets and formats: nothing traps, and each fix mends what it is for.
struct CheckFuzzTests {
    private static let names = ["a", "odd name", "as", "p,q", "größe", "x`y", "1st"]
    private static let texts: [String?] = [
        nil, "", " ", "good", " good", "GOOD", "bad ->", "one\n\n###\n\ntwo", "'q\"$x\\E", "é",
        "a long instruction: good", "a long instruction: bad", "\u{1}", "答案",
    ]
    private static let literals = ["", "", " ", " ->", "\n\n###\n\n", "Say what it is: ", "'$x"]

    private static func frame(_ random: inout SeededGenerator) -> Frame {
        let count = Int.random(in: 0...40, using: &random)
        let texts = Array(
            texts.shuffled(using: &random).prefix(Int.random(in: 1...14, using: &random))
        )
        return Frame(
            columns: names.enumerated().map { place, name in
                guard place % 3 != 2 else {
                    let values = (0..<count).map { _ in Int64.random(in: -3...3, using: &random) }
                    return .init(name, Column(integers: values))
                }
                return .init(
                    name,
                    TestFrames.text(
                        (0..<count).map { _ in texts.randomElement(using: &random) ?? nil },
                        missing: [1, 5]
                    )
                )
            }
        )
    }

    private static func template(_ random: inout SeededGenerator) throws -> PromptTemplate {
        var source = literals.randomElement(using: &random) ?? ""
        for name in names.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)) {
            source += "{{\(name)}}" + (literals.randomElement(using: &random) ?? "")
        }
        return try PromptTemplate(source)
    }

    @Test(arguments: 0..<300)
    func eachFixMendsItsFinding(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let input = CheckInput(
            dataset: "d",
            frame: Self.frame(&random),
            format: .completion(
                prompt: try Self.template(&random),
                completion: try Self.template(&random)
            )
        )
        for finding in try DatasetChecker.run(input) {
            #expect(finding.fix?.commands.allSatisfy { !$0.contains("\n") } ?? true)
            guard let fix = finding.fix, !fix.changes.isEmpty else { continue }
            let left = try DatasetChecker.run(try input.applying(fix))
            #expect(
                !left.contains { $0.code == finding.code && $0.message == finding.message },
                "\(finding.code): \(finding.message) > \(fix.commands)"
            )
        }
        let fixed = try DatasetChecker.fixing(input)
        let again = try DatasetChecker.fixing(fixed.input)
        #expect(again.mended.map(\.code) == [], "\(again.mended.map(\.message))")
    }
}
