import Testing

@testable import FettleData

/// What findings say, word for word.
struct FindingTextTests {
    @Test func eachCheckSaysWhatItFoundWhereAndWhatMendsIt() throws {
        var shown = ""
        for (code, input) in try CheckFixtures.faulty() {
            let lines = try CheckFixtures.lines(code, input)
            shown += (["## \(code)"] + lines).joined(separator: "\n") + "\n"
        }
        #expect(shown == Self.ofFaults)
    }

    @Test func fileOfAllFaultsSaysThemAll() throws {
        let input = try CheckFixtures.planted()
        let first = try DatasetChecker.run(input)
        #expect(
            first.map(CheckFixtures.lines) == [
                [
                    "error: 'reviews.train' has no column 'Title', which the prompt names; there is"
                        + " 'title'",
                    "1 []",
                    #"> format prompt="Say how it is: {{title}}\n\n{{body}}""#,
                ]
            ]
        )
        let named = try input.applying(try #require(first[0].fix))
        let shown = try DatasetChecker.run(named).map { finding in
            finding.code + " " + CheckFixtures.lines(finding).joined(separator: "\n") + "\n"
        }
        #expect(shown.joined() == Self.ofAllFaults)
    }

    private static let ofFaults = #"""
        ## missing-column
        error: 'reviews.train' has no column 'Prompt', which the prompt names; there is 'prompt'
        1 []
        > format prompt='{{prompt}} ->'
        ## empty-completion
        error: 2 rows have an empty completion
        2 [3,21]
        > where trim(completion) != ''
        ## empty-prompt
        warning: 1 row has an empty prompt
        1 [4]
        > where trim(prompt) != ''
        ## absent-cells
        note: null or missing values of 'title' are left blank in the prompt of 2 rows
        2 [4,6]
        > where not (is_null(title) or is_missing(title))
        (optional)
        ## absent-cells
        warning: null or missing values of 'score' leave no whole completion of 2 rows
        2 [4,6]
        > where not (is_null(score) or is_missing(score))
        ## duplicate-rows
        warning: 2 rows repeat the prompt and completion of an earlier row
        2 [29,30]
        > dedupe on=prompt,completion
        ## contradictory-labels
        warning: 1 prompt stands with different completions, in 2 rows
        2 [2,30]
        > dedupe prompt='{{prompt}}'
        ## leak
        warning: 1 row of 'reviews.train' has a prompt that stands also in 'reviews.test'
        1 [6]
        > use reviews
        > split 80/10/10 prompt='{{prompt}}'
        ## near-duplicates
        note: 1 row has a prompt nearly the same as an earlier row's: 0.95 or more of their shingles are the same, in 1 cluster
        1 [30]
        > dedupe prompt='{{prompt}}' near=0.95
        (optional)
        ## near-leak
        warning: 1 row of 'reviews.train' has a prompt nearly the same as in 'reviews.test': 0.95 or more of their shingles are the same
        1 [5]
        > drop rows=5
        (optional)
        ## mixed-languages
        note: 20 prompts are in 'en' and 10 in other languages: de 10
        10 [21,22,23,24,25,26,27,28,29,30]
        > where language(coalesce(prompt, '')) in ['en', 'unknown']
        (optional)
        ## personal-data
        warning: 1 row has personal data in 'prompt': 1 mail address
        1 [9]
        > mask prompt
        (optional)
        ## length-outliers
        note: 1 prompt is of unusual length, the median being 9 characters without the template's own: 1 longer than 29 characters
        1 [1]
        > where coalesce(len(prompt), 0) >= 3 and coalesce(len(prompt), 0) <= 29
        (optional)
        ## long-examples
        warning: 1 example is longer than 10,000 characters
        1 [1]
        > where coalesce(len(prompt), 0) + coalesce(len(completion), 0) <= 10000
        ## identical-texts
        error: all 30 prompts are the same: 'same'
        30 []
        ## upper-case-prompt
        warning: 100.0 % of the letters of the prompts are upper case; 30 rows have more than a third
        30 [1,2,3,4,5,6,7,8,9,10]
        > derive prompt = lower(prompt)
        ## upper-case-completion
        warning: 100.0 % of the letters of the completions are upper case; 30 rows have more than a third
        30 [1,2,3,4,5,6,7,8,9,10]
        > derive completion = lower(completion)
        ## prompt-prefix
        note: all prompts begin with 'Say what it is: ', which a tuned model does not need
        30 []
        > derive prompt = replace(prompt, '\A\QSay what it is: \E', '')
        ## prompt-prefix
        note: all prompts begin with 'Say what it is: ', which a tuned model does not need
        30 []
        > format prompt='{{prompt}}'
        ## completion-prefix
        warning: all completions begin with ' It is ', which the model only repeats
        30 []
        > derive completion = replace(completion, '\A\Q It is \E', ' ')
        ## completion-prefix
        warning: all completions begin with ' It is', which the model only repeats
        30 []
        > format completion='{{completion}}'
        ## prompt-separator
        warning: the 30 prompts do not end with the same separator
        30 []
        > format prompt='{{prompt}} ->'
        ## prompt-separator
        warning: the separator '##' stands also inside 30 prompts
        30 [1,2,3,4,5,6,7,8,9,10]
        > format prompt='{{prompt}} ->'
        ## prompt-separator
        note: the separator ' ==============>' of the prompts has 16 characters, more than 10
        30 []
        > format prompt='{{prompt}} ->'
        (optional)
        ## completion-ending
        warning: the 30 completions do not end with the same ending
        30 []
        > format completion="{{completion}}\n"
        ## completion-space
        warning: 30 completions do not begin with a blank
        30 [1,2,3,4,5,6,7,8,9,10]
        > format completion=' {{completion}}'
        ## completion-space
        warning: 1 completion does not begin with a blank
        1 [5]
        > derive completion = replace(completion, '\A\s+', '')
        > format completion=' {{completion}}'
        ## label-tokens
        warning: 2 of 2 labels are several tokens in the model: " bad" is " " "b" "a" "d", and max_tokens=1 gives only " ", which does not tell it from others; ask for max_tokens=5
        2 []
        ## class-imbalance
        note: class 'good' has 4.0× as many examples as 'bad', the rarest of 2 (entropy 0.72 of 1.00 bits)
        10 [1,6,11,16,21,26,31,36,41,46]
        > balance under by=completion seed=0
        (optional)
        ## rare-classes
        warning: 1 of 3 classes has fewer than 10 examples: 'odd' (1)
        1 [8]
        > where completion not in [' odd']
        (optional)
        ## few-examples
        warning: 'reviews.train' has 30 examples, fewer than 100; each doubling of them helps
        30 []
        ## classification
        note: 2 different completions in 30 rows make a classification; keep a part of the rows to measure on
        30 []
        > split 80/10/10 by=completion
        ## extra-columns
        note: the format does not read 6 columns: language, score, verified, digits, odd name and 1 more
        6 []
        > drop language score verified digits 'odd name' tags
        (optional)

        """#

    private static let ofAllFaults = #"""
        empty-completion error: 1 row has an empty completion
        1 [11]
        > where trim(label) != ''
        empty-prompt warning: 1 row has an empty prompt
        1 [21]
        > where trim(title) != '' or trim(body) != ''
        duplicate-rows warning: 1 row repeats the prompt and completion of an earlier row
        1 [42]
        > dedupe on=title,body,label
        contradictory-labels warning: 1 prompt stands with different completions, in 2 rows
        2 [51,64]
        > dedupe prompt="Say how it is: {{title}}\n\n{{body}}"
        leak warning: 1 row of 'reviews.train' has a prompt that stands also in 'reviews.test'
        1 [6]
        > use reviews
        > split 80/10/10 prompt="Say how it is: {{title}}\n\n{{body}}"
        long-examples warning: 1 example is longer than 10,000 characters
        1 [61]
        > where coalesce(len(title), 0) + coalesce(len(body), 0) + coalesce(len(label), 0) <= 9983
        upper-case-prompt warning: 100.0 % of the letters of the prompts are upper case; 299 rows have more than a third
        299 [1,2,3,4,5,6,7,8,9,10]
        > derive title = lower(title)
        > derive body = lower(body)
        upper-case-completion warning: 100.0 % of the letters of the completions are upper case; 299 rows have more than a third
        299 [1,2,3,4,5,6,7,8,9,10]
        > derive label = lower(label)
        completion-prefix warning: all completions begin with 'LABEL: ', which the model only repeats
        300 []
        > derive label = replace(label, '\A\QLABEL: \E', '')
        prompt-separator warning: the 300 prompts do not end with the same separator
        300 []
        > format prompt="Say how it is: {{title}}\n\n{{body}}\n\n###\n\n"
        completion-space warning: 299 completions do not begin with a blank
        299 [1,2,3,4,5,6,7,8,9,10]
        > format completion=' {{label}}'
        rare-classes warning: 1 of 3 classes has fewer than 10 examples: 'LABEL: ODD' (1)
        1 [71]
        > where label not in ['LABEL: ODD']
        (optional)
        class-imbalance warning: class 'LABEL: GOOD' has 280.0× as many examples as 'LABEL: ODD', the rarest of 3 (entropy 0.36 of 1.58 bits)
        1 [71]
        absent-cells note: null or missing values of 'title' are left blank in the prompt of 1 row
        1 [31]
        > where not (is_null(title) or is_missing(title))
        (optional)
        length-outliers note: 1 prompt is of unusual length, the median being 25 characters without the template's own: 1 longer than 77 characters
        1 [61]
        > where coalesce(len(title), 0) + coalesce(len(body), 0) >= 8 and coalesce(len(title), 0) + coalesce(len(body), 0) <= 77
        (optional)
        prompt-prefix note: all prompts begin with 'Say how it is: ', which a tuned model does not need
        300 []
        > format prompt="{{title}}\n\n{{body}}"
        few-examples note: 1 of 3 classes has fewer than 100 examples: 'LABEL: BAD' (18)
        1 []
        extra-columns note: the format does not read 1 column: id
        1 []
        > drop id
        (optional)

        """#
}
