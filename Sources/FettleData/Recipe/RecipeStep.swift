import FettleCore

/// One step of a dataset's recipe: rows in, rows out, the same every time.
///
/// A step that draws at random carries its seed. Its `summary` is the command line that makes it, so that
/// a recipe reads as the script that would make the dataset again.
public protocol RecipeStep: Sendable {
    /// The command line of the step, complete and canonical: `shuffle seed=7`.
    var summary: String { get }

    /// Returns the rows after the step.
    ///
    /// - Throws: a ``Diagnostic`` when the rows do not have what the step needs, and
    ///   `CancellationError` when the task was cancelled.
    func apply(to frame: Frame) throws -> Frame
}
