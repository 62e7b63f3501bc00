/// Lists of words and sentences by name, read from a plain text that is easy to edit.
///
/// `@name:` starts a list of words between commas, `@name` a list with one sentence a line.
/// A sentence may hold alternatives, `[now|by now]`, and slots, `{product}`: see ``Composer``.
struct Bank {
    /// The lists by name.
    var lists: [String: [String]] = [:]

    /// Reads the lists of `text`.
    init(_ text: String) {
        self.init(lines: text.split(separator: "\n", omittingEmptySubsequences: true))
    }

    private init(lines: [Substring]) {
        var name = ""
        var isWords = false
        for line in lines {
            if line.hasPrefix("@") {
                let header = line.dropFirst().split(separator: ":", maxSplits: 1)
                name = header.first.map(String.init) ?? ""
                isWords = line.contains(":")
                if header.count == 2 { append(header[1], to: name, isWords: isWords) }
            } else {
                append(line, to: name, isWords: isWords)
            }
        }
    }

    private mutating func append(_ line: Substring, to name: String, isWords: Bool) {
        let entries = isWords ? line.split(separator: ",") : [line]
        for entry in entries {
            let text = entry.trimmed
            if !text.isEmpty { lists[name, default: []].append(text) }
        }
    }

    /// Returns this bank with the lists of one family of products added to its own.
    ///
    /// Sentences that begin with `~` speak of things that last, or break; a family with the list
    /// `consumed`, such as films or coffee, goes without them.
    func adding(_ family: Bank) -> Bank {
        let isLasting = family.lists["consumed"] == nil
        var merged = Bank("")
        for (name, entries) in lists {
            merged.lists[name] = entries.compactMap { entry in
                guard entry.hasPrefix("~") else { return entry }
                return isLasting ? entry.dropFirst().trimmed : nil
            }
        }
        for (name, entries) in family.lists { merged.lists[name, default: []] += entries }
        return merged
    }

    /// Reads the families of products of each category: a line `= apparel` starts a family.
    static func families(_ texts: String...) -> [String: [Bank]] {
        var families: [String: [Bank]] = [:]
        for text in texts {
            var category = ""
            var lines: [Substring] = []
            for line in text.split(separator: "\n") + [Substring("= ")] {
                guard line.hasPrefix("= ") else {
                    lines.append(line)
                    continue
                }
                if !lines.isEmpty { families[category, default: []].append(Bank(lines: lines)) }
                category = line.dropFirst(2).trimmed
                lines = []
            }
        }
        return families
    }
}

extension Substring {
    /// The text without spaces at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { $0 != " " }),
            let last = lastIndex(where: { $0 != " " })
        else { return "" }
        return String(self[first...last])
    }
}
