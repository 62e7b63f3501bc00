extension CommandCatalogue {
    /// What people type who come from other shells and tools, and what they then mean; `apropos` finds a
    /// command by them, too.
    static let synonyms = [
        "exit": "quit", "q": "quit", "bye": "quit", "logout": "quit",
        "fc": "edit", "ls": "!ls", "cat": "!cat", "pwd": "!pwd", "clear": "!clear", "man": "help",
        "open": "load", "read": "load", "import": "load", "cd": "load FOLDER/FILE",
        "show": "rows", "head": "rows 10", "top": "rows 10", "limit": "rows 10", "print": "rows",
        "tail": "rows", "describe": "stats", "summary": "stats", "count": "stats", "hist": "stats",
        "info": "columns", "schema": "columns", "cols": "columns", "types": "columns",
        "filter": "where", "find": "where", "grep": "where", "mutate": "derive", "rename": "derive",
        "unique": "dedupe", "distinct": "dedupe", "append": "concat", "union": "concat",
        "oversample": "balance", "undersample": "balance",
        "redact": "mask", "privacy": "mask", "anonymise": "mask", "anonymize": "mask",
        "pseudonymise": "mask", "pseudonymize": "mask", "pii": "mask", "gdpr": "mask",
        "languages": "check", "validate": "check", "lint": "check",
        "delete": "drop", "remove": "drop", "rm": "drop", "template": "format",
        "prompt": "format", "train": "tune", "fit": "tune", "finetune": "tune",
        "fine-tune": "tune", "tuning": "sweep", "hyperparameters": "sweep",
        "hyperparameter-search": "sweep", "grid-search": "sweep", "random-search": "sweep",
        "kill": "cancel", "stop": "cancel", "follow": "watch", "continue": "resume",
        "draw": "plot", "chart": "plot", "loss": "curve", "eval": "evaluate", "test": "evaluate",
        "price": "cost", "prices": "cost prices",
        "score": "evaluate", "metrics": "evaluate", "diff": "compare", "classify": "predict",
        "comment": "note", "annotate": "note", "judge": "rate", "prefer": "rate",
        "generate": "ask", "complete": "ask", "calibration": "calibrate",
        "mistakes": "errors", "mislabeled": "noise", "outliers": "noise",
        "confusion": "plot confusion", "save": "session save", "write": "export",
        "source": "run", "env": "vars", "timing": "set timing on",
    ]

    /// Returns the synonyms that lead to a command, or to one with words after it.
    static func synonyms(of name: String) -> [String] {
        synonyms.filter { $0.value == name || $0.value.hasPrefix(name + " ") }.keys.sorted()
    }
}
