import FettleCore
import FettleTokenizers
import Foundation
import Testing

/// What transformers' `apply_chat_template` made of 200 conversations (`Reference/make_chats.py`).
struct ChatReferenceTests {
    private static let names = [
        "chatml", "smollm2", "zephyr", "llama2", "llama3", "llama31", "mistral", "qwen25",
        "reasoning",
    ]

    private func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: HostileStrings.folder.appending(path: name)))
    }

    /// Returns the text, or how it fails.
    private func outcome(_ template: ChatTemplate, _ chat: JSONValue) -> String {
        guard case .object(let members) = chat else { return "" }
        var context = ChatTemplate.Context()
        context.addsGenerationPrompt = chat["add_generation_prompt"] == .boolean(true)
        context.values = members.filter { $0.name != "messages" }
        context.time = { "time \($0)" }
        do {
            return try template.render(chat["messages"] ?? .null, context)
        } catch {
            guard error.code == "chat-template-refused" else { return "failed" }
            let start = "the chat template refuses the conversation: '"
            return "refused: " + error.message.dropFirst(start.count).dropLast()
        }
    }

    private func hash(_ text: String) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let hex = String(value, radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }

    @Test(arguments: names)
    func textsAreThoseOfTransformers(name: String) throws {
        let source = String(decoding: try read("templates/\(name).jinja"), as: UTF8.self)
        let template = try ChatTemplate(source)
        let json = try JSONValue.parse(try read("chats.json"), file: "chats.json")
        let chats = json.items("chats")
        let expected = json["outcomes"]?.strings(name) ?? []
        #expect(chats.count == 200 && expected.count == 200)
        let different = zip(chats, expected).enumerated().filter { _, pair in
            hash(outcome(template, pair.0)) != pair.1
        }
        let first = different.first.map { outcome(template, $0.element.0) } ?? ""
        #expect(different.map(\.offset) == [], "\(name) gives \(first)")
    }
}

struct ChatTemplateTests {
    private func render(
        _ source: String,
        _ values: [JSONValue.Member] = []
    ) throws(Diagnostic) -> String {
        var context = ChatTemplate.Context()
        context.values = values
        let message = JSONValue.object([
            .init("role", .string("user")), .init("content", .string("héllo")),
        ])
        return try ChatTemplate(source, name: "t").render(.array([message]), context)
    }

    @Test(arguments: [
        ("{{ messages[0].content[1:3] }}", "él"),
        ("a\n  {% if true %}\n  b\n  {% endif %}\nc", "a\n  b\nc"),
        ("a\n  {%- if true -%}\n  b\n  {%- endif %}\nc\n", "abc"),
        (
            "{% for x in [1,2,3] if x != 2 %}{{ loop.index }}:{{ x }}{{ ';' if not loop.last }}{% endfor %}",
            "1:1;2:3"
        ),
        (
            "{% set n = namespace(i=0) %}{% for x in 'ab' %}{% set n.i = n.i + 1 %}{% endfor %}{{ n.i }}",
            "2"
        ),
        ("{% set x = 1 %}{% for y in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1"),
        (
            "{% macro m(a, b='B') %}[{{ a }}{{ b }}]{% endmacro %}{{ m('x') }}{{ m('y', b=2) }}",
            "[xB][y2]"
        ),
        ("{{ {'a': [1, none, 'é\"']} | tojson }}", "{\"a\": [1, null, \"é\\\"\"]}"),
        ("{{ nothing }}{{ nothing | default('d') }}{{ '' | default('e', true) }}", "de"),
        ("{{ 'a' ~ 1 ~ true ~ none }}{{ 1.0 }}", "a1TrueNone1.0"),
        ("{{ 9007199254740993.0 }} {{ 1e16 }} {{ 1e-5 }}", "9007199254740992.0 1e+16 1e-05"),
        ("{{ -2 | abs }} {{ -7 // 2 }} {{ 2 + 3 * 4 }} {{ 'x' if 0 else 'y' }}", "2 -4 14 y"),
        ("{{ 'A\\u00e9\\x21\\n' }}|", "Aé!\n|"), ("{{ '}}' }}{# {{ #}{{ \"'\" }}", "}}'"),
    ])
    func templatesPrintWhatJinjaPrints(source: String, expected: String) throws {
        #expect(try render(source) == expected)
    }

    @Test(arguments: [
        ("{% for x in y %}", 1, 4, "'for' has no 'endfor'"),
        ("{% endif %}", 1, 4, "'endif' has nothing that it ends"),
        ("a\n{{ 1 + }}", 2, 8, "expected an expression, found the end of the tag"),
        ("{{ 'a }}", 1, 4, "expected ' at the end of the text, found the end"),
        ("{{ a b }}", 1, 6, "expected '}}', found 'b'"),
        ("{{ a", 1, 1, "expected '}}', found the end"),
        ("{{ a ? }}", 1, 6, "'?' means nothing here"),
        ("{% break %}", 1, 4, "'break' stands outside of a 'for'"),
        ("{% set 1 = 2 %}", 1, 8, "expected a name, found '1'"),
    ])
    func aTemplateThatIsWrongIsRefused(source: String, line: Int, column: Int, message: String) {
        let place = SourceLocation(file: "t", line: line, column: column)
        #expect(throws: Diagnostic("bad-chat-template", message, location: place)) {
            try render(source)
        }
    }

    @Test(arguments: [
        ("{% include 'x' %}", 1, 4, "the statement 'include' is not interpreted"),
        ("{{ 1 ** 2 }}", 1, 6, "the operator '**' is not interpreted"),
        ("\n{{ messages | groupby('role') }}", 2, 15, "the filter 'groupby' is not interpreted"),
        ("{{ 1 is sameas 1 }}", 1, 9, "the test 'sameas' is not interpreted"),
        ("{{ 'a'.encode() }}", 1, 7, "the method 'encode' is not interpreted"),
        ("{{ lipsum() }}", 1, 4, "the function 'lipsum' is not interpreted"),
        (
            "{% for x in [1] %}{{ loop.depth }}{% endfor %}", 1, 26,
            "'loop.depth' is not interpreted"
        ),
        ("{{ strftime_now('%Q') }}", 1, 16, "the time format '%Q' is not interpreted"),
        ("{{ messages.append(1) }}", 1, 12, "the method 'append' is not interpreted"),
    ])
    func whatIsNotInterpretedIsNamed(source: String, line: Int, column: Int, message: String) {
        let place = SourceLocation(file: "t", line: line, column: column)
        let expected = Diagnostic(
            "unsupported-chat-template",
            message,
            location: place,
            hints: ["the templates of Llama, Mistral, Qwen, SmolLM, TinyLlama and ChatML are known"]
        )
        #expect(throws: expected) { try render(source) }
    }

    @Test(arguments: [
        ("{{ nothing.at.all }}", 1, 11, "'nothing' is undefined"),
        ("{{ 1 + 'a' }}", 1, 4, "'+' does not take an integer and a text"),
        ("{{ 1 // 0 }}", 1, 4, "'//' divides by zero"),
        ("{{ 9223372036854775807 + 1 }}", 1, 4, "'+' gives too large a number"),
        ("{% for x in 5 %}{% endfor %}", 1, 13, "an integer has no items"),
        ("{% set a.b = 1 %}", 1, 8, "'a' is undefined, expected a namespace to set 'b' of"),
        ("{{ range(100001) }}", 1, 9, "'range' is longer than 100,000"),
        (
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, 19,
            "what it runs is nested deeper than 200"
        ),
        ("{{ 'a' * 1000000000 }}", 1, 4, "it takes more than 2000000 steps"),
    ])
    func whatFailsSaysWhere(source: String, line: Int, column: Int, message: String) {
        let place = SourceLocation(file: "t", line: line, column: column)
        #expect(throws: Diagnostic("chat-template-failed", message, location: place)) {
            try render(source)
        }
    }

    @Test func aTemplateThatRunsOnIsStopped() {
        let loops =
            "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"
        #expect(throws: Diagnostic.self) { try render(loops) }
        let doubling =
            "{% set n = namespace(s='ab') %}{% for a in range(99) %}{% set n.s = n.s + n.s %}"
        #expect(throws: Diagnostic.self) { try render(doubling + "{% endfor %}{{ n.s }}") }
    }

    @Test func theTemplateCanRefuse() {
        let place = SourceLocation(file: "t", line: 1, column: 19)
        let expected = Diagnostic(
            "chat-template-refused",
            "the chat template refuses the conversation: 'no user'",
            location: place
        )
        #expect(throws: expected) { try render("{{ raise_exception('no user') }}") }
    }
}
