public import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation
import Synchronization

/// Runs scripts in a fresh workspace and compares what they show with their `#>` lines.
///
/// The width is 80, there is no colour, the clock stands still and no durations are shown, so that the
/// same script gives the same text everywhere.
public struct ScriptChecker: Sendable {
    /// What a check found.
    public struct Finding: Sendable {
        /// The script.
        public var file: String
        /// Where and how the output differs, for people; nil when all is as expected.
        public var difference: String?
        /// Outputs compared.
        public var compared: Int
        /// The script with its `#>` lines as the output is.
        public var updated: String
        /// The command that an error which nothing expects ended, with the error; nil when there is none.
        public var failure: String?
    }

    /// The moment at which a checked script's clock stands: 2026-01-01 00:00:00 UTC.
    public static let moment: Int64 = 1_767_225_600_000
    private let runShell: @Sendable (String, [UInt8]?) async throws -> Int
    private let environment: [String: String]
    private let overrides: [String: String]
    private let skipsEffects: Bool

    /// Makes a checker.
    ///
    /// With `skipsEffects` nothing is written and nothing runs in the system's shell, and what would have
    /// done so is expected to show nothing in particular.
    public init(
        environment: [String: String],
        overrides: [String: String] = [:],
        skipsEffects: Bool = false,
        runShell: @escaping @Sendable (String, [UInt8]?) async throws -> Int
    ) {
        self.environment = environment
        self.overrides = overrides
        self.skipsEffects = skipsEffects
        self.runShell = runShell
    }

    /// Returns the scripts that a path names: itself, or all `.fettle` files and walkthroughs under a
    /// folder, by name.
    ///
    /// - Throws: `no-file` when there is nothing.
    public static func scripts(at path: String) throws(Diagnostic) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Diagnostic("no-file", "'\(path)' is not there")
        }
        guard isFolder.boolValue else { return [path] }
        let names = FileManager.default.subpaths(atPath: path) ?? []
        let folder = path.hasSuffix("/") ? path : path + "/"
        let scripts = names.sorted().map { folder + $0 }.filter(isScript)
        guard !scripts.isEmpty else { throw Diagnostic("no-file", "no script in '\(path)'") }
        return scripts
    }

    /// Whether a file of a folder is a script: a walkthrough is one when it has something to run.
    private static func isScript(_ path: String) -> Bool {
        guard MarkdownScript.isName(path) else { return path.hasSuffix(".fettle") }
        guard let source = try? SourceText(contentsOf: path) else { return false }
        return !MarkdownScript(source.text).fences.isEmpty
    }

    /// Runs one script and compares.
    ///
    /// - Throws: `no-file`, an error of syntax, and `CancellationError`; another error that nothing expects is
    ///   a difference and ends the script.
    public func check(_ file: String) async throws -> Finding {
        try await check(try SourceText(contentsOf: file))
    }

    /// Runs a script that need not be a file yet.
    func check(_ source: SourceText) async throws -> Finding {
        let file = source.file ?? "script"
        let script = try source.script()
        let hasSkipped = Mutex(false)
        let services =
            skipsEffects
            ? self.services.skippingEffects { hasSkipped.withLock { $0 = true } } : self.services
        let interpreter = Interpreter(services)
        var session = Session()
        session.overrides = overrides
        session.scripts = [file]
        var edits: [(span: SourceSpan, lines: [String], mark: String)] = []
        var differences: [String] = []
        var compared = 0
        var failure: String?
        for (index, item) in script.items.enumerated() where !session.wantsToQuit {
            guard case .statement(let statement) = item else { continue }
            let expected = Self.expectation(after: index, in: script)
            hasSkipped.withLock { $0 = false }
            let recorder = CellRecorder(prose: "")
            let shown = try await run(statement, source, interpreter, &session, recorder)
            let text = statement.text
            services.record(text, recorder, outcome: shown.isError ? .failed : .succeeded)
            let line = source.line(at: statement.span.start)
            let head = "\(file):\(line): \(Self.firstLine(statement.text))\n"
            guard let expected else {
                guard shown.isError else { continue }
                differences.append(head + ExpectedOutput.difference([], shown.lines))
                failure = Self.failure(statement, at: line, shown.lines)
                break
            }
            if hasSkipped.withLock({ $0 }), !shown.isError {
                edits.append((expected.span, [], "#>"))
                continue
            }
            compared += 1
            if shown.isError == expected.isError,
                ExpectedOutput.matches(expected.lines, shown.lines)
            {
                continue
            }
            edits.append((expected.span, shown.lines, shown.isError ? "#!" : "#>"))
            differences.append(head + ExpectedOutput.difference(expected.lines, shown.lines))
            if shown.isError, !expected.isError {
                failure = Self.failure(statement, at: line, shown.lines)
                break
            }
        }
        _ = await services.jobs.stopAll()
        return Finding(
            file: file,
            difference: differences.isEmpty ? nil : differences.joined(separator: "\n"),
            compared: compared,
            updated: Self.apply(edits, to: source.text),
            failure: failure
        )
    }

    private static func failure(
        _ statement: Statement,
        at line: Int,
        _ shown: [String]
    ) -> String {
        let error = shown.first { $0.hasPrefix("error") } ?? "it failed"
        return "line \(line), '\(firstLine(statement.text))': \(error)"
    }

    private var services: Services {
        Services(
            workspace: Workspace(.ephemeral, session: "check"),
            clock: .fixed(at: Self.moment),
            surroundings: Surroundings(
                environment: environment,
                standardInputIsData: false,
                width: { 80 },
                runShell: runShell
            ),
            progress: .silent
        )
    }

    private func run(
        _ statement: Statement,
        _ source: SourceText,
        _ interpreter: Interpreter,
        _ session: inout Session,
        _ recorder: CellRecorder
    ) async throws -> (lines: [String], isError: Bool) {
        let shown = Mutex("")
        var next = session
        let width = session.settings.width
        do {
            _ = try await interpreter.execute(statement, in: source, session: &next) { block in
                recorder.add(block)
                let text = PlainRenderer(width: width ?? 80).render([block])
                shown.withLock { $0 += text }
            }
            session = next
            session.lastStatus = 0
            return (Self.lines(shown.withLock { $0 }), false)
        } catch let diagnostic as Diagnostic {
            recorder.fail(diagnostic)
            session.lastStatus = Int(ExitStatus(diagnostic).rawValue)
            return (
                Self.lines(DiagnosticRenderer(width: 80, colour: false).render(diagnostic)), true
            )
        }
    }

    private static func expectation(
        after index: Int,
        in script: Script
    ) -> (lines: [String], span: SourceSpan, isError: Bool)? {
        guard index + 1 < script.items.count,
            case .expected(let lines, let span, let isError) = script.items[index + 1]
        else { return nil }
        return (lines, span, isError)
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines.isEmpty ? [""] : lines
    }

    private static func firstLine(_ text: String) -> String {
        text.split(separator: "\n").first.map(String.init) ?? text
    }

    private static func apply(
        _ edits: [(span: SourceSpan, lines: [String], mark: String)],
        to text: String
    ) -> String {
        var bytes = Array(text.utf8)
        for edit in edits.reversed() {
            let block = edit.lines.map { $0.isEmpty ? "\(edit.mark)\n" : "\(edit.mark) \($0)\n" }
                .joined()
            bytes.replaceSubrange(edit.span.start..<edit.span.end, with: Array(block.utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
