/// A word for the system's shell.
public enum ShellWord {
    /// Returns a text that the shell takes as one word, as it is.
    public static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
