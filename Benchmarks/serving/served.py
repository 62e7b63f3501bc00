"""Starts `fettle serve` on a workspace of its own with a tuned model, for the tools of this folder."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FORM = "form-of-the-tools"


class Server:
    def __init__(self, fettle, folder, options=(), port=0):
        self.folder = pathlib.Path(folder)
        self.errors = open(self.folder / "serve.log", "ab")
        self.process = subprocess.Popen(
            [fettle, "serve", f"port={port}", "--workspace", str(self.folder / ".fettle"), *options],
            stdout=subprocess.PIPE, stderr=self.errors, cwd=folder,
        )
        line = self.process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/v1", line)
        if not found:
            self.process.kill()
            sys.exit(f"the server did not start: {line}{(self.folder / 'serve.log').read_text()}")
        self.port = int(found[1])

    @property
    def pid(self):
        return self.process.pid

    def ask(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, text

    def json(self, method, path, body=None, headers=None):
        status, text = self.ask(method, path, body, headers)
        if status != 200:
            sys.exit(f"{method} {path}: {status} {text.decode()}")
        return json.loads(text)

    def upload(self, text):
        fields = (
            f'--{FORM}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
            f'--{FORM}\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'
            f"{text}\r\n--{FORM}--\r\n"
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={FORM}"}
        return self.json("POST", "/v1/files", fields.encode(), headers)["id"]

    def tune(self, text, epochs=1):
        """Tunes the built-in model on lines of prompts and completions; returns file, job and model."""
        file = self.upload(text)
        job = self.json("POST", "/v1/fine-tunes",
                        {"training_file": file, "model": "ada", "n_epochs": epochs})["id"]
        while True:
            state = self.json("GET", f"/v1/fine-tunes/{job}")
            if state["status"] in ("succeeded", "failed", "cancelled"):
                break
            time.sleep(0.1)
        if state["status"] != "succeeded":
            sys.exit(f"the tuning ended as {state['status']}: {state['events'][-1]['message']}")
        return file, job, state["fine_tuned_model"]

    def memory(self):
        """Megabytes that it holds now, and the most that it held."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmRSS", "VmHWM"))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.errors.close()
        return self.process.returncode


@contextlib.contextmanager
def server(fettle, options=(), keep=False):
    folder = tempfile.mkdtemp(prefix="fettle-serving-")
    running = Server(os.path.abspath(fettle), folder, options)
    try:
        yield running
    finally:
        running.stop()
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def examples(count=200, words=20):
    """Lines of prompts of so many words, with five completions."""
    lines = []
    for number in range(count):
        label = number % 5 + 1
        text = " ".join(f"word{(number * 7 + place * label) % 97}" for place in range(words))
        lines.append(json.dumps({"prompt": f"{text} ->", "completion": f" {label}"}))
    return "\n".join(lines) + "\n"
