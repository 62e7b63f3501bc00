import FettleTestSupport

extension PseudoTerminal {
    /// Starts the probe, a tiny shell around the line editor, and waits for its prompt.
    static func probe(
        environment: [String: String] = [:],
        columns: Int = 80,
        rows: Int = 24,
        joinsEmoji: Bool = false,
        awaiting prompt: String = ">"
    ) async throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            program: builtProgram(named: "line-editor-probe"),
            environment: environment,
            columns: columns,
            rows: rows,
            joinsEmoji: joinsEmoji
        )
        try await terminal.wait(forText: prompt)
        return terminal
    }

    /// Everything the program wrote, as text.
    var rawOutput: String { String(decoding: output, as: UTF8.self) }
}
