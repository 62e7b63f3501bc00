"""Loads what Fettle exported and compares its answers; prints one JSON object.

`ROWS` has a review, its `prediction` and `probability` a line, as `predict` adds them; --adapter is
the folder in PEFT's form, --gguf the merged model. A probability is that of a label among the five.
"""

import argparse
import json
import math

import reviews
import smollm2


def shares(scores):
    """The scores' probabilities among each other."""
    most = max(scores)
    weights = [math.exp(score - most) for score in scores]
    return [weight / sum(weights) for weight in weights]


def of_adapter(file, folder, prompts, labels, threads):
    import torch
    from peft import PeftModel

    import score

    torch.set_num_threads(threads)
    model = PeftModel.from_pretrained(smollm2.model(file), folder).eval()
    return score.score(model, prompts, labels, 16)[0]


def of_gguf(file, prompts, labels, threads):
    import llama

    model = llama.Model(file, threads)
    return [[model.log_chances(prompt)[label] for label in labels] for prompt in prompts]


def compared(rows, scores):
    """How many predictions are the same, and how far the probability of Fettle's is off."""
    same, furthest = 0, 0.0
    for row, values in zip(rows, scores):
        found = shares(values)
        same += reviews.LABELS[found.index(max(found))] == str(row["prediction"])
        expected = found[reviews.LABELS.index(str(row["prediction"]))]
        furthest = max(furthest, abs(expected - row["probability"]))
    return {"same": same, "furthest": furthest}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("--adapter")
    parser.add_argument("--gguf")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    file = smollm2.fetch()
    tokenizer = smollm2.tokenizer(file)
    space, = reviews.tokens(tokenizer, " ")
    labels = [reviews.tokens(tokenizer, label)[0] for label in reviews.LABELS]
    rows = reviews.inputs.rows_of(options.rows)
    prompts = [reviews.tokens(tokenizer, reviews.prompt(row)) + [space] for row in rows]
    result = {"count": len(rows)}
    if options.adapter:
        found = of_adapter(file, options.adapter, prompts, labels, options.threads)
        result["adapter"] = compared(rows, found)
    if options.gguf:
        found = of_gguf(options.gguf, prompts, labels, options.threads)
        result["gguf"] = compared(rows, found)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
