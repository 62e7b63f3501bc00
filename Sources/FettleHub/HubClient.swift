import FettleCore

/// Fetches models from a hub that has the paths of huggingface.co.
///
///     let hub = try HubClient(endpoint: "https://huggingface.co", token: nil)
///     try hub.pull("HuggingFaceTB/SmolLM2-135M-Instruct", to: "models/smollm2") { done, total in }
public struct HubClient: Sendable {
    /// A large list of files is some hundred kilobytes.
    private static let listingLimit = 16 << 20
    private static let attempts = 3

    private let endpoint: String
    private let token: String?

    /// Takes the hub's address (`HF_ENDPOINT`) and the user's token (`HF_TOKEN`).
    ///
    /// - Throws: `hub-unreachable` when it is no http or https address, or the token cannot be sent.
    public init(endpoint: String, token: String?) throws {
        self.endpoint = try HubAddress.endpoint(endpoint)
        let token = token.flatMap { $0.isEmpty ? nil : $0 }
        guard token?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw Diagnostic(
                "hub-unreachable",
                "the hub's token has characters that a token has not",
                hint: "set HF_TOKEN anew"
            )
        }
        self.token = token
    }

    /// Fetches a model, all of it or nothing; a fetch that was broken off goes on.
    ///
    /// What is fetched so far is in a folder beside `path`, whose name ends with `.partial`.
    ///
    /// - Parameters:
    ///   - model: organisation and name, as in `HuggingFaceTB/SmolLM2-135M-Instruct`.
    ///   - revision: a branch, tag or commit.
    ///   - file: the GGUF file to fetch, where the model has several.
    ///   - path: the folder, or the GGUF file, that is made.
    ///   - progress: called with the bytes that are there and those of all files.
    /// - Returns: whether a folder was made, not one GGUF file.
    /// - Throws: `bad-model-name`, `hub-unreachable`, `hub-refused`, `hub-corrupt`, `model-foreign`,
    ///   `model-unwritable`, or `CancellationError`.
    @discardableResult
    public func pull(
        _ model: String,
        revision: String = "main",
        file: String? = nil,
        to path: String,
        progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Bool {
        try HubAddress.requireName(model)
        let listing = try listing(model, revision)
        let wanted = try listing.wanted(file, model: model)
        let total = wanted.reduce(0) { $0.addingReportingOverflow($1.size ?? 0).partialValue }
        let folder = try HubFolder(path + ".partial", commit: listing.commit)
        var before = 0
        for file in wanted {
            before += try withoutActuallyEscaping(progress) { progress in
                try fetch(file, of: model, listing.commit, folder) {
                    try progress(before + $0, total)
                }
            }
        }
        let single = wanted.count == 1 && wanted[0].name.hasSuffix(".gguf") ? wanted[0].name : nil
        try folder.finish(as: path, file: single)
        return single == nil
    }

    private var transfer: HubTransfer {
        HubTransfer(origin: WebAddress.origin(of: endpoint), token: token)
    }

    private func listing(_ model: String, _ revision: String) throws -> HubListing {
        var bytes: [UInt8] = []
        let receiver = HubReceiver { piece in
            guard bytes.count + piece.count <= Self.listingLimit else {
                throw Diagnostic("hub-corrupt", "what the hub tells of '\(model)' is over 16 MB")
            }
            bytes.append(contentsOf: piece)
        }
        let escaped = WebAddress.escaped(revision)
        let url = "\(endpoint)/api/models/\(model)/revision/\(escaped)?blobs=true"
        let answer = try transfer.get(url, from: 0, into: receiver)
        try requireSuccess(answer, "'\(model)'")
        return try HubListing(bytes, model: model)
    }

    /// Fetches what is missing of a file; returns how many bytes it has.
    private func fetch(
        _ file: HubListing.File,
        of model: String,
        _ commit: String,
        _ folder: HubFolder,
        _ progress: @escaping (Int) throws -> Void
    ) throws -> Int {
        let name = "\(folder.path)/\(file.name)"
        if let whole = try HubFolder.size(name) { return whole }
        let part = try PartFile(name + ".part")
        let url = "\(endpoint)/\(model)/resolve/\(commit)/\(WebAddress.escaped(file.name))"
        var linked: String?
        for attempt in 1...Self.attempts where file.size == nil || part.count != file.size {
            do {
                let headers = try fetch(url, into: part, file, progress)
                linked = headers["x-linked-etag"] ?? linked
                break
            } catch let error as Diagnostic where error.code == "hub-unreachable" {
                guard attempt < Self.attempts else { throw error }
            }
        }
        try require(part, file, linked)
        try part.finish(as: name)
        return part.count
    }

    /// Makes one request for the rest of a file; returns the headers.
    private func fetch(
        _ url: String,
        into part: PartFile,
        _ file: HubListing.File,
        _ progress: @escaping (Int) throws -> Void
    ) throws -> [String: String] {
        let start = part.count
        let receiver = HubReceiver { status, headers in
            // A hub that does not know of ranges sends all of it.
            let range = headers["content-range"]
            if status != 206 || range?.hasPrefix("bytes \(start)-") != true, start > 0 {
                try part.clear()
            }
        } take: { piece in
            try part.write(piece)
            guard part.count <= file.size ?? .max else {
                throw Diagnostic(
                    "hub-corrupt",
                    "'\(file.name)' has more bytes than the \(file.size ?? 0) that the hub tells of"
                )
            }
            try progress(part.count)
        }
        let answer = try transfer.get(url, from: start, into: receiver)
        if answer.status == 416, start > 0 {
            try part.clear()
            throw Diagnostic("hub-unreachable", "the hub has no byte \(start) of '\(file.name)'")
        }
        try requireSuccess(answer, "'\(file.name)'")
        return answer.headers
    }

    /// Sees to it that a file has the bytes that the hub tells of; else it is fetched anew the next time.
    private func require(
        _ part: PartFile,
        _ file: HubListing.File,
        _ linked: String?
    ) throws {
        if let size = file.size, part.count != size {
            throw Diagnostic(
                "hub-corrupt",
                "'\(file.name)' came with \(part.count) bytes, and the hub tells of \(size)",
                hint: "give the command again: it goes on where it stopped"
            )
        }
        let etag = linked.map { $0.filter { $0 != "\"" } }
        let digits = file.digits ?? etag.flatMap { HubListing.isHexadecimal($0, 64) ? $0 : nil }
        guard let digits, part.digits != digits else { return }
        let found = part.digits
        try part.clear()
        throw Diagnostic(
            "hub-corrupt",
            "'\(file.name)' has the SHA-256 \(found), and the hub tells of \(digits)",
            hint: "give the command again: the file is fetched anew"
        )
    }

    private func requireSuccess(_ answer: HubTransfer.Answer, _ what: String) throws(Diagnostic) {
        let host = WebAddress.origin(of: endpoint)
        switch answer.status {
        case 200, 206: return
        case 401, 403:
            throw Diagnostic(
                "hub-refused",
                "\(host) does not give \(what): status \(answer.status)",
                hint: token == nil
                    ? "set HF_TOKEN, and accept the model's terms on its page if it has any"
                    : "check HF_TOKEN, and accept the model's terms on its page if it has any"
            )
        case 404: throw Diagnostic("hub-refused", "\(host) has no \(what)", hint: "check the name")
        default:
            throw Diagnostic(
                "hub-unreachable",
                "\(host) does not give \(what): status \(answer.status)",
                hint: "give the command again later: it goes on where it stopped"
            )
        }
    }
}
