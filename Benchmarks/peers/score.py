"""transformers: answers reviews by the probability of each label; prints one JSON object."""

import argparse
import json
import sys

import torch

import reviews
import smollm2
import usage


def last_chances(model, prompts):
    """ln p of the token after each prompt; the prompts are filled up at the left."""
    longest = max(map(len, prompts))
    tokens = torch.zeros((len(prompts), longest), dtype=torch.long)
    mask = torch.zeros_like(tokens)
    for row, prompt in enumerate(prompts):
        tokens[row, longest - len(prompt):] = torch.tensor(prompt)
        mask[row, longest - len(prompt):] = 1
    places = (mask.cumsum(-1) - 1).clamp(min=0)
    found = model(
        input_ids=tokens, attention_mask=mask, position_ids=places, use_cache=False,
        logits_to_keep=1,
    )
    return found.logits[:, -1].float().log_softmax(-1)


@torch.no_grad()
def score(model, prompts, labels, size):
    """ln p of each label after each prompt, batches of prompts of like length; and the cost."""
    order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
    found, clock = [None] * len(prompts), usage.Clock()
    for start in range(0, len(order), size):
        chosen = order[start:start + size]
        chances = last_chances(model, [prompts[place] for place in chosen])[:, labels]
        for place, values in zip(chosen, chances.tolist()):
            found[place] = values
        if start // size % 20 == 19:
            print(f"  {start + size} of {len(order)} rows", file=sys.stderr, flush=True)
    return found, clock.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("--adapter")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    file = smollm2.fetch()
    tokenizer, model = smollm2.tokenizer(file), smollm2.model(file, options.dtype)
    if options.adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, options.adapter).merge_and_unload().eval()
    # " 4" is a space and a digit here: the digit is judged, given the space.
    space, = reviews.tokens(tokenizer, " ")
    digits = [reviews.tokens(tokenizer, label)[0] for label in reviews.LABELS]
    rows = reviews.inputs.rows_of(options.rows)[:options.limit]
    prompts = [reviews.tokens(tokenizer, reviews.prompt(row)) + [space] for row in rows]
    found, taken = score(model, prompts, digits, options.batch)
    pairs = [
        (reviews.LABELS[values.index(max(values))], row["stars"])
        for values, row in zip(found, rows)
    ]
    print(json.dumps({
        **reviews.measures(pairs), **taken, **vars(options), "count": len(rows),
        "tokens": sum(map(len, prompts)), "megabytes": usage.megabytes(),
        "logprobs": [[round(value, 5) for value in values] for values in found],
    }))


if __name__ == "__main__":
    main()
