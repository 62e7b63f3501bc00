"""Fettle against a server of other people: llama.cpp's, from the PyPI package llama-cpp-python[server].

    .build-llm/bin/python -m pip install 'llama-cpp-python[server]==0.3.36'
    .build-llm/bin/python Benchmarks/peers/foreign.py --fettle .build/release/fettle

The server and Fettle open the same file of SmolLM2. Fettle lists the server's models, has it write and converse, and
scores reviews there by the probabilities of tokens; the same reviews are scored by Fettle's own engine. Both must
choose the same stars for nearly all of them, and write the same text where the likeliest token is always taken.
"""

import argparse
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import reviews
import smollm2

import inputs

WORDS = "The capital of France is"
SHAPED = r'format prompt="{{review_title}}\n\n{{review_body}}\n\nStars: " completion="{{stars}}"'


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@contextlib.contextmanager
def server(model, folder):
    port = free_port()
    log = open(f"{folder}/server.log", "wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "llama_cpp.server", "--model", model, "--model_alias", "smollm2", "--port", str(port),
         "--n_ctx", "2048", "--logits_all", "true", "--n_threads", "2"],
        stdout=log, stderr=log,
    )
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(pathlib.Path(folder, "server.log").read_text())
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=5).read()
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fettle", default=".build/release/fettle")
    parser.add_argument("--rows", type=int, default=40)
    options = parser.parse_args()
    program, model = os.path.abspath(options.fettle), str(smollm2.fetch())
    _, test = reviews.parts(smollm2.tokenizer(model), 2000)
    with tempfile.TemporaryDirectory() as folder, server(model, folder) as address:
        inputs.write_jsonl(inputs.rows_of(test)[:options.rows], pathlib.Path(folder, "rows.jsonl"))

        def run(*lines):
            words = [word for line in lines for word in ("-c", line)]
            done = subprocess.run(
                [program, "--workspace", f"{folder}/.fettle", *words], cwd=folder, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{lines}: {done.stderr}")
            return done.stdout

        run(f"provider add llama url={address}", f"model add '{model}' as own")
        print(run("provider check llama").strip())
        asked = "ask {} '" + WORDS + "' max_tokens=12 temperature=0"
        texts = [run(asked.format(name)) for name in ("llama/smollm2", "own")]
        texts = [text.split("Answer:\n")[1].splitlines()[0] for text in texts]
        print(f"written there: {texts[0]!r}\nwritten here:  {texts[1]!r}")
        loaded = f"load rows.jsonl as rows; {SHAPED}"
        answers = {}
        for name in "llama/smollm2", "own":
            start = time.time()
            run(loaded, f"predict {name} on rows as answered", f"rows {options.rows} > answered.jsonl")
            print(f"{name}: {options.rows} reviews in {time.time() - start:.1f} s")
            answers[name] = [json.loads(line) for line in open(f"{folder}/answered.jsonl")]
        pairs = list(zip(*answers.values()))
        same = sum(there["prediction"] == here["prediction"] for there, here in pairs)
        print(f"the same stars for {same} of {len(pairs)} reviews")
        if same < 0.9 * len(pairs) or texts[0] != texts[1]:
            sys.exit("the server's model answers otherwise than the same file here")


if __name__ == "__main__":
    main()
