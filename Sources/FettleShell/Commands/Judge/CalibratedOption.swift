import FettleCore
import FettleLanguage
import FettleStore
import FettleWorkbench

/// `--calibrated`, which several commands take.
enum CalibratedOption {
    static let flag = Option<Bool>.flag(
        "calibrated",
        help:
            "take probabilities at the temperature that 'calibrate' fitted; those of the labels add up "
            + "to 1"
    )
}

extension Services {
    /// Returns the temperature that was fitted for a model if it is wanted; its errors point at the model's
    /// word.
    func temperature(
        of record: ModelRecord,
        _ word: ArgumentWord,
        isWanted: Bool
    ) throws(Diagnostic) -> Double? {
        guard isWanted else { return nil }
        do {
            return try Calibrator(workspace, clock: clock).temperature(of: record)
        } catch {
            throw error.located(at: word.span)
        }
    }
}
