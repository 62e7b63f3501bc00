#!/usr/bin/env python3
"""Changes some labels of a dataset by seed, and measures how well and how fast 'noise' finds them.

Usage: label_noise.py FETTLE [FILE.jsonl [COLUMN [SHARE [SEED]]]]

Without a file: the clothing reviews of the other measurements, else the English reviews of samples/. A label becomes
any other that occurs, each as likely. Precision is the share of the rows listed whose label was changed, recall the
share of changed labels that are listed; both also of as many of the first rows as were changed.
"""

import json
import os
import random
import sys
import tempfile

import inputs
import processes

FORMAT = "{{review_title}}\\n\\n{{review_body}}\\n\\n###\\n\\n"


def plant(rows, column, share, seed):
    """Changes labels; returns the positions of the rows that were changed."""
    generator = random.Random(seed)
    labels = sorted({row[column] for row in rows})
    changed = sorted(generator.sample(range(len(rows)), round(share * len(rows))))
    for place in changed:
        rows[place][column] = generator.choice([x for x in labels if x != rows[place][column]])
    return set(changed)


def main():
    fettle, *rest = sys.argv[1:]
    path = rest[0] if rest else inputs.reviews()[0]
    column = rest[1] if len(rest) > 1 else "stars"
    share = float(rest[2]) if len(rest) > 2 else 0.05
    seed = int(rest[3]) if len(rest) > 3 else 7
    rows = [row for row in inputs.rows_of(path) if row.get("language", "en") == "en"]
    changed = plant(rows, column, share, seed)
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "rows.jsonl")
        with open(file, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        found = os.path.join(folder, "noise.json")
        commands = [
            f"load '{file}' as d",
            f'format prompt="{FORMAT}" completion=" {{{{{column}}}}}"',
        ]
        finished = processes.run_fettle(fettle, [*commands, f"noise > '{found}'"], folder)
        with open(found, encoding="utf-8") as text:
            listed = [item["row"] - 1 for item in json.load(text)]
    print(f"{len(rows):,} rows, {column}, {len(changed):,} labels changed (seed {seed})")
    print(f"'noise' took {finished.steps['noise']:.1f} s, {finished.megabytes:.0f} MB at most")
    for name, part in [("listed", listed), ("as many as changed", listed[: len(changed)])]:
        hits = len(changed.intersection(part))
        precision, recall = hits / max(1, len(part)), hits / len(changed)
        print(f"{name}: {len(part):,} rows, precision {precision:.3f}, recall {recall:.3f}")
    chance = len(changed) / len(rows)
    print(f"a row taken at random: precision {chance:.3f}")


if __name__ == "__main__":
    main()
