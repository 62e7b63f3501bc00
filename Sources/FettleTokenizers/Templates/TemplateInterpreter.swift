/// Runs a template: names, statements and text; expressions are in an extension.
struct TemplateInterpreter {
    /// The units of work that a template may take: one for each part of it that is run, and one for each 16
    /// bytes or each item that is made.
    static let mostWork = 2_000_000
    /// The bytes that a template may print.
    static let mostBytes = 16 << 20
    /// The deepest nesting of what runs.
    static let deepest = 200

    /// What `strftime_now` writes the time with.
    let time: @Sendable (String) -> String?
    var frames: [[String: TemplateValue]]
    var namespaces: [[String: TemplateValue]] = []
    var loops: [Loop] = []
    private(set) var macros: [(macro: TemplateMacro, frames: Int)] = []
    private var output = ""
    private var work = 0
    private var printed = 0
    private var depth = 0

    /// A `for` that runs.
    struct Loop {
        var items: [TemplateValue]
        var index = 0
    }

    private enum Flow {
        case on, breakLoop, continueLoop
    }

    init(_ values: [String: TemplateValue], time: @escaping @Sendable (String) -> String?) {
        self.time = time
        frames = [values, [:]]
    }

    /// Returns what the template prints.
    mutating func run(_ nodes: [TemplateNode]) throws(TemplateProblem) -> String {
        _ = try run(body: nodes)
        return output
    }

    /// Counts work, and throws when there is too much of it.
    mutating func charge(_ units: Int, at place: Int) throws(TemplateProblem) {
        work += 1 + units
        guard work <= Self.mostWork else {
            throw TemplateProblem(
                kind: .failure,
                message: "it takes more than \(Self.mostWork) steps",
                at: place
            )
        }
    }

    /// Runs `body` one level deeper.
    mutating func nested<Result>(
        at place: Int,
        _ body: (inout TemplateInterpreter) throws(TemplateProblem) -> Result
    ) throws(TemplateProblem) -> Result {
        guard depth < Self.deepest else {
            throw TemplateProblem(
                kind: .failure,
                message: "what it runs is nested deeper than \(Self.deepest)",
                at: place
            )
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func print(_ text: String, at place: Int) throws(TemplateProblem) {
        printed += text.utf8.count
        guard printed <= Self.mostBytes else {
            throw TemplateProblem(
                kind: .failure,
                message: "it prints more than \(Self.mostBytes >> 20) MiB",
                at: place
            )
        }
        output += text
    }

    // MARK: - Statements

    private mutating func run(body: [TemplateNode]) throws(TemplateProblem) -> Flow {
        for node in body {
            let flow = try nested(at: 0) { (interpreter) throws(TemplateProblem) in
                try interpreter.run(node)
            }
            if flow != .on { return flow }
        }
        return .on
    }

    private mutating func run(_ node: TemplateNode) throws(TemplateProblem) -> Flow {
        switch node {
        case .text(let text): try print(text, at: 0)
        case .output(let expression):
            let value = try value(of: expression)
            try charge(value.weight, at: expression.at)
            if case .undefined = value { return .on }
            if case .text(let text) = value {
                try print(text, at: expression.at)
            } else {
                try print(try text(of: value, at: expression.at), at: expression.at)
            }
        case .conditional(let branches, let otherwise):
            for (condition, body) in branches where try value(of: condition).isTrue {
                return try run(body: body)
            }
            return try run(body: otherwise)
        case .loop(let loop): try run(loop)
        case .set(let target, let expression):
            try assign(try value(of: expression), to: target, at: expression.at)
        case .capture(let target, let body):
            let text = try captured(body)
            try assign(.text(text), to: target, at: 0)
        case .macro(let macro):
            macros.append((macro, frames.count))
            frames[frames.count - 1][macro.name] = .function(.macro(macros.count - 1))
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        case .group(let body): return try run(body: body)
        }
        return .on
    }

    /// Returns what a body prints, in a frame of its own.
    private mutating func captured(_ body: [TemplateNode]) throws(TemplateProblem) -> String {
        let outer = output
        output = ""
        frames.append([:])
        defer {
            frames.removeLast()
            output = outer
        }
        _ = try run(body: body)
        return output
    }

    private mutating func run(_ loop: TemplateLoop) throws(TemplateProblem) {
        let all = try items(of: try value(of: loop.items), at: loop.items.at)
        var items: [TemplateValue] = []
        if let condition = loop.condition {
            for item in all {
                frames.append([:])
                defer { frames.removeLast() }
                try assign(item, to: loop.target, at: loop.items.at)
                if try value(of: condition).isTrue { items.append(item) }
            }
        } else {
            items = all
        }
        guard !items.isEmpty else {
            _ = try run(body: loop.otherwise)
            return
        }
        let number = loops.count
        loops.append(Loop(items: items))
        defer { loops.removeLast() }
        for (index, item) in items.enumerated() {
            try charge(0, at: loop.items.at)
            loops[number].index = index
            frames.append(["loop": .loop(number)])
            defer { frames.removeLast() }
            try assign(item, to: loop.target, at: loop.items.at)
            if try run(body: loop.body) == .breakLoop { break }
        }
    }

    private mutating func assign(
        _ value: TemplateValue,
        to target: TemplateTarget,
        at place: Int
    ) throws(TemplateProblem) {
        switch target {
        case .name(let name): frames[frames.count - 1][name] = value
        case .names(let names):
            let parts = try items(of: value, at: place)
            guard parts.count == names.count else {
                throw TemplateProblem(
                    kind: .failure,
                    message: "expected \(names.count) values, found \(parts.count)",
                    at: place
                )
            }
            for (name, part) in zip(names, parts) { frames[frames.count - 1][name] = part }
        case .attribute(let name, let attribute, let at):
            guard case .namespace(let number) = lookUp(name) else {
                throw TemplateProblem(
                    kind: .failure,
                    message:
                        "'\(name)' is \(lookUp(name).kind), expected a namespace to set '\(attribute)' of",
                    at: at
                )
            }
            namespaces[number][attribute] = value
        }
    }

    /// Returns the value of a name, from the innermost frame that has it.
    func lookUp(_ name: String) -> TemplateValue {
        for frame in frames.reversed() {
            if let value = frame[name] { return value }
        }
        return Self.functions.contains(name) ? .function(.builtIn(name)) : .undefined(name)
    }

    private static let functions: Set<String> = [
        "namespace", "range", "dict", "raise_exception", "strftime_now",
    ]

    // MARK: - Macros

    /// Returns what a macro prints with arguments.
    mutating func call(
        macro number: Int,
        _ values: [TemplateValue],
        _ named: [(name: String, value: TemplateValue)],
        at place: Int
    ) throws(TemplateProblem) -> String {
        let (macro, known) = macros[number]
        guard values.count <= macro.parameters.count else {
            throw TemplateProblem(
                kind: .failure,
                message: "macro '\(macro.name)' takes \(macro.parameters.count) arguments, found "
                    + "\(values.count)",
                at: place
            )
        }
        for (name, _) in named where !macro.parameters.contains(where: { $0.name == name }) {
            throw TemplateProblem(
                kind: .failure,
                message: "macro '\(macro.name)' has no parameter '\(name)'",
                at: place
            )
        }
        let hidden = Array(frames[known...])
        frames.removeLast(frames.count - known)
        frames.append([:])
        defer {
            frames.removeLast(frames.count - known)
            frames += hidden
        }
        for (position, parameter) in macro.parameters.enumerated() {
            let value: TemplateValue
            if position < values.count {
                value = values[position]
            } else if let given = named.last(where: { $0.name == parameter.name })?.value {
                value = given
            } else if let fallback = parameter.fallback {
                value = try self.value(of: fallback)
            } else {
                value = .undefined(parameter.name)
            }
            frames[known][parameter.name] = value
        }
        return try captured(macro.body)
    }
}

extension TemplateLoop {
    /// What an item is assigned to.
    var target: TemplateTarget { names.count == 1 ? .name(names[0]) : .names(names) }
}
