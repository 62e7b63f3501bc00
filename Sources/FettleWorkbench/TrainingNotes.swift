import FettleCore
import Foundation

/// What a run that trains elsewhere notes of how far it came, in the place of a checkpoint.
extension BaseModel.Run {
    /// Writes the notes, atomically, after what must not be behind them.
    func keep(_ notes: some Encodable) throws {
        try willWriteCheckpoint()
        do {
            try JSONEncoder().encode(notes).write(to: URL(filePath: checkpoint), options: .atomic)
        } catch {
            checkpointDidFail(error)
        }
    }

    /// Removes the notes: what has ended there is not gone on with.
    func forgetNotes() {
        try? FileManager.default.removeItem(atPath: checkpoint)
    }

    /// Reads the notes of an earlier process.
    ///
    /// - Parameters:
    ///   - path: where they are.
    ///   - what: what they say, for the error.
    /// - Returns: the notes.
    /// - Throws: `checkpoint-corrupt`.
    static func notes<Notes: Decodable>(
        at path: String,
        saying what: String
    ) throws(Diagnostic) -> Notes {
        do {
            return try JSONDecoder().decode(Notes.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw Diagnostic(
                "checkpoint-corrupt",
                "'\(path)', which says \(what), is damaged",
                hint: "start it anew"
            )
        }
    }
}
