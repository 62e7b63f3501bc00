import FettleCore
import FettleData
import FettleNotebook
import FettleStore
import FettleWorkbench

extension Session {
    /// Returns the rows that a model was tuned on, if they are loaded as they were.
    func trainingRows(of model: ModelRecord) -> Dataset? {
        library.datasets.first {
            $0.name == model.dataset && $0.fingerprint == model.datasetFingerprint
        }
    }

    /// Warns of models that are judged on rows that they were tuned on, all of them or some, as far as this session
    /// has their training rows.
    func learntRows(of models: [ModelRecord], on judged: Dataset) -> [OutputBlock] {
        let fingerprint = judged.fingerprint
        return models.compactMap { model in
            guard model.datasetFingerprint != fingerprint else {
                return .warning(
                    "'\(model.displayName)' was tuned on '\(judged.name)': the figures say how well it "
                        + "remembers, not how well it does on new rows"
                )
            }
            guard let training = trainingRows(of: model), training.hasRowsOfSameLoad(as: judged)
            else { return nil }
            let learnt = Set(training.frame.rows)
            let count = judged.frame.rows.count { learnt.contains($0) }
            guard count > 0 else { return nil }
            return .warning(
                "'\(model.displayName)' was tuned on \(NumberText.count(count)) of the "
                    + "\(NumberText.count(judged.frame.count, "row")) of '\(judged.name)', in '\(training.name)': the "
                    + "figures are too good; judge it on rows that it has not seen"
            )
        }
    }
}

extension Dataset {
    /// Whether both stand for rows of one load of one file by the same numbers: neither was put together since.
    fileprivate func hasRowsOfSameLoad(as other: Dataset) -> Bool {
        source.fingerprint == other.source.fingerprint && recipe.first == other.recipe.first
            && !(recipe + other.recipe).contains { $0.hasPrefix("concat") }
    }
}
