import FettleCore
import FettleLanguage
import FettleShell

/// The lexer and parser, and the binding of what they give to the declarations of the commands.
struct LanguageTarget: FuzzTarget {
    let name = "language"
    private let scripts: [[UInt8]]
    private let mutation = Mutation([
        "rows", "where ", "derive ", "x = ", " ", "\n", "\r\n", "|", ";", "&", ">", ">>", "<<E\n",
        "<<~E", "<<'E'", "\nE\n", "'", "\"", "\"\"\"", "\\", "\\\n", "$", "$x", "${", "}", "${x:-",
        "${env:", ":?", "#", "##", "#>", "#!", "!", "--", "--x", "x=", "(", ")", "[", "]", " as ",
        "`", "é", "评论", "😀", "\u{301}", "\t", "\\u{", "\\q", "1", "-", "{{a}}", "| !sort",
        "9223372036854775808", "seed=", "/dev/null", "\u{2028}", "\u{85}",
    ])

    init(_ corpus: FuzzCorpus) {
        scripts = corpus.scripts
    }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(5) == 0 { return mutation.soup(&generator, atMost: 20) }
        var script = scripts.any(&generator)
        // Whole scripts are long and most changes of them are alike: often a few lines will do.
        if script.count > 200, generator.below(4) != 0 {
            let start = generator.below(script.count - 100)
            script = Array(script[start..<min(script.count, start + 50 + generator.below(300))])
        }
        return mutation.changed(script, with: scripts.any(&generator), &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let source = String(decoding: input, as: UTF8.self)
        switch CommandCatalogue.parser.outcome(of: source) {
        case .failure(let error):
            try requirePlace(of: error, in: source)
            return false
        case .incomplete(let open):
            try requirePlace(of: Diagnostic("x", "x", span: open.span), in: source)
            return false
        case .complete(let script):
            for item in script.items {
                guard case .statement(let statement) = item else { continue }
                try check(statement, source)
            }
            return true
        }
    }

    private func check(_ statement: Statement, _ source: String) throws {
        try requirePlace(of: Diagnostic("x", "x", span: statement.span), in: source)
        try require(!statement.stages.isEmpty, "a statement without stages")
        let text = statement.text
        // Records and saved sessions keep a statement's text: read alone, it must be the same.
        let again = CommandCatalogue.parser.outcome(of: text)
        if text.unicodeScalars.first == "\u{FEFF}" {
            // A byte order mark is no part of a text that it begins.
        } else if case .complete(let script) = again, case .statement(let one)? = script.items.first
        {
            try require(script.items.count == 1, "'\(text)' alone has \(script.items.count) items")
            try require(
                shape(one) == shape(statement),
                "'\(text)' alone is \(shape(one)), not \(shape(statement))"
            )
        } else {
            throw FuzzFinding("'\(text)' alone gives \(again)")
        }
        let expander = WordExpander(names: ["x"]) { variable in
            variable.name == "x" ? ("7 é", false) : nil
        }
        for case .command(let invocation) in statement.stages {
            do {
                let type = try CommandCatalogue.command(invocation.verb, at: invocation.verbSpan)
                _ = try type.init(try type.declaration.bind(invocation, expanding: expander))
            } catch {
                try requirePlace(of: error, in: source)
            }
        }
    }

    /// What a statement says, without its places.
    private func shape(_ statement: Statement) -> [String] {
        func text(_ word: Word) -> String {
            word.pieces.map { piece in
                switch piece {
                case .text(let text, _): text
                case .variable(let variable, _, let use): "\(variable)\(use)"
                }
            }.joined(separator: "\u{1}")
        }
        return statement.stages.flatMap { stage -> [String] in
            switch stage {
            case .shell(let line, _): return ["!", line]
            case .command(let invocation):
                let arguments = invocation.arguments.map { argument in
                    switch argument {
                    case .word(let word): text(word)
                    case .setting(let name, _, let word): "\(name)=\(text(word))"
                    case .flag(let name, _, let word): "--\(name)=\(word.map(text) ?? "")"
                    }
                }
                return [invocation.verb] + arguments
                    + (invocation.expression.map { [text($0)] } ?? [])
            }
        } + [statement.redirect.map { text($0.file) } ?? "", "\(statement.inBackground)"]
    }
}
