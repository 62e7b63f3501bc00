import FettleModelFiles

/// What one thread computes with: its products, its scratch, the adapter it applies.
final class Workspace {
    let products = MatrixProducts()
    let rotations: RotaryTables
    let adapter: LowRankAdapter?
    /// Where the random choices of dropout begin in this pass; nil outside training.
    var dropoutSeed: UInt64?

    let lowRank = GrowingBuffer()
    let dropped = GrowingBuffer()
    let attention = GrowingBuffer()
    /// Gradients between the parts of a layer.
    let wide = GrowingBuffer()
    let narrow = GrowingBuffer()
    let operand = GrowingBuffer()
    let logits = GrowingBuffer()
    let logitsOperand = GrowingBuffer()
    /// Chosen rows of the last layer's output and what is computed of them.
    let chosen = GrowingBuffer()
    let chosenOperand = GrowingBuffer()
    let chosenGradient = GrowingBuffer()

    init(_ configuration: ModelConfiguration, adapter: LowRankAdapter?) {
        rotations = RotaryTables(configuration.rope)
        self.adapter = adapter
    }
}
