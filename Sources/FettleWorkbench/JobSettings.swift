import FettleCore
import FettleData
public import FettleStore

extension Hyperparameters {
    /// What the user set, as it is stored.
    var asSettings: [ChosenSetting] {
        let set: [(String, String?)] = [
            ("n_epochs", epochs.map(String.init)),
            ("batch_size", batchSize.map(String.init)),
            ("learning_rate_multiplier", learningRateMultiplier.map { "\($0)" }),
            ("shuffle", shuffle.rawValue),
            ("seed", String(seed)),
            ("class_weights", classWeights?.text),
        ]
        let common = set.compactMap { name, value in
            value.map { ChosenSetting(name: name, value: $0) }
        }
        return common + language.settings
    }

    /// Reads back what was stored.
    init(_ settings: [ChosenSetting]) {
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        self.init(
            epochs: value("n_epochs").flatMap(Int.init),
            batchSize: value("batch_size").flatMap(Int.init),
            learningRateMultiplier: value("learning_rate_multiplier").flatMap(Double.init),
            shuffle: value("shuffle").flatMap(ShuffleMode.init) ?? .epoch,
            seed: value("seed").flatMap(UInt64.init) ?? 0,
            classWeights: value("class_weights").flatMap { try? ClassWeights($0) },
            language: LanguageHyperparameters(settings)
        )
    }
}

extension JobRecord {
    /// The command that starts such a job, with every setting that differs from what it would be unset.
    public var command: String {
        var words = ["tune \(base) on \(dataset)"]
        if let validation { words.append("validate=\(validation)") }
        let usual = Hyperparameters().asSettings
        words += settings.filter { !usual.contains($0) }.map { "\($0.name)=\(Self.word($0.value))" }
        if let suffix { words.append("suffix=\(suffix)") }
        if let name { words.append("as \(name)") }
        return words.joined(separator: " ")
    }

    /// The value of a setting as a word; bare commas between names need no quotes.
    private static func word(_ value: String) -> String {
        let isBare = value.split(separator: ",").allSatisfy { CommandText.word(String($0)) == $0 }
        return isBare ? value : CommandText.quoted(value)
    }
}
