import FettleCore
import FettleData
import FettleWorkbench

/// One thing to type, and how it is seen that it was done.
struct Lesson: Sendable {
    /// What it is about, in a few words.
    let title: String
    /// What the user is told.
    let text: String
    /// A line that does it; `FILE` is the tutorial's file.
    let line: String
    /// What is said of an answer that does something else.
    let hint: String
    /// Whether the command that just ran did it.
    let isDone: @Sendable (Attempt) -> Bool

    /// What a command did during a lesson.
    struct Attempt: Sendable {
        /// The verbs of its stages.
        var verbs: [String]
        /// Whether it succeeded.
        var succeeded: Bool
        /// The session before it.
        var before: Session
        /// The session after it.
        var after: Session

        /// The dataset that is the current one after it.
        var dataset: Dataset? { try? after.library.dataset(nil) }

        /// Whether one of these verbs succeeded.
        func did(_ wanted: Set<String>) -> Bool {
            succeeded && verbs.contains { wanted.contains($0) }
        }
    }
}

extension Lesson {
    /// The lessons in order.
    static let all: [Lesson] = [
        Lesson(
            title: "read a file",
            text: """
                Fettle works on datasets: rows read from a file. This file has 240 short reviews, each with a
                mood (good or bad) and a language. Tab completes file names, verbs and columns.
                """,
            line: "load FILE",
            hint: "'load' and the file's name make a dataset of it",
            isDone: { $0.succeeded && $0.dataset?.frame.columnNames == TutorialData.columns }
        ),
        Lesson(
            title: "look at it",
            text: """
                The prompt now names the dataset and its rows. Look at the first rows with 'rows', at the columns
                with 'columns', or at the balance of the classes:
                """,
            line: "stats by=mood",
            hint: "'rows', 'columns' and 'stats' show what is in the dataset",
            isDone: { $0.did(["stats", "rows", "row", "columns"]) }
        ),
        Lesson(
            title: "keep what you need",
            text: """
                A third of the reviews are German. Keep the English ones; '==' compares, and a text stands in
                quotes. This makes a new version of the dataset, and the file stays as it is.
                """,
            line: "where language == \"en\"",
            hint: "only rows whose language is en are to be left; 'undo' takes a wrong filter back",
            isDone: { $0.succeeded && isEnglish($0.after) }
        ),
        Lesson(
            title: "take it back",
            text:
                "Nothing is lost by trying: every change of datasets, formats and variables can be undone.",
            line: "undo",
            hint: "'undo' takes the last change back",
            isDone: { $0.did(["undo"]) && !isEnglish($0.after) }
        ),
        Lesson(
            title: "do it again",
            text: "Without the German reviews it was better. Make the change again.",
            line: "redo",
            hint: "'redo' makes again what 'undo' took back; so does the 'where' from before",
            isDone: { $0.succeeded && isEnglish($0.after) }
        ),
        Lesson(
            title: "say what a model sees",
            text: """
                A model learns to go on from a prompt with a completion. The format says how a row becomes the two:
                {{column}} stands for the row's value. '->' marks the end of the prompt, and the blank before the
                completion helps models that read word by word.
                """,
            line: "format prompt=\"{{review}} ->\" completion=\" {{mood}}\"",
            hint:
                "the prompt is to show {{review}}, and the completion {{mood}}; 'preview' shows the result",
            isDone: { attempt in
                guard attempt.succeeded, let format = attempt.dataset?.format else { return false }
                let parts = format.parts
                return parts.first?.template.columns.contains("review") == true
                    && parts.last?.template.columns == ["mood"]
            }
        ),
        Lesson(
            title: "keep some rows to test on",
            text: """
                A model is judged on rows that it has not seen. Cut the dataset into a part to train on and one to
                test on, with the same share of moods in both.
                """,
            line: "split 80/20 by=mood seed=7",
            hint:
                "two shares, such as 80/20, make the parts 'train' and 'test'; 'datasets' lists them",
            isDone: { attempt in
                let names = attempt.after.library.names
                return attempt.succeeded && names.contains { $0.hasSuffix(".train") }
                    && names.contains { $0.hasSuffix(".test") }
            }
        ),
        Lesson(
            title: "tune a model",
            text: """
                The built-in base model 'ngram' needs no download. Tune it on the training part, and give the
                result a name.
                """,
            line: "tune ngram on reviews.train as moods",
            hint: "'tune', a base model, 'on' the training part and 'as' a name make a model",
            isDone: { $0.did(["tune", "wait", "watch"]) && $0.after.lastValue != nil }
        ),
        Lesson(
            title: "judge it",
            text: "How often is it right about reviews that it has not seen?",
            line: "evaluate moods on reviews.test",
            hint: "'evaluate', the model's name, 'on' and the test part give its accuracy",
            isDone: { $0.did(["evaluate", "compare"]) }
        ),
        Lesson(
            title: "ask it",
            text: "Give it a review of your own. It answers with a mood, and says how sure it is.",
            line: "ask moods \"The kettle broke on Monday\"",
            hint: "'ask', the model's name and a text in quotes give an answer",
            isDone: { $0.did(["ask"]) }
        ),
    ]

    private static func isEnglish(_ session: Session) -> Bool {
        guard let frame = try? session.library.dataset(nil).frame,
            let column = frame.position(of: "language")
        else { return false }
        return frame.count > 0
            && (0..<frame.count).allSatisfy { frame.cell(column, at: $0) == .text("en") }
    }
}
