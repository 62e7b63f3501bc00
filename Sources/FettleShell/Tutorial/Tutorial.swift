import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench
import Foundation

/// How far a user has come in the tutorial.
struct Tutorial: Sendable {
    /// The lesson that is on, from 0.
    private(set) var lesson = 0
    /// The file that the lessons work on, as one types it.
    let file: String

    /// Starts the tutorial, and writes its file into the workspace.
    init(_ workspace: Workspace) throws(Diagnostic) {
        let path = try workspace.folder("tutorial") + "/reviews.csv"
        try WholeFile.write(Array(TutorialData.csv.utf8), to: path)
        let here = FileManager.default.currentDirectoryPath + "/"
        file = path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    /// Whether the last lesson is over.
    var isOver: Bool { lesson >= Lesson.all.count }

    /// What to do in the lesson that is on, or the farewell.
    var page: OutputBlock {
        guard !isOver else {
            return .text(
                """
                That was the tutorial: a file, a format, a model, and how good it is.
                  help             every command in its group; 'tune ?' explains one
                  session save walk.fettle
                                   keeps what you did as a script that runs again
                  apropos WORD     finds a command by what it does
                """
            )
        }
        let lesson = Lesson.all[lesson]
        return .text(
            """
            lesson \(self.lesson + 1) of \(Lesson.all.count): \(lesson.title)
            \(lesson.text)

              \(line)
            """
        )
    }

    /// The line that does what the lesson asks for.
    var line: String {
        isOver ? "" : Lesson.all[lesson].line.replacing("FILE", with: file.commandWord)
    }

    /// Goes to the next lesson.
    mutating func skip() {
        lesson += 1
    }

    /// Looks at what a command did; returns what is to be said of it.
    mutating func follow(_ attempt: Lesson.Attempt) -> [OutputBlock] {
        guard !isOver, !attempt.verbs.contains(where: Self.asides.contains) else { return [] }
        let current = Lesson.all[lesson]
        guard current.isDone(attempt) else {
            return [
                .note("not yet: \(current.hint)"),
                .note("lesson \(lesson + 1) asks for: \(line)"),
            ]
        }
        lesson += 1
        return [.note("right"), page]
    }

    /// Verbs that answer no lesson and are no mistake either.
    private static let asides: Set<String> = [
        "tutorial", "help", "apropos", "history", "quit", "vars", "preview", "datasets", "set",
        "models",
    ]
}

extension Session {
    /// Follows the tutorial, if it is on, over a command that ran after `before`.
    mutating func followTutorial(
        _ statement: Statement,
        since before: Session,
        succeeded: Bool
    ) -> [OutputBlock] {
        guard var followed = tutorial else { return [] }
        let verbs = statement.stages.compactMap { stage in
            if case .command(let invocation) = stage { invocation.verb } else { nil }
        }
        let blocks = followed.follow(
            Lesson.Attempt(verbs: verbs, succeeded: succeeded, before: before, after: self)
        )
        tutorial = followed.isOver ? nil : followed
        return blocks
    }
}
