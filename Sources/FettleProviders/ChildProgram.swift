import FettleCore
import Glibc

/// Runs a program to its end on the calling thread, without a shell between.
enum ChildProgram {
    /// What a program gave.
    struct Result: Sendable {
        /// Its exit status; 128 and the number of the signal that ended it.
        var status: Int32
        /// What it wrote.
        var output: [UInt8]
        /// What it wrote to standard error, of which no more than ``errorLimit`` is kept.
        var errors: [UInt8]
    }

    /// Why there is no result.
    enum Failure: Error, Hashable {
        /// No folder of PATH has the program.
        case absent(String)
        /// The system does not start it, in its own words.
        case notStarted(String)
        /// Nothing came from it, and nothing went to it, for so many seconds.
        case quiet(seconds: Int)
        /// It wrote more than so many bytes.
        case tooMuch(limit: Int)
    }

    /// Most bytes of standard error that are kept.
    static let errorLimit = 1 << 16

    private static let pieceSize = 1 << 16
    /// How long a look at the clock and at the task's cancellation is put off, in milliseconds.
    private static let tick: Int32 = 50

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - words: its name, which is looked for along PATH, and its arguments.
    ///   - environment: variables beside this process's own, or in the place of those.
    ///   - limit: the most bytes of what it writes.
    ///   - seconds: how long it may be quiet.
    ///   - isCancellable: whether it ends when the task was cancelled.
    ///   - input: gives the next piece of its standard input, nil at the end; nil for none.
    /// - Returns: its status and what it wrote.
    /// - Throws: ``Failure``; `CancellationError` within a second when the task was cancelled, and what `input`
    ///   throws; the program is ended before.
    static func run(
        _ words: [String],
        environment: [String: String] = [:],
        limit: Int = 1 << 20,
        seconds: Int = 60,
        isCancellable: Bool = true,
        input: (() throws -> [UInt8]?)? = nil
    ) throws -> Result {
        func look() throws { if isCancellable { try Task.checkCancellation() } }
        try look()
        var child = try StartedChild(words, environment)
        defer { child.close() }
        do {
            return try exchange(&child, limit, seconds, look, input)
        } catch {
            child.end()
            throw error
        }
    }

    private static func exchange(
        _ child: inout StartedChild,
        _ limit: Int,
        _ seconds: Int,
        _ look: () throws -> Void,
        _ input: (() throws -> [UInt8]?)?
    ) throws -> Result {
        var result = Result(status: 0, output: [], errors: [])
        var piece: ArraySlice<UInt8> = []
        if input == nil { child.closeInput() }
        var heard = ContinuousClock.now
        while child.isOpen {
            try look()
            if child.input >= 0, piece.isEmpty {
                guard let next = try input?() else {
                    child.closeInput()
                    continue
                }
                piece = next[...]
            }
            let ready = child.wait(Self.tick)
            if ready.isAny { heard = .now }
            guard ContinuousClock.now - heard < .seconds(seconds) else {
                throw Failure.quiet(seconds: seconds)
            }
            if ready.input { child.send(&piece) }
            if ready.output {
                result.output += child.readOutput(atMost: pieceSize)
                guard result.output.count <= limit else { throw Failure.tooMuch(limit: limit) }
            }
            if ready.errors {
                let read = child.readErrors(atMost: pieceSize)
                result.errors += read.prefix(errorLimit - result.errors.count)
            }
            // A program may leave another that holds on to its ends.
            if !ready.isAny, child.hasEnded { break }
        }
        while !child.hasEnded {
            try look()
            guard ContinuousClock.now - heard < .seconds(seconds) else {
                throw Failure.quiet(seconds: seconds)
            }
            usleep(1000)
        }
        result.status = child.status ?? 0
        return result
    }
}
