import CDNNL
import CTransformerKernels
import CXXHash
import Dispatch
public import FettleCore
import FettleModelFiles

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The file of a run that stopped between two steps: little-endian, every length checked.
///
///     0    magic "FETTLTUN", version
///     16   what the run is (see ``Tuner/identity``), what computes it, steps, numbers
///     48   the best measurement's step and cost, measurements since
///     72   whether the last step was not reported; its loss, norm and rate, and right examples
///     112  checksum of the header up to here, of the numbers
///     128  parameters, first moments, second moments, the best parameters where they are kept: floats
///
/// The order of examples, the schedule and what dropout drops follow from the step and the options, so the
/// step is all that is kept of them.
private enum Layout {
    static let magic: [UInt8] = Array("FETTLTUN".utf8)
    static let version: UInt64 = 2
    static let checked = 112
    static let header = 128
}

extension Tuner {
    /// Writes the run as it is between two steps, in place of what is at `path`.
    ///
    /// The file is written beside it, synced and renamed: a kill leaves the old one or the new one.
    /// - Parameters:
    ///   - path: the file.
    ///   - waitsForDisk: whether to wait until the disk has it. Without, the system has all of it when this returns,
    ///     so that no end of the process loses it, and the disk has it a moment later: who stops a run does not wait
    ///     for a disk, of which 60 MB are a tenth of a second.
    /// - Throws: `checkpoint-unwritable`.
    public func writeCheckpoint(
        to path: String,
        waitsForDisk: Bool = true
    ) throws(Diagnostic) {
        var header = Layout.magic
        let words = [
            Layout.version, identity, arithmetic, UInt64(step), UInt64(parameters.count),
            UInt64(measurements.bestStep), measurements.bestCost.bitPattern,
            UInt64(measurements.countSinceBest),
            unreported == nil ? 0 : 1, unreported?.loss.bitPattern ?? 0,
            unreported?.gradientNorm.bitPattern ?? 0,
            UInt64(unreported?.learningRate.bitPattern ?? 0),
            UInt64(unreported?.rightExamples ?? 0),
        ]
        for word in words { header.append(littleEndian: word) }
        header.append(littleEndian: hash(header))
        header.append(littleEndian: hashOfNumbers())
        let temporary = path + ".part"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw unwritable(path) }
        var isWritten = header.withUnsafeBytes { writeAll(file, $0) }
        for buffer in numbers where isWritten {
            isWritten = writeAll(
                file,
                UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.count * 4)
            )
        }
        if waitsForDisk { isWritten = isWritten && fsync(file) == 0 }
        let copy = waitsForDisk ? -1 : fcntl(file, F_DUPFD_CLOEXEC, 0)
        guard close(file) == 0, isWritten, rename(temporary, path) == 0 else {
            if copy >= 0 { close(copy) }
            let failure = unwritable(path)
            unlink(temporary)
            throw failure
        }
        guard copy >= 0 else { return syncFolder(of: path) }
        DispatchQueue.global().async {
            fsync(copy)
            close(copy)
            syncFolder(of: path)
        }
    }

    /// Goes on from a checkpoint of the same run, to the very numbers of a run that never stopped.
    ///
    /// - Throws: `checkpoint-unreadable`, `checkpoint-foreign` for another kind of file, `checkpoint-version`,
    ///   `checkpoint-corrupt`, and `checkpoint-differs` when the examples, the model, the options or the processor
    ///   are others than those that the run began with. The run is then as it was.
    public func resume(from path: String) throws(Diagnostic) {
        let bytes = try checkpointBytes(path)
        guard bytes.starts(with: Layout.magic) else {
            throw Diagnostic(
                "checkpoint-foreign",
                "'\(path)' is no checkpoint of tuning: it does not begin with 'FETTLTUN'"
            )
        }
        func corrupt(_ what: String) -> Diagnostic {
            Diagnostic("checkpoint-corrupt", "the checkpoint '\(path)' is damaged: \(what)")
        }
        guard bytes.count >= Layout.header else { throw corrupt("it ends within its header") }
        func word(_ place: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[place * 8 + $1]) << (8 * $1) }
        }
        guard word(1) == Layout.version else {
            throw Diagnostic(
                "checkpoint-version",
                "'\(path)' is a checkpoint of version \(word(1)), \(Layout.version) was expected"
            )
        }
        guard word(14) == hash(bytes[..<Layout.checked]) else {
            throw corrupt("the checksum of its header is wrong")
        }
        guard word(2) == identity else {
            throw differs(path, "its examples, model or options are others")
        }
        guard word(3) == arithmetic else {
            throw differs(path, "another kind of processor or library computed it")
        }
        let isReported = word(9) == 0
        guard word(4) <= UInt64(totalSteps), word(5) == UInt64(parameters.count),
            word(6) <= word(4), word(8) <= word(4), word(4) > 0 || isReported,
            word(13) <= UInt64(options.batchSize), word(12) <= UInt64(UInt32.max)
        else { throw corrupt("its counts are those of another run") }
        guard bytes.count == checkpointSize else {
            throw corrupt("it has \(bytes.count) bytes, \(checkpointSize) were expected")
        }
        guard word(15) == hash(bytes[Layout.header...]) else {
            throw corrupt("the checksum of its numbers is wrong")
        }
        bytes.withUnsafeBytes { raw in
            var start = Layout.header
            for buffer in numbers {
                let part = UnsafeRawBufferPointer(rebasing: raw[start..<start + 4 * buffer.count])
                UnsafeMutableRawBufferPointer(start: buffer.pointer, count: part.count)
                    .copyMemory(from: part)
                start += part.count
            }
        }
        step = Int(word(4))
        measurements.bestStep = Int(word(6))
        measurements.bestCost = Double(bitPattern: word(7))
        measurements.countSinceBest = Int(word(8))
        unreported =
            isReported
            ? nil
            : lastReport(
                loss: Double(bitPattern: word(10)),
                norm: Double(bitPattern: word(11)),
                rate: Float(bitPattern: UInt32(word(12))),
                right: Int(word(13))
            )
        adapter?.refresh()
    }

    private var numbers: [FloatBuffer] {
        [parameters.values, firstMoments, secondMoments] + (bestValues.map { [$0] } ?? [])
    }

    private var checkpointSize: Int { Layout.header + 4 * numbers.count * parameters.count }

    private func differs(_ path: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "checkpoint-differs",
            "'\(path)' is a checkpoint of another run: \(what)",
            hint: "resume with what the run began with, or start a new run"
        )
    }

    /// What makes the numbers come out as they do beside the run's inputs.
    private var arithmetic: UInt64 {
        let words = "\(String(cString: fettle_kernels_name())) \(fettle_dnnl_version()) 1"
        return hash(Array(words.utf8))
    }

    /// A hash of all that decides the result: the options, the examples, the shape of what is trained, the sizes and
    /// the norms of the frozen network, which tell models of the same sizes apart.
    private var identity: UInt64 {
        var bytes: [UInt8] = []
        bytes += Array(options.identity.utf8)
        if let shape = adapter?.shape {
            let layers = shape.layers.map { "\($0)" } ?? "all"
            bytes += Array(
                "\(shape.rank) \(shape.alpha) \(shape.dropout) \(shape.projections.sorted()) \(layers)"
                    .utf8
            )
        }
        bytes += Array("\(network.precision) \(network.purpose)".utf8)
        for slot in parameters.slots { bytes += Array("\(slot.name) \(slot.shape)".utf8) }
        for example in examples {
            bytes.append(littleEndian: UInt64(example.tokens.count))
            if example.weight != 1 { bytes.append(littleEndian: UInt64(example.weight.bitPattern)) }
            for token in example.tokens {
                withUnsafeBytes(of: token.littleEndian) { bytes += $0 }
            }
            for range in example.trained {
                bytes.append(littleEndian: UInt64(range.lowerBound))
                bytes.append(littleEndian: UInt64(range.upperBound))
            }
        }
        // With all weights these are trained, and stand among the numbers.
        if network.purpose != .allWeights {
            for layer in network.layers {
                let weight = layer.firstNorm.weight
                bytes += UnsafeRawBufferPointer(start: weight.pointer, count: weight.count * 4)
            }
        }
        return hash(bytes)
    }

    private func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.withContiguousStorageIfAvailable { hash(UnsafeRawBufferPointer($0)) }
            ?? hash(Array(bytes))
    }

    private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        XXH3_64bits_withSeed(bytes.baseAddress, bytes.count, 0)
    }

    /// The hash of the three arrays one after another, as they are in the file.
    private func hashOfNumbers() -> UInt64 {
        guard let state = XXH3_createState() else { return 0 }
        defer { XXH3_freeState(state) }
        XXH3_64bits_reset_withSeed(state, 0)
        for buffer in numbers { XXH3_64bits_update(state, buffer.pointer, buffer.count * 4) }
        return XXH3_64bits_digest(state)
    }

    private func checkpointBytes(_ path: String) throws(Diagnostic) -> [UInt8] {
        func unreadable(_ reason: String) -> Diagnostic {
            Diagnostic("checkpoint-unreadable", "cannot read the checkpoint '\(path)': \(reason)")
        }
        // A pipe without a writer would otherwise be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable("it is not a regular file")
        }
        // What is longer than this run's checkpoint is refused by its length, not read to its end.
        let size = min(Int(status.st_size), checkpointSize + 1)
        var filled = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while filled < size {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                )
                let found = readSome(file, rest)
                guard found > 0 else { break }
                filled += found
            }
            count = filled
        }
        guard filled == size else { throw unreadable("it became shorter while it was read") }
        return bytes
    }

    private func unwritable(_ path: String) -> Diagnostic {
        Diagnostic(
            "checkpoint-unwritable",
            "cannot write the checkpoint '\(path)': \(String(cString: strerror(errno)))",
            hint: "check the free space and the permissions of its folder"
        )
    }
}

private func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var written = 0
    while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = write(file, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
    }
    return true
}

private func readSome(_ file: Int32, _ rest: UnsafeMutableRawBufferPointer) -> Int {
    while true {
        let count = read(file, rest.baseAddress, rest.count)
        if count >= 0 || errno != EINTR { return count }
    }
}

/// Puts the new name of a file on disk.
private func syncFolder(of path: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let folder = open(parent, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian word: UInt64) {
        Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
    }
}

extension TuningOptions {
    /// All options in words, for telling runs apart; whether values are recomputed changes no number.
    fileprivate var identity: String {
        """
        \(epochs) \(batchSize) \(learningRate) \(schedule) \(warmupSteps) \(weightDecay) \(beta1) \(beta2) \
        \(epsilon) \(clipNorm.map { "\($0)" } ?? "-") \(promptLossWeight) \(shuffles) \(groupsByLength) \(seed) \(threads) \
        \(passTokens) \(keepsBest) \(patience.map { "\($0)" } ?? "-")
        """
    }
}
