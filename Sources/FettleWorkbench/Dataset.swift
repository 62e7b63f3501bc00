public import FettleCore
public import FettleData

/// A named, immutable set of rows: where they came from, the steps since, and the format they are seen
/// through.
public struct Dataset: Sendable {
    /// Where the rows came from.
    public struct Source: Hashable, Sendable {
        /// The path as the user gave it, or a few words such as `standard input`.
        public var name: String
        /// XXH3-128 of the bytes, in hexadecimal.
        public var fingerprint: String

        /// Makes a source.
        public init(name: String, fingerprint: String) {
            self.name = name
            self.fingerprint = fingerprint
        }
    }

    /// The name that commands use.
    public var name: String
    /// The version under that name, from 1.
    public var version: Int
    /// Where the rows came from.
    public let source: Source
    /// The command lines that make the dataset from its source, `load` first.
    public let recipe: [String]
    /// The rows.
    public let frame: Frame
    /// How a row becomes an example, when set.
    public let format: PromptFormat?

    /// Makes a dataset; the library gives it its version.
    public init(
        name: String,
        source: Source,
        recipe: [String],
        frame: Frame,
        format: PromptFormat? = nil
    ) {
        self.name = name
        version = 1
        self.source = source
        self.recipe = recipe
        self.frame = frame
        self.format = format
    }

    /// XXH3-128 of the source's fingerprint and the recipe: equal for equal rows made in the same way.
    public var fingerprint: String {
        var stream = FingerprintStream()
        stream.update(([source.fingerprint] + recipe).joined(separator: "\n"))
        return stream.digest.hex
    }

    /// Returns the dataset after a step of its recipe.
    public func applying(_ step: some RecipeStep) throws -> Dataset {
        replacing(frame: try step.apply(to: frame), adding: step.summary)
    }

    /// Returns the dataset with other rows, made by the command line `line`.
    public func replacing(frame: Frame, adding line: String) -> Dataset {
        Dataset(name: name, source: source, recipe: recipe + [line], frame: frame, format: format)
    }

    /// Returns the same rows seen through another format.
    public func formatted(as format: PromptFormat) -> Dataset {
        var copy = Dataset(
            name: name,
            source: source,
            recipe: recipe,
            frame: frame,
            format: format
        )
        copy.version = version
        return copy
    }

    /// Returns the dataset's format, or the error that asks for one.
    public func requiredFormat() throws(Diagnostic) -> PromptFormat {
        if let format { return format }
        throw Diagnostic(
            "no-format",
            "'\(name)' has no format that says how a row becomes a prompt and a completion",
            hint: "set one: format \(likelyTemplates)"
        )
    }

    /// Templates that are worth a try: the columns of that name, else the longest texts as the prompt
    /// and the column with the fewest different values as the completion.
    private var likelyTemplates: String {
        let rows = 0..<min(frame.count, 500)
        var prompt = (column: "text", bytes: 0)
        var completion = (column: "label", values: Int.max)
        for (position, column) in frame.columns.enumerated() {
            var values: Set<Cell> = []
            var bytes = 0
            for row in rows {
                let cell = frame.cell(position, at: row)
                values.insert(cell)
                if case .text(let text) = cell { bytes += text.utf8.count }
            }
            if bytes > prompt.bytes { prompt = (column.name, bytes) }
            if values.count > 1, values.count < completion.values, values.count * 2 <= rows.count {
                completion = (column.name, values.count)
            }
        }
        func named(_ name: String, or other: String) -> String {
            frame.columnNames.first { $0.lowercased() == name } ?? other
        }
        prompt.column = named("prompt", or: prompt.column)
        completion.column = named("completion", or: completion.column)
        return "prompt=\"{{\(prompt.column)}}\" completion=\" {{\(completion.column)}}\""
    }
}

extension Dataset {
    /// Returns the format bound to the rows.
    ///
    /// - Throws: `unknown-column` when a column of the format is not there.
    public func compiled(_ format: PromptFormat) throws(Diagnostic) -> CompiledFormat {
        do {
            return try CompiledFormat(format, in: frame)
        } catch {
            var diagnostic = error.diagnostic
            diagnostic.span = nil
            diagnostic.message += " in '\(name)', which the format's \(error.part) names"
            throw diagnostic
        }
    }
}
