import FettleCore
import Testing

@testable import FettleWorker

struct WorkOrderTests {
    private static let hash = String(repeating: "0a", count: 32)

    private static var full: WorkOrder {
        var language = LanguageHyperparameters()
        language.rank = 8
        language.warmup = .share(0.1)
        language.layers = .from(2, to: 5)
        language.projections = ["q_proj", "v_proj"]
        return WorkOrder(
            run: "ftjob-AbC123",
            kind: .tune,
            base: "llama",
            hyperparameters: Hyperparameters(
                epochs: 3,
                batchSize: 16,
                learningRateMultiplier: 0.5,
                shuffle: .once,
                seed: .max,
                classWeights: .given([.init(label: "a:b", weight: 2.5)]),
                language: language
            ),
            suffix: "mine",
            files: [
                .train: .init(name: "train.jsonl", bytes: 12, sha256: hash),
                .validation: .init(name: "validation.jsonl", bytes: 0, sha256: hash),
                .score: .init(name: "score.jsonl", bytes: 1 << 40, sha256: hash),
                .weights: .init(name: "base.model", bytes: 5, sha256: hash),
            ],
            inputs: "/shared/files",
            results: "/shared/results of mine",
            checkpoints: .init(folder: "/shared/ü", seconds: 0),
            scoresEpochs: true,
            threads: 8
        )
    }

    @Test func orderIsWrittenInAFixedForm() {
        func file(_ name: String, _ bytes: Int) -> String {
            #"{"name": "\#(name)", "bytes": \#(bytes), "sha256": "\#(Self.hash)"}"#
        }
        #expect(
            Self.full.json.text() == #"{"format": 1, "run": "ftjob-AbC123", "kind": "tune", "#
                + #""base": "llama", "hyperparameters": {"n_epochs": "3", "batch_size": "16", "#
                + #""learning_rate_multiplier": "0.5", "shuffle": "once", "#
                + #""seed": "18446744073709551615", "class_weights": "a:b:2.5", "rank": "8", "#
                + #""projections": "q_proj,v_proj", "layers": "2-5", "warmup": "0.1"}, "#
                + #""suffix": "mine", "files": {"train": "# + file("train.jsonl", 12)
                + #", "validation": "# + file("validation.jsonl", 0)
                + #", "score": "# + file("score.jsonl", 1 << 40)
                + #", "weights": "# + file("base.model", 5)
                + #"}, "inputs": "/shared/files", "results": "/shared/results of mine", "#
                + #""checkpoints": {"folder": "/shared/ü", "seconds": 0}, "#
                + #""epoch_scores": true, "threads": 8}"#
        )
    }

    @Test func orderIsReadBack() throws {
        #expect(try WorkOrder(text: Array(Self.full.json.text().utf8)) == Self.full)
        var least = WorkOrder(run: "r", kind: .score)
        least.files[.weights] = .init("w", of: [])
        least.files[.score] = .init("s", of: Array("abc".utf8))
        #expect(try WorkOrder(json: least.json) == least)
        #expect(
            least.files[.score]?.sha256
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    /// Changes of a good order's text, and what is said of it.
    private static let faults: [(old: String, new: String, field: String?, message: String)] = [
        (
            #""format": 1"#, #""format": 2"#, "format",
            "'format' of the order is 2, expected the version 1 that this worker reads"
        ),
        (
            #""format": 1, "#, "", "format",
            "the order has no 'format', expected the version 1 that this worker reads"
        ),
        (
            #""run": "ftjob-AbC123""#, #""run": "../x""#, "run",
            "'run' of the order is \"../x\", expected " + WorkNames.expectedName
        ),
        (
            #""kind": "tune""#, #""kind": "train""#, "kind",
            "'kind' of the order is \"train\", expected one of 'tune', 'score'"
        ),
        (
            #""base": "llama""#, #""base": """#, "base",
            "'base' of the order is \"\", expected a base model's name"
        ),
        (
            #""n_epochs": "3""#, #""n_epochs": "0""#, "hyperparameters.n_epochs",
            "'hyperparameters.n_epochs' of the order is \"0\", expected a whole number of at least 1, in quotes"
        ),
        (
            #""n_epochs": "3""#, #""n_epochs": 3"#, "hyperparameters.n_epochs",
            "'hyperparameters.n_epochs' of the order is 3, expected a whole number of at least 1, in quotes"
        ),
        (
            #""batch_size": "16""#, #""batch_size": "99999999999""#, "hyperparameters.batch_size",
            "'hyperparameters.batch_size' of the order is \"99999999999\", expected a whole number of at least 1, in quotes"
        ),
        (
            #"multiplier": "0.5""#, #"multiplier": "inf""#,
            "hyperparameters.learning_rate_multiplier",
            "'hyperparameters.learning_rate_multiplier' of the order is \"inf\", expected a number of more than 0, in quotes"
        ),
        (
            #""shuffle": "once""#, #""shuffle": "twice""#, "hyperparameters.shuffle",
            "'hyperparameters.shuffle' of the order is \"twice\", expected one of 'epoch', 'once', 'none', in quotes"
        ),
        (
            #""seed": "18446744073709551615""#, #""seed": "-1""#, "hyperparameters.seed",
            "'hyperparameters.seed' of the order is \"-1\", expected a whole number of 64 bits, in quotes"
        ),
        (
            #""a:b:2.5""#, #""a""#, "hyperparameters.class_weights",
            "'class_weights' is 'a', expected 'balanced', or labels with weights"
        ),
        (
            #""rank": "8""#, #""rank": "x""#, "hyperparameters.rank",
            "'hyperparameters.rank' of the order is \"x\", expected a setting of language models with a value it can have"
        ),
        (
            #""rank": "8""#, #""n_epoch": "8""#, "hyperparameters.n_epoch",
            "'hyperparameters.n_epoch' of the order is \"8\", expected a setting of language models with a value it can have"
        ),
        (
            #""suffix": "mine""#, #""suffix": ["a"]"#, "suffix",
            "'suffix' of the order is a list, expected a text of at most 100 bytes"
        ),
        (
            #""train": {"name": "train.jsonl""#, #""train": {"name": "a/b""#, "files.train.name",
            "'files.train.name' of the order is \"a/b\", expected " + WorkNames.expectedName
        ),
        (
            #""bytes": 12"#, #""bytes": -1"#, "files.train.bytes",
            "'files.train.bytes' of the order is -1, expected a whole number from 0 to 1,099,511,627,776"
        ),
        (
            #""bytes": 12"#, #""bytes": 1e300"#, "files.train.bytes",
            "'files.train.bytes' of the order is 1e+300, expected a whole number from 0 to 1,099,511,627,776"
        ),
        (
            "12, \"sha256\": \"0a", "12, \"sha256\": \"0A", "files.train.sha256",
            "'files.train.sha256' of the order is \"0A" + String(repeating: "0a", count: 28)
                + "0…, expected a SHA-256 in 64 lower-case hexadecimal digits"
        ),
        (
            #""train": {"#, #""test": {"#, "files.test",
            "the order has 'files.test', which nothing reads"
        ),
        (
            #""train": {"#, #""train": null, "x": {"#, "files.x",
            "the order has 'files.x', which nothing reads"
        ),
        (
            #""files": {"#, #""files": null, "other": {"#, "other",
            "the order has 'other', which nothing reads"
        ),
        (
            #""inputs": "/shared/files""#, #""inputs": 1"#, "inputs",
            "'inputs' of the order is 1, expected the path of a folder that begins with '/'"
        ),
        (
            #""results": "/shared/results of mine""#, #""results": "results""#, "results",
            "'results' of the order is \"results\", expected the path of a folder that begins with '/'"
        ),
        (
            #""folder": "/shared/ü""#, #""folder": "/a\u0000b""#, "checkpoints.folder",
            "'checkpoints.folder' of the order is \"/a\\u0000b\", expected the path of a folder that begins with '/'"
        ),
        (
            #""seconds": 0"#, #""seconds": 0.5"#, "checkpoints.seconds",
            "'checkpoints.seconds' of the order is 0.5, expected a whole number from 0 to 86,400"
        ),
        (
            #""epoch_scores": true"#, #""epoch_scores": "yes""#, "epoch_scores",
            "'epoch_scores' of the order is \"yes\", expected true or false"
        ),
        (
            #""threads": 8"#, #""threads": 1025"#, "threads",
            "'threads' of the order is 1025, expected a whole number from 1 to 1,024"
        ),
        (
            #", "threads": 8"#, "", "threads",
            "the order has no 'threads', expected a whole number from 1 to 1,024"
        ),
        (
            #", "threads": 8"#, #", "threads": 8, "threads": 9"#, "threads",
            "the order has 'threads' twice"
        ),
        (
            #""kind": "tune""#, #""kind": "score""#, "files.train",
            "an order to score takes no file 'files.train'"
        ),
    ]

    @Test(arguments: faults.indices)
    func eachFieldThatIsWrongIsNamed(place: Int) throws {
        let (old, new, field, message) = Self.faults[place]
        let text = Self.full.json.text()
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != text)
        let error = #expect(throws: Diagnostic.self) {
            try WorkOrder(text: Array(changed.utf8))
        }
        #expect(error?.code == "bad-order")
        #expect(error?.message == message)
        #expect(error?.parameter == field)
    }

    @Test func missingFilesAreNamed() {
        var order = WorkOrder(run: "r", kind: .score)
        order.files[.weights] = .init("w", of: [])
        #expect(throws: Self.needs("score", "score")) { try WorkOrder(json: order.json) }
        order.kind = .tune
        #expect(throws: Self.needs("tune", "train")) { try WorkOrder(json: order.json) }
        order.files[.train] = .init("t", of: [])
        order.scoresEpochs = true
        var error = Diagnostic(
            "bad-order",
            "'epoch_scores' needs the file 'files.validation', whose examples are scored"
        )
        error.parameter = "epoch_scores"
        #expect(throws: error) { try WorkOrder(json: order.json) }
    }

    private static func needs(_ kind: String, _ role: String) -> Diagnostic {
        var error = Diagnostic(
            "bad-order",
            "an order to \(kind) needs the file 'files.\(role)'"
        )
        error.parameter = "files.\(role)"
        return error
    }

    @Test func textThatIsNoOrderIsRefused() {
        #expect(throws: Diagnostic("bad-order", "the order is 3, expected an object in braces")) {
            try WorkOrder(text: Array("3".utf8))
        }
        #expect(
            throws: Diagnostic(
                "bad-json",
                "expected a value, found the end of the text",
                location: .init(file: "the order", line: 1, column: 1)
            )
        ) { try WorkOrder(text: []) }
        let deep = String(repeating: "[", count: 100)
        #expect(throws: Diagnostic.self) { try WorkOrder(text: Array(deep.utf8)) }
    }
}
