/// A part of a template that is printed or run.
indirect enum TemplateNode: Sendable {
    case text(String)
    case output(TemplateExpression)
    case conditional(
        [(condition: TemplateExpression, body: [TemplateNode])],
        otherwise: [TemplateNode]
    )
    case loop(TemplateLoop)
    case set(TemplateTarget, TemplateExpression)
    case capture(TemplateTarget, [TemplateNode])
    case macro(TemplateMacro)
    case breakLoop, continueLoop
    /// What is in it, as transformers' `generation` marks what the model says.
    case group([TemplateNode])
}

/// A `for`.
struct TemplateLoop: Sendable {
    var names: [String]
    var items: TemplateExpression
    var condition: TemplateExpression?
    var body: [TemplateNode]
    var otherwise: [TemplateNode]
}

/// A `macro`: text with parameters.
struct TemplateMacro: Sendable {
    var name: String
    var parameters: [(name: String, fallback: TemplateExpression?)]
    var body: [TemplateNode]
}

/// What a `set` sets.
enum TemplateTarget: Sendable {
    case name(String)
    case names([String])
    /// A value of a namespace.
    case attribute(of: String, String, at: Int)
}

/// An expression, and where it starts in the template.
struct TemplateExpression: Sendable {
    indirect enum Kind: Sendable {
        case constant(TemplateValue)
        case name(String)
        case list([TemplateExpression])
        case map([(name: TemplateExpression, value: TemplateExpression)])
        case attribute(TemplateExpression, String)
        case item(TemplateExpression, TemplateExpression)
        case slice(TemplateExpression, [TemplateExpression?])
        case call(TemplateExpression, TemplateArguments)
        case filter(TemplateExpression, String, TemplateArguments)
        case test(TemplateExpression, String, TemplateArguments)
        case not(TemplateExpression)
        case negative(TemplateExpression)
        case positive(TemplateExpression)
        case operation(String, TemplateExpression, TemplateExpression)
        case comparison(TemplateExpression, [(sign: String, value: TemplateExpression)])
        case and(TemplateExpression, TemplateExpression)
        case or(TemplateExpression, TemplateExpression)
        case conditional(
            TemplateExpression,
            then: TemplateExpression,
            otherwise: TemplateExpression?
        )
    }

    let kind: Kind
    let at: Int
    /// The levels of the tree, itself included.
    let height: Int

    init(kind: Kind, at: Int) {
        self.kind = kind
        self.at = at
        height = 1 + kind.parts.reduce(0) { max($0, $1.height) }
    }
}

extension TemplateExpression.Kind {
    /// The expressions that it is made of.
    fileprivate var parts: [TemplateExpression] {
        switch self {
        case .constant, .name: []
        case .list(let items): items
        case .map(let members): members.flatMap { [$0.name, $0.value] }
        case .attribute(let value, _), .not(let value), .negative(let value), .positive(let value):
            [value]
        case .item(let first, let second), .and(let first, let second), .or(let first, let second),
            .operation(_, let first, let second):
            [first, second]
        case .slice(let value, let bounds): [value] + bounds.compactMap { $0 }
        case .call(let value, let given), .filter(let value, _, let given),
            .test(let value, _, let given):
            [value] + given.values + given.named.map(\.value)
        case .comparison(let first, let rest): [first] + rest.map(\.value)
        case .conditional(let condition, let then, let otherwise):
            [condition, then] + (otherwise.map { [$0] } ?? [])
        }
    }
}

/// What a call, filter or test is given.
struct TemplateArguments: Sendable {
    var values: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []
}

/// What is wrong with a template, and where.
struct TemplateProblem: Error {
    enum Kind {
        /// The template is not well-formed.
        case syntax
        /// It uses what is not interpreted.
        case unsupported
        /// Running it fails.
        case failure
        /// It refuses the conversation itself.
        case refused
    }

    var kind: Kind
    var message: String
    var at: Int
}
