"""Asks a tuned model for a star with openai 0.28.1, and prints the probabilities as the book's last listing does.

Usage: probabilities.py MODEL LINES.jsonl; the server is named by OPENAI_API_BASE.
"""

import json
import math
import sys

import openai
import pandas

model, lines = sys.argv[1:]
frame = pandas.DataFrame(json.loads(line) for line in open(lines, encoding="utf-8"))
prompt = frame["prompt"].sample(1, random_state=1).iloc[0]
answer = openai.Completion.create(
    model=model, prompt=prompt, max_tokens=1, temperature=0, logprobs=5
)
print("star:", answer["choices"][0].text.strip())
for place in answer["choices"][0]["logprobs"]["top_logprobs"]:
    likely = sorted(place.items(), key=lambda entry: -entry[1])
    for token, logprob in likely:
        print(f"{token}: {math.exp(logprob):.4f}")
    print("sum:", round(sum(math.exp(value) for value in place.values()), 3))
