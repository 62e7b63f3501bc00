import ArgumentParser
import CTerminal
import FettleShell
import Foundation

/// The commands of openai 0.28's command line.
struct OpenAICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openai",
        abstract: "The fine-tuning commands of openai 0.28, on this workspace.",
        discussion: """
            'fettle openai api fine_tunes.create -t FILE' and its others; the workspace is that of the current \
            folder, or of FETTLE_WORKSPACE.
            """
    )

    @Argument(parsing: .captureForPassthrough, help: "What stands after 'openai'.")
    var words: [String] = []

    func run() async throws {
        let composition = Composition(
            try WorkspaceOptions.parse([]),
            commandsComeFromStandardInput: false
        )
        throw ExitCode(await composition.openAI(words))
    }
}

/// Reads what a user answers, line by line.
enum LineInput {
    /// Returns a line of standard input without its end, or nil at the end of the input.
    ///
    /// Cancelling the task ends it within 50 ms.
    @concurrent
    static func read() async throws -> String? {
        var bytes: [UInt8] = []
        while true {
            try Task.checkCancellation()
            guard fettle_wait_readable(0, -1, 50) != 0 else { continue }
            var byte: UInt8 = 0
            let count = Foundation.read(0, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count == 1 else { return bytes.isEmpty ? nil : text(bytes) }
            if byte == 0x0A { return text(bytes) }
            if bytes.count < 1 << 16 { bytes.append(byte) }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        var line = bytes[...]
        while line.last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
