/// A command that was stopped before its end, and what the user reads about it.
struct Interruption: Error {
    /// The line, without a line end; empty when there is nothing to say.
    var text: String
}
