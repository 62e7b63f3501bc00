import FettleCore

extension WorkEvent {
    /// Larger counts than this are mistakes; JSON readers of other languages hold it exactly.
    private static let most = 1 << 53

    /// Reads the JSON of a line, which anything may have written.
    ///
    /// - Parameter json: the bytes after ``prefix``.
    /// - Returns: the run's id, which is empty where an order could not be read, and the event.
    /// - Throws: `bad-event` or `bad-json`.
    static func read(
        _ json: UnsafeRawBufferPointer
    ) throws(Diagnostic) -> (run: String, event: WorkEvent) {
        let limits = JSONLimits(depth: 6, bytes: WorkLog.lineLimit)
        let fields = try Fields(JSONValue.parse(json, limits: limits), .event)
        let run = try fields.text("run", WorkNames.expectedName + ", or nothing") {
            $0.isEmpty || WorkNames.isName($0)
        }
        let kind: Kind = try fields.choice("event")
        let event: WorkEvent
        switch kind {
        case .node: event = .node(try node(fields))
        case .start: event = .start(try node(fields), step: try count("step", fields))
        case .message:
            event = .message(try fields.choice("level"), try fields.text("text"))
        case .metric: event = .metrics(try metrics(fields))
        case .epoch:
            event = .epoch(
                Epoch(
                    number: try fields.integer("epoch", 1...most),
                    count: try fields.integer("epochs", 1...most),
                    step: try count("step", fields),
                    scores: try fields.object("scores").map(file)
                )
            )
        case .setting:
            event = .setting(
                ChosenSetting(
                    name: try fields.text("name"),
                    value: try fields.text("value"),
                    reason: fields.has("reason") ? try fields.text("reason") : nil
                )
            )
        case .chunk: event = .chunk(try chunk(fields))
        case .succeeded:
            var files: [File] = []
            for object in try fields.objects("files", atMost: 1000) {
                files.append(try file(object))
            }
            event = .succeeded(files)
        case .failed:
            event = .failed(
                Diagnostic(
                    try fields.text("code", "an error's code", where: isCode),
                    try fields.text("message"),
                    hints: fields.has("hints") ? try fields.texts("hints", atMost: 10) : []
                )
            )
        case .stopped: event = .stopped(try fields.text("reason"))
        }
        return (run, event)
    }

    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 60
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
    }

    private static func count(_ name: String, _ fields: Fields) throws(Diagnostic) -> Int {
        try fields.integer(name, 0...most)
    }

    private static func node(_ fields: Fields) throws(Diagnostic) -> Node {
        Node(
            version: try fields.text("version"),
            cores: try fields.integer("cores", 1...(1 << 20)),
            memory: try count("memory", fields),
            glibc: try fields.text("glibc")
        )
    }

    private static func metrics(_ fields: Fields) throws(Diagnostic) -> TrainingMetrics {
        func optional(_ name: String) throws(Diagnostic) -> Double? {
            fields.has(name) ? try fields.number(name) : nil
        }
        var row = TrainingMetrics(
            step: try count("step", fields),
            totalSteps: try count("total_steps", fields),
            elapsedExamples: try count("elapsed_examples", fields),
            elapsedTokens: try count("elapsed_tokens", fields),
            trainingLoss: try fields.number("training_loss"),
            trainingAccuracy: try fields.number("training_accuracy"),
            validationLoss: try optional("validation_loss"),
            validationAccuracy: try optional("validation_accuracy")
        )
        row.share = try optional("share")
        return row
    }

    private static func file(_ fields: Fields) throws(Diagnostic) -> File {
        File(
            name: try fields.text("name", WorkNames.expectedName, where: WorkNames.isName),
            bytes: try count("bytes", fields),
            sha256: try fields.text("sha256", WorkNames.expectedHash, where: WorkNames.isHash),
            folder: fields.has("folder")
                ? try fields.text("folder", WorkNames.expectedFolder, where: WorkNames.isFolder)
                : nil
        )
    }

    private static func chunk(_ fields: Fields) throws(Diagnostic) -> Chunk {
        let total = try fields.integer("count", 1...most)
        let base64 = try fields.text("base64")
        guard let bytes = Base64.bytes(base64), bytes.count <= Chunk.size else {
            throw fields.error(
                "base64",
                "'base64' of an event of the log is not the base64 of at most "
                    + NumberText.count(Chunk.size, "byte")
            )
        }
        return Chunk(
            name: try fields.text("name", WorkNames.expectedName, where: WorkNames.isName),
            index: try fields.integer("index", 0...(total - 1)),
            count: total,
            bytes: bytes
        )
    }
}
