/// A word that may stand at the cursor.
public struct CompletionCandidate: Hashable, Sendable {
    /// What replaces the text from the completion's start to the cursor, quoted as it has to be.
    public var text: String
    /// How a list shows it.
    public var shown: String
    /// One line of help, or nil.
    public var help: String?
    /// What is typed after it: a blank when the word is finished, nothing after `name=`.
    public var suffix: String
    /// What it is one of.
    public var group: Group

    /// Makes a candidate.
    public init(
        _ text: String,
        shown: String? = nil,
        help: String? = nil,
        suffix: String = " ",
        group: Group = .values
    ) {
        self.text = text
        self.shown = shown ?? text
        self.help = help
        self.suffix = suffix
        self.group = group
    }

    /// Kinds of candidates, in the order of lists.
    public enum Group: Int, Comparable, Sendable {
        case commands, snippets, datasets, columns, functions, models, files, values, variables,
            keywords, settings, flags

        init(_ kind: ParameterKind) {
            self =
                switch kind {
                case .dataset: .datasets
                case .column, .columns: .columns
                case .model, .base: .models
                case .file: .files
                case .variable: .variables
                case .command: .commands
                case .snippet: .snippets
                case .expression: .functions
                case .text, .integer, .number, .boolean, .choice, .template, .errorCode, .secret,
                    .cluster:
                    .values
                }
        }

        /// What a list puts above the candidates of the group.
        public var heading: String {
            switch self {
            case .commands: "commands"
            case .snippets: "snippets"
            case .datasets: "datasets"
            case .columns: "columns"
            case .functions: "functions"
            case .models: "models"
            case .files: "files"
            case .values: "values"
            case .variables: "variables"
            case .keywords: "keywords"
            case .settings: "settings"
            case .flags: "flags"
            }
        }

        /// Orders groups as lists do.
        public static func < (left: Group, right: Group) -> Bool {
            left.rawValue < right.rawValue
        }
    }
}

/// The names that completion asks for.
public struct CompletionQuery: Hashable, Sendable {
    /// What they name; ``ParameterKind/expression`` asks for functions, written `len(`.
    public var kind: ParameterKind
    /// What is typed of the name, without quotes; files are looked for in its folder.
    public var typed: String
    /// The dataset that the command names, whose columns are meant; nil for the current one.
    public var dataset: String?
}

/// A word of an unfinished command, as completion sees it.
struct TypedWord {
    /// The text without quotes and escapes.
    var text = ""
    /// The offset of its first byte.
    var start: Int
    /// The quote that is still open at its end: `'`, `"` or `"""`.
    var quote: String?
    /// Whether any part stands in quotes.
    var isQuoted = false
    /// The offset after `name=` and the name, when the word is a setting.
    var setting: (name: String, valueStart: Int)?
    /// Whether it begins, or its value begins, with a bare `~`.
    var startsAtTilde = false
    /// Whether it stands after `>`, which in an expression may compare.
    var isRedirect = false
    /// The offset after the last `$` or `${` of a variable that ends at the cursor.
    var variableStart: Int?

    /// The text after `name=`, or all of it.
    var value: String {
        guard let setting else { return text }
        return String(text.dropFirst(setting.name.count + 1))
    }

    /// Where the value begins.
    var valueStart: Int { setting?.valueStart ?? start }
}

extension Parameter {
    /// What a word names that stands after these.
    func kind(after words: [TypedWord]) -> ParameterKind {
        guard let wordsAfterFirst else { return kind }
        let words = words.filter { !$0.text.hasPrefix("--") }
        guard let first = words.first else { return kind }
        return .choice(words.count == 1 ? wordsAfterFirst[first.text] ?? [] : [])
    }
}

/// The commands of an unfinished pipeline in words, up to the cursor.
///
/// Unlike the parser's words these may be wrong and unfinished; they are never run.
struct TypedPipeline {
    /// The words of each stage; the last stage is being typed.
    private(set) var stages: [[TypedWord]] = [[]]
    /// The word at the cursor; nil after a blank.
    private(set) var current: TypedWord?
    /// Whether nothing can be completed: a comment, or a line of the system's shell.
    private(set) var isForeign = false

    private let bytes: [UInt8]
    private var at = 0
    private var text: [UInt8] = []
    private var isAfterRedirect = false

    init(_ source: String) {
        bytes = Array(source.utf8)
        while at < bytes.count { step() }
        if current != nil { current?.text = String(decoding: text, as: UTF8.self) }
    }

    private mutating func step() {
        let byte = bytes[at]
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: ";"):
            endWord()
            stages = [[]]
            isAfterRedirect = false
            at += 1
        case UInt8(ascii: "|"):
            endWord()
            // Nothing before the bar: the stage goes on, on a later line.
            stages.append([])
            at += 1
            while at < bytes.count, bytes[at].isBlank || bytes[at] == UInt8(ascii: "\n") { at += 1 }
        case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "&"):
            endWord()
            isAfterRedirect = byte == UInt8(ascii: ">")
            at += 1
        case UInt8(ascii: "#") where current == nil, UInt8(ascii: "!") where isAtStageStart:
            skipLine()
        case _ where byte.isBlank:
            endWord()
            at += 1
        case UInt8(ascii: "\\") where isContinuation:
            endWord()
            at = (bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1) + 1
        default:
            if current == nil {
                current = TypedWord(start: at)
                current?.isRedirect = isAfterRedirect
                current?.startsAtTilde = byte == UInt8(ascii: "~")
            }
            takeOfWord(byte)
        }
    }

    private var isAtStageStart: Bool { current == nil && (stages.last?.isEmpty ?? true) }

    private var isContinuation: Bool {
        let rest = bytes[(at + 1)...].prefix(2)
        return rest.first == UInt8(ascii: "\n") || rest.elementsEqual([13, 10])
    }

    private mutating func skipLine() {
        let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        isForeign = end == bytes.count
        at = end
    }

    private mutating func endWord() {
        guard var word = current else { return }
        word.text = String(decoding: text, as: UTF8.self)
        text = []
        current = nil
        isAfterRedirect = false
        stages[stages.count - 1].append(word)
    }

    // MARK: - Words

    private mutating func takeOfWord(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): takeQuoted(byte)
        case UInt8(ascii: "\\"):
            if at + 1 < bytes.count { text.append(bytes[at + 1]) }
            at += 2
        case UInt8(ascii: "$"): takeVariable()
        case UInt8(ascii: "="):
            text.append(byte)
            at += 1
            noteSetting()
        default:
            text.append(byte)
            at += 1
        }
    }

    private mutating func noteSetting() {
        guard let word = current, word.setting == nil, !word.isQuoted,
            let first = text.first, first.isNameStart,
            text.dropLast().allSatisfy({
                $0.isNameByte || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            })
        else { return }
        current?.setting = (String(decoding: text.dropLast(), as: UTF8.self), at)
        current?.startsAtTilde = at < bytes.count && bytes[at] == UInt8(ascii: "~")
    }

    /// Takes a quoted stretch up to its end, or up to the cursor when it is open.
    private mutating func takeQuoted(_ mark: UInt8) {
        let isTriple =
            mark == UInt8(ascii: "\"") && bytes[at...].prefix(3).allSatisfy { $0 == mark }
            && at + 2 < bytes.count
        let width = isTriple ? 3 : 1
        current?.isQuoted = true
        current?.quote = String(repeating: Character(UnicodeScalar(mark)), count: width)
        at += width
        while at < bytes.count {
            if bytes[at...].prefix(width).elementsEqual(repeatElement(mark, count: width)) {
                at += width
                current?.quote = nil
                return
            }
            switch bytes[at] {
            case UInt8(ascii: "\\") where mark == UInt8(ascii: "\""):
                if at + 1 < bytes.count { text.append(Self.meaning(of: bytes[at + 1])) }
                at += 2
            case UInt8(ascii: "$") where mark == UInt8(ascii: "\""): takeVariable()
            default:
                text.append(bytes[at])
                at += 1
            }
        }
    }

    private static func meaning(of byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "r"): 13
        default: byte
        }
    }

    /// Takes `$name` or `${name`, whose value is not known here.
    private mutating func takeVariable() {
        text.append(bytes[at])
        at += 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "{") {
            text.append(bytes[at])
            at += 1
        }
        let start = at
        while at < bytes.count, bytes[at].isNameByte {
            text.append(bytes[at])
            at += 1
        }
        if at == bytes.count { current?.variableStart = start }
    }
}
