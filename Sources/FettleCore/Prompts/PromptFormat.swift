/// How a row becomes an example: prompt and completion templates, or the messages of a chat.
///
/// A tuned model keeps the format it was tuned with, so that training and use cannot drift apart.
public enum PromptFormat: Hashable, Sendable {
    /// Prompt and completion, as the completions API takes them.
    case completion(prompt: PromptTemplate, completion: PromptTemplate)
    /// Chat messages; the assistant's is what the model learns.
    case chat(system: PromptTemplate?, user: PromptTemplate, assistant: PromptTemplate)

    /// The template of what the model learns to give.
    public var target: PromptTemplate {
        switch self {
        case .completion(_, let completion): completion
        case .chat(_, _, let assistant): assistant
        }
    }

    /// The template of what a completion model reads; of a chat, the user's message.
    public var promptTemplate: PromptTemplate {
        switch self {
        case .completion(let prompt, _): prompt
        case .chat(_, let user, _): user
        }
    }

    /// The templates with the names of their settings, in the order in which they are shown.
    public var parts: [(name: String, template: PromptTemplate)] {
        switch self {
        case .completion(let prompt, let completion):
            [("prompt", prompt), ("completion", completion)]
        case .chat(let system, let user, let assistant):
            (system.map { [("system", $0)] } ?? []) + [("user", user), ("assistant", assistant)]
        }
    }

    /// The columns that the format reads, in order of first appearance.
    public var columns: [String] {
        var seen: [String] = []
        for part in parts {
            for name in part.template.columns where !seen.contains(name) { seen.append(name) }
        }
        return seen
    }

    /// The format as JSON: `kind`, then each template's source under its setting's name.
    public var json: JSONValue {
        let kind =
            switch self {
            case .completion: "completion"
            case .chat: "chat"
            }
        return .object(
            [.init("kind", .string(kind))]
                + parts.map { .init($0.name, .string($0.template.source)) }
        )
    }
}
