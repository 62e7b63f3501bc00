/// Renders blocks as text without colours, for files, pipes and expected output.
public struct PlainRenderer: BlockRenderer {
    private let layout: Layout

    /// Makes a renderer for lines of `width` columns; a document does without `hints` at what to type next.
    public init(width: Int, hints: Bool = true) {
        layout = Layout(width: width, hints: hints)
    }

    /// Returns the text of one block; the empty text for a block without lines.
    public func render(_ block: OutputBlock) -> String {
        if case .data(let text) = block { return text }
        return layout.lines(of: block).reduce(into: "") { $0 += $1.text + "\n" }
    }
}
