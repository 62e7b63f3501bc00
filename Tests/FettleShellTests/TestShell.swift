import FettleCore
import FettleNotebook
import FettleWorkbench
import Foundation
import Synchronization

@testable import FettleShell

/// A shell in a workspace in memory, whose clock stands still and whose output is kept.
struct TestShell {
    /// What one source gave.
    struct Result {
        var status: ExitStatus
        var output: String
        var errors: String
    }

    /// What the system's shell was asked to run.
    struct ShellLine: Equatable {
        var line: String
        var input: String?
    }

    private final class Record: Sendable {
        let output = Mutex("")
        let errors = Mutex("")
        let warnings = Mutex<[String]>([])
        let lines = Mutex<[ShellLine]>([])
        let shellStatus = Mutex(0)
        let terminal = Mutex("")
    }

    private(set) var shell: Shell
    let services: Services
    let interrupts: Interrupts
    private let record: Record

    /// What the user has made.
    var session: Session { shell.session }

    /// Lines that went to the system's shell, which does not run in these tests.
    var shellLines: [ShellLine] { record.lines.withLock { $0 } }

    /// What was told while commands went on.
    var warnings: [String] { record.warnings.withLock { $0 } }

    /// Sequences that went to the terminal and show nothing.
    var terminal: String { record.terminal.withLock { $0 } }

    /// The status that the next lines of the system's shell end with.
    func setShellStatus(_ status: Int) {
        record.shellStatus.withLock { $0 = status }
    }

    init(
        _ session: Session = Session(),
        workspace: Workspace = Workspace(.ephemeral, session: "test"),
        environment: [String: String] = [:],
        interrupts: Interrupts = Interrupts(),
        hasTerminal: Bool = true,
        runShell: (@Sendable () async -> Int)? = nil,
        renderer: @escaping @Sendable (Settings) -> any BlockRenderer = {
            PlainRenderer(width: $0.width ?? 80)
        },
        stream: (@Sendable (String) -> Void)? = nil
    ) {
        self.interrupts = interrupts
        let record = Record()
        self.record = record
        var surroundings = Surroundings(
            environment: environment,
            standardInputIsData: false,
            width: { 80 },
            hasPrompt: true,
            runShell: { line, input in
                let text = input.map { String(decoding: $0, as: UTF8.self) }
                record.lines.withLock { $0.append(ShellLine(line: line, input: text)) }
                if let runShell { return await runShell() }
                return record.shellStatus.withLock { $0 }
            },
            readSecret: { question in
                record.output.withLock { $0 += question + "\n" }
                return "typed-secret"
            }
        )
        surroundings.stream = stream
        surroundings.server = ServerControl { settings, _ in
            RunningServer(
                host: settings.host,
                port: settings.port == 0 ? 50_000 : settings.port,
                needsKey: !settings.keys.isEmpty,
                stop: {},
                wait: {}
            )
        }
        if hasTerminal {
            surroundings.writeToTerminal = { text in record.terminal.withLock { $0 += text } }
        }
        services = Services(
            workspace: workspace,
            clock: .fixed(at: ScriptChecker.moment),
            surroundings: surroundings,
            progress: .silent,
            onJobWarning: { text in record.warnings.withLock { $0.append(text) } }
        )
        shell = Shell(
            session,
            services: services,
            output: Shell.Output(
                write: { text in record.output.withLock { $0 += text } },
                writeError: { text in record.errors.withLock { $0 += text } },
                renderer: renderer,
                diagnostics: { _ in DiagnosticRenderer(width: 80, colour: false) }
            ),
            interrupts: interrupts
        )
    }

    /// Gives the session the settings that the workspace keeps; returns the errors.
    @discardableResult
    mutating func adoptSavedSettings() -> String {
        record.errors.withLock { $0 = "" }
        shell.adoptSavedSettings()
        return record.errors.withLock { $0 }
    }

    /// Runs a source and returns what it alone gave.
    @discardableResult
    mutating func run(
        _ text: String,
        file: String? = nil,
        options: ScriptOptions = ScriptOptions()
    ) async -> Result {
        record.output.withLock { $0 = "" }
        record.errors.withLock { $0 = "" }
        let status = await shell.run(SourceText(file: file, text: text), options: options)
        return Result(
            status: status,
            output: record.output.withLock { $0 },
            errors: record.errors.withLock { $0 }
        )
    }
}

/// Files that tests make and read.
enum Files {
    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Returns the text of a file.
    static func text(_ path: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    /// Returns the bytes of a file.
    static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path))
    }

    /// Returns a value of a file that holds one JSON object.
    static func json(_ path: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        return value as? [String: Any] ?? [:]
    }
}

/// A folder of its own that goes away with the object.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, with the folders above it, and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    /// Writes a file, with the folders above it, and returns its path.
    @discardableResult
    func write(_ bytes: Data, to name: String) throws -> String {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try bytes.write(to: file)
        return file.path
    }

    /// Names of the files directly in the folder.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
