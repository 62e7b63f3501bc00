import FettleCore
import FettleLanguage
import FettleWorkbench

extension ModelCommand {
    /// What 'model pull' is told.
    struct Pull {
        private static let secret = "secret:"

        private let name: String
        private let revision: ArgumentWord?
        private let file: ArgumentWord?
        /// The name of the secret that is the token, and where it stands.
        private let token: (name: String, span: SourceSpan)?

        init(
            _ arguments: Arguments,
            _ model: ArgumentWord,
            as name: ArgumentWord?
        ) throws(Diagnostic) {
            // The name of a model on a hub is ORG/NAME.
            let start = model.text.lastIndex(of: "/").map { model.text[$0...].utf8.count - 1 }
            let size = model.text.utf8.count
            let own = model.part(size - (start ?? size), size)
            self.name = try ModelName.checked(name ?? own)
            revision = try arguments.value(ModelCommand.revision)
            file = try arguments.value(ModelCommand.file)
            guard let word = try arguments.value(ModelCommand.token) else {
                token = nil
                return
            }
            guard word.text.hasPrefix(Self.secret), word.text.utf8.count > Self.secret.utf8.count
            else {
                throw Diagnostic(
                    "bad-value",
                    "'token' is no name of a secret, expected secret:NAME",
                    span: word.span,
                    hint: "what is typed here is stored: 'secret set hf' asks for the token, and "
                        + "token=secret:hf names it"
                )
            }
            token = (String(word.text.dropFirst(Self.secret.count)), word.span)
        }

        func run(_ model: ArgumentWord, _ context: Context) throws -> CommandOutput {
            let environment = context.services.surroundings.environment
            let source = ModelLibrary.HubModel(
                model.text,
                revision: revision?.text ?? "main",
                file: file?.text,
                endpoint: environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
                    ?? ModelLibrary.HubModel.endpoint,
                token: try token(context) ?? environment["HF_TOKEN"]
            )
            let progress = context.services.progress
            do {
                let facts = try context.services.models.pull(
                    source,
                    as: name,
                    at: context.services.clock.now()
                ) { done, total in
                    progress.update(
                        done: done / 1_000_000,
                        total: total / 1_000_000,
                        unit: "MB"
                    )
                }
                return ModelCommand.output(facts)
            } catch is CancellationError {
                throw Interruption(
                    text: "interrupted: what was fetched is kept, and the same command goes on"
                )
            }
        }

        private func token(_ context: Context) throws(Diagnostic) -> String? {
            guard let token else { return nil }
            do {
                if let value = try context.services.secrets.find(token.name) { return value }
            } catch {
                throw error.located(at: token.span)
            }
            throw Diagnostic(
                "unknown-variable",
                "no secret '\(token.name)'",
                span: token.span,
                hint: "'secret set \(token.name)' asks for it"
            )
        }
    }
}
