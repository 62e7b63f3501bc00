import CTerminal
import Glibc
import LineEditor
import Synchronization

/// A tiny shell for the line editor's tests.
///
/// It prints each submitted line with its line feeds as `⏎`. Lines written to the FIFO named by
/// `PROBE_NOTICES` become notices, except `release`, which ends the command `busy`, and `status X`,
/// which stands at the right of the prompt. `edit X` opens the editor on X. Numbers are shown in
/// cyan, `数据` in magenta and `bad` as an error, unless NO_COLOR is set.
@main
struct Probe {
    private static let words = ["load": "reads a file", "look": "shows rows", "数据": "data"]

    static func main() async {
        let configuration = LineEditor.Configuration(
            history: history.suffix(3),
            olderHistory: { history.dropLast(3) },
            othersHistory: { getenv("PROBE_OTHERS") == nil ? [] : ["other 数", "first of others"] },
            isComplete: { text in
                text.filter { $0 == "{" }.count <= text.filter { $0 == "}" }.count
            },
            complete: { completions(of: $0, at: $1) },
            highlight: { highlights(of: $0) },
            continuation: getenv("PROBE_CONTINUATION").map { String(cString: $0) } ?? "",
            colour: getenv("NO_COLOR") == nil
        )
        guard let editor = try? LineEditor(configuration) else {
            print("no terminal")
            return
        }
        let worker = Worker()
        let monitor = SignalMonitor(
            onInterrupt: { worker.interrupt() },
            onTerminate: { exit(128 + $0) }
        )
        if let path = getenv("PROBE_NOTICES") { readNotices(path, editor, worker) }
        let prompt = getenv("PROBE_PROMPT").map { String(cString: $0) } ?? "> "
        var next: String?
        while true {
            let inEditor = next != nil
            switch await editor.readLine(prompt: prompt, text: next ?? "", inEditor: inEditor) {
            case .line(let text):
                next = text.hasPrefix("edit ") ? String(text.dropFirst(5)) : nil
                if next == nil { await run(text, editor, worker) }
            case .interrupted:
                next = nil
                print("interrupted")
            case .endOfInput:
                print("end")
                await editor.close()
                return
            case .terminated(let signal):
                print("terminated \(signal)")
                exit(128 + signal)
            }
            withExtendedLifetime(monitor) {}
        }
    }

    /// Three lines, or as many as `PROBE_HISTORY` says.
    private static var history: [String] {
        guard let count = getenv("PROBE_HISTORY").flatMap({ Int(String(cString: $0)) }) else {
            return ["first", "second 数据", "third"]
        }
        return (0..<count).map { "where column_\($0 % 977) == \($0) and text ~ 'value \($0 * 7)'" }
    }

    private static func highlights(of text: String) -> [LineEditor.Highlight] {
        var offset = 0
        return text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "\n" }.compactMap {
            word in
            let range = offset..<(offset + word.utf8.count)
            offset = range.upperBound + 1
            if word == "bad" { return .init(range, colour: "4;31") }
            if word == "数据" { return .init(range, colour: "35") }
            return Int(word) == nil ? nil : .init(range, colour: "36")
        }
    }

    private static func run(_ text: String, _ editor: LineEditor, _ worker: Worker) async {
        await editor.addToHistory(text)
        if text == "busy" {
            let outcome = await worker.run()
            print(outcome)
        } else if text.hasPrefix("!") {
            fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
            let interrupts = worker.interrupts
            let status = await child(String(text.dropFirst()))
            // Ctrl-C that ended the child goes to this program, too, and must not come to the next prompt.
            while status == 130, worker.interrupts == interrupts {
                try? await Task.sleep(for: .milliseconds(1))
            }
            fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
            print("status \(status)")
        } else {
            let shown = String(text.map { $0 == "\n" ? "⏎" : $0 })
            print("line: \(shown.count > 100 ? "\(shown.count) characters" : shown)")
        }
    }

    private static func child(_ command: String) async -> Int32 {
        await withCheckedContinuation { continuation in
            detachThread {
                let child = fettle_spawn_shell(command, -1, -1)
                continuation.resume(returning: child < 0 ? -1 : fettle_wait_child(child))
            }
        }
    }

    private static func completions(of text: String, at cursor: Int) -> [LineEditor.Completion] {
        let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
        let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
        let start = before.utf8.count - word.utf8.count
        return words.filter { $0.key.hasPrefix(word) && !word.isEmpty }.sorted { $0 < $1 }.map {
            LineEditor.Completion(replacement: $0.key, start: start, help: $0.value)
        }
    }

    private static func readNotices(
        _ path: UnsafePointer<CChar>,
        _ editor: LineEditor,
        _ worker: Worker
    ) {
        // Opened for writing too, so that it does not end when a writer closes it.
        guard let stream = fopen(path, "r+e") else { return }
        let address = UInt(bitPattern: stream)
        detachThread {
            guard let stream = UnsafeMutablePointer<FILE>(bitPattern: address) else { return }
            while let line = nextLine(stream) {
                if line == "release" {
                    worker.finish("released")
                } else if line.hasPrefix("status ") {
                    editor.show(status: String(line.dropFirst(7)))
                } else {
                    editor.post(notice: line)
                }
            }
        }
    }

    private static func nextLine(_ stream: UnsafeMutablePointer<FILE>) -> String? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        guard getline(&buffer, &capacity, stream) > 0, let buffer else { return nil }
        return String(String(cString: buffer).dropLast())
    }
}

/// A command that runs until it is cancelled or released.
private final class Worker: Sendable {
    private let continuation = Mutex<CheckedContinuation<String, Never>?>(nil)
    private let count = Mutex(0)

    /// How often Ctrl-C came while no line was typed.
    var interrupts: Int { count.withLock { $0 } }

    func run() async -> String {
        await withCheckedContinuation { waiting in
            continuation.withLock { $0 = waiting }
            // Only from here on can it be released.
            print("busy…")
        }
    }

    func interrupt() {
        count.withLock { $0 += 1 }
        finish("cancelled")
    }

    func finish(_ outcome: String) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: outcome)
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private func detachThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(body)).toOpaque()
    pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            return nil
        },
        context
    )
    pthread_detach(thread)
}
