public import FettleCore

/// A part of the program that random and changed inputs are given to.
public protocol FuzzTarget: Sendable {
    /// The name on the command line.
    var name: String { get }

    /// Makes an input, mostly from the corpus with changes, else from a grammar.
    func input(_ generator: inout SeededGenerator) -> [UInt8]

    /// Gives the input to the part and looks at what comes of it.
    ///
    /// - Returns: whether the input was well-formed.
    /// - Throws: ``FuzzFinding``, or an error that the part must not throw.
    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool
}

/// What is wrong with how an input was taken.
public struct FuzzFinding: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected and what was found.
    public let description: String

    /// Makes a finding.
    public init(_ description: String) {
        self.description = description
    }
}

/// Throws a finding unless the condition holds.
func require(
    _ condition: Bool,
    _ what: @autoclosure () -> String
) throws(FuzzFinding) {
    if !condition { throw FuzzFinding(what()) }
}

/// One input and the choices of its check, which a seed gives again.
public struct FuzzCase {
    /// The input.
    public let input: [UInt8]
    private let seed: UInt64
    private let target: any FuzzTarget

    /// Makes the case of a seed; `input` replaces what the seed would give.
    public init(_ target: any FuzzTarget, seed: UInt64, input: [UInt8]? = nil) {
        self.target = target
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        self.input = input ?? target.input(&generator)
    }

    /// Runs the check; returns whether the input was well-formed.
    ///
    /// - Throws: what ``FuzzTarget/check(_:_:)`` throws.
    public func check() throws -> Bool {
        var generator = SeededGenerator(seed: ~seed)
        return try target.check(input, &generator)
    }
}

/// The parts that are fuzzed.
public enum FuzzTargets {
    /// Every target, with its inputs made from the corpus; files are made in `folder`.
    ///
    /// - Throws: an error of the file system, or of training the model whose file is changed.
    public static func all(_ corpus: FuzzCorpus, folder: String) throws -> [any FuzzTarget] {
        [
            LanguageTarget(corpus), ExpressionTarget(), TemplateTarget(),
            ReaderTarget("csv", corpus, folder), ReaderTarget("tsv", corpus, folder),
            ReaderTarget("jsonl", corpus, folder), ReaderTarget("json", corpus, folder),
            WriterTarget(folder), try ModelTarget(folder), try CheckpointTarget(folder),
            TextTarget(), TokenizerFileTarget(), try TokensTarget(), ChatTemplateTarget(),
            try GGUFTarget(corpus, folder), try SafetensorsTarget(corpus, folder),
            try ConfigurationTarget(corpus, folder), try ArchiveTarget(corpus, folder),
        ]
    }

    /// Their names.
    public static let names = [
        "language", "expression", "template", "csv", "tsv", "jsonl", "json", "writers", "model",
        "checkpoint", "text", "tokenizer", "tokens", "chat-template", "gguf", "safetensors",
        "config", "zip",
    ]

    /// Targets that fail on purpose, to see that each kind of failure is told.
    public static let faulty: [any FuzzTarget] = [
        FaultyTarget(name: "faulty-finding"), FaultyTarget(name: "faulty-crash"),
        FaultyTarget(name: "faulty-hang"),
    ]
}

/// Fails at the first input that begins with a 7.
private struct FaultyTarget: FuzzTarget {
    let name: String

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        [UInt8(generator.below(10)), 1]
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        guard input[0] == 7 else { return true }
        switch name {
        case "faulty-crash": preconditionFailure("on purpose")
        case "faulty-hang": while input[0] == 7 { _ = generator.next() }
        default: throw FuzzFinding("it begins with 7")
        }
        return false
    }
}
