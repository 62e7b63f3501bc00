import FettleTestSupport
import Testing

struct NoticeTests {
    @Test func noticeGoesAboveAHalfTypedLine() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(environment: notices.environment)
        try terminal.send("数据 abc" + Key.left)
        try await terminal.wait(forText: "> 数据 abc", cursorColumn: 9)
        notices.post("job 3 finished 完")
        try await terminal.wait(forText: "job 3 finished 完\n> 数据 abc", cursorColumn: 9)
        try terminal.send("x" + Key.enter)
        try await terminal.wait(
            forText: "job 3 finished 完\n> 数据 abxc\nline: 数据 abxc\n>",
            cursorColumn: 2
        )
    }

    @Test func noticeGoesAboveAWrappedLine() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(
            environment: notices.environment,
            columns: 10
        )
        try terminal.send("数据数据数据数据数据" + Key.left)
        let line = "> 数据数据\n数据数据数\n据"
        try await terminal.wait(forText: line, cursorColumn: 0)
        notices.post("note")
        try await terminal.wait(forText: "note\n\(line)", cursorColumn: 0)
        try terminal.send("x")
        try await terminal.wait(forText: "note\n> 数据数据\n数据数据数\nx据", cursorColumn: 1)
    }

    @Test func noticeGoesAboveABlock() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(environment: notices.environment)
        try terminal.send("{" + Key.enter + "two" + Key.enter + "three" + Key.up)
        try await terminal.wait(for: "the cursor on the second line") {
            $0.text == "> {\ntwo\nthree" && $0.cursorRow == 1
        }
        notices.post("note")
        try await terminal.wait(for: "the notice above the block") {
            $0.text == "note\n> {\ntwo\nthree" && $0.cursorRow == 2
        }
    }

    @Test func noticeDoesNotDisturbASearch() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(environment: notices.environment)
        try terminal.send(Key.control("R") + "seco")
        try await terminal.wait(forText: "> second 数据\nbck:seco")
        notices.post("note")
        try await terminal.wait(forText: "note\n> second 数据\nbck:seco")
        try terminal.send("n" + Key.enter)
        try await terminal.wait(for: "the line found") {
            $0.text == "note\n> second 数据\nline: second 数据\n>"
        }
    }

    @Test func noticeGoesAboveAWrappedSearch() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(
            environment: notices.environment,
            columns: 10
        )
        try terminal.send(Key.control("R") + "数")
        let search = "> second\n数据\nbck:数"
        try await terminal.wait(forText: search)
        notices.post("note")
        try await terminal.wait(forText: "note\n" + search)
        notices.post("another")
        try await terminal.wait(forText: "note\nanother\n" + search)
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the line") { $0.text.hasSuffix("line: seco\nnd 数据\n>") }
    }

    @Test func manyNoticesKeepTheLine() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(environment: notices.environment, rows: 12)
        try terminal.send("数据")
        try await terminal.wait(forText: "> 数据", cursorColumn: 6)
        for number in 1...100 { notices.post("note \(number)") }
        let last = (90...100).map { "note \($0)" }.joined(separator: "\n")
        try await terminal.wait(forText: "\(last)\n> 数据", cursorColumn: 6)
    }

    @Test func noticeWhileACommandRunsIsPrintedAtOnce() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(environment: notices.environment)
        try terminal.send("busy" + Key.enter)
        try await terminal.wait(forText: "> busy\nbusy…", cursorColumn: 0)
        notices.post("note")
        try await terminal.wait(forText: "> busy\nbusy…\nnote", cursorColumn: 0)
    }

    @Test func keysTypedWhileACommandRunsAreKept() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(environment: notices.environment)
        try terminal.send("busy" + Key.enter)
        try await terminal.wait(forText: "> busy\nbusy…", cursorColumn: 0)
        try terminal.send("数据 typed ahead" + Key.enter + Key.control("D"))
        notices.post("release")
        #expect(try await terminal.waitForExit() == 0)
        #expect(
            terminal.screen.text == """
                > busy
                busy…
                released
                > 数据 typed ahead
                line: 数据 typed ahead
                >
                end
                """
        )
    }

    @Test func longTypeAheadIsNotCut() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(
            environment: notices.environment,
            columns: 200,
            rows: 50
        )
        try terminal.send("busy" + Key.enter)
        try await terminal.wait(forText: "> busy\nbusy…", cursorColumn: 0)
        try terminal.send(String(repeating: "x", count: 4000))
        notices.post("release")
        try terminal.send(String(repeating: "y", count: 2000) + Key.enter)
        try await terminal.wait(for: "the whole line") {
            $0.text.contains("line: 6000 characters\n")
        }
    }

    @Test func noticeOnADumbTerminalRepeatsTheLine() async throws {
        let notices = try NoticePipe()
        let terminal = try await PseudoTerminal.probe(
            environment: notices.environment.merging(["TERM": "dumb"]) { $1 }
        )
        try terminal.send("abc")
        try await terminal.wait(forText: "> abc", cursorColumn: 5)
        notices.post("note")
        try await terminal.wait(forText: "> abc\nnote\n> abc", cursorColumn: 5)
    }
}
