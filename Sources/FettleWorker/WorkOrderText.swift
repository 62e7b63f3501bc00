public import FettleCore

extension WorkOrder {
    /// The order as a JSON object; what is not set is left out.
    public var json: JSONValue {
        let files = Role.allCases.compactMap { role in
            self.files[role].map { JSONValue.Member(role.rawValue, $0.json) }
        }
        return .of([
            ("format", .count(Self.format)),
            ("run", .string(run)),
            ("kind", .string(kind.rawValue)),
            ("base", .string(base)),
            ("hyperparameters", OrderSettings.json(of: hyperparameters)),
            ("suffix", suffix.map { .string($0) }),
            ("files", .object(files)),
            ("inputs", inputs.map { .string($0) }),
            ("results", results.map { .string($0) }),
            (
                "checkpoints",
                checkpoints.map {
                    .of([("folder", .string($0.folder)), ("seconds", .count($0.seconds))])
                }
            ),
            ("epoch_scores", scoresEpochs ? .boolean(true) : nil),
            ("threads", .count(threads)),
        ])
    }

    /// Reads an order.
    ///
    /// - Throws: `bad-order` with the field in `parameter` for anything that is not as ``json`` writes it, and for
    ///   an order of another version.
    public init(json: JSONValue) throws(Diagnostic) {
        let fields = try Fields(json, .order)
        guard case .integer(Int64(Self.format))? = fields.value("format") else {
            throw fields.wrong("format", "the version \(Self.format) that this worker reads")
        }
        try fields.require(only: [
            "format", "run", "kind", "base", "hyperparameters", "suffix", "files", "inputs",
            "results", "checkpoints", "epoch_scores", "threads",
        ])
        self.init(
            run: try fields.text("run", WorkNames.expectedName, where: WorkNames.isName),
            kind: try fields.choice("kind"),
            base: try fields.text("base", "a base model's name") { !$0.isEmpty },
            hyperparameters: try OrderSettings.read(fields.object("hyperparameters")),
            threads: try fields.integer("threads", 1...Self.threadLimit)
        )
        if fields.has("suffix") {
            suffix = try fields.text("suffix", "a text of at most 100 bytes") {
                $0.utf8.count <= 100
            }
        }
        inputs = try Self.folder("inputs", fields)
        results = try Self.folder("results", fields)
        if let folder = try fields.object("checkpoints") {
            try folder.require(only: ["folder", "seconds"])
            checkpoints = Checkpoints(
                folder: try folder.text(
                    "folder",
                    WorkNames.expectedFolder,
                    where: WorkNames.isFolder
                ),
                seconds: try folder.integer("seconds", 0...86_400)
            )
        }
        scoresEpochs = try fields.boolean("epoch_scores")
        files = try Self.files(fields)
        try checkFiles(fields)
    }

    /// Reads an order's text.
    ///
    /// - Throws: `bad-json` for text that is no JSON, `bad-order`.
    public init(text: [UInt8]) throws(Diagnostic) {
        let limits = JSONLimits(depth: 8, bytes: 1 << 20)
        try self.init(json: JSONValue.parse(text, file: "the order", limits: limits))
    }

    /// Reads the order of a file.
    ///
    /// - Throws: `cannot-read`, `bad-json`, `bad-order`.
    public init(contentsOf path: String) throws(Diagnostic) {
        let text = try WorkFolder("").read(path, atMost: 1 << 20)
        try self.init(text: text)
    }

    private static func folder(_ name: String, _ fields: Fields) throws(Diagnostic) -> String? {
        guard fields.has(name) else { return nil }
        return try fields.text(name, WorkNames.expectedFolder, where: WorkNames.isFolder)
    }

    private static func files(_ fields: Fields) throws(Diagnostic) -> [Role: File] {
        guard let list = try fields.object("files") else {
            throw fields.wrong("files", "an object with the files by what they are for")
        }
        try list.require(only: Role.allCases.map(\.rawValue))
        var files: [Role: File] = [:]
        for role in Role.allCases {
            guard let file = try list.object(role.rawValue) else { continue }
            try file.require(only: ["name", "bytes", "sha256"])
            files[role] = File(
                name: try file.text("name", WorkNames.expectedName, where: WorkNames.isName),
                bytes: try file.integer("bytes", 0...(1 << 40)),
                sha256: try file.text("sha256", WorkNames.expectedHash, where: WorkNames.isHash)
            )
        }
        return files
    }

    /// Sees to it that the kind has the files it needs and no others.
    private func checkFiles(_ fields: Fields) throws(Diagnostic) {
        let (needed, others): ([Role], [Role]) =
            switch kind {
            case .tune: ([.train], [.validation, .score, .weights])
            case .score: ([.weights, .score], [])
            }
        for role in needed where files[role] == nil {
            throw fields.error(
                "files.\(role.rawValue)",
                "an order to \(kind.rawValue) needs the file 'files.\(role.rawValue)'"
            )
        }
        for role in Role.allCases where files[role] != nil {
            guard needed.contains(role) || others.contains(role) else {
                throw fields.error(
                    "files.\(role.rawValue)",
                    "an order to \(kind.rawValue) takes no file 'files.\(role.rawValue)'"
                )
            }
        }
        guard !scoresEpochs || files[.validation] != nil else {
            throw fields.error(
                "epoch_scores",
                "'epoch_scores' needs the file 'files.validation', whose examples are scored"
            )
        }
    }
}

extension WorkOrder.File {
    fileprivate var json: JSONValue {
        .of([("name", .string(name)), ("bytes", .count(bytes)), ("sha256", .string(sha256))])
    }
}
