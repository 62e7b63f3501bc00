import FettleCore

/// Whether the figures of a classifier that a request asks for can be had of its files.
///
/// The real service told most of this when the job had come through the queue.
struct ClassificationCheck {
    private let submission: ServedJobs.Submission
    private let training: TrainingFile
    private let validation: TrainingFile?

    init(
        _ submission: ServedJobs.Submission,
        _ training: TrainingFile,
        _ validation: TrainingFile?
    ) {
        self.submission = submission
        self.training = training
        self.validation = validation
    }

    /// Checks; does nothing for a request that asks for no such figures.
    ///
    /// - Throws: `bad-value`, which names the field.
    func check() throws {
        guard submission.measuresClasses else { return }
        guard let validation else {
            throw wrong(
                "compute_classification_metrics",
                "compute_classification_metrics needs a validation file to measure on",
                hint: "give a validation_file, or leave compute_classification_metrics out"
            )
        }
        let options = submission.options.classification ?? ClassificationOptions()
        let learnt = try training.classes()
        if let positive = options.positiveClass {
            try check(positive, learnt, validation)
        } else if let count = options.classCount {
            try check(count, learnt, validation)
        } else {
            throw wrong(
                "classification_n_classes",
                "compute_classification_metrics needs classification_n_classes, or "
                    + "classification_positive_class for two classes",
                hint: "the training file has \(learnt.count) classes: "
                    + "set classification_n_classes=\(learnt.count)"
            )
        }
    }

    private func check(_ count: Int, _ learnt: [String], _ validation: TrainingFile) throws {
        let measured = try validation.classes()
        for (file, classes) in [(training, learnt), (validation, measured)]
        where classes.count != count {
            let missing = learnt.filter { !measured.contains($0) }
            let fix =
                learnt.count == count && !missing.isEmpty
                ? "add lines with \(Self.list(missing)) to the validation file"
                : "set classification_n_classes=\(learnt.count), or mend the completions"
            throw wrong(
                "classification_n_classes",
                "the number of classes in \(file.file.id) does not match the number of classes specified "
                    + "in the hyperparameters: it has \(classes.count), \(Self.list(classes)), and "
                    + "classification_n_classes is \(count)",
                hint: fix
            )
        }
        guard learnt != measured else { return }
        let strange = measured.filter { !learnt.contains($0) }
        throw wrong(
            "classification_n_classes",
            "the classes of \(validation.file.id) are others than those of \(training.file.id): "
                + "\(Self.list(strange)) is not learnt",
            hint: "write the completions of both files in the same way, leading spaces included"
        )
    }

    private func check(_ positive: String, _ learnt: [String], _ validation: TrainingFile) throws {
        for (name, classes) in [
            ("training", learnt), ("validation", try validation.classes()),
        ] where !classes.contains(positive) {
            let near = classes.first { $0.withoutOuterBlanks == positive.withoutOuterBlanks }
            throw wrong(
                "classification_positive_class",
                "the positive class specified `\(positive)` is not found among the classes in the "
                    + "\(name) file [\(Self.list(classes))]",
                hint: near.map { "write it as in the file: '\($0)'" } ?? "name one of the classes"
            )
        }
        guard learnt.count != 2 else { return }
        throw wrong(
            "classification_positive_class",
            "classification_positive_class is for two classes, and \(training.file.id) has "
                + "\(learnt.count): \(Self.list(learnt))",
            hint: "set classification_n_classes=\(learnt.count) instead"
        )
    }

    /// The first classes in quotes.
    private static func list(_ classes: [String]) -> String {
        let shown = classes.prefix(8).map { name in
            "'\(name.count > 40 ? name.prefix(40) + "…" : name)'"
        }
        return shown.joined(separator: ", ") + (classes.count > 8 ? ", …" : "")
    }

    private func wrong(_ field: String, _ message: String, hint: String) -> Diagnostic {
        var diagnostic = Diagnostic("bad-value", message, hint: hint)
        diagnostic.parameter = field
        return diagnostic
    }
}
