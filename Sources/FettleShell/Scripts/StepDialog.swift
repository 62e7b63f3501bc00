/// How `run --step` asks somebody at a terminal.
public struct StepDialog: Sendable {
    /// Shows a question, waits for one of the keys and takes the question away; nil when there is no more
    /// input.
    let readKey: @Sendable (_ question: String, _ keys: String) async throws -> Character?
    /// Lets the user edit a text; nil when the edit was given up.
    let edit: @Sendable (_ text: String) async throws -> String?

    /// Makes a dialog.
    public init(
        readKey:
            @escaping @Sendable (_ question: String, _ keys: String) async throws -> Character?,
        edit: @escaping @Sendable (_ text: String) async throws -> String?
    ) {
        self.readKey = readKey
        self.edit = edit
    }
}
