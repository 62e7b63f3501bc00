import FettleCore

/// What a look at a Slurm cluster finds.
public struct SlurmReport: Hashable, Sendable {
    /// What a worker program does on one of the cluster's machines.
    public enum Worker: Hashable, Sendable {
        /// It runs; what it prints of the machine, on one line.
        case runs(String)
        /// It does not; why, in words without a full stop.
        case fails(String)
    }

    /// Slurm's version, such as `22.05.8`.
    public var version: String
    /// The machines by partition.
    public var nodes: [SlurmNodes]
    /// What the worker does; nil where none was tried.
    public var worker: Worker?
}

extension SlurmEngine {
    /// How long a look waits for a free machine, in seconds.
    private static let patience = 60

    /// Looks at the cluster.
    ///
    /// - Parameter worker: a worker program of this machine, which is sent and run with `--check` on a machine that
    ///   is free; nil for none.
    /// - Returns: what was found.
    /// - Throws: `cluster-unreachable`, `no-slurm` and their like.
    public func check(worker: String? = nil) throws -> SlurmReport {
        let version = try host.output(["sinfo", "--version"])
        guard version.hasPrefix("slurm"),
            let number = version.split(whereSeparator: \.isWhitespace).last
        else { throw host.foreign("'sinfo' gives its version as '\(version.prefix(100))'") }
        return SlurmReport(
            version: String(number),
            nodes: try nodes(),
            worker: try worker.map { try check($0) }
        )
    }

    private func check(_ worker: String) throws -> SlurmReport.Worker {
        let path = "\(shared)/check-" + String(UInt64.random(in: .min ... .max), radix: 16)
        let program = PackagedFile("fettle-worker", .file(worker), isExecutable: true)
        defer { remove(path) }
        try send([program], to: path) { _, _ in }
        let answer = try host.run(
            [
                "srun", "--quiet", "--nodes=1", "--ntasks=1", "--export=PATH,HOME,LANG",
                "--chdir=\(path)", "--immediate=\(Self.patience)",
            ] + choices.words + ["./fettle-worker", "--check"],
            seconds: 2 * Self.patience
        )
        let line = answer.output.split(whereSeparator: \.isNewline).last.map(String.init)
        if answer.status == 0, let line { return .runs(line) }
        return .fails(Self.reason(answer))
    }

    /// Says why a program did not run on a machine of the cluster.
    static func reason(_ answer: SlurmHost.Answer) -> String {
        let text = answer.errors
        if let missing = text.firstMatch(of: /version `(GLIBC(XX)?_[0-9.]+)' not found/) {
            let library = missing.output.2 == nil ? "C library" : "C++ library"
            return
                "the machine's \(library) is older than the worker needs: it has no \(missing.output.1)"
        }
        if let missing = text.firstMatch(
            of: /loading shared libraries: ([^:\s]+): cannot open/
        ) {
            return "the machine has no library '\(missing.output.1)', which the worker needs"
        }
        if text.contains("Exec format error") {
            return "the machine's processor is of another kind than the worker is built for"
        }
        if text.contains("Unable to allocate resources") && text.contains("busy") {
            return "no machine was free within \(NumberText.count(patience, "second"))"
        }
        let words = SlurmWords(text, of: "srun").sentence
        return words.isEmpty ? SlurmJobRecord.reason(Int(answer.status)) : words
    }
}
