public import FettleCore
public import FettleLanguage
public import FettleNotebook
public import FettleWorkbench

/// A verb of the shell.
///
/// To add one, write a file with a type like this and name it in ``CommandCatalogue``:
/// ```swift
/// struct Count: Command {
///     static let dataset = Option<ArgumentWord>.word("dataset", required: false, kind: .dataset,
///         default: "the current one", help: "the dataset to count")
///     static let declaration = CommandDeclaration("count", group: .data, summary: "count the rows",
///         parameters: [dataset.parameter], effect: .none, examples: [
///             .init("count", "count the current dataset's rows"),
///             .init("count reviews", "count another's")])
///     let dataset: ArgumentWord?
///     init(_ arguments: Arguments) throws(Diagnostic) { dataset = try arguments.value(Self.dataset) }
///     func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
///         CommandOutput(blocks: [.text("\(try session.dataset(dataset).frame.count)")])
///     }
/// }
/// ```
public protocol Command: Sendable {
    /// Name, help, parameters and examples.
    static var declaration: CommandDeclaration { get }

    /// Reads the arguments; what is wrong with them is said here, before anything runs.
    init(_ arguments: Arguments) throws(Diagnostic)

    /// Does the work.
    ///
    /// - Throws: a ``Diagnostic``, or `CancellationError` when it was cancelled; the session is then left
    ///   as it was.
    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput
}

/// What a command is given beside the session.
public struct Context: Sendable {
    /// The services.
    public let services: Services
    /// Rows from the stage before, if any.
    public let input: Dataset?
    /// Everything that the stage before gave, if any.
    public let before: CommandOutput?
    /// Whether the rows go on to another stage or a file, so that nothing is to be kept.
    public let isPiped: Bool
    /// Whether the command runs in the background, after `&`.
    public let isInBackground: Bool
    /// Shows a block at once, before the command's end.
    public let show: @Sendable (OutputBlock) -> Void
    /// Writes a part of what the command gives at its end to the terminal, which then shows it as it comes;
    /// nil where that goes elsewhere.
    let stream: (@Sendable (String) -> Void)?
    /// Shows a block of what the command gives at its end before that, where ``stream`` is not nil.
    let display: @Sendable (OutputBlock) -> Void

    /// Makes a context.
    init(
        services: Services,
        input: Dataset?,
        before: CommandOutput? = nil,
        isPiped: Bool,
        isInBackground: Bool = false,
        stream: (@Sendable (String) -> Void)? = nil,
        display: @escaping @Sendable (OutputBlock) -> Void = { _ in },
        show: @escaping @Sendable (OutputBlock) -> Void
    ) {
        self.stream = stream
        self.display = display
        self.services = services
        self.input = input
        self.before = before
        self.isPiped = isPiped
        self.isInBackground = isInBackground
        self.show = show
    }
}

/// What a command gives.
public struct CommandOutput: Sendable {
    /// An output that is a document of its own.
    struct Document: Sendable {
        /// The document.
        var transcript: Transcript
        /// What a Markdown file begins with, whole lines.
        var metadata: String?
    }

    /// What is shown when the output goes to the screen.
    public var blocks: [OutputBlock]
    /// The rows for the next stage or a file.
    public var rows: Dataset?
    /// The result with its fields: `$_`, and what `> file.json` writes.
    public var value: JSONValue?
    /// What a file of a document's form gets instead of the blocks.
    var document: Document?
    /// The commands that bring back what it did to the session; nil when the command itself does.
    var steps: [String]?
    /// How many of the first blocks the terminal shows already.
    var shownCount = 0

    /// Makes an output.
    public init(blocks: [OutputBlock] = [], rows: Dataset? = nil, value: JSONValue? = nil) {
        self.blocks = blocks
        self.rows = rows
        self.value = value
    }
}
