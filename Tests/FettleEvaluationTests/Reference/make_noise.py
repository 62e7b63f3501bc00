#!/usr/bin/env python3
"""Writes noise.json: likely label errors as cleanlab finds them, and entropies as SciPy gives them.

Usage: make_noise.py      (needs `pip install cleanlab scipy`)
"""

import json
import math
import pathlib

import numpy
from cleanlab.count import calibrate_confident_joint, compute_confident_joint
from scipy.stats import entropy

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261129


def learning_case(rng, rows, classes, share):
    truth = rng.integers(classes, size=rows)
    truth[:classes] = numpy.arange(classes)
    labels = truth.copy()
    for row in rng.choice(numpy.arange(classes, rows), size=round(share * rows), replace=False):
        labels[row] = rng.choice([x for x in range(classes) if x != truth[row]])
    weights = rng.gamma(0.6, size=(rows, classes)) + 0.01
    weights[numpy.arange(rows), truth] += rng.gamma(3, size=rows)
    logprobs = numpy.round(numpy.log(weights / weights.sum(axis=1, keepdims=True)), 6)
    p = numpy.exp(logprobs)
    thresholds = [float(p[labels == k, k].mean()) for k in range(classes)]
    # cleanlab takes the likeliest class where several are confident, confident or not; the paper the likeliest of
    # the confident ones. No row here tells the two apart.
    confident = p >= numpy.array(thresholds) - 1e-6
    for row in range(rows):
        if confident[row].sum() > 1:
            assert confident[row, p[row].argmax()], "choose another seed"
    joint, issues = compute_confident_joint(
        labels, p, calibrate=False, return_indices_of_off_diagonals=True
    )
    calibrated = calibrate_confident_joint(joint, labels)
    guess = [max((k for k in range(classes) if confident[r, k]), key=lambda k: p[r, k]) for r in issues]
    margin = [float(p[r, g] - p[r, labels[r]]) for r, g in zip(issues, guess)]
    order = sorted(range(len(issues)), key=lambda i: (-margin[i], issues[i]))
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "logprobs": logprobs.ravel().tolist(),
        "thresholds": thresholds,
        "joint": joint.tolist(),
        # cleanlab rounds the calibrated joint to whole rows.
        "estimated": float(rows - numpy.trace(calibrated)),
        "issues": [[int(issues[i]), int(guess[i])] for i in order],
    }


def score_cases(rng):
    for models, labels in [(1, 2), (1, 5), (2, 3), (3, 4)]:
        p = rng.dirichlet([0.7] * labels, size=models)
        mean = p.mean(axis=0)
        top = sorted(mean, reverse=True)
        yield {
            "models": p.tolist(),
            "margin": 1 - (top[0] - top[1]),
            "entropy": float(entropy(mean)),
            "disagreement": float(numpy.mean([entropy(q, mean) for q in p])),
        }
    yield {
        "models": [[1.0, 0.0], [0.0, 1.0]],
        "margin": 1.0,
        "entropy": math.log(2),
        "disagreement": math.log(2),
    }


def main():
    rng = numpy.random.default_rng(SEED)
    reference = {
        "learning": [
            learning_case(rng, rows, classes, share)
            for rows, classes, share in [(60, 2, 0.1), (150, 3, 0.05), (200, 5, 0.1)]
        ],
        "scores": list(score_cases(rng)),
    }
    text = json.dumps(reference, separators=(",", ":"))
    (HERE / "noise.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
