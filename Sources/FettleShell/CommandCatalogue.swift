public import FettleCore
public import FettleLanguage

/// The commands there are.
public enum CommandCatalogue {
    /// Every command, in the order in which help lists them.
    public static let all: [any Command.Type] = [
        Load.self, Use.self, Datasets.self, Columns.self, Rows.self, Row.self, Stats.self,
        Where.self, Select.self, Derive.self, Relabel.self, Sample.self, Shuffle.self, Dedupe.self,
        Balance.self, Split.self, Concat.self, Export.self, Drop.self,
        FormatCommand.self, Preview.self,
        Models.self, ModelCommand.self,
        Tune.self,
        Ask.self, Predict.self,
        Evaluate.self, Compare.self,
        Run.self, Let.self, Vars.self, Help.self, Quit.self,
    ]

    /// The declarations of every command.
    public static let declarations: [CommandDeclaration] = all.map { $0.declaration }

    private static let byName: [String: any Command.Type] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.declaration.name, $0) }
    )

    /// The parser that knows which of these commands take an expression.
    public static let parser = Parser { verb in byName[verb]?.declaration.syntax ?? .words }

    /// Returns the command called `verb`.
    ///
    /// - Throws: `unknown-command` with near names.
    public static func command(
        _ verb: String,
        at span: SourceSpan? = nil
    ) throws(Diagnostic) -> any Command.Type {
        if let command = byName[verb] { return command }
        throw Diagnostic(
            "unknown-command",
            "no command '\(verb)'",
            span: span,
            hints: [didYouMean(verb, among: byName.keys), "'help' lists the commands"]
                .compactMap(\.self)
        )
    }
}
