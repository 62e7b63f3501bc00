#!/usr/bin/env python3
"""Measures Tab at the prompt: from the key to the last byte of the list, with many names to choose from.

Usage: completion_latency.py [PROGRAM]      (.build/release/fettle by default)

There are 500 datasets, one of them with 4,096 columns, and a folder of 10,000 files. The aim is 50 ms.
"""

import os
import random
import select
import sys
import tempfile
import time

from editor_latency import percentile, settle, start

AIM = 50
CASES = [
    ("500 datasets", "rows "),
    ("4,096 columns", "select "),
    ("4,096 columns in an expression", "where "),
    ("4,096 columns in a template", 'format prompt="{{'),
    ("10,000 files", "load "),
    ("10,000 files, one fits", "load f0999"),
    ("commands", ""),
]


def prepare(folder):
    random.seed(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    with open(f"{folder}/small.csv", "w", encoding="utf-8") as file:
        file.write("a,b\n1,2\n")
    columns = [f"{random.choice(letters)}{index}_of" for index in range(4096)]
    with open(f"{folder}/wide.csv", "w", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n" + ",".join("1" for _ in columns) + "\n")
    with open(f"{folder}/many.fettle", "w", encoding="utf-8") as file:
        for index in range(499):
            file.write(f"load small.csv as {random.choice(letters)}{index}_of\n")
        file.write("load wide.csv\n")
    for index in range(10_000):
        with open(f"{folder}/f{index:05}.{'csv' if index % 2 else 'txt'}", "w"):
            pass


def press(terminal, key):
    """Returns the milliseconds from a key to the last byte before 100 quiet ones."""
    began = last = time.perf_counter()
    os.write(terminal, key.encode())
    while select.select([terminal], [], [], 0.1 if last > began else 5)[0]:
        os.read(terminal, 65536)
        last = time.perf_counter()
    return (last - began) * 1000


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/fettle")
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        terminal, _ = start(program, folder)
        settle(terminal, 0.5)
        os.write(terminal, b"run many.fettle\r")
        settle(terminal, 5)
        for name, text in CASES:
            times = []
            for _ in range(20):
                os.write(terminal, text.encode())
                settle(terminal, 0.05)
                times.append(press(terminal, "\t"))
                os.write(terminal, b"\x03")
                settle(terminal, 0.05)
            slow = percentile(times, 0.95)
            verdict = "ok" if slow < AIM else f"over the aim of {AIM} ms"
            print(f"{name:32} median {percentile(times, 0.5):5.1f} ms  p95 {slow:5.1f} ms  {verdict}")


if __name__ == "__main__":
    main()
