import FettleCore

/// The user's own commands for the start of the prompt: `$XDG_CONFIG_HOME/fettle/rc.fettle`.
public enum StartFile {
    /// Returns the file's path; nil where the environment names no folder for it.
    public static func path(_ environment: [String: String]) -> String? {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (configured ?? home.map { $0 + "/.config" }).map { $0 + "/fettle/rc.fettle" }
    }
}

extension Shell {
    /// Runs a start file's commands before the session begins: none is a cell of the session or can be undone,
    /// and one that fails, which is shown, does not keep the others from being run.
    ///
    /// Settings that the workspace keeps, which the shell has adopted, go before those of the file.
    public mutating func start(with file: SourceText) async -> ExitStatus {
        var options = ScriptOptions()
        options.keepsGoing = true
        let source = SourceText(file: file.file, text: file.text, isRecorded: false)
        let status = await run(source, options: options)
        session.time = TimeTravel()
        for (name, source) in session.settings.sources where source == .session {
            session.settings.sources[name] = .startFile
        }
        // What is wrong with them was said when the shell was made.
        try? SavedSettings(services.workspace).apply(to: &session.settings)
        stay()
        return status
    }
}
