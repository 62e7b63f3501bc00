"""Runs programs and measures what they take."""

import json
import os
import pty
import select
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time


class Finished:
    """What a program took: seconds, seconds of processors, and the most memory it held."""

    def __init__(self, usage, output):
        self.seconds, self.processor = usage["seconds"], usage["processor"]
        self.megabytes, self.output = usage["megabytes"], output


def run(arguments, **options):
    """Runs a program to its end; fails when it does."""
    launcher = os.path.join(os.path.dirname(__file__), "measured.py")
    with tempfile.TemporaryFile() as output, tempfile.NamedTemporaryFile("r") as usage:
        command = [sys.executable, "-IS", launcher, usage.name, *arguments]
        code = subprocess.run(command, stdout=output, **options).returncode
        output.seek(0)
        text = output.read().decode()
        if code != 0:
            sys.exit(f"{' '.join(map(str, arguments))} ended with {code}\n{text}")
        return Finished(json.load(usage), text)


def run_python(script, *arguments):
    """Runs a peer's script, which prints one JSON object."""
    finished = run([sys.executable, os.path.join(os.path.dirname(__file__), script), *arguments])
    finished.value = json.loads(finished.output)
    return finished


def run_fettle(fettle, lines, folder):
    """Runs commands in the workspace of `folder`; `steps` has the seconds of each by its verb."""
    workspace = os.path.join(folder, ".fettle")
    script = os.path.join(folder, "bench.fettle")
    with open(script, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    finished = run([fettle, "--workspace", workspace, script], stderr=subprocess.STDOUT)
    database = sqlite3.connect(os.path.join(workspace, "fettle.sqlite"))
    finished.steps = {}
    newest = "SELECT source, duration FROM cell ORDER BY id DESC LIMIT ?"
    for source, duration in database.execute(newest, [len(lines)]):
        verb = source.split()[0]
        finished.steps[verb] = finished.steps.get(verb, 0) + duration / 1000
    database.close()
    return finished


def start_at_terminal(fettle, folder, awaits=b"fettle> "):
    """Starts the prompt at a terminal; returns the seconds until it is there and its megabytes."""
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        environment = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": folder}
        os.execve(fettle, [fettle, "--workspace", folder + "/.fettle"], environment)
    shown = b""
    while awaits not in shown:
        readable, _, _ = select.select([terminal], [], [], 10)
        if not readable:
            sys.exit(f"no prompt within 10 seconds, only {shown!r}")
        shown += os.read(terminal, 65_536)
    seconds = time.perf_counter() - start
    time.sleep(0.2)
    with open(f"/proc/{process}/status") as file:
        resident = next(line for line in file if line.startswith("VmRSS"))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(terminal)
    return seconds, int(resident.split()[1]) * 1024 / 1e6


def median(values):
    return statistics.median(values)
