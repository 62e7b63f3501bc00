import FettleCore
import FettleModelFiles
import FettleTransformer

extension LanguageHyperparameters {
    /// Returns the adapter that is meant: that of the model that is tuned on, or one of these settings.
    ///
    /// - Throws: `bad-hyperparameter` for what the model has not, and for settings that differ from those of the model
    ///   that is tuned on, whose numbers would not fit.
    func shape(
        _ configuration: ModelConfiguration,
        from parent: AdapterShape?
    ) throws(Diagnostic) -> AdapterShape {
        let all = LanguageModels.projections(configuration)
        let rank = rank ?? parent?.rank ?? 16
        let parentAlpha = parent.map { Double($0.alpha) }
        let shape = AdapterShape(
            rank: rank,
            alpha: Float(alpha ?? parentAlpha ?? Double(2 * rank)),
            dropout: Float(dropout ?? 0),
            projections: projections.map { Set($0) } ?? parent?.projections ?? all,
            layers: try layers.map { choice throws(Diagnostic) in
                try choice.range(of: configuration.layers)
            } ?? parent?.layers
        )
        try shape.check(configuration)
        guard let parent else { return shape }
        func same(
            _ name: String,
            _ isSame: Bool,
            _ text: String,
            _ known: String
        ) throws(Diagnostic) {
            guard !isSame else { return }
            throw Diagnostic(
                "bad-hyperparameter",
                "\(name) is \(text), and the model that is tuned on has \(known)",
                hint: "leave \(name) out, or tune the base model"
            )
        }
        try same("rank", shape.rank == parent.rank, "\(shape.rank)", "\(parent.rank)")
        try same("alpha", shape.alpha == parent.alpha, "\(shape.alpha)", "\(parent.alpha)")
        try same(
            "projections",
            shape.projections == parent.projections,
            shape.projections.sorted().joined(separator: ","),
            parent.projections.sorted().joined(separator: ",")
        )
        let count = configuration.layers
        try same(
            "layers",
            (shape.layers ?? 0..<count) == (parent.layers ?? 0..<count),
            Self.text(shape.layers),
            Self.text(parent.layers)
        )
        return shape
    }

    /// Layers as the user writes them.
    static func text(_ layers: Range<Int>?) -> String {
        layers.map { "\($0.lowerBound)-\($0.upperBound - 1)" } ?? "all"
    }

    /// Checks what can be checked before the examples are tokens.
    ///
    /// - Throws: `bad-hyperparameter`.
    func check(hasValidation: Bool) throws(Diagnostic) {
        try checkAdapter(train ?? .adapter)
        guard !hasValidation else { return }
        let name =
            earlyStopping != nil
            ? "early_stopping"
            : bestBy != nil ? "metric_for_best_model" : keep == .best ? "keep=best" : nil
        guard let name else { return }
        throw Diagnostic(
            "bad-hyperparameter",
            "\(name) needs examples to measure on, and no validation dataset was given",
            hint: "name one: validate=DATASET"
        )
    }
}

extension LanguageHyperparameters.Layers {
    /// Returns the layers of a model of `count`; nil for all of them.
    fileprivate func range(of count: Int) throws(Diagnostic) -> Range<Int>? {
        let range =
            switch self {
            case .last(let number): count - number..<count
            case .from(let first, let last): first..<last + 1
            }
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw Diagnostic(
                "bad-hyperparameter",
                "layers is \(text), and the model has \(count) layers, 0-\(count - 1)",
                hint: "take layers=\(max(1, count / 2)) for the last half, or leave it out for all"
            )
        }
        return range == 0..<count ? nil : range
    }
}
