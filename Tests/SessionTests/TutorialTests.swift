import FettleTestSupport
import Testing

/// The tutorial at a terminal, from its first lesson to its last.
struct TutorialTests {
    @Test func everyLessonIsTakenWithAnswersOfOnesOwn() async throws {
        let folder = try TemporaryFolder()
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "'tutorial' teaches them, Ctrl-D leaves")
        try await prompt.run("tutorial", until: "lesson 1 of 10: read a file")
        #expect(prompt.terminal.screen.text.contains("\n  load .fettle/tutorial/reviews.csv\n"))
        // The file under another name of the user's is as good.
        try await prompt.run(
            "load '.fettle/tutorial/reviews.csv' as r",
            until: "lesson 2 of 10: look at it"
        )
        try await prompt.run("rows 3", until: "lesson 3 of 10: keep what you need")
        // A wrong filter is told, and can be taken back without an end of the lesson.
        try await prompt.run(
            "where mood == \"good\"",
            until: "not yet: only rows whose language is en are to be left"
        )
        try await prompt.run("undo", until: "lesson 3 asks for: where language == \"en\"")
        try await prompt.run("where langage == \"en\"", until: "hint: did you mean 'language'?")
        try await prompt.run("help where", until: "operators, loosest first")
        try await prompt.run("where not language == 'de'", until: "lesson 4 of 10: take it back")
        try await prompt.run("undo", until: "lesson 5 of 10: do it again")
        try await prompt.run(
            "where language == 'en'",
            until: "lesson 6 of 10: say what a model sees"
        )
        try await prompt.run(
            "format prompt='{{review}} =>' completion=' {{mood}}'",
            until: "lesson 7 of 10: keep some rows to test on"
        )
        try prompt.terminal.send("\u{C}")
        try await prompt.run("tutorial again", until: "lesson 7 of 10: keep some rows to test on")
        try await prompt.run("split 75/25 seed=1", until: "lesson 8 of 10: tune a model")
        try await prompt.run("tune ngram on r.train as mine", until: "lesson 9 of 10: judge it")
        try await prompt.run("evaluate mine on r.test", until: "lesson 10 of 10: ask it")
        try await prompt.run("ask mine 'It broke.'", until: "That was the tutorial")
        // Nothing follows any more.
        try await prompt.run("tutorial next", until: "the tutorial is not on; 'tutorial' begins it")
        try await prompt.quit()
    }

    @Test func lessonsAreSkippedAndTheTutorialIsLeft() async throws {
        let folder = try TemporaryFolder()
        let result = try await FettleProgram.run(
            ["--ephemeral", "-c", "tutorial; tutorial next; tutorial quit; tutorial again"],
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.contains("lesson 1 of 10: read a file"))
        #expect(lines.contains("lesson 2 of 10: look at it"))
        #expect(
            lines.suffix(2) == [
                "the tutorial is over; what you made stays",
                "the tutorial is not on; 'tutorial' begins it",
            ]
        )
    }
}
