import FettleCore
import FettleWorkbench

/// Asks before anything is spent at a provider.
enum Spending {
    /// Asks at a terminal whether tuning may cost what it does; asks nothing for a model of this machine, or a
    /// server of this machine without a price.
    ///
    /// - Throws: `needs-confirmation` when the answer is no, or there is nobody to ask.
    static func ask(about estimate: TuningEstimate?, _ context: Context) async throws {
        guard let estimate, !estimate.isFree else { return }
        let refusal = Diagnostic(
            "needs-confirmation",
            "tuning at '\(estimate.provider)' may cost money: \(estimate.words)",
            hints: [
                "'--yes' allows it",
                estimate.price == nil
                    ? "the price can be told: provider add \(estimate.provider) url=… training_price=DOLLARS"
                    : nil,
            ].compactMap(\.self)
        )
        guard !context.isInBackground, let dialog = context.services.surroundings.stepDialog else {
            throw refusal
        }
        let question = "tune at '\(estimate.provider)': \(estimate.words); go on? [y/N] "
        guard try await dialog.readKey(question, "yn\n") == "y" else { throw refusal }
    }
}
