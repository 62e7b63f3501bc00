import FettleCore
import Testing

struct PromptTemplateTests {
    @Test func holesAndTextsAreToldApart() throws {
        let template = try PromptTemplate("é {{ title }}{{body}}\n{ } }} {x{{a b}}")
        #expect(
            template.segments == [
                .text("é "), .column("title", SourceSpan(6, 11)),
                .column("body", SourceSpan(16, 20)),
                .text("\n{ } }} {x"), .column("a b", SourceSpan(34, 37)),
            ]
        )
        #expect(template.columns == ["title", "body", "a b"])
        #expect(try PromptTemplate("").segments.isEmpty)
        #expect(try PromptTemplate("{{评分}}").columns == ["评分"])
        #expect(try PromptTemplate("{{a}}{{b}}{{a}}").columns == ["a", "b"])
    }

    @Test(arguments: [
        ("a{{b", 1, 4, "'{{' is not closed by '}}'", "write a column's name as {{column}}"),
        ("{{b}", 0, 4, "'{{' is not closed by '}}'", "write a column's name as {{column}}"),
        ("x{{}}", 1, 5, "'{{}}' names no column", "write a column's name as {{column}}"),
        ("{{  }}", 0, 6, "'{{}}' names no column", "write a column's name as {{column}}"),
        (
            "{{#a}}b{{/a}}", 0, 6, "'{{#…}}' is Mustache's logic, which templates do not have",
            "only {{column}} is understood; make other values with 'derive'"
        ),
        (
            "{{{a}}}", 0, 6, "'{{{…}}' is Mustache's logic, which templates do not have",
            "only {{column}} is understood; make other values with 'derive'"
        ),
        (
            "{{a {{b}}", 0, 9, "'a {{b' has a brace, which no column's name in a template may have",
            "close each hole with '}}' before the next: {{column}}"
        ),
    ])
    func badHolesNameThePlace(
        _ source: String,
        _ start: Int,
        _ end: Int,
        _ message: String,
        _ hint: String
    ) {
        #expect(
            throws: Diagnostic(
                "bad-template",
                message,
                span: SourceSpan(start, end),
                hint: hint
            )
        ) { try PromptTemplate(source) }
    }

    @Test func formatsNameTheirPartsAndColumns() throws {
        let completion = PromptFormat.completion(
            prompt: try PromptTemplate("{{a}} \"{{b}}\""),
            completion: try PromptTemplate(" {{c}}")
        )
        #expect(completion.parts.map(\.name) == ["prompt", "completion"])
        #expect(completion.columns == ["a", "b", "c"])
        #expect(completion.target.source == " {{c}}")
        #expect(
            completion.json.text()
                == #"{"kind": "completion", "prompt": "{{a}} \"{{b}}\"", "completion": " {{c}}"}"#
        )
        let chat = PromptFormat.chat(
            system: nil,
            user: try PromptTemplate("{{a}}"),
            assistant: try PromptTemplate("{{b}}")
        )
        #expect(chat.parts.map(\.name) == ["user", "assistant"])
        #expect(chat.target.source == "{{b}}")
        #expect(chat.json.text() == #"{"kind": "chat", "user": "{{a}}", "assistant": "{{b}}"}"#)
    }
}
