import FettleCore
import FettleStore
import FettleWorkbench
import Testing

struct TrainingFileTests {
    private let site: ServedSite

    init() throws {
        site = try ServedSite()
    }

    private func refusal(_ text: String, isValidation: Bool = false) throws -> Diagnostic? {
        var request = try site.request()
        let file = try site.files.add(text, "my data.jsonl")
        if isValidation { request.validationFile = file } else { request.trainingFile = file }
        let error = diagnostic { _ = try site.jobs.submit(request) }
        #expect(try site.jobs.jobs(.legacy).isEmpty)
        #expect(site.site.jobFiles.isEmpty)
        return error
    }

    private static let good = #"{"prompt": "a ->", "completion": " 1"}"# + "\n"
    private static let chat =
        #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#
        + "\n"
    private static let chatLikeness =
        #"write the line as {"messages": [{"role": "user", "content": "…"}, "#
        + #"{"role": "assistant", "content": "…"}]}"#
    private static let likeness = #"write each line as {"prompt": "…", "completion": "…"}"#

    @Test(arguments: [
        (
            good + "\n" + #"{"prompt": "b ->", "completion": 5}"#,
            "line 3 has 5 as 'completion', expected a string",
            #"write it as text: "completion": " 5""#
        ),
        (
            good + #"{"prompt": null, "completion": " 2"}"#,
            "line 2 has null as 'prompt', expected a string",
            #"write the line as {"prompt": "…", "completion": "…"}"#
        ),
        (
            "\u{FEFF}" + good + #"{"prompt": "b ->"}"#, "line 2 has no 'completion'",
            #"write the line as {"prompt": "…", "completion": "…"}"#
        ),
        (
            good + #"{"prompt": ["b"], "completion": " 2"}"#,
            #"line 2 has ["b"] as 'prompt', expected a string"#,
            #"write the line as {"prompt": "…", "completion": "…"}"#
        ),
        (
            good + "\r\n" + #"{"prompt": "b ->", "completion": "  "}"#,
            "line 3: 'completion' is '  ', expected the text to learn",
            "give the line a completion, or remove the line"
        ),
        (
            #"{"text": "b", "label": "c"}"#, "no line has 'prompt'; there are 'text', 'label'",
            likeness
        ),
        (
            good + "{nonsense}", "line 2, column 2: expected a name in quotes, found 'n'", likeness
        ),
        ("", "it has no lines", likeness),
        (
            #"{"prompt": "", "completion": " 1"}"# + "\n" + #"{"prompt": "", "completion": " 2"}"#,
            "every 'prompt' is empty, so that there is nothing to tell completions apart by",
            "put the text to answer into 'prompt'"
        ),
    ])
    func whatIsWrongIsSaidWithLineValueAndFix(
        _ text: String,
        _ message: String,
        _ hint: String
    ) throws {
        let error = try #require(try refusal(text))
        #expect(error.code == "bad-training-file")
        #expect(error.message == "file-2 ('my data.jsonl'): \(message)")
        #expect(error.hints == [hint])
        #expect(error.parameter == "training_file")
        #expect(try refusal(text, isValidation: true)?.parameter == "validation_file")
    }

    private static let unfitConversations: [(String, String, String)] = [
        (
            #"{"messages": [{"role": "user", "content": "a"}]}"#,
            "line 1: the last message, 'messages[0]', is the user's, expected the assistant's, which is the "
                + "answer to learn", "end the conversation with an answer, or remove the line"
        ),
        (
            chat + "\n" + #"{"messages": [{"role": "asistant", "content": "a"}]}"#,
            "line 3: 'messages[0].role' is 'asistant', expected 'system', 'developer', 'user', 'assistant' "
                + "or 'tool'", "did you mean 'assistant'?"
        ),
        (
            chat + #"{"messages": [{"content": "a"}]}"#,
            "line 2: 'messages[0].role' is missing, expected 'system', 'developer', 'user', 'assistant' "
                + "or 'tool'", "say who speaks"
        ),
        (
            chat + #"{"messages": [{"role": "assistant", "content": "a"}]}"#,
            "line 2: it has one message, expected one to answer before the assistant's",
            chatLikeness
        ),
        (
            chat + #"{"messages": "hello"}"#,
            #"line 2: 'messages' is "hello", expected a list of messages"#, chatLikeness
        ),
        (
            chat + #"{"messages": ["hello"]}"#,
            #"line 2: 'messages[0]' is "hello", expected an object with 'role' and 'content'"#,
            chatLikeness
        ),
        (
            chat + #"{"text": "hello"}"#, "line 2: it has no 'messages'", chatLikeness
        ),
        (
            chat
                + #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}]}"#,
            "line 2: 'messages[1].content' is ' ', expected the text to learn",
            "give the line an answer, or remove the line"
        ),
        (
            chat
                + #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null}]}"#,
            "line 2: 'messages[1].content' is null, expected a string",
            "write what is said as text; calls of tools are not learnt here"
        ),
        (
            chat
                + #"{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#,
            #"line 2: 'messages[0].content[0]' is {"type": "image_url"}, expected a part of the type 'text', "#
                + "which is all that is learnt here", "leave out pictures and sound"
        ),
        (
            chat
                + #"{"messages": [{"role": "user", "content": "a"}, "#
                + #"{"role": "assistant", "content": "b", "weight": 0}]}"#,
            "line 2: 'messages[1].weight' is 0, and the last answer is what is learnt here",
            "end the conversation with the answer to learn"
        ),
        (
            chat
                + #"{"messages": [{"role": "user", "content": "a"}, "#
                + #"{"role": "assistant", "content": "b"}], "tools": []}"#,
            "its lines have 'tools', which is not learnt here",
            String(chatLikeness.replacing("the line", with: "each line"))
        ),
    ]

    @Test(arguments: unfitConversations)
    func whatIsWrongWithAConversationIsSaidAlike(
        _ text: String,
        _ message: String,
        _ hint: String
    ) throws {
        try whatIsWrongIsSaidWithLineValueAndFix(text, message, hint)
    }

    @Test func completionsMustSuitTheModel() throws {
        let same = try refusal(Self.good + Self.good)
        #expect(same?.code == "one-class")
        #expect(same?.parameter == "training_file")
        let free = (0..<30).map { #"{"prompt": "a", "completion": " b \#($0)"}"# }
        let error = try refusal(free.joined(separator: "\n"))
        #expect(error?.code == "open-ended-completions")
        #expect(
            error?.message
                == "file-4: 30 different completions in 30 lines, and 'ngram' chooses among a closed "
                + "set of at most 1,000"
        )
    }

    @Test func unknownFilesAndModelsAreNamed() throws {
        var request = try site.request()
        request.trainingFile = "train.jsonl"
        let file = diagnostic { _ = try site.jobs.submit(request) }
        #expect(file?.code == "bad-training-file")
        #expect(file?.message == "no file 'train.jsonl'")
        #expect(file?.parameter == "training_file")
        let model = diagnostic { _ = try site.jobs.submit(try site.request(model: "gpt-9")) }
        #expect(model?.code == "unknown-model")
        #expect(model?.parameter == "model")
        var long = try site.request()
        long.options.suffix = String(repeating: "a", count: 41)
        #expect(diagnostic { _ = try site.jobs.submit(long) }?.parameter == "suffix")
        long.generation = .modern
        #expect(diagnostic { _ = try site.jobs.submit(long) } == nil)
    }

    // MARK: - Classes

    private func refusal(
        _ options: ClassificationOptions?,
        training: String = ServedSite.lines(60),
        validation: String? = ServedSite.lines(9)
    ) throws -> Diagnostic? {
        var request = try site.request()
        request.trainingFile = try site.files.add(training, "t.jsonl")
        request.validationFile = try validation.map { try site.files.add($0, "v.jsonl") }
        request.measuresClasses = true
        request.options.classification = options
        return diagnostic { _ = try site.jobs.submit(request) }
    }

    @Test func figuresOfAClassifierNeedAFileAndClasses() throws {
        let bare = try refusal(nil, validation: nil)
        #expect(bare?.parameter == "compute_classification_metrics")
        #expect(
            bare?.message == "compute_classification_metrics needs a validation file to measure on"
        )
        let open = try refusal(nil)
        #expect(open?.parameter == "classification_n_classes")
        #expect(
            open?.hints == ["the training file has 3 classes: set classification_n_classes=3"]
        )
    }

    @Test func theNumberOfClassesMustBeThatOfEachFile() throws {
        let training = try #require(try refusal(ClassificationOptions(classCount: 5)))
        #expect(training.code == "bad-value")
        #expect(training.parameter == "classification_n_classes")
        #expect(
            training.message
                == "the number of classes in file-2 does not match the number of classes specified in "
                + "the hyperparameters: it has 3, ' 1', ' 2', ' 3', and classification_n_classes is 5"
        )
        #expect(
            training.hints == ["set classification_n_classes=3, or mend the completions"]
        )
        let validation = try #require(
            try refusal(
                ClassificationOptions(classCount: 3),
                validation: ServedSite.lines(8, classes: 2)
            )
        )
        #expect(validation.message.contains("in file-6 does not match"))
        #expect(validation.hints == ["add lines with ' 3' to the validation file"])
        let other = try #require(
            try refusal(
                ClassificationOptions(classCount: 2),
                training: ServedSite.lines(60, classes: 2),
                validation: ServedSite.lines(8, classes: 2).replacing(#"" 2""#, with: #""2""#)
            )
        )
        #expect(
            other.message
                == "the classes of file-9 are others than those of file-8: '2' is not learnt"
        )
    }

    @Test func thePositiveClassIsOneOfTwoWithItsLeadingSpace() throws {
        let two = ServedSite.lines(60, classes: 2)
        let bare = try #require(
            try refusal(
                ClassificationOptions(positiveClass: "2"),
                training: two,
                validation: two
            )
        )
        #expect(bare.parameter == "classification_positive_class")
        #expect(
            bare.message
                == "the positive class specified `2` is not found among the classes in the training "
                + "file [' 1', ' 2']"
        )
        #expect(bare.hints == ["write it as in the file: ' 2'"])
        let three = try #require(try refusal(ClassificationOptions(positiveClass: " 2")))
        #expect(
            three.message
                == "classification_positive_class is for two classes, and file-5 has 3: ' 1', ' 2', ' 3'"
        )
    }
}
