public import FettleCore
public import FettleLanguage

/// The commands there are.
public enum CommandCatalogue {
    /// Every command, in the order in which help lists them.
    public static let all: [any Command.Type] = [
        Load.self, Use.self, Datasets.self, Columns.self, Rows.self, Row.self, Stats.self,
        Where.self, Select.self, Derive.self, Relabel.self, Sample.self, Shuffle.self, Dedupe.self,
        Balance.self, Mask.self, Split.self, Concat.self, Check.self, Export.self, Drop.self,
        FormatCommand.self, Preview.self, Tokens.self,
        Models.self, ModelCommand.self, Provider.self,
        Tune.self, Sweep.self, Sweeps.self, Jobs.self, JobCommand.self, Watch.self, Wait.self,
        Cancel.self, Resume.self,
        Events.self, Curve.self, Cluster.self,
        Ask.self, Chat.self, Predict.self,
        Evaluate.self, Compare.self, Rate.self, Report.self, Errors.self, NoteCommand.self,
        Noise.self, Suggest.self, Calibrate.self, Feedback.self, PlotCommand.self, Cost.self,
        Serve.self, AliasCommand.self,
        History.self, Edit.self, Last.self, As.self, Tee.self, Copy.self, SessionCommand.self,
        Mark.self, Log.self, Run.self, Undo.self, Redo.self, Let.self, Param.self, Vars.self,
        SetCommand.self, Time.self, Help.self,
        Apropos.self, TutorialCommand.self, Secret.self, Snippet.self, Quit.self,
    ]

    /// The declarations of every command.
    public static let declarations: [CommandDeclaration] = all.map { $0.declaration }

    /// The codes that `help error` explains.
    public static let errorCodes: [String] = ErrorGuide.codes

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
            hints: [
                synonyms[verb].map { "did you mean '\($0)'?" }
                    ?? (verb.contains("/") ? "'!\(verb)' runs a program" : nil)
                        ?? didYouMean(verb, among: byName.keys),
                "'help' lists the commands",
            ].compactMap(\.self)
        )
    }
}
