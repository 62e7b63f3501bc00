import Dispatch
import FettleCore
import FettleWorker
import Glibc
import Synchronization

/// The program that a cluster's node runs: it does one order and tells what happens on standard output.
@main
struct Program {
    static func main() async {
        // A reader that went away is an error of the write, and no signal.
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 1, let argument = arguments.first, !argument.isEmpty else {
            end(2, "expected one order: fettle-worker ORDER.json, or fettle-worker --check")
        }
        switch argument {
        case "--check":
            try? tell(.node(.current), of: "")
            exit(0)
        case _ where argument.hasPrefix("-"):
            end(
                2,
                "unknown option '\(argument)': fettle-worker ORDER.json, or fettle-worker --check"
            )
        default:
            await perform(argument)
        }
    }

    private static func perform(_ argument: String) async {
        let run = Mutex("")
        let work = Task.detached {
            // Where several jobs run among the same files, the order itself is the argument.
            let order =
                argument.hasPrefix("{")
                ? try WorkOrder(text: Array(argument.utf8)) : try WorkOrder(contentsOf: argument)
            run.withLock { $0 = order.run }
            try WorkRun(order, in: ".") { try tell($0, of: order.run) }.perform()
        }
        let stop = StopWatch { work.cancel() }
        do {
            try await work.value
            exit(0)
        } catch {
            let run = run.withLock(\.self)
            if let signal = stop.signal {
                try? tell(.stopped("signal \(signal)"), of: run)
                exit(128 + signal)
            }
            let problem = (error as? Diagnostic) ?? Diagnostic("job-failed", "\(error)")
            try? tell(.failed(problem.withPlace), of: run)
            end(1, problem.withPlace.message)
        }
    }

    private static func tell(_ event: WorkEvent, of run: String) throws {
        try LogWriter.standardOutput.write(event.line(run: run))
    }

    private static func end(_ status: Int32, _ sentence: String) -> Never {
        try? LogWriter.standardError.write("fettle-worker: \(sentence)\n")
        exit(status)
    }
}

extension Diagnostic {
    /// The same with its file and line in the message, as an event has no other place for them.
    fileprivate var withPlace: Diagnostic {
        guard let location else { return self }
        var copy = self
        copy.message = "\(location.file):\(location.line):\(location.column): \(message)"
        copy.location = nil
        return copy
    }
}
