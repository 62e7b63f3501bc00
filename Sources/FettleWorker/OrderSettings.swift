import FettleCore

/// Hyperparameters as an order has them: texts by the names that `tune` takes, so that any engine reads them.
enum OrderSettings {
    private static let common = [
        "n_epochs", "batch_size", "learning_rate_multiplier", "shuffle", "seed", "class_weights",
    ]

    /// Returns the texts of what is set, in an object.
    static func json(of set: Hyperparameters) -> JSONValue {
        let common: [(String, String?)] = [
            ("n_epochs", set.epochs.map(String.init)),
            ("batch_size", set.batchSize.map(String.init)),
            ("learning_rate_multiplier", set.learningRateMultiplier.map { "\($0)" }),
            ("shuffle", set.shuffle.rawValue),
            ("seed", String(set.seed)),
            ("class_weights", set.classWeights?.text),
        ]
        let language = set.language.settings.map { ($0.name, Optional($0.value)) }
        return .of((common + language).map { name, text in (name, text.map { .string($0) }) })
    }

    /// Reads them back; what is missing is as ``Hyperparameters`` has it.
    ///
    /// - Throws: `bad-order` for an unknown name and for a text that does not say such a value.
    static func read(_ fields: Fields?) throws(Diagnostic) -> Hyperparameters {
        var set = Hyperparameters()
        guard let fields else { return set }
        var language: [ChosenSetting] = []
        for name in fields.names where !common.contains(name) {
            language.append(try languageSetting(name, fields))
        }
        try fields.require(only: common + language.map(\.name))
        set.language = LanguageHyperparameters(language)
        let most = Int(Int32.max)
        set.epochs = try fields.read("n_epochs", "a whole number of at least 1") {
            Int($0).flatMap { (1...most).contains($0) ? $0 : nil }
        }
        set.batchSize = try fields.read("batch_size", "a whole number of at least 1") {
            Int($0).flatMap { (1...most).contains($0) ? $0 : nil }
        }
        set.learningRateMultiplier = try fields.read(
            "learning_rate_multiplier",
            "a number of more than 0"
        ) { Double($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
        let modes = ShuffleMode.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        set.shuffle =
            try fields.read("shuffle", "one of \(modes)") { ShuffleMode(rawValue: $0) } ?? .epoch
        set.seed = try fields.read("seed", "a whole number of 64 bits") { UInt64($0) } ?? 0
        if let text = try fields.read("class_weights", "a text", { $0 }) {
            do {
                set.classWeights = try ClassWeights(text)
            } catch {
                throw fields.error("class_weights", error.message, error.hints)
            }
        }
        return set
    }

    /// Returns a setting of language models, which must be one that these read.
    private static func languageSetting(
        _ name: String,
        _ fields: Fields
    ) throws(Diagnostic) -> ChosenSetting {
        guard let text = try fields.read(name, "a text", { $0 }) else {
            throw fields.wrong(name, "a text")
        }
        let setting = ChosenSetting(name: name, value: text)
        guard LanguageHyperparameters([setting]).settings.count == 1 else {
            throw fields.wrong(name, "a setting of language models with a value it can have")
        }
        return setting
    }
}

extension Fields {
    /// Reads what a text says; nil where there is none.
    fileprivate func read<Value>(
        _ name: String,
        _ expected: String,
        _ value: (String) -> Value?
    ) throws(Diagnostic) -> Value? {
        guard has(name) else { return nil }
        guard let value = value(try text(name, expected + ", in quotes")) else {
            throw wrong(name, expected + ", in quotes")
        }
        return value
    }
}
