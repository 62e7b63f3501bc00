import FettleCore
import FettleData
import FettleWorkbench
import Foundation
import OpenAIWire

/// The fine-tuning commands of openai 0.28's command line, on the workspace itself.
///
/// Options, output and statuses are the old ones; other than there, the status tells when the job that was
/// followed did not succeed.
public struct OpenAICommandLine: Sendable {
    /// What it talks through.
    public struct Terminal: Sendable {
        /// Takes results.
        public var write: @Sendable (String) -> Void
        /// Takes errors.
        public var writeError: @Sendable (String) -> Void
        /// Reads a line of what the user answers; nil at the end of the input.
        public var readLine: @Sendable () async throws -> String?

        /// Makes a terminal.
        public init(
            write: @escaping @Sendable (String) -> Void,
            writeError: @escaping @Sendable (String) -> Void,
            readLine: @escaping @Sendable () async throws -> String?
        ) {
            self.write = write
            self.writeError = writeError
            self.readLine = readLine
        }
    }

    let services: Services
    let terminal: Terminal
    /// Takes what a command gives, so that a session goes on with its fields.
    let give: @Sendable (JSONValue) -> Void

    /// Makes one.
    init(
        _ services: Services,
        _ terminal: Terminal,
        giving give: @escaping @Sendable (JSONValue) -> Void = { _ in }
    ) {
        self.services = services
        self.terminal = terminal
        self.give = give
    }

    /// Runs the words after `openai` as a program does, until its end or the second Ctrl-C; returns the status
    /// for the process.
    public static func run(
        _ words: [String],
        _ services: Services,
        _ terminal: Terminal,
        _ interrupts: Interrupts
    ) async -> Int32 {
        do {
            return try await interrupts.run {
                Int32(try await OpenAICommandLine(services, terminal).run(words))
            }
        } catch {
            terminal.writeError("\n")
            return ExitStatus.interrupted.rawValue
        }
    }

    /// Runs the words after `openai`; returns their status.
    ///
    /// - Throws: `CancellationError` when that ended a command which could not end by itself.
    func run(_ words: [String]) async throws -> Int {
        do {
            return try await run(try OldCommand(words))
        } catch let end as OldOptions.End {
            if end.status == 0 { terminal.write(end.text) } else { terminal.writeError(end.text) }
            return end.status
        } catch let failure as APIFailure {
            report(failure.error.message, status: failure.status)
        } catch let problem as WireProblem {
            report(problem.message, status: 400)
        } catch let diagnostic as Diagnostic {
            let failure = APIFailure(diagnostic)
            report(failure.error.message, status: failure.status)
        }
        return 1
    }

    private func report(_ message: String, status: Int?) {
        let extra = status.map { " (HTTP status code: \($0))" } ?? ""
        terminal.writeError("Error: \(message)\(extra)\n")
    }

    private func run(_ command: OldCommand) async throws -> Int {
        let id = command.values.text("id") ?? ""
        let jobs = services.fineTunes
        switch command.name {
        case "fine_tunes.create": return try await create(command.values)
        case "fine_tunes.list": show(try jobs.list())
        case "fine_tunes.get": show(try jobs.form(jobs.job(id)))
        case "fine_tunes.results": try results(of: id)
        case "fine_tunes.events":
            guard !command.values.has("stream") else {
                report(
                    "The --stream parameter is deprecated, use fine_tunes.follow instead:\n\n"
                        + "  openai api fine_tunes.follow -i \(id)\n",
                    status: nil
                )
                return 1
            }
            show(try jobs.events(of: id))
        case "fine_tunes.follow": return try await follow(try jobs.job(id).id)
        case "fine_tunes.cancel": show(try await jobs.cancel(id))
        case "fine_tunes.delete": show(try jobs.delete(id))
        case "completions.create": return try await complete(command.values)
        default: return try await prepare(command.values)
        }
        return 0
    }

    private func prepare(_ values: OldOptions.Values) async throws -> Int {
        try await Preparation(
            values.text("file") ?? "",
            isQuiet: values.has("quiet"),
            Preparation.Dialog(
                write: terminal.write,
                writeError: terminal.writeError,
                answer: terminal.readLine
            )
        ).run()
    }

    /// Shows an answer as Python's `json.dumps(…, indent=2)` writes it.
    func show(_ value: some WireValue) {
        let json = value.json
        give(json)
        var text = ""
        for scalar in json.text(pretty: true).unicodeScalars {
            if scalar.isASCII {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        terminal.write(text + "\n")
    }
}
