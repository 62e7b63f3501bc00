import FettleCore

/// The files of one revision of a model on a hub.
struct HubListing {
    /// A file of the model.
    struct File {
        let name: String
        /// The bytes, where the hub tells of them.
        let size: Int?
        /// The SHA-256, where the hub tells of it: large files have one.
        let digits: String?
    }

    /// The revision's own name, which never means other files.
    let commit: String
    let files: [File]

    /// Reads what `api/models/…` of a hub answers.
    ///
    /// - Throws: `hub-corrupt`, which names the field.
    init(_ bytes: [UInt8], model: String) throws(Diagnostic) {
        func corrupt(_ what: String) -> Diagnostic {
            Diagnostic("hub-corrupt", "what the hub tells of '\(model)' is damaged: \(what)")
        }
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            throw corrupt(error.message)
        }
        guard case .string(let commit)? = value["sha"], Self.isHexadecimal(commit, 40) else {
            throw corrupt("it has no 'sha' of 40 digits")
        }
        guard case .array(let items)? = value["siblings"] else {
            throw corrupt("it has no 'siblings'")
        }
        self.commit = commit
        files = try items.map { (item) throws(Diagnostic) in
            guard case .string(let name)? = item["rfilename"] else {
                throw corrupt("one of 'siblings' has no 'rfilename'")
            }
            var size: Int?
            if case .integer(let number)? = item["size"] ?? item["lfs"]?["size"], number >= 0 {
                size = Int(exactly: number)
            }
            guard case .string(let digits)? = item["lfs"]?["sha256"] else {
                return File(name: name, size: size, digits: nil)
            }
            guard Self.isHexadecimal(digits, 64) else {
                throw corrupt("'lfs.sha256' of '\(name)' is not 64 digits")
            }
            return File(name: name, size: size, digits: digits)
        }
    }

    /// Whether a text has this many hexadecimal digits in small letters.
    static func isHexadecimal(_ text: String, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// The names that a folder of a model needs, beside its `*.safetensors`.
    private static let folderNames: Set = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "chat_template.jinja", "model.safetensors.index.json",
    ]

    /// Returns the files to fetch: a GGUF file by its name, or the one there is, or the folder.
    ///
    /// - Throws: `model-foreign` when there is no model, or several and none is named.
    func wanted(_ name: String?, model: String) throws(Diagnostic) -> [File] {
        let plain = files.filter {
            !$0.name.contains("/") && !$0.name.hasPrefix(".") && !$0.name.contains("\0")
        }
        let single = plain.filter { $0.name.hasSuffix(".gguf") }
        if let name {
            if let file = single.first(where: { $0.name == name }) { return [file] }
            throw Diagnostic("model-foreign", "'\(model)' has no file '\(name)'")
                .hinting(didYouMean(name, among: single.map(\.name)))
        }
        let whole = plain.contains {
            $0.name == "model.safetensors" || $0.name == "model.safetensors.index.json"
        }
        if whole, plain.contains(where: { $0.name == "config.json" }) {
            // Other forms of the same numbers are left where they are.
            return plain.filter { file in
                Self.folderNames.contains(file.name)
                    || file.name.hasPrefix("model") && file.name.hasSuffix(".safetensors")
            }
        }
        guard single.count == 1 else {
            let names = single.prefix(20).map { "'\($0.name)'" }.joined(separator: ", ")
            throw Diagnostic(
                "model-foreign",
                single.isEmpty
                    ? "'\(model)' has no model that is read: no safetensors beside 'config.json', and no '*.gguf'"
                    : "'\(model)' has \(single.count) GGUF files: \(names)",
                hint: single.isEmpty ? "name another model" : "name one of them: file=NAME"
            )
        }
        return single
    }
}
