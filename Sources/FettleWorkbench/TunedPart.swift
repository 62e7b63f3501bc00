import FettleCore
import FettleModelFiles
import FettleTransformer

/// What tuning changes of a language model.
enum TunedPart: Hashable, Sendable {
    /// Updates of projections, beside frozen weights.
    case adapter(AdapterShape)
    /// The output matrix, which a model may share with its embedding, and the norm before it.
    case head
    /// All weights.
    case all

    /// The adapter's shape; nil where weights are tuned themselves.
    var adapter: AdapterShape? {
        if case .adapter(let shape) = self { shape } else { nil }
    }

    /// What the network is arranged for while it is tuned.
    var purpose: TransformerNetwork.Purpose {
        switch self {
        case .adapter: .adapters
        case .head: .head
        case .all: .allWeights
        }
    }

    /// How the user names it.
    var trained: LanguageHyperparameters.Trained {
        switch self {
        case .adapter: .adapter
        case .head: .head
        case .all: .all
        }
    }
}

extension LanguageHyperparameters {
    /// Returns what is meant to be tuned: what was of the model that is tuned on, or what is set.
    ///
    /// - Throws: `bad-hyperparameter` for settings that do not go together, or not with what is tuned on.
    func part(
        _ configuration: ModelConfiguration,
        from parent: TunedPart?
    ) throws(Diagnostic) -> TunedPart {
        let wanted = train ?? parent?.trained ?? .adapter
        if let parent, parent.trained != wanted {
            throw Diagnostic(
                "bad-hyperparameter",
                "train is \(wanted.rawValue), and the model that is tuned on was tuned with "
                    + parent.trained.rawValue,
                hint: "leave train out, or tune the base model"
            )
        }
        try checkAdapter(wanted)
        switch wanted {
        case .adapter: return .adapter(try shape(configuration, from: parent?.adapter))
        case .head: return .head
        case .all: return .all
        }
    }

    /// Sees to it that an adapter's settings are for an adapter.
    func checkAdapter(_ wanted: Trained) throws(Diagnostic) {
        let own: Set<String> = ["rank", "alpha", "dropout", "projections", "layers"]
        guard wanted != .adapter, let first = settings.first(where: { own.contains($0.name) })
        else { return }
        throw Diagnostic(
            "bad-hyperparameter",
            "\(first.name) is a setting of adapters, and train is \(wanted.rawValue)",
            hint: "leave \(first.name) out, or tune an adapter: train=adapter"
        )
    }
}
