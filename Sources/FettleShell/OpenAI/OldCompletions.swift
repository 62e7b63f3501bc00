import FettleCore
import FettleWorkbench
import OpenAIWire
import Synchronization

/// Questions to a model.
extension OpenAICommandLine {
    /// Shows a prompt and what a model goes on with.
    func complete(_ values: OldOptions.Values) async throws -> Int {
        guard let model = values.text("engine") ?? values.text("model") else {
            report("Must provide an 'engine' or 'model' parameter to create a completion")
            return 1
        }
        let streams = values.has("stream")
        if streams, let count = values.integer("n"), count > 1 {
            report("Can't stream completions with n>1 with the current CLI")
            return 1
        }
        // Read as the server reads it, so that the same things are wrong.
        var members: [JSONValue.Member] = [
            .init("model", .string(model)), .init("echo", .boolean(true)),
        ]
        if let prompt = values.text("prompt") { members.append(.init("prompt", .string(prompt))) }
        if let stop = values.text("stop") { members.append(.init("stop", .string(stop))) }
        for name in ["n", "max_tokens", "logprobs"] {
            if let number = values.integer(name) {
                members.append(.init(name, .integer(Int64(number))))
            }
        }
        for name in ["temperature", "top_p"] {
            if let number = values.number(name) { members.append(.init(name, .number(number))) }
        }
        let request = try CompletionRequest(reading: WireObject(.object(members)))
        let prepared = try services.completer.prepare(CompletionQuestion(request))
        let answers = Mutex<[Int: String]>([:])
        _ = try await prepared.run { [terminal] piece in
            try Task.checkCancellation()
            if streams {
                terminal.write(piece.text)
            } else {
                answers.withLock { $0[piece.answer, default: ""] += piece.text }
            }
        }
        let texts = answers.withLock { $0 }
        for (place, text) in texts.sorted(by: { $0.key < $1.key }).enumerated() {
            guard texts.count > 1 else {
                terminal.write(text.value)
                continue
            }
            terminal.write("===== Completion \(place) =====\n\(text.value)\n")
        }
        return 0
    }

    private func report(_ message: String) {
        terminal.writeError("Error: \(message)\n")
    }
}
