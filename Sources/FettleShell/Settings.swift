import FettleCore
import FettleLanguage

/// What the user can set with `set`.
public struct Settings: Hashable, Sendable {
    /// When output has colours.
    public enum Colour: String, CaseIterable, Sendable {
        /// As the terminal and the environment want it.
        case auto
        case off, on
    }

    /// What a terminal is told when a background job ends.
    public enum Bell: String, CaseIterable, Sendable {
        case off, bell
        /// A notification of the desktop, by the sequence OSC 9.
        case osc9
    }

    /// Where a value comes from that is not the default.
    enum Source: String, Sendable {
        case workspace
        case startFile = "rc file"
        case session = "this session"
    }

    /// What a terminal is told when a background job ends.
    public var bell = Bell.off
    /// When output has colours.
    public var colour = Colour.auto
    /// Columns that output is fitted to; nil for those of the window.
    public var width: Int?
    /// Whether output longer than the window goes through the pager.
    public var pager = true
    /// Whether it is said after every command how long it took.
    public var timing = false
    /// Where the values come from; the others are the defaults.
    var sources: [Name: Source] = [:]

    /// Makes the settings that a session begins with.
    public init() {}
}

extension Settings {
    /// A setting by its name.
    enum Name: String, CaseIterable, ArgumentValue {
        case bell, colour, pager, timing, width

        /// One sentence without a full stop.
        var help: String {
            switch self {
            case .bell: "what the terminal is told when a background job ends"
            case .colour: "whether output has colours"
            case .pager: "whether output longer than the window goes through $PAGER or less"
            case .timing: "whether it is said after every command how long it took"
            case .width: "columns that output is fitted to"
            }
        }

        /// The values that it can have.
        var choices: String {
            switch self {
            case .bell: "off, bell or osc9"
            case .colour: "auto, on or off"
            case .pager, .timing: "on or off"
            case .width: "auto or a whole number from 20 to 1000"
            }
        }

        /// The values that are words, `default` aside.
        var words: [String] {
            switch self {
            case .bell: Bell.allCases.map(\.rawValue)
            case .colour: Colour.allCases.map(\.rawValue)
            case .pager, .timing: ["on", "off"]
            case .width: []
            }
        }

        /// Reads a name; `color` is understood too.
        init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
            if let value = word.text == "color" ? .colour : Self(rawValue: word.text) {
                self = value
                return
            }
            let names = Self.allCases.map(\.rawValue)
            throw expected("one of " + names.joined(separator: ", "), word, for: name)
                .hinting(didYouMean(word.text, among: names))
        }
    }

    /// Returns a setting's value as it is written.
    func text(of name: Name) -> String {
        switch name {
        case .bell: bell.rawValue
        case .colour: colour.rawValue
        case .pager: pager ? "on" : "off"
        case .timing: timing ? "on" : "off"
        case .width: width.map { String($0) } ?? "auto"
        }
    }

    /// Gives a setting a value, and notes where that comes from.
    ///
    /// - Throws: `bad-value` when it cannot have that one.
    mutating func set(_ name: Name, to word: ArgumentWord, by source: Source) throws(Diagnostic) {
        guard set(name, to: word.text == "default" ? Settings().text(of: name) : word.text) else {
            throw expected(name.choices, word, for: name.rawValue)
        }
        sources[name] = source
    }

    /// Gives a setting a value; returns false when it cannot have that one.
    private mutating func set(_ name: Name, to text: String) -> Bool {
        switch name {
        case .bell: Self.assign(Bell(rawValue: text), to: &bell)
        case .colour: Self.assign(Colour(rawValue: text), to: &colour)
        case .pager: Self.assign(Self.isOn(text), to: &pager)
        case .timing: Self.assign(Self.isOn(text), to: &timing)
        case .width where text == "auto": Self.assign(.some(nil), to: &width)
        case .width: Self.assign(Self.columns(text).map(Optional.some), to: &width)
        }
    }

    private static func assign<Value>(_ value: Value?, to place: inout Value) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }

    private static func isOn(_ text: String) -> Bool? {
        switch text {
        case "on": true
        case "off": false
        default: nil
        }
    }

    private static func columns(_ text: String) -> Int? {
        Int(text).flatMap { (20...1000).contains($0) ? $0 : nil }
    }
}
