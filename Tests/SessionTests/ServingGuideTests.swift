import Foundation
import Testing

/// The guide to serving: its commands give what it shows.
struct ServingGuideTests {
    private static let file = FettleProgram.root + "/docs/guides/serving.md"
    private static let shown = "http://127.0.0.1:8080"

    /// A command of the guide and what it shows after it, where `…` stands for anything.
    private struct Step {
        var command: String
        var output = ""
    }

    /// Returns the commands of the blocks that are transcripts.
    private static func steps(of guide: String) -> [Step] {
        var steps: [Step] = []
        var isInside = false
        for line in guide.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2))))
            } else if isInside, line.hasPrefix("> "), let last = steps.indices.last,
                steps[last].output.isEmpty
            {
                steps[last].command += "\n" + line.dropFirst(2)
            } else if isInside, let last = steps.indices.last {
                steps[last].output += line + "\n"
            }
        }
        return steps
    }

    private static func fits(_ output: String, _ shown: String) -> Bool {
        var rest = output[...]
        let parts = shown.components(separatedBy: "…")
        guard rest.hasPrefix(parts[0]) else { return false }
        rest = rest.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() {
            guard let place = rest.range(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return parts.count == 1 ? rest.isEmpty : rest.hasSuffix(parts[parts.count - 1])
    }

    @Test(.enabled(if: ServedProgram.hasCurl, "no /usr/bin/curl"))
    func everyCommandGivesWhatTheGuideShows() async throws {
        let steps = Self.steps(of: try String(contentsOfFile: Self.file, encoding: .utf8))
        #expect(steps.count > 20)
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/samples",
            withDestinationPath: FettleProgram.root + "/samples"
        )
        let server = try await ServedProgram(folder, arguments: ["--record"])
        let host = String(server.baseURL.dropLast("/v1".count))
        // One shell runs them all, as the later ones use variables of the earlier ones.
        let mark = "--- end of a command ---"
        let program = "fettle() { '\(FettleProgram.path)' \"$@\"; }\n"
        let script =
            program
            + steps.map { "\($0.command)\necho '\(mark)'\n" }.joined()
            .replacing(Self.shown, with: host)
        let result = try await server.run("/bin/sh", ["-c", script])
        let outputs = result.output.components(separatedBy: mark + "\n").dropLast()
        #expect(outputs.count == steps.count, "\(result.errors)")
        if let path = ProcessInfo.processInfo.environment["FETTLE_GUIDE_OUTPUT"] {
            try zip(steps, outputs).map { "$ \($0.command)\n\($1)" }.joined()
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        for (step, output) in zip(steps, outputs) {
            let given = output.replacing(host, with: Self.shown)
            #expect(Self.fits(given, step.output), "$ \(step.command)\n\(given)")
        }
    }
}
