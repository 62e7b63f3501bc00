"""Encodes the lines of a file with Hugging Face's tokenizers on one thread; prints one JSON object."""

import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Tokenizer  # noqa: E402, it reads the setting above


def main():
    path, texts, rounds = sys.argv[1:]
    started = time.perf_counter()
    tokenizer = Tokenizer.from_file(path)
    load = time.perf_counter() - started
    tokenizer.encode_special_tokens = True
    with open(texts, encoding="utf-8", newline="\n") as file:
        lines = [line for line in file.read().split("\n") if line]
    seconds = []
    for _ in range(int(rounds)):
        started = time.perf_counter()
        encodings = tokenizer.encode_batch_fast(lines, add_special_tokens=False)
        seconds.append(time.perf_counter() - started)
    tokens = sum(len(encoding.ids) for encoding in encodings)
    print(json.dumps({"tokens": tokens, "load": load, "seconds": seconds}))


main()
