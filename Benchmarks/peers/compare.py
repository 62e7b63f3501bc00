"""Measures language models in Fettle beside transformers + peft and llama.cpp; see README.md."""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import reviews
import smollm2

import bench
import inputs
import processes

import convert

SEPARATED = r"{{review_title}}\n\n{{review_body}}\n\n###\n\n"
EXPORTED = 20
PACKAGES = ["torch", "transformers", "peft"]


class Sitting:
    """The files that all are measured on, and where the figures go."""

    def __init__(self, options, folder):
        self.options, self.folder, self.table = options, folder, bench.Table()
        self.model = smollm2.fetch()
        tokenizer = smollm2.tokenizer(self.model)
        self.train, test = reviews.parts(tokenizer, options.rows)
        self.test = self.first(test, options.judged)
        self.trained = sum(
            len(reviews.tokens(tokenizer, reviews.prompt(row))) + 2
            for row in inputs.rows_of(self.train)
        )
        self.judged = sum(
            len(reviews.tokens(tokenizer, reviews.prompt(row))) + 1
            for row in inputs.rows_of(self.test)
        )
        self.ours = None

    def first(self, path, count):
        if not count:
            return path
        target = f"{self.folder}/{path.name}"
        inputs.write_jsonl(inputs.rows_of(path)[:count], pathlib.Path(target))
        return target

    def peer(self, script, *arguments):
        threads = "--threads", self.options.threads
        finished = processes.run_python(f"peers/{script}", *map(str, [*arguments, *threads]))
        return {"whole": finished.megabytes, **finished.value}

    def keep(self, name, figures):
        """Keeps a peer's whole result beside the table, where a folder for them is named."""
        if self.options.results:
            path = pathlib.Path(self.options.results) / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(figures) + "\n")
        return figures


def fettle(sitting):
    """Tunes and judges in Fettle; None where it has no language models."""
    program, folder = sitting.options.fettle, sitting.folder
    add = f"model add {sitting.model} as smollm2"
    workspace = ["--workspace", f"{folder}/.fettle"]
    if not program or subprocess.run(
        [program, *workspace, "-c", add], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ).returncode != 0:
        print("Fettle has no language models, or is not built: left out", flush=True)
        return None
    shaped = f'format prompt="{SEPARATED}" completion=" {{{{stars}}}}"'
    finished = processes.run_fettle(program, [
        f"load {sitting.train} as train", shaped, f"load {sitting.test} as test", shaped,
        "tune smollm2 on train n_epochs=1 batch_size=8 shuffle=none as tuned --no-check",
        f"evaluate tuned on test > {folder}/report.json",
        "predict tuned on test as answered", f"rows {EXPORTED} > {folder}/answers.jsonl",
        f"model export tuned {folder}/adapter", f"model export tuned {folder}/tuned.gguf",
    ], folder)
    report = json.loads(pathlib.Path(f"{folder}/report.json").read_text())
    return {
        "train": sitting.trained / finished.steps["tune"],
        "score": sitting.judged / finished.steps["evaluate"],
        "exact": report["accuracy"], "goodOrBad": report["good_or_bad"],
        "withinOne": report["within_one"], "megabytes": finished.megabytes,
    }


def line(sitting, figure, key, peer, name, **form):
    """A line of the table; where Fettle has no such figure the peer's stands alone."""
    if sitting.ours:
        sitting.table.line(figure, sitting.ours[key] * form.pop("times", 1), peer, name, **form)
        return
    digits, unit = form.get("digits", 2), form.get("unit", "s")
    print(f"  {figure:44} {'':12} {f'{peer:,.{digits}f} {unit}':>12}  {'':6}  {name}", flush=True)


SPEED = dict(unit="tok/s", more_is_better=True, digits=0)
MEASURES = {"exact": "exact", "good or bad": "goodOrBad", "within one": "withinOne"}
SHARE = dict(unit="%", more_is_better=True, digits=1)


def train(sitting):
    """LoRA of all seven projections, and what the model is then worth."""
    for dtype in sitting.options.dtypes:
        for logits in sitting.options.logits:
            adapter = f"{sitting.folder}/{dtype}-{logits}"
            trained = sitting.keep(f"train-{dtype}-{logits}", sitting.peer(
                "train.py", sitting.train, adapter, "--dtype", dtype, "--logits", logits
            ))
            name = f"transformers + peft, {dtype}, logits of {logits}"
            rows, seconds, busy = (trained[key] for key in ("count", "seconds", "processors"))
            sitting.table.heading(
                f"{rows:,} rows in {seconds:,.0f} s, {busy:,.0f} s of processors: {name}"
            )
            line(sitting, "training", "train", trained["tokens"] / seconds, name, **SPEED)
            line(sitting, "peak memory", "megabytes", trained["whole"], name, unit="MB", digits=0)
            scored = sitting.keep(f"judge-{dtype}-{logits}", sitting.peer(
                "score.py", sitting.test, "--adapter", adapter, "--dtype", dtype
            ))
            print(f"  judged on {scored['count']:,} rows")
            for word, key in MEASURES.items():
                line(sitting, word, key, scored[key] * 100, name, times=100, **SHARE)
            speed = scored["tokens"] / scored["seconds"]
            line(sitting, "prompts, batches of 16", "score", speed, name, **SPEED)


def score(sitting):
    """Prompts through the model as it ships."""
    sitting.table.heading("prompts, and the probabilities of five labels")
    for dtype in sitting.options.dtypes:
        for size, count in (16, 160), (1, 20):
            found = sitting.keep(f"score-{dtype}-{size}", sitting.peer(
                "score.py", sitting.test, "--dtype", dtype, "--batch", size, "--limit", count
            ))
            name = f"transformers, {dtype}, batches of {size}"
            line(sitting, "prompts", "score", found["tokens"] / found["seconds"], name, **SPEED)


def llama(sitting):
    """llama.cpp on the file as it ships and on conversions of it."""
    sitting.table.heading("llama.cpp")
    files = {"Q4_1, as shipped": sitting.model}
    for kind in "Q8_0", "BF16":
        files[kind] = convert.converted(sitting.model, kind, inputs.cache())
    for name, file in files.items():
        found = sitting.keep(f"llama-{name[:4]}", sitting.peer("llama.py", file))
        for count in 128, 512:
            speed = found[f"prompt{count}"]
            line(sitting, f"prompt of {count} tokens", "score", speed, name, **SPEED)
        print(f"  {'generation':44} {'':12} {found['generation']:6,.0f} tok/s  {'':6}  {name}")


def exports(sitting):
    """What Fettle exported, in the peers, against its own answers."""
    if not sitting.ours:
        return
    sitting.table.heading(f"{EXPORTED} answers of the exported model")
    found = sitting.peer(
        "exports.py", f"{sitting.folder}/answers.jsonl", "--adapter", f"{sitting.folder}/adapter",
        "--gguf", f"{sitting.folder}/tuned.gguf",
    )
    for kind, peer in ("adapter", "transformers + peft"), ("gguf", "llama.cpp"):
        print(f"  {peer}: {found[kind]['same']} of {found['count']} predictions are the same, "
              f"probabilities differ by at most {found[kind]['furthest']:.5f}")
        if found[kind]["same"] < found["count"]:
            sys.exit("the exported model answers otherwise")


SECTIONS = {"train": train, "score": score, "llama": llama, "exports": exports}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fettle", help="the program; without it only the peers are measured")
    parser.add_argument("--only", choices=SECTIONS, nargs="*")
    parser.add_argument("--rows", type=int, default=2000, help="rows to train on")
    parser.add_argument("--judged", type=int, help="rows to judge on; default all")
    parser.add_argument("--threads", type=int, default=2, help="of the peers")
    parser.add_argument("--dtypes", nargs="*", default=["bfloat16"])
    parser.add_argument("--logits", nargs="*", default=["all"])
    parser.add_argument("--results", help="a folder for the peers' whole results")
    options = parser.parse_args()
    if options.fettle:
        options.fettle = os.path.abspath(options.fettle)
    now = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    print(f"{now}, {bench.processor()}, {versions}")
    with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
        sitting = Sitting(options, folder)
        print(f"{options.rows:,} rows of {sitting.trained:,} tokens; judged on {sitting.test}; "
              f"{options.threads} threads")
        sitting.ours = fettle(sitting)
        for name in options.only or SECTIONS:
            SECTIONS[name](sitting)


if __name__ == "__main__":
    main()
