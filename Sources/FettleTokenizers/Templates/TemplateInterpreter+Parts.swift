extension TemplateInterpreter {
    /// Returns what `object.name` means.
    mutating func attribute(
        _ name: String,
        of object: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        switch object {
        case .undefined(let what): throw missing(what, at: place)
        case .namespace(let number): return namespaces[number][name] ?? .undefined(name)
        case .loop(let number): return try attribute(name, ofLoop: number, at: place)
        case .map:
            try charge(object.weight / 8, at: place)
            if Self.mapMethods.contains(name) { return .function(.method(object, name)) }
            return object[name] ?? .undefined(name)
        case .text where Self.textMethods.contains(name): return .function(.method(object, name))
        default: return .undefined(name)
        }
    }

    /// Returns what `object[index]` means.
    mutating func item(
        _ index: TemplateValue,
        of object: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        try charge(object.weight / 8, at: place)
        switch (object, index) {
        case (.undefined(let what), _): throw missing(what, at: place)
        case (.map, .text(let name)):
            if let value = object[name] { return value }
            return try attribute(name, of: object, at: place)
        case (.list(let items), _):
            guard let index = index.whole else { break }
            let position = index < 0 ? index + items.count : index
            return items.indices.contains(position) ? items[position] : .undefined("\(index)")
        case (.text(let text), .integer), (.text(let text), .boolean):
            let scalars = Array(text.unicodeScalars)
            let index = index.whole ?? 0
            let position = index < 0 ? index + scalars.count : index
            return scalars.indices.contains(position)
                ? .text(String(scalars[position])) : .undefined("\(index)")
        case (_, .text(let name)): return try attribute(name, of: object, at: place)
        default: break
        }
        return .undefined(index.printed)
    }

    /// Returns what `object[a:b:c]` means.
    mutating func slice(
        _ object: TemplateValue,
        _ bounds: [Int?],
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        let step = (bounds.count > 2 ? bounds[2] : nil) ?? 1
        guard step != 0 else { throw failure("the step of a slice is 0", at: place) }
        func places(_ count: Int) -> [Int] {
            func clamped(_ bound: Int) -> Int {
                let place = bound < 0 ? max(bound, -count - 1) + count : min(bound, count)
                return step > 0 ? max(0, place) : min(max(-1, place), count - 1)
            }
            let start = bounds[0].map(clamped) ?? (step > 0 ? 0 : count - 1)
            let end = bounds[1].map(clamped) ?? (step > 0 ? count : -1)
            return Array(stride(from: start, to: end, by: min(max(step, -count - 1), count + 1)))
        }
        try charge(object.weight, at: place)
        switch object {
        case .list(let items): return .list(places(items.count).map { items[$0] })
        case .text(let text):
            let scalars = Array(text.unicodeScalars)
            return .text(PythonText.text(places(scalars.count).map { scalars[$0] }))
        case .undefined(let what): throw missing(what, at: place)
        default: throw failure("\(object.kind) has no slices", at: place)
        }
    }

    private func attribute(
        _ name: String,
        ofLoop number: Int,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        guard number < loops.count else { throw missing("loop", at: place) }
        let (items, index) = (loops[number].items, loops[number].index)
        switch name {
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "revindex": return .integer(items.count - index)
        case "revindex0": return .integer(items.count - index - 1)
        case "first": return .boolean(index == 0)
        case "last": return .boolean(index == items.count - 1)
        case "length": return .integer(items.count)
        case "previtem":
            return index > 0 ? items[index - 1] : .undefined("there is no previous item")
        case "nextitem":
            return index + 1 < items.count ? items[index + 1] : .undefined("there is no next item")
        default: throw unsupported("'loop.\(name)'", at: place)
        }
    }

    /// Returns the items that a `for` goes through.
    mutating func items(
        of value: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> [TemplateValue] {
        try charge(value.weight, at: place)
        switch value {
        case .list(let items): return items
        case .map(let members): return members.map { .text($0.name) }
        case .text(let text): return text.unicodeScalars.map { .text(String($0)) }
        case .undefined: return []
        default: throw failure("\(value.kind) has no items", at: place)
        }
    }
}
