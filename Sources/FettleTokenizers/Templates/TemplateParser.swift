/// Reads the statements of a template.
struct TemplateParser {
    private let pieces: [TemplatePiece]
    private var position = 0
    private var depth = 0
    private var loops = 0

    /// The deepest nesting of statements.
    private static let deepest = 60

    init(_ pieces: [TemplatePiece]) {
        self.pieces = pieces
    }

    mutating func template() throws(TemplateProblem) -> [TemplateNode] {
        let (nodes, end) = try body(until: [])
        if let end { throw unexpected(end) }
        return nodes
    }

    private func unexpected(_ tag: Tag) -> TemplateProblem {
        TemplateProblem(
            kind: .syntax,
            message: "'\(tag.name)' has nothing that it ends",
            at: tag.at
        )
    }

    /// The statement that ends a body.
    private struct Tag {
        var name: String
        var at: Int
        var rest: ExpressionParser
    }

    /// Returns what stands before one of the statements, and that statement.
    private mutating func body(
        until ends: Set<String>
    ) throws(TemplateProblem) -> (nodes: [TemplateNode], end: Tag?) {
        depth += 1
        defer { depth -= 1 }
        var nodes: [TemplateNode] = []
        while position < pieces.count {
            let piece = pieces[position]
            position += 1
            switch piece {
            case .text(let text): nodes.append(.text(text))
            case .output(let tokens, let end):
                var parser = ExpressionParser(tokens, end: end)
                let expression = try parser.tuple()
                try parser.finish("'}}'")
                nodes.append(.output(expression))
            case .statement(let tokens, let end):
                var parser = ExpressionParser(tokens, end: end)
                let at = parser.place
                let name = try parser.name("the name of a statement")
                let tag = Tag(name: name, at: at, rest: parser)
                if ends.contains(name) { return (nodes, tag) }
                guard depth < Self.deepest else {
                    throw TemplateProblem(
                        kind: .unsupported,
                        message: "statements are nested deeper than \(Self.deepest)",
                        at: at
                    )
                }
                nodes.append(try statement(tag))
            }
        }
        return (nodes, nil)
    }

    /// Returns the body before a statement that has to come.
    private mutating func body(
        of tag: Tag,
        until ends: Set<String>
    ) throws(TemplateProblem) -> (nodes: [TemplateNode], end: Tag) {
        let (nodes, end) = try body(until: ends)
        guard let end else {
            throw TemplateProblem(
                kind: .syntax,
                message: "'\(tag.name)' has no '\(ends.sorted().last ?? "end")'",
                at: tag.at
            )
        }
        return (nodes, end)
    }

    private mutating func statement(_ tag: Tag) throws(TemplateProblem) -> TemplateNode {
        switch tag.name {
        case "if": return try conditional(tag)
        case "for": return try loop(tag)
        case "set": return try set(tag)
        case "macro": return try macro(tag)
        case "generation":
            try finish(tag)
            let (nodes, end) = try body(of: tag, until: ["endgeneration"])
            try finish(end)
            return .group(nodes)
        case "break", "continue":
            try finish(tag)
            guard loops > 0 else {
                throw TemplateProblem(
                    kind: .syntax,
                    message: "'\(tag.name)' stands outside of a 'for'",
                    at: tag.at
                )
            }
            return tag.name == "break" ? .breakLoop : .continueLoop
        case "elif", "else", "endif", "endfor", "endset", "endmacro", "endgeneration":
            throw unexpected(tag)
        default:
            throw TemplateProblem(
                kind: .unsupported,
                message: "the statement '\(tag.name)' is not interpreted",
                at: tag.at
            )
        }
    }

    private func finish(_ tag: Tag) throws(TemplateProblem) {
        try tag.rest.finish("'%}'")
    }

    private mutating func conditional(_ tag: Tag) throws(TemplateProblem) -> TemplateNode {
        var branches: [(condition: TemplateExpression, body: [TemplateNode])] = []
        var current = tag
        while true {
            var parser = current.rest
            let condition = try parser.tuple()
            try parser.finish("'%}'")
            let (nodes, end) = try body(of: current, until: ["elif", "else", "endif"])
            branches.append((condition, nodes))
            current = end
            guard current.name == "elif" else { break }
        }
        guard current.name == "else" else {
            try finish(current)
            return .conditional(branches, otherwise: [])
        }
        try finish(current)
        let (nodes, end) = try body(of: tag, until: ["endif"])
        try finish(end)
        return .conditional(branches, otherwise: nodes)
    }

    private mutating func loop(_ tag: Tag) throws(TemplateProblem) -> TemplateNode {
        var parser = tag.rest
        let names = try parser.names()
        try parser.word("in")
        let items = try parser.tuple(takesCondition: false)
        let condition = parser.takeName("if") ? try parser.expression() : nil
        if parser.takeName("recursive") {
            throw TemplateProblem(
                kind: .unsupported,
                message: "'recursive' is not interpreted",
                at: tag.at
            )
        }
        try parser.finish("'%}'")
        loops += 1
        let (nodes, end) = try body(of: tag, until: ["else", "endfor"])
        loops -= 1
        try finish(end)
        var otherwise: [TemplateNode] = []
        if end.name == "else" {
            let last: Tag
            (otherwise, last) = try body(of: tag, until: ["endfor"])
            try finish(last)
        }
        return .loop(
            TemplateLoop(
                names: names,
                items: items,
                condition: condition,
                body: nodes,
                otherwise: otherwise
            )
        )
    }

    private mutating func set(_ tag: Tag) throws(TemplateProblem) -> TemplateNode {
        var parser = tag.rest
        let at = parser.place
        let names = try parser.names()
        var target = names.count == 1 ? TemplateTarget.name(names[0]) : .names(names)
        if names.count == 1, parser.take(".") {
            target = .attribute(of: names[0], try parser.name("a name after '.'"), at: at)
        }
        if parser.take("=") {
            let value = try parser.tuple()
            try parser.finish("'%}'")
            return .set(target, value)
        }
        try parser.finish("'=' or '%}'")
        let outer = loops
        loops = 0
        let (nodes, end) = try body(of: tag, until: ["endset"])
        loops = outer
        try finish(end)
        return .capture(target, nodes)
    }

    private mutating func macro(_ tag: Tag) throws(TemplateProblem) -> TemplateNode {
        var parser = tag.rest
        let name = try parser.name("the name of the macro")
        var parameters: [(name: String, fallback: TemplateExpression?)] = []
        guard parser.take("(") else { throw parser.unexpected("'('") }
        while !parser.take(")") {
            if !parameters.isEmpty, !parser.take(",") { throw parser.unexpected("',' or ')'") }
            let parameter = try parser.name("the name of a parameter")
            parameters.append((parameter, parser.take("=") ? try parser.expression() : nil))
        }
        try parser.finish("'%}'")
        let outer = loops
        loops = 0
        let (nodes, end) = try body(of: tag, until: ["endmacro"])
        loops = outer
        try finish(end)
        return .macro(TemplateMacro(name: name, parameters: parameters, body: nodes))
    }
}
