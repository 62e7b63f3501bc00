"""Runs the chapter's listing of token probabilities as it is printed, but for the model's name and the frame of rows.

Usage: listing.py CHAPTER.txt MODEL LINES.jsonl; the server is named by OPENAI_API_BASE.
"""

import json
import re
import sys

import openai
import pandas

chapter, model, lines = sys.argv[1:]
text = open(chapter, encoding="utf-8").read()
listing = next(code for code in re.findall(r"```py\n(.*?)```", text, re.S) if "top_logprobs" in code)
listing, count = re.subn(r"model='[^']*'", f"model={model!r}", listing)
assert count == 1, listing
rows = [json.loads(line) for line in open(lines, encoding="utf-8")]
exec(listing, {"openai": openai, "english_test_df": pandas.DataFrame(rows)})
