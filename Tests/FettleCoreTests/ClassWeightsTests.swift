import FettleCore
import Testing

struct ClassWeightsTests {
    @Test(arguments: [
        ("balanced", ClassWeights.balanced, "balanced"),
        ("1:2", .given([.init(label: "1", weight: 2)]), "1:2"),
        (
            "dress: 2 , skirt:0.25",
            .given([.init(label: "dress", weight: 2), .init(label: "skirt", weight: 0.25)]),
            "dress:2,skirt:0.25"
        ),
        ("at 12:30:3", .given([.init(label: "at 12:30", weight: 3)]), "at 12:30:3"),
        (
            "Books, Music:1e2", .given([.init(label: "Books, Music", weight: 100)]),
            "Books, Music:100"
        ),
    ])
    func textsAreReadAndWritten(text: String, weights: ClassWeights, written: String) throws {
        #expect(try ClassWeights(text) == weights)
        #expect(weights.text == written)
        #expect(try ClassWeights(written) == weights)
    }

    @Test(arguments: [
        ("", "'class_weights' is '', expected 'balanced', or labels with weights"),
        ("balance", "'class_weights' is 'balance', expected 'balanced', or labels with weights"),
        ("a:1,b", "'class_weights' is 'a:1,b', expected 'balanced', or labels with weights"),
        (
            "a:0",
            "'class_weights' gives 'a' the weight '0', expected a number of more than 0 and at most 1,000,000"
        ),
        (
            "a:-1",
            "'class_weights' gives 'a' the weight '-1', expected a number of more than 0 and at most 1,000,000"
        ),
        (
            "a:nan",
            "'class_weights' gives 'a' the weight 'nan', expected a number of more than 0 and at most 1,000,000"
        ),
        (
            "a:inf",
            "'class_weights' gives 'a' the weight 'inf', expected a number of more than 0 and at most 1,000,000"
        ),
        (
            "a:two",
            "'class_weights' gives 'a' the weight 'two', expected a number of more than 0 and at most 1,000,000"
        ),
        (":2", "'class_weights' has a weight without a label: ':2'"),
        ("a:1, a:2", "'class_weights' has the label 'a' twice"),
    ])
    func otherTextsAreRefused(text: String, message: String) {
        let diagnostic = #expect(throws: Diagnostic.self) { try ClassWeights(text) }
        #expect(diagnostic?.code == "bad-value")
        #expect(diagnostic?.message == message)
        #expect(diagnostic?.parameter == "class_weights")
    }

    @Test func balancedWeightsAreThoseOfScikitLearn() throws {
        // compute_class_weight("balanced", classes=[a, b, c], y=[a] * 6 + [b] * 3 + [c]) of scikit-learn 1.7.
        let values = try ClassWeights.balanced.values(of: [" a": 6, " b": 3, " c": 1])
        let expected: [String: Double] = [
            " a": 0.5555555555555556, " b": 1.1111111111111112, " c": 3.3333333333333335,
        ]
        #expect(values == expected)
        #expect(
            ClassWeights.balanced.setting(values)
                == ChosenSetting(
                    name: "class_weights",
                    value: "balanced",
                    reason: "from 0.556 for 'a' to 3.333 for 'c'"
                )
        )
    }

    @Test func givenWeightsGoToTheirCompletions() throws {
        let weights = try ClassWeights("b:4")
        let values = try weights.values(of: [" a": 6, " b": 3])
        let expected: [String: Double] = [" a": 1, " b": 4]
        #expect(values == expected)
        #expect(
            weights.setting([" a": 1, " b": 4])
                == ChosenSetting(name: "class_weights", value: "b:4")
        )
    }

    @Test func unknownLabelIsRefusedWithTheKnownOnes() throws {
        let weights = try ClassWeights("dres:4")
        let diagnostic = #expect(throws: Diagnostic.self) {
            try weights.values(of: [" dress": 6, " skirt": 3])
        }
        #expect(diagnostic?.code == "unknown-value")
        #expect(
            diagnostic?.message
                == "'class_weights' has the label 'dres', which is no completion of the training examples"
        )
        #expect(diagnostic?.hints == ["did you mean 'dress'?", "completions: dress, skirt"])
    }
}
