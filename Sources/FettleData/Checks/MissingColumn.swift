import FettleCore

/// Columns that the format names and the dataset does not have; it goes before all other checks, which
/// need the columns.
enum MissingColumn {
    static let code = "missing-column"
    static let summary = "columns that the format names are there"

    static func findings(in input: CheckInput) -> [Finding] {
        let absent = input.format.columns.filter { input.frame.position(of: $0) == nil }
        guard !absent.isEmpty else { return [] }
        var names: [String: String] = [:]
        for name in absent {
            let near = input.frame.columnNames.filter { $0.lowercased() == name.lowercased() }
            if near.count == 1 { names[name] = near[0] }
        }
        let fix = (try? input.format.renaming(names)).flatMap { format in
            names.isEmpty ? nil : CheckFix([.format(format)], of: input.format)
        }
        return absent.map { name in
            let part = input.format.parts.first { $0.template.columns.contains(name) }?.name
            let near = names[name] ?? nearestWord(name, among: input.frame.columnNames)
            return Finding(
                code,
                .error,
                "'\(input.dataset)' has no column '\(name)', which the \(part ?? "format") names"
                    + (near.map { "; there is '\($0)'" } ?? ""),
                count: 1,
                fix: names[name] == nil ? nil : fix
            )
        }
    }

    private static func nearestWord(_ name: String, among names: [String]) -> String? {
        suggestions(for: name, among: names).first
    }
}

extension PromptFormat {
    /// Returns the format with other names of columns.
    fileprivate func renaming(_ names: [String: String]) throws(Diagnostic) -> PromptFormat {
        func renamed(_ template: PromptTemplate) throws(Diagnostic) -> PromptTemplate {
            var source = ""
            for segment in template.segments {
                switch segment {
                case .text(let text): source += text
                case .column(let name, _): source += "{{\(names[name] ?? name)}}"
                }
            }
            return try PromptTemplate(source)
        }
        switch self {
        case .completion(let prompt, let completion):
            return .completion(prompt: try renamed(prompt), completion: try renamed(completion))
        case .chat(let system, let user, let assistant):
            return .chat(
                system: try system.map { old throws(Diagnostic) in try renamed(old) },
                user: try renamed(user),
                assistant: try renamed(assistant)
            )
        }
    }
}
