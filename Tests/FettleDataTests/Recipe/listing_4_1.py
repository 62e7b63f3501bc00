#!/usr/bin/env python3
"""Writes the training file that the chapter's listing 4.1 describes, with pandas.

    listing_4_1.py reviews.jsonl out.jsonl
    listing_4_1.py reviews.jsonl --compare exported.jsonl

The order of operations is the listing's: build prompt and completion, keep English, drop repeated
prompts, shuffle, write one JSON object a line. Stars may be numbers or texts. With --compare nothing is
written: the exported file must have the same lines, in any order, each compared as parsed JSON; the exit
status is 1 and the difference is printed when it has not.
"""

import argparse
import collections
import json
import sys

import pandas as pd

SHOWN = 3


def prepare(reviews: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Returns the prompts and completions of the English reviews, each prompt once, shuffled."""
    prompt = reviews["review_title"] + "\n\n" + reviews["review_body"] + "\n\n###\n\n"
    completion = " " + reviews["stars"].map(star_text)
    pairs = pd.DataFrame({"prompt": prompt, "completion": completion})
    english = pairs[reviews["language"] == "en"]
    distinct = english.drop_duplicates(subset=["prompt"])
    return distinct.sample(len(distinct), random_state=seed)


def star_text(stars: object) -> str:
    """Returns stars as text: 5, 5.0 and "5" are all "5"."""
    if isinstance(stars, float) and stars.is_integer():
        return str(int(stars))
    return str(stars)


def read(path: str) -> pd.DataFrame:
    """Reads JSON lines as they are: no text becomes a number or a date."""
    with open(path, encoding="utf-8") as lines:
        return pd.DataFrame([json.loads(line) for line in lines if line.strip()])


def counted(rows: list[dict]) -> collections.Counter:
    """Counts rows by their JSON with sorted names."""
    return collections.Counter(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)


def compare(expected: pd.DataFrame, path: str) -> int:
    """Prints how the file at `path` differs from what is expected; returns the exit status."""
    with open(path, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines if line.strip()]
    wanted_lines, found_lines = counted(expected.to_dict("records")), counted(found)
    missing, extra = wanted_lines - found_lines, found_lines - wanted_lines
    if not missing and not extra:
        print(f"same: {len(found)} lines, equal as sets of JSON objects")
        return 0
    print(f"pandas has {len(expected)} lines, {path} has {len(found)}")
    for title, lines in (("only in pandas", missing), (f"only in {path}", extra)):
        print(f"{title}: {lines.total()}")
        for line in sorted(lines)[:SHOWN]:
            print("  " + (line if len(line) <= 300 else line[:300] + " …"))
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Listing 4.1 with pandas.")
    parser.add_argument("reviews", help="the reviews, one JSON object a line")
    parser.add_argument("out", nargs="?", help="the file to write")
    parser.add_argument("--compare", metavar="EXPORTED", help="a file to compare instead of writing")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the shuffle")
    arguments = parser.parse_args()
    if (arguments.out is None) == (arguments.compare is None):
        parser.error("name either the file to write or --compare EXPORTED")
    prepared = prepare(read(arguments.reviews), arguments.seed)
    if arguments.compare:
        return compare(prepared, arguments.compare)
    prepared.to_json(arguments.out, orient="records", lines=True, force_ascii=False)
    print(f"{len(prepared)} lines written to {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
