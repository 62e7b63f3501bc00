#!/usr/bin/env python3
"""Measures how long Ctrl-C takes to bring the prompt back from `tune` on a large file, by phase.

Usage: interrupt_latency.py [PROGRAM] [MOMENTS]      (.build/release/fettle and 40 by default)

The examples are those of `make bench`: 606,770 reviews, four fifths of what is left of them to train on.
Each Ctrl-C is typed at another moment of the run; what the job's folder holds and the screen shows tells the phase.
"""

import fcntl
import glob
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

import inputs

FORMAT = r'format prompt="{{review_title}}\n\n{{review_body}}\n\n###\n\n" completion=" {{stars}}"'
TUNE = "tune ngram on reviews.train validate=reviews.validation as measured"
EDITOR_IS_THERE, EDITOR_LEFT = b"\x1b[?2004h", b"\x1b[?2004l"
PATIENCE = 120
PHASES = [
    "checking and reading the examples", "writing the examples", "finding features", "training",
]


class Terminal:
    """A program at a terminal, and what it has shown since the last line was typed."""

    def __init__(self, program, folder):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", HOME=folder, XDG_STATE_HOME=folder)
            os.execv(program, [program])
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
        self.shown = b""

    def read_for(self, seconds):
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                self.shown += os.read(self.terminal, 65_536)

    def wait_for_more(self):
        if not select.select([self.terminal], [], [], PATIENCE)[0]:
            sys.exit(f"nothing within {PATIENCE} s after {self.shown[-2000:]!r}")
        self.shown += os.read(self.terminal, 65_536)

    def wait_for(self, text):
        while text not in self.shown:
            self.wait_for_more()

    def type(self, line):
        self.shown = b""
        os.write(self.terminal, line.encode() + b"\r")

    def wait_for_prompt(self):
        """Waits until the editor, which asks for pastes in brackets while it is there, is back."""
        self.wait_for(EDITOR_LEFT)
        while EDITOR_IS_THERE not in self.shown.rpartition(EDITOR_LEFT)[2]:
            self.wait_for_more()

    def run(self, line):
        """Types a line and waits for the prompt after it; returns the seconds."""
        start = time.perf_counter()
        self.type(line)
        self.wait_for_prompt()
        return time.perf_counter() - start


def phase(folder, shown):
    files = [name for job in glob.glob(f"{folder}/.fettle/jobs/*") for name in os.listdir(job)]
    if b"loss " in shown:
        return PHASES[3]
    if not files:
        return PHASES[0]
    written = [name for name in files if name.endswith(".jsonl")]
    return PHASES[1] if len(written) < 2 else PHASES[2]


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/fettle")
    moments = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    source = inputs.scaled()[1]
    with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
        terminal = Terminal(program, folder)
        terminal.wait_for(EDITOR_IS_THERE)
        for line in [
            f"load {source} as reviews", FORMAT, "dedupe on=prompt",
            "split 80/10/10 by=stars seed=7",
        ]:
            terminal.run(line)
        whole = terminal.run(TUNE)
        print(f"tune takes {whole:.2f} s; {moments} moments of it")
        found = {name: [] for name in PHASES}
        for number in range(moments):
            terminal.type(TUNE)
            terminal.read_for(whole * (number + 0.5) / moments)
            name = phase(folder, terminal.shown)
            start = time.perf_counter()
            os.write(terminal.terminal, b"\x03")
            terminal.wait_for_prompt()
            took = (time.perf_counter() - start) * 1000
            if b"interrupted" in terminal.shown:
                found[name].append(took)
            for job in glob.glob(f"{folder}/.fettle/jobs/*"):
                shutil.rmtree(job)
        for name, times in found.items():
            if times:
                print(
                    f"{name:34} {len(times):3} times  median {statistics.median(times):4.0f} ms"
                    f"  worst {max(times):4.0f} ms"
                )
        os.kill(terminal.process, signal.SIGKILL)
        os.waitpid(terminal.process, 0)


if __name__ == "__main__":
    main()
