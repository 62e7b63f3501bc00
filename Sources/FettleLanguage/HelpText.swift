extension CommandDeclaration {
    /// The command's help page as plain text, as `help NAME` shows it.
    public var helpText: String {
        var lines = ["\(name): \(summary)", "", "  \(synopsis)"]
        if !details.isEmpty { lines += ["", details] }
        let width = parameters.map(\.synopsisName.count).max() ?? 0
        for (title, parameters) in sections where !parameters.isEmpty {
            lines += [""] + (title.map { ["\($0):"] } ?? [])
            lines += parameters.map { parameter in
                let name = parameter.synopsisName
                return "  " + name + String(repeating: " ", count: width - name.count + 2)
                    + parameter.fullHelp
            }
        }
        lines += ["", "examples:"]
        for example in examples {
            lines += example.line.split(separator: "\n", omittingEmptySubsequences: false).map {
                "  \($0)"
            }
            lines += ["      \(example.explanation)"]
        }
        return lines.joined(separator: "\n")
    }

    /// The command's section of the reference, in Markdown.
    public var markdown: String {
        var lines = ["### `\(name)`", "", "\(summary.capitalizedFirst).", ""]
        lines += ["```", synopsis, "```", ""]
        if !details.isEmpty { lines += [details, ""] }
        if !parameters.isEmpty {
            lines += ["| parameter | meaning |", "|---|---|"]
            for (title, parameters) in sections {
                if let title { lines.append("| **\(title)** | |") }
                lines += parameters.map { parameter in
                    "| `\(parameter.synopsisName.pipeEscaped)` | \(parameter.fullHelp.pipeEscaped) |"
                }
            }
            lines += [""]
        }
        lines += ["```sh"]
        for example in examples { lines += ["# \(example.explanation)", example.line] }
        lines += ["```", ""]
        return lines.joined(separator: "\n")
    }
}

extension Parameter {
    fileprivate var synopsisName: String {
        switch form {
        case .word, .words, .expression: name.uppercased()
        case .clause: synopsis.filter { $0 != "[" && $0 != "]" }
        case .setting: "\(name)="
        case .flag: "--\(name)"
        case .mapping: name.uppercased()
        }
    }

    /// The help sentence with choices, other names, unit and default.
    fileprivate var fullHelp: String {
        var parts = [help]
        if case .choice(let choices) = kind { parts.append(choices.joined(separator: ", ")) }
        if let unit { parts.append("in \(unit)") }
        if !aliases.isEmpty { parts.append("also \(aliases.joined(separator: ", "))") }
        if let defaultText { parts.append("default \(defaultText)") }
        return parts.joined(separator: "; ")
    }
}

extension String {
    fileprivate var capitalizedFirst: String {
        prefix(1).uppercased() + dropFirst()
    }

    fileprivate var pipeEscaped: String {
        split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
