import FettleCore
import Foundation

/// What stands in place of the weights of a model that a provider made: where it is, and what it answers.
struct RemotePointer: Codable {
    /// The provider's name.
    var provider: String
    /// The model's name there.
    var model: String
    /// The completions that it chooses among; empty for one that writes freely.
    var labels: [String]
    /// Whether it was tuned on conversations.
    var isChat: Bool

    init(provider: String, model: String, labels: [String], isChat: Bool) {
        (self.provider, self.model) = (provider, model)
        (self.labels, self.isChat) = (labels, isChat)
    }

    /// Reads a file.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt`.
    init(contentsOf path: String) throws(Diagnostic) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Diagnostic(
                "model-unreadable",
                "'\(path)' cannot be read: \(systemReason(error))"
            )
        }
        do {
            self = try JSONDecoder().decode(RemotePointer.self, from: data)
        } catch {
            throw Diagnostic(
                "model-corrupt",
                "'\(path)' does not say which model of a provider it is"
            )
        }
    }

    /// Writes a file, atomically.
    ///
    /// - Throws: `model-unwritable`.
    func write(to path: String) throws(Diagnostic) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Diagnostic(
                "model-unwritable",
                "'\(path)' cannot be written: \(systemReason(error))"
            )
        }
    }
}
