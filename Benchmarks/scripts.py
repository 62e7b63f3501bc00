"""Measures what a script costs beyond its commands' own work."""

import os
import tempfile

import inputs
import processes
from processes import median

COMMANDS = 1000


def measure(fettle, rounds, table):
    """Runs a script of many commands that do nothing, with a database and without one."""
    with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
        with open(os.path.join(folder, "two.csv"), "w", encoding="utf-8") as file:
            file.write("a,b\n1,2\n")
        lines = [f"let x{number % 50} = {number}" for number in range(COMMANDS)]
        scripts = {
            "few.fettle": ["load two.csv"],
            "many.fettle": ["load two.csv", *lines],
            "memory.fettle": lines,
        }
        for name, text in scripts.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write("\n".join(text) + "\n")
        recorded, kept = [], []
        for _ in range(max(rounds, 3) * 2):
            few, many, empty, memory = (
                processes.run([fettle, *arguments], cwd=folder).seconds
                for arguments in (
                    ["few.fettle"],
                    ["many.fettle"],
                    ["--ephemeral", "-c", "vars"],
                    ["--ephemeral", "memory.fettle"],
                )
            )
            recorded.append((many - few) * 1000 / COMMANDS)
            kept.append((memory - empty) * 1000 / COMMANDS)
    table.heading(f"scripts: {COMMANDS:,} commands that do nothing")
    table.line("a command, recorded in the workspace", median(recorded), unit="ms", digits=3)
    table.line("a command, --ephemeral", median(kept), unit="ms", digits=3)
