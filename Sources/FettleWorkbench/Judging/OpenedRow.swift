import FettleCore
import FettleEngine
public import FettleStore

/// What speaks for one completion against another after a prompt.
public struct LabelEvidence: Hashable, Sendable {
    /// An n-gram, and what it adds.
    public struct Part: Hashable, Sendable {
        /// The n-gram as the model reads it.
        public var text: String
        /// What it is: `word`, `words`, `characters` or `title`.
        public var kind: String
        /// What it adds to the log odds, in nats: its weight × its count, divided by the prompt's length.
        public var weight: Double
    }

    /// The n-grams that the model knows, the strongest for the completion first.
    public var parts: [Part]
    /// What the completions' frequencies in training add.
    public var bias: Double
}

/// One row looked at closely: what the model said, why, and what it was taught that is like it.
public struct OpenedRow: Sendable {
    /// A training row like the one that is open.
    public struct Neighbour: Hashable, Sendable {
        /// The position in the training dataset, from 0.
        public var position: Int
        /// Its completion.
        public var completion: String
        /// The share of the open row's words and word pairs that it has too, rare ones counted more.
        public var overlap: Double
        /// Its prompt.
        public var prompt: String
    }

    /// The model's choice.
    public var answer: Playground.Answer
    /// The row's completion, when it has one.
    public var truth: String?
    /// What the choice is held against: the truth, or the next completion where that was chosen or is not known.
    public var rival: String?
    /// What speaks for the choice against the rival; nil for a model that is no sum of n-grams.
    public var evidence: LabelEvidence?
    /// The nearest training rows; nil where the training dataset is not loaded.
    public var neighbours: [Neighbour]?
}

extension Playground {
    /// Looks at one row closely.
    ///
    /// - Parameters:
    ///   - position: the row's, from 0.
    ///   - dataset: the row's.
    ///   - record: the model.
    ///   - training: the dataset that the model was tuned on, as it was then; nil when it is not there.
    ///   - count: how many labels and training rows are wanted.
    /// - Returns: the row with what the model says about it.
    /// - Throws: `unknown-column` when the dataset lacks one that the prompt names, and `CancellationError`.
    public func look(
        at position: Int,
        of dataset: Dataset,
        with record: ModelRecord,
        training: Dataset?,
        count: Int
    ) throws -> OpenedRow {
        let example = try self.example(of: record, row: position, in: dataset)
        let model = try ModelLibrary(workspace).openToChoose(record, of: dataset)
        let answer = try choose(model, prompt: example.prompt, logprobs: max(2, count))
        let truth = example.completion
        var rival = truth.flatMap {
            $0 != answer.completion && model.labels.contains($0) ? $0 : nil
        }
        if rival == nil, answer.top.count > 1 { rival = answer.top[1].token }
        var evidence: LabelEvidence?
        if let explain = model.evidence, let rival,
            let chosen = model.labels.firstIndex(of: answer.completion),
            let other = model.labels.firstIndex(of: rival)
        {
            evidence = explain(example.prompt, chosen, other)
        }
        return OpenedRow(
            answer: answer,
            truth: truth,
            rival: rival,
            evidence: evidence,
            neighbours: try training.map { training in
                try nearest(
                    to: example.prompt,
                    in: training,
                    except: training.fingerprint == dataset.fingerprint ? position : nil,
                    record,
                    count
                )
            }
        )
    }

    private func nearest(
        to prompt: String,
        in training: Dataset,
        except position: Int?,
        _ record: ModelRecord,
        _ count: Int
    ) throws -> [OpenedRow.Neighbour] {
        let chat = try ModelLibrary(workspace).rendering(of: record)
        let set = try PromptSet(training, format: record.format, chat: chat)
        let places = set.prompts.indices.filter { $0 != position && set.completions[$0] != nil }
        let found = try NgramOverlap.nearest(
            to: prompt,
            among: places.map { set.prompts[$0] },
            count: count
        )
        return found.map { neighbour in
            let place = places[neighbour.index]
            return OpenedRow.Neighbour(
                position: place,
                completion: set.completions[place] ?? "",
                overlap: neighbour.overlap,
                prompt: set.prompts[place]
            )
        }
    }
}

extension NgramModel {
    /// What speaks for one completion against another, as the workbench has it.
    func labelEvidence(_ prompt: String, _ label: Int, _ other: Int) -> LabelEvidence {
        let (ngrams, bias) = evidence(of: prompt, for: label, against: other)
        return LabelEvidence(
            parts: ngrams.map { ngram in
                LabelEvidence.Part(
                    text: ngram.text,
                    kind: ngram.kind.rawValue,
                    weight: ngram.weight
                )
            },
            bias: bias
        )
    }
}
