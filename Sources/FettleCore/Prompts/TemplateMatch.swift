extension PromptTemplate {
    /// Returns values of the columns with which the template gives `text`; nil when there are none, or when two
    /// columns stand side by side.
    ///
    /// Where several divisions of the text would do, each value is the shortest one. The text between columns is
    /// looked for by code points.
    public func values(giving text: String) -> [String: String]? {
        var values: [String: String] = [:]
        var rest = Array(text.unicodeScalars)[...]
        var open: String?
        for (place, segment) in segments.enumerated() {
            switch segment {
            case .column(let name, _):
                guard open == nil else { return nil }
                open = name
            case .text(let literal):
                let wanted = Array(literal.unicodeScalars)
                let start: Int? =
                    if place == segments.count - 1 {
                        rest.count >= wanted.count
                            && rest.suffix(wanted.count).elementsEqual(wanted)
                            ? rest.endIndex - wanted.count : nil
                    } else {
                        Self.first(wanted, in: rest)
                    }
                guard let start, open != nil || start == rest.startIndex else { return nil }
                if let name = open {
                    guard Self.set(name, rest[..<start], in: &values) else { return nil }
                }
                open = nil
                rest = rest[(start + wanted.count)...]
            }
        }
        if let name = open { return Self.set(name, rest, in: &values) ? values : nil }
        return rest.isEmpty ? values : nil
    }

    private static func first(
        _ wanted: [Unicode.Scalar],
        in text: ArraySlice<Unicode.Scalar>
    ) -> Int? {
        guard text.count >= wanted.count else { return nil }
        return (text.startIndex...(text.endIndex - wanted.count)).first { start in
            text[start] == wanted[0] && text[start..<start + wanted.count].elementsEqual(wanted)
        }
    }

    /// Keeps a value; returns false when the column has another one already.
    private static func set(
        _ name: String,
        _ value: ArraySlice<Unicode.Scalar>,
        in values: inout [String: String]
    ) -> Bool {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: value)
        let known = values.updateValue(String(text), forKey: name)
        return known == nil || known.map { $0.unicodeScalars.elementsEqual(text) } == true
    }
}
