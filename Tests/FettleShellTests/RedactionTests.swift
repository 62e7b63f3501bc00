import FettleStore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

struct RedactionTests {
    @Test(arguments: [
        ("provider add openai key=sk-abcdefghijkl", "provider add openai key=‹secret›"),
        ("sk-proj-abcdefghijklmnop", "sk-‹secret›"),
        ("let t = \"sk-abcdefghijkl\"", "let t = \"sk-‹secret›\""),
        ("hf_abcdefghijklmnop", "hf_‹secret›"),
        ("model='hf_abcdefghijklmnop'", "model='hf_‹secret›'"),
        ("!curl -H 'Authorization: Bearer a.b.c' x", "!curl -H 'Authorization: Bearer ‹secret›' x"),
        ("load https://me:hunter2@host/a.csv", "load https://‹secret›@host/a.csv"),
        ("let api_key = \"a b\\\"c\" # x", "let api_key = ‹secret› # x"),
        ("let hf_token = abc; rows", "let hf_token = ‹secret›; rows"),
        ("login --password hunter2 --name x", "login --password ‹secret› --name x"),
        ("login --api-key \"a b\"", "login --api-key ‹secret›"),
        (
            "!curl -H \"Authorization: Bearer a.b.c\"",
            "!curl -H \"Authorization: Bearer ‹secret›\""
        ),
        (#"{"api_key": "abc", "n": 1}"#, #"{"api_key": ‹secret›, "n": 1}"#),
        (
            "where key == 1 and note == 'Bearer abc'",
            "where key == 1 and note == 'Bearer ‹secret›'"
        ),
        ("api_key=12345", "api_key=‹secret›"),
        ("TOKEN=12345 next", "TOKEN=‹secret› next"),
        ("my-password=x", "my-password=‹secret›"),
        ("client_secret=x", "client_secret=‹secret›"),
        (#"let api_token = """super secret""""#, "let api_token = ‹secret›"),
        ("let api_key = <<END\nsupersecret\nEND", "let api_key = ‹secret›"),
        ("load https://ghp_abc@host/a.csv", "load https://‹secret›@host/a.csv"),
        ("where a == 1 | !curl -d api_key=abc", "where a == 1 | !curl -d api_key=‹secret›"),
    ])
    func secretIsTakenOut(text: String, redacted: String) {
        #expect(Redaction.redact(text) == redacted)
    }

    @Test(arguments: [
        "where stars <= 3",
        "key=secret:openai",
        "--password secret:db",
        "where key == 1",
        "where token = 'x'",
        "rows | where key == 1",
        "derive token = lower(key)",
        #"format prompt="Key: {{key}}" completion="{{token}}""#,
        "token=$token",
        "token=${env:HF_TOKEN}",
        "split 80/10/10 by=stars",
        "load task-1/data.csv",
        "risk-averse-investors",
        "load https://host/a@b.csv",
        "api_key=",
        "monkey bread\n\ttoken",
        "数据 key",
        "relabel label turkey=bird monkey=ape",
        #"format prompt="Search key: title {{t}} ->" completion=" {{y}}""#,
        "let turkey = bird",
    ])
    func restIsKept(text: String) {
        #expect(Redaction.redact(text) == text)
    }

    @Test func eachStatementOfALineIsRedactedByItself() {
        #expect(
            Redaction.redactLine("where stars == 1; let api_key=topsecret99")
                == "where stars == 1; let api_key=‹secret›"
        )
        #expect(Redaction.redactLine("let key = 'open") == "let key = ‹secret›")
    }

    @Test func cellsOfTheDatabaseHoldRedactedText() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path + "/.fettle"
        var shell = TestShell(workspace: Workspace(.folder(place), session: "test"))
        await shell.run("let api_key=sk-abcdefghijkl; vars")
        #expect(!FileManager.default.fileExists(atPath: place))
        await shell.run("load \(Files.root)/samples/reviews-small.json as few")
        await shell.run("!curl -u token=abcdefgh")
        let sources = try Store(path: place + "/fettle.sqlite").recentSources(limit: 10)
        #expect(
            sources == [
                "let api_key=‹secret›", "vars",
                "load \(Files.root)/samples/reviews-small.json as few",
                "!curl -u token=‹secret›",
            ]
        )
        for name in try FileManager.default.contentsOfDirectory(atPath: place) {
            let bytes = FileManager.default.contents(atPath: place + "/" + name) ?? Data()
            #expect(bytes.firstRange(of: Data("abcdefgh".utf8)) == nil, "\(name)")
        }
    }
}
