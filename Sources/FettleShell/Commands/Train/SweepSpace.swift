import FettleCore
import FettleLanguage

/// How combinations of values are chosen.
enum SweepSearch: String, CaseIterable, ArgumentValue {
    case grid, random, halving
}

/// What a search tries: the values of its settings, and which combinations of them.
struct SweepSpace {
    private static let section = "settings of 'tune': values with commas, or LOW..HIGH"
    private static let mostTrials = 1000

    static let search = Option<SweepSearch>.setting(
        "search",
        default: "grid",
        help:
            "every combination, some drawn at random, or halving: many on few rows, the best on more"
    )
    static let trials = Option<Int>.setting(
        "trials",
        default: "all of the grid; 10 of ranges",
        help: "how many combinations are drawn, for random and halving"
    )
    static let points = Option<Int>.setting(
        "points",
        default: "5",
        help: "how many values of a range LOW..HIGH the grid has"
    )
    static let rows = Option<ArgumentWord>.setting(
        "rows",
        kind: .text,
        default: "all",
        help: "how many training rows: with several numbers, a learning curve"
    )
    static let data = Option<ArgumentWord>.setting(
        "data",
        kind: .text,
        default: "the dataset",
        help: "training datasets with commas, each made by other steps"
    )
    static let format = Option<ArgumentWord>.setting(
        "format",
        kind: .text,
        default: "the dataset's",
        help: "datasets or models with commas, whose formats are tried"
    )
    static let searchSeed = Option<UInt64>.setting(
        "search_seed",
        default: "0",
        help: "seed of what is drawn: combinations, rows and folds"
    )

    /// The settings of `tune` that can have several values.
    static let parameters: [Parameter] = Tune.declaration.parameters.compactMap { parameter in
        let places = ClusterOptions.ofTuning.map(\.name)
        guard case .setting = parameter.form,
            !(["validate", "suffix"] + places).contains(parameter.name)
        else { return nil }
        var copy = parameter
        copy.kind = .text
        copy.section = section
        return copy
    }

    /// How combinations are chosen.
    let search: SweepSearch
    /// The seed of what is drawn.
    let seed: UInt64
    /// The combinations, each with a value for each setting that was given.
    let combinations: [[(name: String, word: ArgumentWord)]]
    /// The `tune` that each combination stands for.
    let tunings: [Tune]
    /// The names of the settings that have more than one value.
    let sweptNames: [String]

    /// Reads the values; whatever is wrong with one is said here, before anything runs.
    init(_ arguments: Arguments, _ base: ArgumentWord) throws(Diagnostic) {
        search = try arguments.value(Self.search, or: .grid)
        seed = try arguments.value(Self.searchSeed, or: 0)
        let values = try Self.values(arguments)
        sweptNames = values.filter(\.isSwept).map(\.name)
        guard !sweptNames.isEmpty else {
            throw Diagnostic(
                "nothing-to-sweep",
                "no setting has more than one value",
                span: arguments.span,
                hint: "give one several, such as n_epochs=1,2,4; 'tune' trains with one value each"
            )
        }
        if search == .halving, let word = arguments.word(Self.rows) {
            throw Diagnostic(
                "bad-value",
                "halving chooses the rows of each round itself",
                span: word.span,
                hint: "leave out rows= or search=halving"
            )
        }
        combinations = try Self.combinations(values, search, arguments, seed: seed)
        tunings = try combinations.map { combination throws(Diagnostic) in
            try Self.tuning(combination, base, arguments)
        }
    }

    /// Reads a whole number of a range.
    static func whole(
        _ option: Option<Int>,
        _ arguments: Arguments,
        _ range: ClosedRange<Int>
    ) throws(Diagnostic) -> Int? {
        guard let value = try arguments.value(option), let word = arguments.word(option) else {
            return nil
        }
        guard range.contains(value) else {
            throw expected(
                "a whole number from \(range.lowerBound) to \(NumberText.count(range.upperBound))",
                word,
                for: option.parameter.name
            )
        }
        return value
    }

    private static func values(_ arguments: Arguments) throws(Diagnostic) -> [SweepValues] {
        var values: [SweepValues] = []
        for (option, isWhole) in [(rows, true), (data, false), (format, false)] {
            guard let word = arguments.word(option), word.text != "all" else { continue }
            values.append(try SweepValues(option.parameter.name, word, isWhole: isWhole))
        }
        for parameter in parameters {
            guard let word = arguments.word(of: parameter) else { continue }
            let original = Tune.declaration.parameters.first { $0.name == parameter.name }
            values.append(
                try SweepValues(parameter.name, word, isWhole: original?.kind == .integer)
            )
        }
        return values
    }

    private static func combinations(
        _ values: [SweepValues],
        _ search: SweepSearch,
        _ arguments: Arguments,
        seed: UInt64
    ) throws(Diagnostic) -> [[(name: String, word: ArgumentWord)]] {
        let points = try whole(points, arguments, 1...100) ?? 5
        let wanted = try whole(trials, arguments, 1...mostTrials)
        let hasRange = values.contains(where: \.isRange)
        if search == .grid, let word = arguments.word(trials) {
            throw Diagnostic(
                "bad-value",
                "a grid has every combination, and trials= draws some",
                span: word.span,
                hint: "add search=random, or leave out trials="
            )
        }
        guard search == .grid || !hasRange else {
            var generator = SeededGenerator(seed: seed)
            var drawn: [[(name: String, word: ArgumentWord)]] = []
            // A few whole numbers are soon all drawn.
            for _ in 0..<20 * (wanted ?? 10) where drawn.count < wanted ?? 10 {
                let next = values.map { (name: $0.name, word: $0.draw(&generator)) }
                let texts = next.map(\.word.text)
                if !drawn.contains(where: { $0.map(\.word.text) == texts }) { drawn.append(next) }
            }
            return drawn
        }
        let grids = values.map { $0.grid(points: points) }
        let count = grids.reduce(1) { $0.multipliedReportingOverflow(by: $1.count).partialValue }
        let isTooMany = grids.reduce(1.0) { $0 * Double($1.count) } > 1_000_000
        guard !isTooMany, search != .grid || count <= mostTrials else {
            throw Diagnostic(
                "too-many-trials",
                "the grid has \(isTooMany ? "more than 1,000,000" : NumberText.count(count)) combinations, "
                    + "of at most \(NumberText.count(mostTrials))",
                span: arguments.span,
                hint: "draw some with search=random trials=40, or give fewer values"
            )
        }
        var all: [[(name: String, word: ArgumentWord)]] = [[]]
        for (value, grid) in zip(values, grids) {
            all = all.flatMap { first in grid.map { first + [(value.name, $0)] } }
        }
        guard search != .grid else { return all }
        // Drawn without repeats, and tried in the order of the grid.
        var places = Array(all.indices)
        var generator = SeededGenerator(seed: seed)
        generator.shuffle(&places)
        return places.prefix(wanted ?? min(all.count, mostTrials)).sorted().map { all[$0] }
    }

    /// Returns the `tune` that a combination stands for, each value at its place in the source.
    private static func tuning(
        _ combination: [(name: String, word: ArgumentWord)],
        _ base: ArgumentWord,
        _ arguments: Arguments
    ) throws(Diagnostic) -> Tune {
        let settings = combination.filter { !["rows", "data", "format"].contains($0.name) }
        return try Tune(
            Tune.declaration.bind(
                [base],
                settings: settings.map { ($0.name, $0.word) },
                at: arguments.span
            )
        )
    }
}
