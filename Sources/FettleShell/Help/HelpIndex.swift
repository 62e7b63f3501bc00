import FettleData
import FettleLanguage
import FettleNotebook

/// Finds what the help says of a word.
enum HelpIndex {
    /// One place of the help that has the words.
    struct Hit: Sendable {
        /// What to type, such as `shuffle seed=`.
        var name: String
        /// Its sentence.
        var text: String
        /// Lower is better: 0 for a name, 1 for a summary, 2 for a parameter, 3 for a paragraph.
        var rank: Int
    }

    /// Returns the commands, parameters and kinds of pictures that all words occur in, best first; a command's
    /// synonyms are words of its own.
    static func commands(_ words: [String]) -> [Hit] {
        let hits = CommandCatalogue.declarations.flatMap { declaration -> [Hit] in
            if has(declaration.name, words) {
                return [.init(name: declaration.name, text: declaration.summary, rank: 0)]
            }
            let own =
                [declaration.name, declaration.summary]
                + CommandCatalogue.synonyms(of: declaration.name)
            if has(own.joined(separator: " "), words) {
                return [.init(name: declaration.name, text: declaration.summary, rank: 1)]
            }
            // Kinds of pictures are found one by one.
            let parameters = declaration.parameters.filter {
                $0 != PlotCommand.kind.parameter
                    && has(([$0.name] + $0.aliases + [$0.help]).joined(separator: " "), words)
            }
            if !parameters.isEmpty {
                return parameters.map {
                    .init(name: declaration.name + " " + $0.shownName, text: $0.help, rank: 2)
                }
            }
            let examples = declaration.examples.map(\.explanation)
            guard has((examples + [declaration.details]).joined(separator: " "), words) else {
                return []
            }
            return [.init(name: declaration.name, text: declaration.summary, rank: 3)]
        }
        let kinds = PlotKinds.all.compactMap { kind -> Hit? in
            let own = [kind.name, kind.summary] + kind.synonyms
            guard has(own.joined(separator: " "), words) else { return nil }
            let isNamed = has(kind.name, words)
            return Hit(name: "plot " + kind.name, text: kind.summary, rank: isNamed ? 0 : 1)
        }
        return stablySorted(hits + kinds)
    }

    /// Returns the functions of expressions that all words occur in, best first.
    static func functions(_ words: [String]) -> [Hit] {
        let hits = Expression.functions.compactMap { function -> Hit? in
            let isNamed = has(function.name, words)
            guard isNamed || has(function.signature + " " + function.summary, words)
            else { return nil }
            return Hit(name: function.signature, text: function.summary, rank: isNamed ? 0 : 1)
        }
        return stablySorted(hits)
    }

    /// Returns the errors that all words occur in, best first.
    static func errors(_ words: [String]) -> [Hit] {
        let hits = ErrorGuide.groups.flatMap(\.entries).compactMap { entry -> Hit? in
            let isNamed = has(entry.code, words)
            guard isNamed || has(entry.code + " " + entry.meaning + " " + entry.remedy, words)
            else { return nil }
            return Hit(name: entry.code, text: entry.meaning, rank: isNamed ? 0 : 1)
        }
        return stablySorted(hits)
    }

    private static func has(_ text: String, _ words: [String]) -> Bool {
        let text = text.lowercased()
        return words.allSatisfy { text.contains($0) }
    }

    private static func stablySorted(_ hits: [Hit]) -> [Hit] {
        hits.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
    }
}

extension Parameter {
    /// The parameter as one types it: `seed=`, `--fix`, `as`, `DATASET`.
    fileprivate var shownName: String {
        switch form {
        case .word, .words, .expression, .mapping: name.uppercased()
        case .clause: name
        case .setting: name + "="
        case .flag: "--" + name
        }
    }
}
