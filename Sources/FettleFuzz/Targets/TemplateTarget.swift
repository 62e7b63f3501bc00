import FettleCore
import FettleData

/// Templates of prompts: parsed, bound to columns and filled in.
struct TemplateTarget: FuzzTarget {
    let name = "template"
    private let frame = FuzzFrames.reviews
    private let mutation = Mutation([
        "{{", "}}", "{", "}", "{{{", "}}}", "{{title}}", "{{ stars }}", "{{odd name}}", "{{#a}}",
        "{{/a}}", "{{! x }}", "{{> p}}", "{{^a}}", "{{&a}}", "{{=<% %>=}}", "{{}}", "{{ }}", " ",
        "\n", "\n\n###\n\n", " ->", "é", "😀", "{{größe}}", "{{tags}}", "{{score}}", "<b>", "&amp;",
    ])
    private static let seeds = [
        "{{title}}\n\n{{tags}}\n\n###\n\n", " {{stars}}", "Say: {{ odd name }} -> {{score}}",
        "{{title}}{{title}}{{language}}", "plain",
    ].map { Array($0.utf8) }

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        if generator.below(3) == 0 { return mutation.soup(&generator, atMost: 10) }
        let other = Self.seeds.any(&generator)
        return mutation.changed(Self.seeds.any(&generator), with: other, &generator)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let source = String(decoding: input, as: UTF8.self)
        let template: PromptTemplate
        do {
            template = try PromptTemplate(source)
        } catch {
            try requirePlace(of: error, in: source)
            return false
        }
        var printed = ""
        for segment in template.segments {
            switch segment {
            case .text(let text): printed += text
            case .column(let name, let span):
                printed += "{{\(name)}}"
                try requirePlace(of: Diagnostic("x", "x", span: span), in: source)
            }
        }
        let again = try PromptTemplate(printed)
        try require(
            names(again) == names(template),
            "printed as '\(printed)' it reads as \(names(again)), not \(names(template))"
        )
        let format = PromptFormat.completion(prompt: template, completion: template)
        do {
            let compiled = try CompiledFormat(format, in: frame)
            for position in 0..<compiled.count {
                let example = compiled.example(at: position)
                try require(
                    example.prompt == filled(template, position),
                    "row \(position) is '\(example.prompt)', not '\(filled(template, position))'"
                )
            }
            return true
        } catch let error as FormatBindingError {
            try requirePlace(of: error.diagnostic, in: source)
            return false
        }
    }

    private func names(_ template: PromptTemplate) -> [String] {
        template.segments.map { segment in
            switch segment {
            case .text(let text): "text \(text)"
            case .column(let name, _): "column \(name)"
            }
        }
    }

    private func filled(_ template: PromptTemplate, _ position: Int) -> String {
        template.segments.map { segment in
            switch segment {
            case .text(let text): return text
            case .column(let name, _):
                guard let column = frame.position(of: name) else { return "" }
                return frame.cell(column, at: position).displayText
            }
        }.joined()
    }
}
