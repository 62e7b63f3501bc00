import FettleCore
import FettleNotebook

/// A form of file that pictures are written in.
enum PictureForm: String, CaseIterable {
    case svg, png

    /// The program that makes PNG of SVG, with its arguments.
    ///
    /// It reads its standard input, loads nothing that the input names, and writes to its standard output.
    private static let converter = ["rsvg-convert", "--format=png", "--zoom=2"]

    /// Returns the first picture of an output, or its bars, in this form.
    ///
    /// - Throws: `not-a-picture` when it has none, `cannot-append` as a picture has an end, and `no-program` or
    ///   `program-failed` when PNG cannot be made.
    func bytes(
        of output: CommandOutput,
        appends: Bool,
        _ convert: Surroundings.Convert
    ) async throws -> [UInt8] {
        guard !appends else {
            throw Diagnostic(
                "cannot-append",
                "nothing can be added to a picture",
                hint: "write it with '>'"
            )
        }
        guard let plot = Self.picture(output.blocks) else {
            throw Diagnostic(
                "not-a-picture",
                "the output has no picture, which a file .\(rawValue) would hold",
                hint: "'plot', 'curve' and 'stats' draw some"
            )
        }
        guard self == .png else { return Array(plot.svg().utf8) }
        let theme: Plot.Theme = plot.theme == .dark ? .dark : .light
        do {
            return try await convert(Self.converter, Array(plot.svg(theme: theme).utf8))
        } catch let diagnostic as Diagnostic where diagnostic.code == "no-program" {
            throw Diagnostic(
                "no-program",
                "a PNG is made by the program 'rsvg-convert', which is not there",
                hints: [
                    "install it: apt install librsvg2-bin",
                    "or write FILE.svg, which needs no program",
                ]
            )
        }
    }

    /// Whether there is something to draw among the blocks.
    static func isPicture(_ blocks: [OutputBlock]) -> Bool { picture(blocks) != nil }

    /// The pictures of the blocks as one, its frames one under the other; nil without any.
    private static func picture(_ blocks: [OutputBlock]) -> Plot? {
        let plots = blocks.compactMap { block -> Plot? in
            switch block {
            case .plot(let plot): plot
            case .bars(let chart): Plot(chart)
            default: nil
            }
        }
        guard var first = plots.first, plots.count > 1 else { return plots.first }
        for plot in plots.dropFirst() {
            var panels = plot.panels
            if !panels.isEmpty { panels[0].title = panels[0].title ?? plot.title }
            first.panels += panels
            first.figures += plot.figures
        }
        return first
    }
}
