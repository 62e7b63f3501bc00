"""Measures how long near-duplicates, personal data and languages of many reviews take to find."""

import subprocess
import tempfile

import inputs
import processes
from processes import median

ROWS = 200_000


def reviews():
    """The sample reviews in this number, made once by `generate-samples`."""
    path = inputs.cache() / f"generated-{ROWS}" / "reviews.jsonl"
    if not path.exists():
        subprocess.run(
            ["swift", "run", "-c", "release", "generate-samples", "--rows", str(ROWS),
             "--output", str(path.parent)],
            cwd=inputs.ROOT, check=True,
        )
    return path


def measure(fettle, rounds, table):
    source = reviews()
    table.heading(f"data quality: {ROWS:,} generated reviews")
    script = [
        f"load {source} as reviews",
        "dedupe on=review_title,review_body near=0.8 as near",
        "mask review_body as masked",
        "derive found = language(review_body) as spoken",
    ]
    results = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=inputs.cache()) as folder:
            results.append(processes.run_fettle(fettle, script, folder))
    for verb, name in [("dedupe", "near-duplicates"), ("mask", "personal data"), ("derive", "languages")]:
        table.line(name, median(result.steps[verb] for result in results))
    table.line("peak memory", median(result.megabytes for result in results), unit="MB", digits=0)
    print("  " + next(line for line in results[0].output.split("\n") if line.startswith("dropped")))
