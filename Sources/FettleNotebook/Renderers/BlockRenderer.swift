/// Turns blocks into text that ends with a line end.
///
/// The same block at the same width is always the same text.
public protocol BlockRenderer: Sendable {
    /// Returns the text of one block; the empty text for a block without lines.
    func render(_ block: OutputBlock) -> String
}

extension BlockRenderer {
    /// Returns the texts of the blocks one after the other.
    public func render(_ blocks: [OutputBlock]) -> String {
        blocks.reduce(into: "") { $0 += render($1) }
    }
}
