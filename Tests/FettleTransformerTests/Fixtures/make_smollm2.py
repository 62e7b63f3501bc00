"""Writes smollm2.json: what PyTorch computes in float32 with SmolLM2 on 20 prompts; see README.md.

Run: python make_smollm2.py [FILE.safetensors]   (which gets all logits of the last positions)
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "Benchmarks" / "peers"))
import smollm2  # noqa: E402

REVIEW = "{}\n\n{}\n\n###\n\n"
PROMPTS = [
    ("words", "The capital of France is"),
    ("words", "Once upon a time there was a small"),
    ("words", "Water boils at 100 degrees Celsius and freezes at"),
    ("words", "1, 1, 2, 3, 5, 8, 13, 21, 34,"),
    ("words", "def add(a, b):\n    return"),
    ("words", "A"),
    ("words", "Der Hund läuft über die"),
    ("words", "Les élèves étudient à l'école, n'est-ce"),
    ("words", "これは本です。あれは"),
    ("words", "Emoji: 🙂🙂🙂"),
    ("words", "   three spaces,\ttab\n\n\nand three new lines"),
    ("words", "{\"stars\": 5, \"title\": \"Great\", \"body\":"),
    ("review", REVIEW.format("Love it",
                             "Fits perfectly and the colour is just as in the picture.")),
    ("review", REVIEW.format("Broke in a week",
                             "The zip came off after 3 days. I sent it back.")),
    ("review", REVIEW.format("", "it is okay I guess, nothing special for $25.99")),
    ("review", REVIEW.format("Gorgeous!!!",
                             "Soft, warm, well made - but size down, it runs LARGE.")),
    ("chat", [("user", "What is the boiling point of water?")]),
    ("chat", [("system", "You answer in one word."), ("user", "Is the sky blue?")]),
    ("chat", [
        ("user", "Name a fruit."), ("assistant", "Apple."), ("user", "Another one, please."),
    ]),
    ("words", "The list goes on: " + " ".join(
        f"item {number} costs {number * 7 % 40} coins;" for number in range(1, 40)
    )),
]
COMPLETION = 16
CLEAR = 0.02
EVERY = 768


def chat_text(messages):
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    template = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(
        smollm2.chat_template(smollm2.path())
    )
    turns = [{"role": role, "content": content} for role, content in messages]
    return template.render(messages=turns, add_generation_prompt=True)


def log_chances(model, tokens):
    logits = model(input_ids=torch.tensor([tokens])).logits[0]
    return logits, logits.log_softmax(-1)


def completion(model, tokens):
    """The likeliest tokens and their log-probabilities, as long as the first choice is clear."""
    found, chances = [], []
    for _ in range(COMPLETION):
        top = log_chances(model, tokens + found)[1][-1].topk(2)
        if (top.values[0] - top.values[1]).item() < CLEAR:
            break
        found.append(top.indices[0].item())
        chances.append(rounded(top.values[0].item()))
    return found, chances


def label_scores(model, tokenizer, tokens):
    scores = []
    for label in " 1", " 2", " 3", " 4", " 5":
        added = tokenizer.encode(label, add_special_tokens=False).ids
        chances = log_chances(model, tokens + added)[1]
        scores.append(rounded(sum(
            chances[len(tokens) + place - 1, token].item() for place, token in enumerate(added)
        )))
    return scores


def rounded(value):
    return round(value, 6)


def reference(model, tokenizer, kind, prompt):
    text = chat_text(prompt) if kind == "chat" else prompt
    tokens = tokenizer.encode(text, add_special_tokens=False).ids
    logits, chances = log_chances(model, tokens)
    top = chances[-1].topk(5)
    following = chances[:-1].gather(-1, torch.tensor(tokens[1:], dtype=torch.long)[:, None])
    found, chosen = completion(model, tokens)
    entry = {
        "kind": kind,
        "text": text,
        "tokens": tokens,
        "tokenLogprobs": [rounded(value) for value in following[:, 0].tolist()],
        "top": [
            [token, rounded(value)]
            for token, value in zip(top.indices.tolist(), top.values.tolist())
        ],
        "logits": [rounded(value) for value in logits[-1, ::EVERY].tolist()],
        "completion": found,
        "completionText": tokenizer.decode(found, skip_special_tokens=False),
        "completionLogprobs": chosen,
    }
    if kind == "review":
        entry["labelScores"] = label_scores(model, tokenizer, tokens)
    return entry, logits[-1]


@torch.no_grad()
def main(all_logits=None):
    torch.set_num_threads(1)
    file = smollm2.fetch()
    model, tokenizer = smollm2.model(file), smollm2.tokenizer(file)
    found = [reference(model, tokenizer, *prompt) for prompt in PROMPTS]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry, _ in found)
    (HERE / "smollm2.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    if all_logits:
        save_file({str(row): logits.clone() for row, (_, logits) in enumerate(found)}, all_logits)


if __name__ == "__main__":
    main(*sys.argv[1:])
