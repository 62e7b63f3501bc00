#!/usr/bin/env python3
"""Measures prompts through a pseudo-terminal: from a key to the screen, and from start to prompt.

Usage: editor_latency.py [PROGRAM]      (.build/release/fettle by default; colours and hints are on)

Each program has 100,000 lines of history of its own kind (duckdb 1,000: with 100,000 it showed no prompt for
five minutes). Each key is sent when the screen has been quiet; its
time is that until the first byte comes back. The peers take turns with Fettle in one sitting: psql (on a server
that is made for it), sqlite3, duckdb and ipython; one that is not on PATH is named and left out.
"""

import glob
import itertools
import json
import os
import pty
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

LINES = 100_000
STARTS = 10
KEY_AIM = 5
START_AIM = 50
TEXTS = [
    "where stars >= 4 and review_title ~ 'good' as best",
    'format prompt="{{review_title}}\\n{{review_body}}" completion=" {{stars}}"',
    "tune ngram on reviews.train validate=reviews.validation n_epochs=3 as first",
    "load 数据/评论.csv as reviews # 中文",
]


def lines():
    for index in range(LINES):
        yield f"where column_{index % 977} == {index} and text ~ 'value {index * 7}'"


def write_lines(path, count=LINES):
    with open(path, "w", encoding="utf-8") as history:
        for line in itertools.islice(lines(), count):
            history.write(line + "\n")


def receive(terminal):
    """Returns what a program has written, having answered what it asks of the terminal."""
    block = os.read(terminal, 65536)
    if b"\x1b[c" in block:
        os.write(terminal, b"\x1b[?62c")
    # Where is the cursor? DuckDB asks again from the window's last corner, to know its size.
    for question in block.split(b"\x1b[6n")[:-1]:
        os.write(terminal, b"\x1b[24;80R" if question.endswith(b"f") else b"\x1b[3;1R")
    return block


class Program:
    """A program, its arguments, and what its prompt ends with."""

    def __init__(self, name, arguments, prompt, **environment):
        self.name, self.arguments, self.prompt = name, arguments, prompt
        self.environment = environment

    def start(self, folder):
        """Starts it; returns its terminal and the milliseconds until its prompt."""
        began = time.perf_counter()
        self.pid, terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", HOME=folder, **self.environment)
            os.environ.pop("NO_COLOR", None)
            os.execvp(self.arguments[0], self.arguments)
        seen = b""
        while self.prompt not in seen:
            if not select.select([terminal], [], [], 30)[0]:
                raise OSError("it shows no prompt for 30 s")
            seen += receive(terminal)
        return terminal, (time.perf_counter() - began) * 1000


def start(program, folder):
    """Starts Fettle, without the history that another start left."""
    return Program("fettle", [program, "--ephemeral"], b"fettle> ", XDG_STATE_HOME=folder).start(folder)


def end(program, terminal):
    os.kill(program.pid, signal.SIGKILL)
    os.waitpid(program.pid, 0)
    os.close(terminal)


def settle(terminal, seconds=0.02):
    while select.select([terminal], [], [], seconds)[0]:
        receive(terminal)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def fettle(program, folder):
    os.mkdir(f"{folder}/fettle")
    with open(f"{folder}/fettle/history", "w", encoding="utf-8") as history:
        for line in lines():
            history.write(json.dumps(line) + "\n")
    return Program("fettle", [program, "--ephemeral"], b"fettle> ", XDG_STATE_HOME=folder)


def sqlite(folder):
    write_lines(f"{folder}/.sqlite_history")
    return Program("sqlite3", ["sqlite3", "-interactive"], b"sqlite> ")


def duckdb(folder):
    write_lines(f"{folder}/.duckdb_history", 1000)
    return Program("duckdb", ["duckdb"], b" D ", DUCKDB_HISTORY=f"{folder}/.duckdb_history")


def ipython(folder):
    environment = dict(os.environ, HOME=folder, IPYTHONDIR=f"{folder}/ipython")
    subprocess.run(["ipython", "-c", "1"], env=environment, check=True, capture_output=True)
    with sqlite3.connect(f"{folder}/ipython/profile_default/history.sqlite") as base:
        base.execute("INSERT INTO sessions(start) VALUES ('2026-01-01 00:00:00')")
        session = base.execute("SELECT max(session) FROM sessions").fetchone()[0]
        rows = ((session, index + 1, line, line) for index, line in enumerate(lines()))
        base.executemany("INSERT INTO history VALUES (?, ?, ?, ?)", rows)
    return Program(
        "ipython",
        ["ipython", "--no-banner"],
        b"]: ",
        IPYTHONDIR=f"{folder}/ipython",
        PROMPT_TOOLKIT_NO_CPR="1",
    )


def psql(folder):
    tools = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not tools:
        raise FileNotFoundError("no server for it")
    tools = tools[-1]
    write_lines(f"{folder}/history")
    with open(f"{folder}/psqlrc", "w", encoding="utf-8") as settings:
        settings.write(f"\\set HISTSIZE {LINES}\n")
    base = f"{folder}/base"
    os.mkdir(base)
    command = []
    if os.getuid() == 0:
        # The server does not run as root.
        shutil.chown(base, "postgres")
        os.chmod(folder, 0o755)
        command = ["runuser", "-u", "postgres", "--"]
    quiet = dict(check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    subprocess.run(command + [f"{tools}/initdb", "-D", f"{base}/data", "-A", "trust"], **quiet)
    control = command + [f"{tools}/pg_ctl", "-D", f"{base}/data", "-w", "-l", f"{base}/log"]
    subprocess.run(control + ["-o", f"-k {base} -h ''", "start"], **quiet)
    user = "postgres" if os.getuid() == 0 else os.environ["USER"]
    program = Program(
        "psql",
        ["psql", "-h", base, "-U", user, "postgres"],
        b"postgres=# ",
        PSQL_HISTORY=f"{folder}/history",
        PSQLRC=f"{folder}/psqlrc",
    )
    program.stop = lambda: subprocess.run(control + ["-m", "immediate", "stop"], **quiet)
    return program


def key_times(program, folder):
    terminal, _ = program.start(folder)
    settle(terminal, 1)
    times = []
    for _ in range(2):
        for text in TEXTS:
            for key in list(text) + ["\x1b[D"] * 10 + ["\x7f"] * 5 + list("xyz "):
                began = time.perf_counter()
                os.write(terminal, key.encode())
                if select.select([terminal], [], [], 1)[0]:
                    times.append((time.perf_counter() - began) * 1000)
                settle(terminal, 0.01)
            os.write(terminal, b"\x05\x15")
            settle(terminal, 0.05)
    end(program, terminal)
    return times


def main():
    path = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/fettle")
    makers = {"psql": psql, "sqlite3": sqlite, "duckdb": duckdb, "ipython": ipython}
    with tempfile.TemporaryDirectory() as root:
        programs = []
        for name, make in [("fettle", lambda folder: fettle(path, folder)), *makers.items()]:
            folder = f"{root}/{name}"
            os.mkdir(folder)
            os.chmod(root, 0o755)
            try:
                if name != "fettle" and shutil.which(name) is None:
                    raise FileNotFoundError("not on PATH")
                program = make(folder)
                end(program, program.start(folder)[0])
                programs.append((program, folder, []))
            except (OSError, subprocess.SubprocessError) as error:
                print(f"{name} is left out: {error}")
        try:
            for _ in range(STARTS):
                for program, folder, starts in programs:
                    terminal, took = program.start(folder)
                    starts.append(took)
                    end(program, terminal)
            print(f"{LINES:,} lines of history; aims: key p95 {KEY_AIM} ms, start {START_AIM} ms")
            print(f"{'':10}{'key':>9}{'key p95':>9}{'ratio':>7}{'start':>9}{'best':>9}{'ratio':>7}")
            own = None
            for program, folder, starts in programs:
                keys = key_times(program, folder)
                slow, begun = percentile(keys, 0.95), percentile(starts, 0.5)
                own = own or (slow, begun)
                print(
                    f"{program.name:10}{percentile(keys, 0.5):6.2f} ms{slow:6.2f} ms{slow / own[0]:7.1f}"
                    f"{begun:6.0f} ms{min(starts):6.0f} ms{begun / own[1]:7.1f}"
                )
        finally:
            for program, _, _ in programs:
                getattr(program, "stop", lambda: None)()


if __name__ == "__main__":
    main()
