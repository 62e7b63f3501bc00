#!/usr/bin/env python3
"""Measures the line editor through a pseudo-terminal: from a key to the screen, and from start to prompt.

Usage: editor_latency.py [PROGRAM]      (.build/release/fettle by default; colours and hints are on)

The history has 100,000 lines. Each key is sent when the screen has been quiet; its time is that until the
first byte comes back.
"""

import json
import os
import pty
import random
import select
import sys
import tempfile
import time

LINES = 100_000
TEXTS = [
    "where stars >= 4 and review_title ~ 'good' as best",
    'format prompt="{{review_title}}\\n{{review_body}}" completion=" {{stars}}"',
    "tune ngram on reviews.train validate=reviews.validation n_epochs=3 as first",
    "load 数据/评论.csv as reviews # 中文",
]


def start(program, folder):
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", HOME=folder, XDG_STATE_HOME=folder)
        os.environ.pop("NO_COLOR", None)
        os.execv(program, [program, "--ephemeral"])
    seen = b""
    while not seen.rstrip(b"\x1b[K0m ").endswith(b">"):
        seen += os.read(terminal, 65536)
    return terminal, (time.perf_counter() - began) * 1000


def settle(terminal, seconds=0.02):
    while select.select([terminal], [], [], seconds)[0]:
        os.read(terminal, 65536)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/fettle")
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/fettle")
        with open(f"{folder}/fettle/history", "w", encoding="utf-8") as history:
            for index in range(LINES):
                line = f"where column_{index % 977} == {index} and text ~ 'value {index * 7}'"
                history.write(json.dumps(line) + "\n")
        starts = []
        for _ in range(10):
            terminal, took = start(program, folder)
            starts.append(took)
            os.close(terminal)
        terminal, _ = start(program, folder)
        settle(terminal, 0.5)
        times = []
        for _ in range(8):
            for text in TEXTS:
                keys = list(text)
                keys += ["\x1b[D"] * 10 + ["\x7f"] * 5 + list("xyz ")
                for key in keys:
                    began = time.perf_counter()
                    os.write(terminal, key.encode())
                    os.read(terminal, 65536)
                    times.append((time.perf_counter() - began) * 1000)
                    settle(terminal, 0.002)
                os.write(terminal, b"\x03")
                settle(terminal, 0.05)
        print(f"{LINES:,} lines of history, {len(times):,} keys")
        print(f"key to screen  median {percentile(times, 0.5):.2f} ms  p95 {percentile(times, 0.95):.2f} ms")
        print(f"start to prompt  median {percentile(starts, 0.5):.0f} ms  best {min(starts):.0f} ms")


if __name__ == "__main__":
    main()
