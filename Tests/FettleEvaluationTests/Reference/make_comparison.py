#!/usr/bin/env python3
"""Writes comparison.json: Holm's correction, paired bootstraps and the power of McNemar's test as statsmodels
and SciPy give them.

Usage: make_comparison.py      (needs `pip install scipy statsmodels`)
"""

import json
import math
import pathlib
import random

import numpy
from scipy.optimize import brentq
from scipy.stats import binom, bootstrap, norm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261129
MASK = (1 << 64) - 1


class SplitMix64:
    """The generator that Fettle draws with, with Lemire's bounded numbers."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        product = self.next() * bound
        while (product & MASK) < (1 << 64) % bound:
            product = self.next() * bound
        return product >> 64


def holm_cases(rng):
    for count in (1, 2, 3, 3, 5, 8):
        p = [round(rng.random() ** 3, 6) for _ in range(count)]
        if count == 5:
            p[3] = p[1]
        yield {"p": p, "corrected": [float(x) for x in multipletests(p, method="holm")[1]]}


def bootstrap_cases():
    for first, second, rows, seed in [(9, 12, 100, 0), (0, 0, 20, 7), (2, 20, 100, 1), (30, 14, 440, 5)]:
        answers = [-1] * first + [1] * second + [0] * (rows - first - second)
        generator = SplitMix64(seed)
        gains = [sum(answers[generator.below(rows)] for _ in range(rows)) for _ in range(2000)]
        low, high = (float(x) / rows for x in numpy.quantile(gains, [0.025, 0.975]))
        a = numpy.array([1] * first + [0] * second + [1] * (rows - first - second), dtype=float)
        b = numpy.array([0] * first + [1] * second + [1] * (rows - first - second), dtype=float)
        if first + second == 0:
            scipy_low, scipy_high = 0.0, 0.0
        else:
            interval = bootstrap(
                (a, b),
                lambda a, b, axis: (b - a).mean(axis=axis),
                paired=True,
                vectorized=True,
                method="percentile",
                n_resamples=20_000,
                batch=1000,
                random_state=1,
            ).confidence_interval
            scipy_low, scipy_high = float(interval.low), float(interval.high)
        yield {
            "first": first,
            "second": second,
            "rows": rows,
            "seed": seed,
            "low": low,
            "high": high,
            "scipyLow": scipy_low,
            "scipyHigh": scipy_high,
        }


def needed(difference, discordance, level):
    share = max(discordance, difference)
    root = norm.isf(level / 2) * math.sqrt(share) + norm.isf(0.2) * math.sqrt(share - difference**2)
    return root**2 / difference**2


def exact_power(rows, difference, discordance, level):
    """The chance that the exact test shows the difference, over all ways in which the rows may fall."""
    share = (discordance + difference) / 2 / discordance
    total = 0.0
    for unequal in range(rows + 1):
        weight = binom.pmf(unequal, rows, discordance)
        if weight < 1e-12:
            continue
        largest = -1
        for smaller in range(unequal // 2 + 1):
            p = mcnemar([[0, smaller], [unequal - smaller, 0]], exact=True).pvalue
            if unequal == 0 or p >= level:
                break
            largest = smaller
        if largest >= 0:
            total += weight * (
                binom.cdf(largest, unequal, share) + binom.sf(unequal - largest - 1, unequal, share)
            )
    return total


def power_cases():
    for rows, discordance, comparisons in [
        (1616, 0.1219, 1),
        (440, 0.1, 1),
        (440, 0.1, 3),
        (100, 0.3, 1),
        (100, 0.0, 1),
    ]:
        level = 0.05 / comparisons
        smallest = brentq(lambda d: needed(d, discordance, level) - rows, 1e-6, 1, xtol=1e-14)
        case = {
            "rows": rows,
            "discordance": discordance,
            "comparisons": comparisons,
            "smallest": smallest,
            "toShowTwoPoints": needed(0.02, discordance, level),
        }
        if discordance > 0 and rows <= 440:
            case["exactPower"] = exact_power(rows, smallest, discordance, level)
        yield case


def main():
    reference = {
        "holm": list(holm_cases(random.Random(SEED))),
        "bootstrap": list(bootstrap_cases()),
        "power": list(power_cases()),
    }
    text = json.dumps(reference, indent=1)
    (HERE / "comparison.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
