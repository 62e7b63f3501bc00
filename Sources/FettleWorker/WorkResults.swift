import FettleCore
import FettleEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a run's results go: to a folder, or to the log in pieces.
struct WorkResults {
    private let shared: String?
    private let scratch: WorkFolder
    private let emit: (WorkEvent) throws -> Void

    /// Takes the folder of the order, nil for the log, and one for files on their way to the log.
    init(
        _ shared: String?,
        scratch: WorkFolder,
        emit: @escaping (WorkEvent) throws -> Void
    ) {
        (self.shared, self.scratch, self.emit) = (shared, scratch, emit)
    }

    /// Makes the folder, so that one that cannot be made is known before the work is done.
    func ready() throws(Diagnostic) {
        guard let shared else { return }
        try WorkFolder(shared).make()
    }

    /// Keeps a result.
    func keep(_ bytes: [UInt8], as name: String) throws -> WorkEvent.File {
        try Task.checkCancellation()
        if let shared {
            try WorkFolder(shared).write(bytes, to: name)
        } else {
            try tell(bytes, as: name)
        }
        return WorkEvent.File(name, of: bytes, folder: shared)
    }

    /// Keeps the model in the form of its own file.
    func keepModel(_ model: NgramModel) throws -> WorkEvent.File {
        try Task.checkCancellation()
        let name = WorkEvent.modelName
        if let shared {
            let folder = WorkFolder(shared)
            try model.write(to: folder.path(of: name))
            return WorkEvent.File(name, of: try folder.read(name, atMost: .max), folder: shared)
        }
        let temporary = "\(name).\(getpid())"
        try model.write(to: scratch.path(of: temporary))
        defer { scratch.remove(temporary) }
        return try keep(try scratch.read(temporary, atMost: .max), as: name)
    }

    private func tell(_ bytes: [UInt8], as name: String) throws {
        let size = WorkEvent.Chunk.size
        let count = max(1, (bytes.count + size - 1) / size)
        for index in 0..<count {
            try Task.checkCancellation()
            let piece = bytes[(index * size)..<min(bytes.count, (index + 1) * size)]
            try emit(
                .chunk(
                    WorkEvent.Chunk(name: name, index: index, count: count, bytes: Array(piece))
                )
            )
        }
    }
}
