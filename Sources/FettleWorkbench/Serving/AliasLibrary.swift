public import FettleCore
public import FettleStore

/// Names that stand for models, so that a program can keep the name that it asks for while what it stands
/// for is changed at once, and changed back.
///
/// The names of the API's own base models stand for the built-in one from the start. A name that a user set
/// goes before a model's short name, and that before such a default.
public struct AliasLibrary: Sendable {
    /// A name and what it stands for.
    public struct Alias: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The id of a tuned model, or the name of a base model.
        public var target: String
        /// When it was set, in milliseconds since 1970; nil for a default.
        public var setAt: Int64?
    }

    /// What a name stands for.
    public struct Resolution: Hashable, Sendable {
        /// The name or id of a model, which need not exist where the name is no alias.
        public var target: String
        /// The alias that led there, or nil when the name is a model's own.
        public var alias: String?
    }

    /// The names that stand for the built-in model from the start.
    public static let defaults = [
        "ada", "babbage", "curie", "davinci", "babbage-002", "davinci-002", "gpt-3.5-turbo",
        "gpt-4o-mini",
    ]
    private static let defaultTarget = "ngram"

    let workspace: Workspace
    let clock: WorkClock

    /// Makes a library over a workspace.
    public init(_ workspace: Workspace, clock: WorkClock) {
        self.workspace = workspace
        self.clock = clock
    }

    // MARK: - Asking

    /// Returns all aliases: the defaults in their order, then those that users set, by name.
    public func all() throws(Diagnostic) -> [Alias] {
        let changes = try workspace.existingStore()?.aliasChanges() ?? []
        let byName = Dictionary(grouping: changes, by: \.name)
        let names = Self.defaults + byName.keys.filter { !Self.defaults.contains($0) }.sorted()
        return names.compactMap { name in Self.current(name, byName[name] ?? []) }
    }

    /// Returns the changes of what a name stands for, newest first; a default has none of its own.
    ///
    /// - Throws: `unknown-alias` with near names.
    public func history(_ name: String) throws(Diagnostic) -> [AliasRecord] {
        let changes = try workspace.existingStore()?.aliasChanges(name) ?? []
        if changes.isEmpty, !Self.defaults.contains(name) { throw try unknown(name) }
        return changes.reversed()
    }

    /// Returns what a name stands for; a name that is no alias stands for itself.
    public func resolve(_ name: String) throws(Diagnostic) -> Resolution {
        let store = try workspace.existingStore()
        if let set = Self.standing(try store?.aliasChanges(name) ?? []).last {
            return Resolution(target: set.target, alias: name)
        }
        guard Self.defaults.contains(name), try store?.model(name) == nil,
            try ModelLibrary(workspace).base(name) == nil
        else { return Resolution(target: name, alias: nil) }
        return Resolution(target: Self.defaultTarget, alias: name)
    }

    // MARK: - Changing

    /// Makes a name stand for a model from now on; `model` is a model's name or id, a base model's name, or
    /// another alias, for whose present target the name then stands.
    ///
    /// - Throws: `bad-name`, `name-taken` when a model has the name, `unknown-model` with near names.
    public func set(_ name: String, to model: String) throws(Diagnostic) -> Alias {
        try check(name)
        let models = ModelLibrary(workspace)
        let asked = try resolve(model).target
        let target: String
        if let base = try models.base(asked) {
            target = base.name
        } else {
            target = try models.model(asked).id
        }
        let now = clock.now()
        return try change(name) { _ in
            AliasRecord(name: name, target: target, isBack: false, setAt: now)
        }
            ?? Alias(name: name, target: target, setAt: now)
    }

    /// Makes a name stand for what it stood for before; nil when that was nothing.
    ///
    /// - Throws: `no-earlier-alias` when it was never changed, `unknown-alias` with near names.
    public func back(_ name: String) throws(Diagnostic) -> Alias? {
        if try history(name).isEmpty { throw Self.neverSet(name) }
        let now = clock.now()
        return try change(name) { changes in
            let standing = Self.standing(changes)
            guard !standing.isEmpty else { throw Self.neverSet(name) }
            return AliasRecord(
                name: name,
                target: standing.dropLast().last?.target,
                isBack: true,
                setAt: now
            )
        }
    }

    private func change(
        _ name: String,
        _ change: ([AliasRecord]) throws -> AliasRecord
    ) throws(Diagnostic) -> Alias? {
        Self.current(name, try workspace.store().changeAlias(name, change))
    }

    /// Sees to it that a name can be an alias.
    private func check(_ name: String) throws(Diagnostic) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, (1...64).contains(name.utf8.count), !name.hasPrefix("."),
            !name.hasPrefix("-")
        else {
            throw Diagnostic(
                "bad-name",
                "'\(name)' cannot be an alias",
                hint: "up to 64 letters of ASCII, digits, '-', '_' and '.', such as 'prod'"
            )
        }
        var owner = try workspace.existingStore()?.model(name)?.id
        if try ModelLibrary(workspace).base(name) != nil { owner = "the base model '\(name)'" }
        if let owner {
            throw Diagnostic(
                "name-taken",
                "'\(name)' is the name of \(owner)",
                hint: "choose another name for the alias"
            )
        }
    }

    // MARK: - History

    private static func current(_ name: String, _ changes: [AliasRecord]) -> Alias? {
        if let set = standing(changes).last {
            return Alias(name: name, target: set.target, setAt: set.at)
        }
        return defaults.contains(name)
            ? Alias(name: name, target: defaultTarget, setAt: nil) : nil
    }

    /// The targets that were set and not taken back, the present one last.
    private static func standing(_ changes: [AliasRecord]) -> [(target: String, at: Int64)] {
        changes.reduce(into: []) { standing, change in
            if change.isBack {
                _ = standing.popLast()
            } else if let target = change.target {
                standing.append((target, change.setAt))
            }
        }
    }

    private static func neverSet(_ name: String) -> Diagnostic {
        Diagnostic(
            "no-earlier-alias",
            "'\(name)' has stood for nothing else before",
            hint: "'alias \(name) --history' shows its changes"
        )
    }

    private func unknown(_ name: String) throws(Diagnostic) -> Diagnostic {
        let names = try all().map(\.name)
        return Diagnostic(
            "unknown-alias",
            "no alias '\(name)'",
            hints: [
                didYouMean(name, among: names),
                "'alias' lists them; 'alias \(name) MODEL' makes one",
            ].compactMap(\.self)
        )
    }
}
