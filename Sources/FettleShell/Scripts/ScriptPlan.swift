import FettleCore
import FettleLanguage

/// The statements of a script that are to run, with the prose before each.
struct ScriptPlan: Sendable {
    /// One statement.
    struct Step: Sendable {
        var statement: Statement
        /// Its place among all statements of the script, from 0.
        var index: Int
        /// Its line, from 1.
        var line: Int
        /// The prose between the statement before it and this one.
        var prose: [Prose]
    }

    /// A line of prose and its place.
    struct Prose: Sendable {
        var text: String
        var span: SourceSpan
    }

    /// Lines of prose that stand together, the first of which is their heading.
    struct Section {
        var lines: [String]
        var line: Int
    }

    let source: SourceText
    private(set) var steps: [Step] = []
    private(set) var sections: [Section] = []
    /// The prose after the last statement.
    private(set) var epilogue: [Prose] = []
    /// How many statements the whole script has.
    private(set) var count = 0

    /// Reads a script, and takes the statements between two places, each a line or a heading, both
    /// included; what `param` declares is always taken.
    ///
    /// - Throws: an error of syntax anywhere in the script, or `unknown-place`.
    init(_ source: SourceText, from: String? = nil, to: String? = nil) throws(Diagnostic) {
        self.source = source
        let script = try source.script()
        var counter = LineCounter(source.text)
        var prose: [Prose] = []
        var isInProse = false
        for item in script.items {
            switch item {
            case .prose(let text, let span):
                if isInProse {
                    sections[sections.count - 1].lines.append(text)
                } else {
                    sections.append(Section(lines: [text], line: counter.line(at: span.start)))
                }
                prose.append(Prose(text: text, span: span))
                isInProse = true
            case .statement(let statement):
                let line = counter.line(at: statement.span.start)
                steps.append(Step(statement: statement, index: count, line: line, prose: prose))
                count += 1
                prose = []
                isInProse = false
            case .expected: isInProse = false
            }
        }
        epilogue = prose
        let first = try from.map { place throws(Diagnostic) in try line(of: place, "--from") }
        let last = try to.map { place throws(Diagnostic) in try lastLine(of: place) }
        guard first != nil || last != nil else { return }
        steps.removeAll { step in
            !step.isParameter && (step.line < first ?? 0 || step.line > last ?? Int.max)
        }
    }

    /// Leaves out the statements before one.
    mutating func skip(to index: Int) {
        steps.removeAll { $0.index < index }
    }

    /// The text of a step.
    func text(_ step: Step) -> String {
        step.statement.text
    }

    private func line(of place: String, _ option: String) throws(Diagnostic) -> Int {
        if let line = Int(place) {
            guard line >= 1 else { throw unknown(place, option) }
            return line
        }
        return sections[try section(place, option)].line
    }

    /// Returns the last line of a place: of a heading, all that comes before the next one.
    private func lastLine(of place: String) throws(Diagnostic) -> Int {
        if Int(place) != nil { return try line(of: place, "--to") }
        let next = try section(place, "--to") + 1
        return next < sections.count ? sections[next].line - 1 : Int.max
    }

    private func section(_ place: String, _ option: String) throws(Diagnostic) -> Int {
        let wanted = place.lowercased()
        let exact = sections.firstIndex { $0.lines.contains { $0.lowercased() == wanted } }
        if let exact { return exact }
        let near = sections.indices.filter { index in
            sections[index].lines.contains { $0.lowercased().hasPrefix(wanted) }
        }
        guard near.count == 1, !wanted.isEmpty else { throw unknown(place, option) }
        return near[0]
    }

    private func unknown(_ place: String, _ option: String) -> Diagnostic {
        let headings = sections.compactMap(\.lines.first)
        let listed = headings.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        return Diagnostic(
            "unknown-place",
            "\(option) names '\(place)', which is no line and no '##' heading of the script",
            hints: [
                didYouMean(place, among: headings),
                headings.isEmpty
                    ? "it has no '##' lines; give a line's number" : "it has \(listed)",
            ].compactMap(\.self)
        )
    }
}

extension ScriptPlan.Step {
    /// Whether it declares what `--set` may set.
    fileprivate var isParameter: Bool {
        if case .command(let invocation)? = statement.stages.first {
            invocation.verb == "param"
        } else {
            false
        }
    }
}

/// Finds the lines of places that are asked for in the order of the text.
private struct LineCounter {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func line(at place: Int) -> Int {
        while offset < min(place, bytes.count) {
            if bytes[offset] == UInt8(ascii: "\n") { line += 1 }
            offset += 1
        }
        return line
    }
}
