import CMappedFile
import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bytes of a model file: mapped, so that only what is read comes into memory, or owned.
///
/// Where another program cuts a mapped file short, zeros are read and ``requireUnchanged()`` throws.
/// The bytes never change and outlive every reader that holds the object, so that it may be shared.
final class ModelBytes: @unchecked Sendable {
    /// The file's path as errors name it.
    let path: String
    /// All of the bytes.
    let buffer: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// Maps a file.
    ///
    /// - Throws: `model-unreadable` with the path and the system's reason.
    init(mapping path: String) throws(Diagnostic) {
        // A pipe without a writer would otherwise be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileFault.unreadable(path, systemReason()) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileFault.unreadable(path, systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileFault.unreadable(path, "it is not a regular file")
        }
        guard let size = Int(exactly: status.st_size), size < 1 << 42 else {
            throw FileFault.unreadable(path, "it is too large")
        }
        self.path = path
        guard size > 0 else {
            buffer = UnsafeRawBufferPointer(start: nil, count: 0)
            isMapped = false
            return
        }
        guard let address = fettle_map_file(file, size) else {
            throw FileFault.unreadable(path, systemReason())
        }
        // Tensors are read more than once, and not in the order of the file.
        madvise(address, size, MADV_NORMAL)
        buffer = UnsafeRawBufferPointer(start: address, count: size)
        isMapped = true
    }

    /// Copies bytes; `path` is what errors call them.
    init(copying bytes: some Collection<UInt8>, path: String) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
        copy.copyBytes(from: bytes)
        buffer = UnsafeRawBufferPointer(copy)
        self.path = path
        isMapped = false
    }

    deinit {
        if isMapped, let base = buffer.baseAddress {
            fettle_unmap(UnsafeMutableRawPointer(mutating: base), buffer.count)
        } else {
            buffer.deallocate()
        }
    }

    /// Throws when another program has written to the file since it was opened.
    func requireUnchanged() throws(Diagnostic) {
        guard isMapped, fettle_mapping_changed(buffer.baseAddress) != 0 else { return }
        throw FileFault.unreadable(path, "another program changed it while it was in use")
    }
}

/// The errors of files, of which every reader and writer has the same.
enum FileFault {
    /// The file cannot be opened or read.
    static func unreadable(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic("model-unreadable", "cannot read the model '\(path)': \(reason)")
    }

    /// The file cannot be written.
    static func unwritable(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic(
            "model-unwritable",
            "cannot write the model '\(path)': \(reason)",
            hint: "check the free space and the permissions of its folder"
        )
    }

    /// The content contradicts itself; `what` names the field, what it says and what it may say.
    static func corrupt(_ path: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "model-corrupt",
            "'\(path)' is damaged: \(what)",
            hint: "get the file again from where it came"
        )
    }

    /// The content is well-formed, and of a kind that is not read.
    static func unsupported(_ path: String, _ what: String, hint: String? = nil) -> Diagnostic {
        Diagnostic("model-unsupported", "cannot use '\(path)': \(what)").hinting(hint)
    }

    /// The network is of a family that is not built.
    static func unsupportedArchitecture(_ path: String, _ name: String) -> Diagnostic {
        let known = ModelConfiguration.Architecture.allCases.map(\.rawValue)
        return unsupported(
            path,
            "its architecture is '\(name)', not one of \(known.joined(separator: ", "))"
        )
    }
}

/// Returns the system's words for the last error, such as "No such file or directory".
func systemReason() -> String {
    String(cString: strerror(errno))
}
