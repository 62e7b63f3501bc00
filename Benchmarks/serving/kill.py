"""Kills a server under load at random moments, starts it again, and looks at what is left; see README.md.

    python3 Benchmarks/serving/kill.py --kills 20 --seed 1

Jobs are asked for, files uploaded and completions asked while it dies. Afterwards every answer that a client got must
still be true: files have their bytes, jobs that had succeeded have their model, which answers, jobs that had not go on
and succeed, and nothing that was acknowledged is missing.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

import served


class Clients:
    """Threads that ask until the server is gone, and note what they were told."""

    def __init__(self, server, model, known, seed):
        self.server, self.model, self.known, self.random = server, model, known, random.Random(seed)
        self.lock, self.answers, self.faults = threading.Lock(), 0, []
        works = [self.complete] * 4 + [self.work] * 2
        self.threads = [threading.Thread(target=self.until_gone, args=(work,)) for work in works]
        for thread in self.threads:
            thread.start()

    def until_gone(self, work):
        while True:
            try:
                work()
            except (OSError, ValueError, served.http.client.HTTPException):
                if self.server.process.poll() is not None:
                    return
                time.sleep(0.01)

    def ask(self, method, path, body=None, headers=None):
        status, text = self.server.ask(method, path, body, headers, timeout=10)
        if status >= 500:
            with self.lock:
                self.faults.append(f"{method} {path} was answered by {status}: {text.decode()}")
        return json.loads(text) if status == 200 else None

    def complete(self):
        answer = self.ask("POST", "/v1/completions",
                          {"model": self.model, "prompt": "word1 word2 ->", "max_tokens": 1, "temperature": 0})
        with self.lock:
            self.answers += answer is not None

    def work(self):
        text = served.examples(self.random.randint(50, 400), self.random.randint(5, 40))
        fields = (
            f'--{served.FORM}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
            f'--{served.FORM}\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'
            f"{text}\r\n--{served.FORM}--\r\n"
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={served.FORM}"}
        file = self.ask("POST", "/v1/files", fields.encode(), headers)
        if not file:
            return
        with self.lock:
            self.known["files"][file["id"]] = text
        job = self.ask("POST", "/v1/fine_tuning/jobs", {
            "model": "ada", "training_file": file["id"],
            "hyperparameters": {"n_epochs": self.random.randint(1, 30)},
        })
        if job:
            with self.lock:
                self.known["jobs"][job["id"]] = None
        for done in (self.ask("GET", "/v1/fine_tuning/jobs?limit=100") or {"data": []})["data"]:
            if done["status"] == "succeeded":
                with self.lock:
                    self.known["jobs"][done["id"]] = done["fine_tuned_model"]
        time.sleep(0.2)


def fail(folder, text):
    sys.exit(f"{text} (kept: {folder})")


def check(server, known, folder):
    """What clients were told before must be so."""
    for name, text in known["files"].items():
        status, content = server.ask("GET", f"/v1/files/{name}/content")
        if status != 200 or content.decode() != text:
            fail(folder, f"the file {name} is not what was uploaded: {status}")
    for name, model in known["jobs"].items():
        job = server.json("GET", f"/v1/fine_tuning/jobs/{name}")
        if job["status"] not in ("succeeded", "running", "queued", "validating_files"):
            fail(folder, f"the job {name} is {job['status']}: {job['error']}")
        if model and job["fine_tuned_model"] != model:
            fail(folder, f"the job {name} had made {model}, and now {job['fine_tuned_model']}")
        if model:
            answer = server.json("POST", "/v1/completions",
                                 {"model": model, "prompt": "word1 ->", "max_tokens": 1, "logprobs": 5})
            if len(answer["choices"][0]["text"]) < 2:
                fail(folder, f"{model} answers nothing")


def settle(server, known, folder):
    """Waits until all jobs have succeeded."""
    deadline = time.time() + 300
    while time.time() < deadline:
        states = {name: server.json("GET", f"/v1/fine_tuning/jobs/{name}") for name in known["jobs"]}
        for name, job in states.items():
            if job["status"] in ("failed", "cancelled"):
                fail(folder, f"the job {name} is {job['status']}: {job['error']}")
        if all(job["status"] == "succeeded" for job in states.values()):
            return
        time.sleep(0.2)
    fail(folder, "jobs did not end within five minutes")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fettle", default=".build/release/fettle")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="fettle-kills-")
    program = os.path.abspath(options.fettle)
    server = served.Server(program, folder)
    _, _, model = server.tune(served.examples())
    known = {"files": {}, "jobs": {}}
    answers, running = 0, 0
    for number in range(options.kills):
        clients = Clients(server, model, known, chance.random())
        time.sleep(chance.uniform(0.2, 3))
        running += any(model is None for model in known["jobs"].values())
        os.kill(server.pid, signal.SIGKILL)
        server.process.wait()
        for thread in clients.threads:
            thread.join()
        answers += clients.answers
        if clients.faults:
            fail(folder, "\n".join(clients.faults))
        server = served.Server(program, folder)
        check(server, known, folder)
        if number % 5 == 4:
            settle(server, known, folder)
            check(server, known, folder)
        print(f"  kill {number + 1}: {len(known['files'])} files, {len(known['jobs'])} jobs, "
              f"{answers:,} answers", flush=True)
    settle(server, known, folder)
    check(server, known, folder)
    status = server.stop()
    # It ends as the signal has it, once everything is written.
    if status not in (0, -signal.SIGTERM):
        fail(folder, f"the server ended with status {status}")
    shutil.rmtree(folder)
    print(f"{options.kills} kills, {running} of them with jobs that had not ended: {len(known['files'])} files and "
          f"{len(known['jobs'])} jobs are whole, {answers:,} completions were answered meanwhile")


if __name__ == "__main__":
    main()
