"""Measures Fettle beside its peers and prints a table; see README.md."""

import argparse
import datetime
import importlib.util
import os
import pathlib
import platform
import re
import shutil
import sys
import tempfile

import fasttext_peer
import inputs
import processes
import quality
import scripts
import tokenizers_bench
from processes import median

FORMAT = r'format prompt="{{review_title}}\n\n{{review_body}}\n\n###\n\n" completion=" {{COLUMN}}"'
DATA_PEERS = ["pandas", "polars", "duckdb"]


class Table:
    """Prints the figures, one a line; a ratio above 1 means that Fettle is better."""

    def heading(self, text):
        loads = " ".join(f"{load:.2f}" for load in os.getloadavg())
        print(f"\n{text}  [load {loads}]", flush=True)
        print(f"  {'figure':44} {'Fettle':>12} {'peer':>12}  {'ratio':>6}", flush=True)

    def line(self, figure, ours, peer=None, name="", unit="s", more_is_better=False, digits=2):
        shown = f"{ours:,.{digits}f} {unit}"
        text = f"  {figure:44} {shown:>12}"
        if peer is not None:
            ratio = ours / peer if more_is_better else peer / ours
            text += f" {f'{peer:,.{digits}f} {unit}':>12}  {ratio:5.2f}×  {name}"
        elif name:
            text += f" {'':>12}  {'':6}  {name}"
        print(text, flush=True)


def has(peer):
    return importlib.util.find_spec(peer) is not None


def lines_in(folder, rows):
    """Fails unless the parts in a folder hold all the rows."""
    count = 0
    for part in inputs.parts():
        with open(f"{folder}/{part}.jsonl", "rb") as file:
            count += sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    if count != rows:
        sys.exit(f"{folder} holds {count} examples, expected {rows}")


def fettle_data(fettle, source, folder, checked=False):
    option = "" if checked else " --no-check"
    script = [
        f"load {source} as reviews",
        FORMAT.replace("COLUMN", "stars"),
        "dedupe on=prompt",
        "split 80/10/10 by=stars seed=7",
        *(f"export reviews.{part} to {folder}/{part}.jsonl{option}" for part in inputs.parts()),
    ]
    finished = processes.run_fettle(fettle, script, folder)
    found = re.search(r"reviews: ([\d,]+) of [\d,]+ rows, version 2", finished.output)
    finished.value = {"rows": int(found.group(1).replace(",", "")), "steps": finished.steps}
    return finished


def data(fettle, rounds, table):
    for source in inputs.scaled():
        size = source.stat().st_size / 1e6
        results = {name: [] for name in ["Fettle", *filter(has, DATA_PEERS)]}
        checked = []
        for _ in range(rounds):
            for name, all_results in results.items():
                with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
                    if name == "Fettle":
                        result = fettle_data(fettle, source, folder)
                    else:
                        result = processes.run_python("data_peers.py", name, str(source), folder)
                        result.seconds = result.value["seconds"]
                    lines_in(folder, result.value["rows"])
                    all_results.append(result)
            with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
                checked.append(fettle_data(fettle, source, folder, checked=True).seconds)
        report_data(table, source, size, results)
        table.line("whole, with the checks before each export", median(checked))


def report_data(table, source, size, results):
    kept = {name: all_results[0].value["rows"] for name, all_results in results.items()}
    table.heading(
        f"{source.suffix[1:].upper()} of {size:,.0f} MB: load, dedupe on the prompt, split by stars, "
        "write JSONL"
    )
    ours = median(result.seconds for result in results["Fettle"])
    memory = median(result.megabytes for result in results["Fettle"])
    for name in results:
        steps = results[name][0].value["steps"]
        words = " + ".join(
            f"{median(r.value['steps'][step] for r in results[name]):.2f}"
            for step in ("load", "dedupe", "split", "export") if step in steps
        )
        processor = median(result.processor for result in results[name])
        print(f"  {name}: load + dedupe + split + export = {words} s, {processor:.2f} s of processors")
    for name in list(results)[1:]:
        table.line("whole", ours, median(r.seconds for r in results[name]), name)
    for name in list(results)[1:]:
        peer = median(result.megabytes for result in results[name])
        table.line("peak memory", memory, peer, name, "MB", digits=0)
    table.line("peak memory against the file", memory / size, unit="×")
    print("  rows kept: " + ", ".join(f"{name} {count:,}" for name, count in kept.items()))
    if len(set(kept.values())) > 1:
        sys.exit("the rows kept differ")


def fettle_model(fettle, paths, column, folder):
    script = [
        *(f"load {path} as {name}" for name, path in zip(inputs.parts(), paths)),
        *(
            line
            for name in inputs.parts()
            for line in (f"use {name}", FORMAT.replace("COLUMN", column))
        ),
        "tune ngram on train validate=validation as bench --no-check",
        f"evaluate bench on test > {folder}/report.json",
    ]
    finished = processes.run_fettle(fettle, script, folder)
    text = pathlib.Path(f"{folder}/report.json").read_text(encoding="utf-8")
    finished.exact = float(re.search(r'"(?:accuracy|exact)":\s*([\d.]+)', text).group(1))
    return finished


def models(fettle, rounds, table):
    for name, column, paths in inputs.tasks():
        table.heading(f"ngram: {name}")
        with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
            runs = []
            for number in range(min(rounds, 3)):
                inner = f"{folder}/{number}"
                os.mkdir(inner)
                runs.append(fettle_model(fettle, paths, column, inner))
            exact, seconds = runs[0].exact * 100, median(run.steps["tune"] for run in runs)
            if fasttext_peer.is_there():
                (peer, wall, setting), _ = fasttext_peer.best(paths, column, folder)
                table.line("exact", exact, peer * 100, "fastText", "%", True, 1)
                table.line("training", seconds, wall, f"fastText {setting}")
            if has("sklearn"):
                result = processes.run_python(
                    "model_peers.py", str(paths[0]), str(paths[2]), column
                ).value
                table.line("exact", exact, result["exact"] * 100, "TF-IDF + LR", "%", True, 1)
                table.line("training", seconds, result["train"], "TF-IDF + LR")


def predict(fettle, rounds, table):
    _, column, paths = inputs.tasks()[0]
    source = inputs.short_reviews(paths[0])
    count = sum(1 for _ in open(source, "rb"))
    with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
        fettle_model(fettle, paths, column, folder)
        seconds, whole = [], []
        for _ in range(rounds):
            script = [f"load {source} as big", "predict bench on big as answered"]
            finished = processes.run_fettle(fettle, script, folder)
            seconds.append(finished.steps["predict"])
            whole.append(finished.seconds)
        table.heading(f"predict: {count:,} short reviews to new columns")
        ours = count / median(seconds)
        settings = dict(unit="rows/s", more_is_better=True, digits=0)
        if fasttext_peer.is_there():
            _, model = fasttext_peer.best(paths, column, folder, fasttext_peer.SETTINGS[:1])
            rows = inputs.rows_of(source)
            wall = median(fasttext_peer.predict(model, rows, folder) for _ in range(rounds))
            table.line("rows a second", ours, count / wall, "fastText", **settings)
        if has("sklearn"):
            result = processes.run_python(
                "model_peers.py", str(paths[0]), str(source), column
            ).value
            peer = result["rows"] / result["predict"]
            table.line("rows a second", ours, peer, "TF-IDF + LR", **settings)
        table.line("with start and loading of the file", count / median(whole), **settings)


def start(fettle, rounds, table):
    with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
        prompts, commands, pythons, memory = [], [], [], []
        for _ in range(max(rounds, 3) * 5):
            seconds, megabytes = processes.start_at_terminal(fettle, folder)
            prompts.append(seconds * 1000)
            memory.append(megabytes)
            ours = processes.run([fettle, "--ephemeral", "-c", "help quit"])
            commands.append(ours.seconds * 1000)
            pythons.append(processes.run([sys.executable, "-c", "pass"]).seconds * 1000)
    table.heading("start")
    table.line("start to prompt", median(prompts), unit="ms", digits=1)
    table.line("-c 'help quit'", median(commands), median(pythons), "python -c pass", "ms", digits=1)
    table.line("resident memory at the prompt", median(memory), unit="MB", digits=1)


SECTIONS = {
    "start": start,
    "scripts": scripts.measure,
    "quality": quality.measure,
    "data": data,
    "predict": predict,
    "tokenizers": tokenizers_bench.measure,
    "models": models,
}


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fettle", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=SECTIONS, nargs="*")
    options = parser.parse_args()
    fettle = os.path.abspath(options.fettle)
    now = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    print(f"{now}, {processor()}, {platform.system()} {platform.release()}")
    absent = [peer for peer in [*DATA_PEERS, "sklearn"] if not has(peer)]
    if not shutil.which("fasttext"):
        absent.append("fasttext")
    if absent:
        print("missing, left out: " + ", ".join(absent))
    if note := inputs.reviews()[1]:
        print(note)
    table = Table()
    for name in options.only or SECTIONS:
        SECTIONS[name](fettle, options.rounds, table)


if __name__ == "__main__":
    main()
