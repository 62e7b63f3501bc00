/// The options of one of the old command line's commands, read as Python's argparse reads them.
struct OldOptions: Sendable {
    /// One option.
    struct Option: Sendable {
        enum Kind: Sendable {
            case flag, text, integer, number, numbers
        }

        var short: String?
        var long: String
        var kind = Kind.text
        var isRequired = false

        init(_ short: String?, _ long: String, _ kind: Kind = .text, required: Bool = false) {
            (self.short, self.long, self.kind, isRequired) = (short, long, kind, required)
        }

        /// The name that values are found by: `max_tokens` of `--max-tokens`.
        var name: String { String(long.dropFirst(2)).replacing("-", with: "_") }

        fileprivate var names: [String] { [short, long].compactMap(\.self) }
        fileprivate var value: String {
            switch kind {
            case .flag: ""
            case .numbers: " \(name.uppercased()) [\(name.uppercased()) ...]"
            default: " \(name.uppercased())"
            }
        }
    }

    /// What a command line ends with before anything is done.
    struct End: Error {
        /// What is written.
        var text: String
        /// 0 where the user asked for it.
        var status: Int
    }

    /// What was given.
    struct Values: Sendable {
        fileprivate(set) var texts: [String: [String]] = [:]

        func has(_ name: String) -> Bool { texts[name] != nil }

        func text(_ name: String) -> String? { texts[name]?.last }

        func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

        func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }

        func numbers(_ name: String) -> [Double]? { texts[name]?.compactMap { Double($0) } }
    }

    /// What the user typed before the options, such as `openai api fine_tunes.create`.
    var program: String
    var options: [Option]

    /// Reads words.
    func values(_ words: [String]) throws(End) -> Values {
        var values = Values()
        var strangers: [String] = []
        var rest = words[...]
        var takesOptions = true
        while let word = rest.popFirst() {
            if takesOptions, word == "--" {
                takesOptions = false
                continue
            }
            guard takesOptions, let (option, attached) = try match(word) else {
                strangers.append(word)
                continue
            }
            var given: [String] = []
            if option.kind == .flag {
                guard attached == nil else {
                    throw wrong(option, "ignored explicit argument '\(attached ?? "")'")
                }
            } else if let attached {
                given = [attached]
            } else {
                let most = option.kind == .numbers ? Int.max : 1
                while given.count < most, let next = rest.first, !looksLikeOption(next) {
                    given.append(next)
                    rest.removeFirst()
                }
                guard !given.isEmpty else {
                    let count = option.kind == .numbers ? "at least one argument" : "one argument"
                    throw wrong(option, "expected \(count)")
                }
            }
            for text in given { try check(text, option) }
            values.texts[option.name] = given
        }
        let absent = options.filter { $0.isRequired && !values.has($0.name) }
        guard absent.isEmpty else {
            let names = absent.map { $0.names.joined(separator: "/") }.joined(separator: ", ")
            throw error("the following arguments are required: \(names)")
        }
        guard strangers.isEmpty else {
            throw error("unrecognized arguments: \(strangers.joined(separator: " "))")
        }
        return values
    }

    /// The line that says what can be given.
    var usage: String {
        let parts = options.map { option in
            let text = (option.short ?? option.long) + option.value
            return option.isRequired ? text : "[\(text)]"
        }
        return "usage: " + ([program, "[-h]"] + parts).joined(separator: " ") + "\n"
    }

    /// Returns the end that wrong use of the program is.
    func error(_ text: String) -> End {
        End(text: usage + "\(program): error: \(text)\n", status: 2)
    }

    // MARK: - Words

    /// Returns the option that a word is, and the value that stands in the same word.
    private func match(_ word: String) throws(End) -> (Option, String?)? {
        guard word.hasPrefix("-"), word.count > 1 else { return nil }
        if word == "-h" || word == "--help" {
            throw End(text: usage + Self.help(options), status: 0)
        }
        if let option = options.first(where: { $0.names.contains(word) }) { return (option, nil) }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let value = parts.count == 2 ? parts[1] : nil
        if word.hasPrefix("--") {
            // A part of a name is enough where it is the part of only one.
            let near = options.filter { $0.long.hasPrefix(parts[0]) }
            let exact = near.filter { $0.long == parts[0] }
            let found = exact.isEmpty ? near : exact
            if found.count == 1 { return (found[0], value) }
            guard found.isEmpty else {
                let names = found.map(\.long).joined(separator: ", ")
                throw error("ambiguous option: \(parts[0]) could match \(names)")
            }
            return nil
        }
        guard let option = options.first(where: { $0.short == String(word.prefix(2)) }) else {
            return nil
        }
        let attached = String(word.dropFirst(2))
        return (option, attached.hasPrefix("=") ? String(attached.dropFirst()) : attached)
    }

    private func looksLikeOption(_ word: String) -> Bool {
        guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else { return false }
        return !word.contains(" ")
    }

    private func check(_ text: String, _ option: Option) throws(End) {
        switch option.kind {
        case .integer where Int(text) == nil: throw wrong(option, "invalid int value: '\(text)'")
        case .number where Double(text) == nil, .numbers where Double(text) == nil:
            throw wrong(option, "invalid float value: '\(text)'")
        default: return
        }
    }

    private func wrong(_ option: Option, _ text: String) -> End {
        error("argument \(option.names.joined(separator: "/")): \(text)")
    }

    private static func help(_ options: [Option]) -> String {
        "\noptions:\n  -h, --help\n"
            + options.map { option in
                "  " + option.names.map { $0 + option.value }.joined(separator: ", ") + "\n"
            }.joined()
    }
}
