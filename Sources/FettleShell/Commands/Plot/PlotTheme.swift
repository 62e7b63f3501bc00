public import FettleLanguage
import FettleNotebook

extension Plot.Theme: ArgumentValue {}

/// `theme=`, which commands that draw take.
enum PlotTheme {
    static let setting = Option<Plot.Theme>.setting(
        "theme",
        default: "auto",
        help: "the ground of a picture file; auto is as the viewer has set, and light for PNG"
    )
}
