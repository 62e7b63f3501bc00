import FettleCore
import FettleNotebook
import FettleStore
import FettleWorkbench

/// The metadata of a model card: YAML between lines of dashes.
///
/// Source: huggingface.co/docs/hub/model-cards, "Model card metadata" and "Specifying a base model", and the
/// `model-index` of its repository.
struct ModelCard {
    /// Whole lines.
    let text: String

    /// Makes the card of a model with what 'evaluate' found on a dataset, if anything.
    init(_ record: ModelRecord, on dataset: Dataset, _ evaluation: JSONValue?) {
        func quoted(_ text: String) -> String {
            JSONValue.string(Sanitizer.line(text)).text()
        }
        let isClosed = record.labelCount > 0
        let task = isClosed ? "text-classification" : "text-generation"
        var lines = [
            "---", "base_model: \(quoted(record.base))", "pipeline_tag: \(task)",
            "library_name: fettle", "tags:", "- fine-tuned",
        ]
        var figures: [(type: String, name: String, value: Double)] = []
        for (type, name) in [("accuracy", "accuracy"), ("f1", "macro_f1")] {
            if case .number(let value)? = evaluation?[name] { figures.append((type, name, value)) }
        }
        if !figures.isEmpty {
            lines += ["metrics:"] + figures.map { "- \($0.type)" }
            lines += [
                "model-index:", "- name: \(quoted(record.displayName))", "  results:", "  - task:",
                "      type: \(task)", "    dataset:", "      name: \(quoted(dataset.name))",
                "      type: \(quoted(dataset.source.fingerprint))", "    metrics:",
            ]
            for figure in figures {
                lines += [
                    "    - type: \(figure.type)", "      name: \(figure.name)",
                    "      value: \(NumberText.decimal(figure.value, digits: 4))",
                ]
            }
        }
        text = (lines + ["---", ""]).joined(separator: "\n")
    }
}
