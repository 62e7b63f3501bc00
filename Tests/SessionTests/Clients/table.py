"""Asks models for the stars of all rows with openai 0.28.1, and prints for each what the book's table compares.

Usage: table.py LINES.jsonl MODEL...; the server is named by OPENAI_API_BASE.
"""

import json
import sys

import openai

lines, *models = sys.argv[1:]
rows = [json.loads(line) for line in open(lines, encoding="utf-8")]
truth = [int(row["completion"]) for row in rows]
for model in models:
    found = []
    for start in range(0, len(rows), 100):
        prompts = [row["prompt"] for row in rows[start:start + 100]]
        answer = openai.Completion.create(model=model, prompt=prompts, max_tokens=1, temperature=0)
        found += [int(choice["text"]) for choice in sorted(answer["choices"], key=lambda choice: choice["index"])]
    pairs = list(zip(found, truth))
    exact = sum(one == other for one, other in pairs)
    good = sum((one > 3) == (other > 3) for one, other in pairs)
    near = sum(abs(one - other) <= 1 for one, other in pairs)
    print(f"{model} {len(rows)} {exact} {good} {near}")
