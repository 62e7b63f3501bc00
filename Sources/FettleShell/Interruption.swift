/// A command that was stopped before its end, and what the user reads about it.
struct Interruption: Error {
    /// The line, without a line end; empty when there is nothing to say.
    var text: String
    /// What the command shows and keeps all the same.
    var output = CommandOutput()
}
