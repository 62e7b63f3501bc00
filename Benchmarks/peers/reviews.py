"""The reviews that all language models are trained and judged on, as prompts and labels."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import inputs  # noqa: E402

LABELS = ["1", "2", "3", "4", "5"]
LONGEST = 128
SEED = 20_261_123


def prompt(row):
    return inputs.prompt(row) + "\n\n###\n\n"


def tokens(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def parts(tokenizer, count):
    """Returns the paths of the training rows, in the order of training, and of the test rows.

    Rows longer than 128 tokens, with the completion's two, take no part in the training.
    """
    source, _ = inputs.reviews()
    folder = inputs.cache()
    kind = source.parent.name
    train, test = (folder / f"llm-{kind}-{part}.jsonl" for part in (f"train-{count}", "test"))
    if not train.exists() or not test.exists():
        rows = inputs.rows_of(source)
        random.Random(SEED).shuffle(rows)
        if source.parent == inputs.CLOTHING:
            judged = inputs.rows_of(source.parent / "test.jsonl")
        else:
            rows = [row for row in rows if row["language"] == "en"]
            rows, judged = rows[:len(rows) * 9 // 10], rows[len(rows) * 9 // 10:]
        short = (row for row in rows if len(tokens(tokenizer, prompt(row))) + 2 <= LONGEST)
        inputs.write_jsonl([row for row, _ in zip(short, range(count))], train)
        inputs.write_jsonl(judged, test)
    return train, test


def measures(pairs):
    """Exact, good or bad (more than three stars or not) and within one, of (found, label)."""
    pairs = [(int(found), int(label)) for found, label in pairs]
    count = len(pairs)
    return {
        "exact": sum(found == label for found, label in pairs) / count,
        "goodOrBad": sum((found > 3) == (label > 3) for found, label in pairs) / count,
        "withinOne": sum(abs(found - label) <= 1 for found, label in pairs) / count,
    }
