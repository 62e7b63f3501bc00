#!/usr/bin/env python3
"""Prints what the validators of openai 0.28.1's `tools fine_tunes.prepare_data` say of a JSONL file.

    prepare_data_comparison.py examples.jsonl

One JSON object: for each remediation, in the order in which that tool runs them, its name, the validator,
whether it reports, asks, must or refuses, and the numbers, from 1, of the rows that it names. All of them
look at the rows as they are in the file; none of their changes is applied. Needs openai==0.28.1 and pandas.
"""

import inspect
import json
import re
import sys

import pandas as pd
from openai import validators


def rows_of(message: str | None) -> list[int]:
    """Returns the row numbers that a message lists, counted from 1."""
    listed = re.search(r"These are rows: \[([\d, ]*)\]", message or "")
    return [int(row) + 1 for row in listed.group(1).split(",")] if listed else []


def described(validator, remediation) -> dict:
    """Returns what a remediation says, without the functions that apply it."""
    source = inspect.getsource(validator).strip()
    name = validator.__name__
    if name == "<lambda>":
        field = re.search(r'"(prompt|completion)"', source) or re.search(r"'(\w+)'", source)
        name = re.search(r"(\w+_validator)", source).group(1)
        name += f"({field.group(1)})" if field else ""
    return {
        "validator": name,
        "name": remediation.name,
        "reports": remediation.immediate_msg is not None,
        "must": remediation.necessary_msg is not None,
        "asks": remediation.optional_msg is not None,
        "refuses": remediation.error_msg is not None,
        "message": remediation.immediate_msg or remediation.error_msg or "",
        "advice": remediation.optional_msg or remediation.necessary_msg or "",
        "rows": rows_of(remediation.immediate_msg),
    }


def main(path: str) -> None:
    examples = pd.read_json(path, lines=True, dtype=str).fillna("")
    found = []
    for validator in validators.get_validators():
        try:
            remediation = validator(examples.copy())
        except (IndexError, KeyError) as error:
            crash = validators.Remediation(validator.__name__, immediate_msg=repr(error))
            found.append(described(validator, crash))
            continue
        if remediation is not None:
            found.append(described(validator, remediation))
    task = validators.infer_task_type(examples)
    print(json.dumps({"rows": len(examples), "task": task, "remediations": found}))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
