import FettleTestSupport
import Testing

struct StatusTests {
    @Test func statusStandsAtTheRightAndGivesWay() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(
            environment: notices.environment,
            columns: 20
        )
        try terminal.send("ab")
        try await terminal.wait(forText: "> ab", cursorColumn: 4)
        notices.post("status job 1 42%")
        try await terminal.wait(forText: "> ab      job 1 42%", cursorColumn: 4)
        #expect(terminal.screen.colouredLine(0) == "> ab      ‹2›job 1 42%")
        notices.post("status job 1 43%")
        try await terminal.wait(forText: "> ab      job 1 43%", cursorColumn: 4)
        try terminal.send("cdef")
        try await terminal.wait(forText: "> abcdef  job 1 43%", cursorColumn: 8)
        try terminal.send("g")
        try await terminal.wait(forText: "> abcdefg", cursorColumn: 9)
        try terminal.send(Key.backspace)
        try await terminal.wait(forText: "> abcdef  job 1 43%", cursorColumn: 8)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> abcdef\nline: abcdef\n>         job 1 43%")
        notices.post("status ")
        try await terminal.wait(forText: "> abcdef\nline: abcdef\n>", cursorColumn: 2)
    }

    @Test func statusAndNoticeWhileHintAndSearchAreShown() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(
            environment: notices.environment,
            columns: 30
        )
        try terminal.send("se")
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        notices.post("done")
        try await terminal.wait(forText: "done\n> second 数据", cursorColumn: 4)
        try terminal.send(Key.control("R") + "fi")
        try await terminal.wait(forText: "done\n> first\nbck:fi", cursorColumn: 2)
        notices.post("status 7%")
        try await terminal.wait(
            forText: "done\n> first                    7%\nbck:fi",
            cursorColumn: 2
        )
        notices.post("again")
        try await terminal.wait(
            forText: "done\nagain\n> first                    7%\nbck:fi",
            cursorColumn: 2
        )
    }
}
