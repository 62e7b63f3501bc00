import FettleCore
import Testing

struct TemplateMatchTests {
    @Test(arguments: [
        (
            "{{a}}\n\n{{b}}\n\n###\n\n", "One\n\nTwo\n\nThree\n\n###\n\n",
            ["a": "One", "b": "Two\n\nThree"]
        ),
        (" {{stars}}", " 5", ["stars": "5"]),
        ("{{a}}", "", ["a": ""]),
        ("x{{a}}y{{a}}", "x1y1", ["a": "1"]),
        ("plain", "plain", [:]),
        ("{{a}} ->", "e\u{301} ->", ["a": "e\u{301}"]),
        ("{{a}}\u{301}x", "e\u{301}x", ["a": "e"]),
    ])
    func valuesGiveTheTextAgain(template: String, text: String, values: [String: String]) throws {
        #expect(try PromptTemplate(template).values(giving: text) == values)
    }

    @Test(arguments: [
        ("{{a}} ->", "no ending"), ("x{{a}}", "a"), ("{{a}}{{b}}", "ab"), ("x{{a}}y{{a}}", "x1y2"),
        ("plain", "plainer"), ("plain", "pla"),
    ])
    func otherTextsHaveNone(template: String, text: String) throws {
        #expect(try PromptTemplate(template).values(giving: text) == nil)
    }
}
