"""Fettle's tokenizers beside Hugging Face's, one thread each, on the reviews."""

import glob
import importlib.util
import json
import os
import pathlib
import sys

import inputs
import processes
from processes import median


def texts():
    """Returns a file of the prompts of the first task, one a line, line ends made spaces."""
    _, _, paths = inputs.tasks()[0]
    target = inputs.cache() / f"texts-{paths[0].parent.name}.txt"
    if not target.exists():
        lines = [" ".join(inputs.prompt(row).splitlines()) for row in inputs.rows_of(paths[0])]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def measure(fettle, rounds, table):
    folder = os.environ.get("FETTLE_TOKENIZERS")
    encoder = pathlib.Path(fettle).parent / "encode-texts"
    if not folder or not encoder.exists() or not importlib.util.find_spec("tokenizers"):
        print("tokenizers: left out; see README.md for the vocabularies and the program they need")
        return
    file = texts()
    size = file.stat().st_size / 1e6
    table.heading(f"tokenizers: {size:.1f} MB of reviews, one thread")
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        if path.endswith(".gguf.json"):
            continue
        ours = json.loads(
            processes.run([str(encoder), path, str(file), "--rounds", str(rounds)]).output)
        peer = processes.run_python("tokenizer_peer.py", path, str(file), str(rounds)).value
        name = os.path.basename(path).removesuffix(".json")
        if ours["tokens"] != peer["tokens"]:
            sys.exit(f"{name}: {ours['tokens']:,} tokens, and {peer['tokens']:,} by the peer")
        table.line(f"{name}: encoding", size / median(ours["seconds"]),
                   size / median(peer["seconds"]), "tokenizers", "MB/s", True)
        table.line(f"{name}: reading the file", ours["load"], peer["load"], "tokenizers")
