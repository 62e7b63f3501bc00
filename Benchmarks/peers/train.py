"""transformers + peft: trains LoRA on reviews in their order; prints one JSON object."""

import argparse
import json
import sys

import torch
from peft import LoraConfig, get_peft_model
from transformers import get_linear_schedule_with_warmup

import reviews
import smollm2
import usage

PROJECTIONS = [
    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj",
]
IGNORED = -100


def examples(tokenizer, path):
    """Prompt and completion of each row, encoded apart from each other."""
    return [
        (reviews.tokens(tokenizer, reviews.prompt(row)),
         reviews.tokens(tokenizer, f" {row['stars']}"))
        for row in reviews.inputs.rows_of(path)
    ]


def batch(chosen):
    """Token ids, mask and labels; filled up at the right; only completions have labels."""
    longest = max(len(prompt) + len(completion) for prompt, completion in chosen)
    tokens = torch.zeros((len(chosen), longest), dtype=torch.long)
    mask, labels = torch.zeros_like(tokens), torch.full_like(tokens, IGNORED)
    for row, (prompt, completion) in enumerate(chosen):
        length = len(prompt) + len(completion)
        tokens[row, :length] = torch.tensor(prompt + completion)
        mask[row, :length] = 1
        labels[row, len(prompt):length] = tokens[row, len(prompt):length]
    return {"input_ids": tokens, "attention_mask": mask, "labels": labels}


def adapted(file, options):
    model = get_peft_model(smollm2.model(file, options.dtype), LoraConfig(
        r=options.rank, lora_alpha=2 * options.rank, lora_dropout=0.0, bias="none",
        target_modules=options.projections.split(","), task_type="CAUSAL_LM",
    ))
    return model.train()


def loss_of(model, inputs, logits):
    """The mean loss of the completions' tokens."""
    if logits == "all":
        return model(**inputs, use_cache=False).loss
    network = model.base_model.model
    hidden = network.model(
        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], use_cache=False,
    ).last_hidden_state[:, :-1]
    expected = inputs["labels"][:, 1:]
    kept = expected != IGNORED
    found = network.lm_head(hidden[kept]).float()
    return torch.nn.functional.cross_entropy(found, expected[kept])


def train(model, rows, options):
    """One epoch; returns what it took and the mean loss of each tenth."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=options.rate, weight_decay=0.0)
    starts = range(0, len(rows), options.batch)
    schedule = get_linear_schedule_with_warmup(optimizer, len(starts) // 10, len(starts))
    clock, losses, counted = usage.Clock(), [], 0
    for start in starts:
        chosen = rows[start:start + options.batch]
        optimizer.zero_grad()
        loss = loss_of(model, batch(chosen), options.logits)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        counted += sum(len(prompt) + len(completion) for prompt, completion in chosen)
        if len(losses) % 25 == 0:
            taken = clock.read()
            print(
                f"  {len(losses)} of {len(starts)} steps, loss {sum(losses[-25:]) / 25:.3f}, "
                f"{counted / taken['seconds']:.0f} tokens/s, "
                f"{counted / taken['processors']:.0f} tokens/s of processors",
                file=sys.stderr, flush=True,
            )
    taken = clock.read()
    tenth = max(len(losses) // 10, 1)
    return {
        **taken, "tokens": counted, "steps": len(losses), "megabytes": usage.megabytes(),
        "losses": [
            round(sum(part) / len(part), 4)
            for part in (losses[place:place + tenth] for place in range(0, len(losses), tenth))
        ],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("adapter", help="the folder that gets the adapter")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--projections", default=",".join(PROJECTIONS))
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--logits", choices=["all", "completions"], default="all",
                        help="of which tokens they are computed; all, as transformers does")
    parser.add_argument("--limit", type=int, help="train on the first rows only")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    file = smollm2.fetch()
    rows = examples(smollm2.tokenizer(file), options.rows)[:options.limit]
    model = adapted(file, options)
    result = train(model, rows, options)
    model.save_pretrained(options.adapter)
    print(json.dumps({**vars(options), **result, "count": len(rows)}))


if __name__ == "__main__":
    main()
