"""The files that are measured on, made once in a cache folder outside of the tree."""

import csv
import json
import os
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
CLOTHING = SHARED / "womens_clothing_en"
COLUMNS = [
    "review_id", "product_id", "reviewer_id", "stars",
    "review_body", "review_title", "language", "product_category",
]
ROWS = 606_000
SEED = 20_261_123


def cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = pathlib.Path(os.environ.get("FETTLE_BENCH_CACHE") or base + "/fettle-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def reviews():
    """Returns the path of the reviews that are copied, and what to say about them."""
    if CLOTHING.exists():
        return CLOTHING / "train.jsonl", None
    note = "../shared/data is absent: measured on samples/reviews.jsonl, scaled up"
    return ROOT / "samples" / "reviews.jsonl", note


def scaled():
    """Returns the large JSONL file and the same rows as CSV."""
    source, _ = reviews()
    name = "clothing" if source.parent == CLOTHING else "samples"
    jsonl, table = cache() / f"{name}-large.jsonl", cache() / f"{name}-large.csv"
    if jsonl.exists() and table.exists():
        return jsonl, table
    originals = rows_of(source)
    generator = random.Random(SEED)
    rows = []
    for copy in range(round(ROWS / len(originals) + 0.5)):
        for row in originals:
            row = {column: row.get(column) for column in COLUMNS}
            row["review_id"] = f"bench_{len(rows):07}"
            if copy > 0 and generator.random() < 0.96:
                row["review_body"] = f"{row['review_body'] or ''} #{len(rows)}"
            rows.append(row)
    generator.shuffle(rows)
    write_jsonl(rows, jsonl)
    partial = table.with_suffix(".part")
    with open(partial, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([row[column] for column in COLUMNS] for row in rows)
    partial.rename(table)
    return jsonl, table


def write_jsonl(rows, path):
    partial = path.with_suffix(".part")
    with open(partial, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    partial.rename(path)


def tasks():
    """Returns the classification tasks: name, column, and the paths of the three parts."""
    if CLOTHING.exists():
        sets = [("clothing", CLOTHING), ("Indonesian", SHARED / "prdect_id_29cat")]
        return [
            (f"{name}, {word}", column, [folder / f"{part}.jsonl" for part in parts()])
            for name, folder in sets
            for word, column in [("stars", "stars"), ("categories", "product_category")]
        ]
    folder = cache() / "samples"
    folder.mkdir(exist_ok=True)
    rows = [row for row in rows_of(reviews()[0]) if row["language"] == "en"]
    random.Random(SEED).shuffle(rows)
    cuts = [0, len(rows) * 8 // 10, len(rows) * 9 // 10, len(rows)]
    paths = [folder / f"{part}.jsonl" for part in parts()]
    for path, start, end in zip(paths, cuts, cuts[1:]):
        write_jsonl(rows[start:end], path)
    return [
        ("samples, stars", "stars", paths),
        ("samples, categories", "product_category", paths),
    ]


def parts():
    return ["train", "validation", "test"]


def short_reviews(path, count=200_000, longest=160):
    """Returns a file of `count` rows whose prompts are short, made of the rows at `path`."""
    target = cache() / f"short-{path.parent.name}-{count}.jsonl"
    if not target.exists():
        short = [row for row in rows_of(path) if len(prompt(row)) <= longest]
        generator = random.Random(SEED)
        rows = []
        for number in range(count):
            row = dict(generator.choice(short))
            row["review_id"] = f"bench_{number:07}"
            row["review_body"] = f"{row['review_body']} #{number}"
            rows.append(row)
        write_jsonl(rows, target)
    return target


def prompt(row):
    return f"{row['review_title'] or ''}\n\n{row['review_body'] or ''}"
