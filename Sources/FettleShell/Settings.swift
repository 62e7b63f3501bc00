import FettleCore
import FettleLanguage

/// What the user can set with `set`.
public struct Settings: Hashable, Sendable {
    /// Columns that output is fitted to; nil for those of the window.
    public var width: Int?
    /// Whether output longer than the window goes through the pager.
    public var pager = true
    /// Whether it is said after every command how long it took.
    public var timing = false

    /// Makes the settings that a session begins with.
    public init() {}
}

extension Settings {
    /// A setting by its name.
    enum Name: String, CaseIterable, ArgumentValue {
        case pager, timing, width

        /// One sentence without a full stop.
        var help: String {
            switch self {
            case .pager: "whether output longer than the window goes through $PAGER or less"
            case .timing: "whether it is said after every command how long it took"
            case .width: "columns that output is fitted to; auto for those of the window"
            }
        }

        var choices: String {
            switch self {
            case .pager, .timing: "on or off"
            case .width: "auto or a whole number from 20 to 1000"
            }
        }
    }

    /// Returns a setting's value as it is written.
    func text(of name: Name) -> String {
        switch name {
        case .pager: pager ? "on" : "off"
        case .timing: timing ? "on" : "off"
        case .width: width.map { String($0) } ?? "auto"
        }
    }

    /// Gives a setting a value.
    ///
    /// - Throws: `bad-value` when it cannot have that one.
    mutating func set(_ name: Name, to word: ArgumentWord) throws(Diagnostic) {
        switch (name, word.text) {
        case (.pager, "on"), (.pager, "off"): pager = word.text == "on"
        case (.timing, "on"), (.timing, "off"): timing = word.text == "on"
        case (.width, "auto"): width = nil
        case (.width, let text):
            guard let columns = Int(text), (20...1000).contains(columns) else { fallthrough }
            width = columns
        default: throw expected(name.choices, word, for: name.rawValue)
        }
    }
}
