"""Load, drop rows with equal prompts, split by stars 80/10/10, write examples: `PEER INPUT FOLDER`.

Prints the rows kept and the seconds of each step, without those of the imports.
"""

import json
import sys
import time

SEPARATOR = "\n\n###\n\n"
SHARES = [("train", 0.0, 0.8), ("validation", 0.8, 0.9), ("test", 0.9, 1.0)]


class Steps:
    def __init__(self):
        self.seconds = {}
        self.last = time.perf_counter()

    def end(self, name):
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0) + now - self.last
        self.last = now


def pandas(source, folder):
    import pandas as pd

    steps = Steps()
    if source.endswith(".csv"):
        rows = pd.read_csv(source)
    else:
        rows = pd.read_json(source, lines=True)
    steps.end("load")
    rows["prompt"] = rows.review_title.fillna("") + "\n\n" + rows.review_body.fillna("") + SEPARATOR
    rows["completion"] = " " + rows.stars.astype(str)
    rows = rows.drop_duplicates("prompt")
    steps.end("dedupe")
    drawn = rows.sample(frac=1, random_state=7)
    by_stars = drawn.groupby("stars")
    place = by_stars.cumcount() / by_stars.stars.transform("size")
    parts = [(name, drawn[(place >= low) & (place < high)]) for name, low, high in SHARES]
    steps.end("split")
    for name, part in parts:
        part[["prompt", "completion"]].to_json(
            f"{folder}/{name}.jsonl", orient="records", lines=True, force_ascii=False
        )
    steps.end("export")
    return len(rows), steps


def polars(source, folder):
    import polars as pl

    steps = Steps()
    rows = pl.read_csv(source) if source.endswith(".csv") else pl.read_ndjson(source)
    steps.end("load")
    rows = rows.with_columns(
        prompt=pl.concat_str(
            pl.col("review_title").fill_null(""), pl.lit("\n\n"),
            pl.col("review_body").fill_null(""), pl.lit(SEPARATOR),
        ),
        completion=pl.concat_str(pl.lit(" "), pl.col("stars").cast(pl.String)),
    ).unique(subset="prompt", keep="first", maintain_order=True)
    steps.end("dedupe")
    place = pl.int_range(pl.len()).shuffle(seed=7).over("stars") / pl.len().over("stars")
    drawn = rows.with_columns(place=place)
    parts = [
        (name, drawn.filter((pl.col("place") >= low) & (pl.col("place") < high)))
        for name, low, high in SHARES
    ]
    steps.end("split")
    for name, part in parts:
        part.select("prompt", "completion").write_ndjson(f"{folder}/{name}.jsonl")
    steps.end("export")
    return len(rows), steps


def duckdb(source, folder):
    import duckdb as db

    steps = Steps()
    connection = db.connect()
    reader = "read_csv" if source.endswith(".csv") else "read_json"
    connection.execute(f"CREATE TABLE rows AS SELECT * FROM {reader}('{source}')")
    steps.end("load")
    connection.execute(
        f"""
        CREATE TABLE kept AS SELECT DISTINCT ON (prompt) * FROM (
            SELECT stars, ' ' || stars AS completion,
                coalesce(review_title, '') || chr(10) || chr(10) || coalesce(review_body, '')
                    || '{SEPARATOR}' AS prompt
            FROM rows)
        """
    )
    steps.end("dedupe")
    connection.execute(
        """
        CREATE TABLE drawn AS SELECT prompt, completion,
            (row_number() OVER (PARTITION BY stars ORDER BY hash(prompt)) - 1)
                / count(*) OVER (PARTITION BY stars) AS place
        FROM kept
        """
    )
    steps.end("split")
    for name, low, high in SHARES:
        connection.execute(
            f"""
            COPY (SELECT prompt, completion FROM drawn WHERE place >= {low} AND place < {high})
            TO '{folder}/{name}.jsonl' (FORMAT json)
            """
        )
    steps.end("export")
    return connection.execute("SELECT count(*) FROM kept").fetchone()[0], steps


if __name__ == "__main__":
    peer, source, folder = sys.argv[1:]
    count, steps = globals()[peer](source, folder)
    total = sum(steps.seconds.values())
    print(json.dumps({"rows": int(count), "steps": steps.seconds, "seconds": total}))
