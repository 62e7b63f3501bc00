import FettleCore
import FettleLanguage

/// A made-up command with every form of parameter but a mapping.
enum Brew {
    enum Strength: String, CaseIterable, ArgumentValue {
        case mild, strong
    }

    static let pot = Option<String>.word(
        "pot",
        required: false,
        kind: .dataset,
        help: "what to brew in"
    )
    static let leaf = Option<ArgumentWord>.word("leaf", kind: .file([]), help: "what to brew")
    static let minutes = Option<Int>.setting(
        "minutes",
        aliases: ["m"],
        default: "3",
        unit: "minutes",
        help: "how long to wait"
    )
    static let strength = Option<Strength>.setting("strength", help: "how much leaf")
    static let heat = Option<Double>.setting("heat", required: true, help: "share of boiling heat")
    static let seed = Option<UInt64>.setting("seed", help: "which leaves")
    static let milk = Option<Bool>.setting("milk", help: "milk | none")
    static let cold = Option<Bool>.flag("cold", help: "serve with ice")
    static let name = Option<String>.clause("as", help: "the cup's name")

    static let declaration = CommandDeclaration(
        "brew",
        group: .data,
        summary: "make a cup of tea",
        details: "Water comes from the tap.",
        parameters: [
            pot.parameter, leaf.parameter, minutes.parameter, strength.parameter, heat.parameter,
            seed.parameter, milk.parameter, cold.parameter, name.parameter,
        ],
        effect: .state,
        examples: [
            .init("brew oolong heat=0.9", "a cup"),
            .init("brew <<END heat=1\nblack\nEND", "two lines"),
        ]
    )
}

/// A made-up command that renames things.
enum Rename {
    static let column = Option<String>.word("column", kind: .column, help: "whose values")
    static let pairs = Option<String>.mapping("old=new", help: "what becomes what")
    static let to = Option<String>.clause(
        "to",
        required: true,
        kind: .choice(["a", "b"]),
        help: "where"
    )

    static let declaration = CommandDeclaration(
        "rename",
        group: .data,
        summary: "rename values",
        parameters: [column.parameter, pairs.parameter, to.parameter],
        effect: .state,
        examples: [.init("rename x 1=2 to a", "one"), .init("rename x b=c to b", "two")]
    )
}

/// A made-up command with an expression and one with all words.
enum Others {
    static let condition = Option<ArgumentWord>.expression("condition", help: "what must hold")
    static let expression = CommandDeclaration(
        "where",
        group: .data,
        summary: "keep rows",
        parameters: [condition.parameter, Brew.name.parameter],
        effect: .state,
        examples: [.init("where a", "a"), .init("where b", "b")]
    )
    static let first = Option<String>.word("first", required: false, help: "the first")
    static let rest = Option<Int>.words("rest", help: "the numbers")
    static let words = CommandDeclaration(
        "sum",
        group: .judge,
        summary: "add numbers",
        parameters: [first.parameter, rest.parameter],
        effect: .none,
        examples: [.init("sum 1 2", "three"), .init("sum 1", "one")]
    )
}

/// Binds a command to a declaration.
func bind(
    _ source: String,
    _ declaration: CommandDeclaration = Brew.declaration
) throws -> Arguments {
    try declaration.bind(
        try invocation(source),
        expanding: expander(["n": "7", "word": "two words"])
    )
}
