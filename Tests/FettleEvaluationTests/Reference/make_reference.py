#!/usr/bin/env python3
"""Writes reference.json: random and edge cases of classification scores with the figures that
scikit-learn and SciPy give for them.

Usage: make_reference.py      (needs `pip install "scikit-learn>=1.8" scipy`)
"""

import json
import math
import pathlib
import random
import warnings

import numpy
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import binomtest, norm, spearmanr
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261123
WORDS = ["books", "wine", "toys", "本", "app", "car", "home", "pc"]


def number(label):
    try:
        return float(label)
    except ValueError:
        return None


def scores_case(name, labels, truth, logprobs, binary=None):
    """Judges rows; labels in sorted order as scikit-learn wants, logprobs [rows][labels]."""
    predicted = [labels[max(range(len(labels)), key=lambda i: (row[i], -i))] for row in logprobs]
    unknown = sorted(set(truth) - set(labels))
    classes = labels + unknown
    order = sorted(range(len(classes)), key=lambda i: classes[i])
    p = numpy.exp(numpy.array(logprobs, dtype=float))
    p = numpy.hstack([p, numpy.zeros((len(truth), len(unknown)))])[:, order]
    ordered = [classes[i] for i in order]
    if len(ordered) == 1:
        # scikit-learn refuses a single label; its formula is applied to the one column.
        eps = numpy.finfo(float).eps
        log_loss = float(-numpy.log(numpy.clip(p[:, 0], eps, 1 - eps)).mean())
    else:
        log_loss = float(metrics.log_loss(truth, p, labels=ordered))
    values = [number(label) for label in classes]
    is_ordinal = all(value is not None for value in values)
    shown = sorted(set(truth) | set(predicted), key=float if is_ordinal else str)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, labels=shown, zero_division=0
    )
    n = len(truth)
    accuracy = float(metrics.accuracy_score(truth, predicted))
    low, high = wilson(round(accuracy * n), n)
    expected = {
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "macro_f1": float(
            metrics.f1_score(truth, predicted, average="macro", zero_division=0)
        ),
        "log_loss": log_loss,
        "good_or_bad": None,
        "within_one": None,
        "mean_absolute_error": None,
        "confusion": {
            "labels": shown,
            "matrix": metrics.confusion_matrix(truth, predicted, labels=shown).tolist(),
        },
        "per_class": [
            {
                "label": label,
                "precision": float(precision[i]),
                "recall": float(recall[i]),
                "f1": float(f1[i]),
                "support": int(support[i]),
            }
            for i, label in enumerate(shown)
        ],
    }
    if is_ordinal:
        t = numpy.array([float(x) for x in truth])
        q = numpy.array([float(x) for x in predicted])
        line = binary if binary is not None else (min(values) + max(values)) / 2
        expected["good_or_bad"] = float(metrics.accuracy_score(t <= line, q <= line))
        expected["within_one"] = float(numpy.mean(numpy.abs(t - q) <= 1))
        expected["mean_absolute_error"] = float(metrics.mean_absolute_error(t, q))
    return {
        "name": name,
        "labels": labels,
        "truth": truth,
        "logprobs": [value for row in logprobs for value in row],
        "binary": None if binary is None else f"<={binary}",
        "expected": expected,
    }


def wilson(successes, n):
    z = norm.ppf(0.975)
    p = successes / n
    centre = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def random_row(rng, count, truth):
    weights = [rng.gammavariate(0.6, 1) + 1e-9 for _ in range(count)]
    if truth is not None and rng.random() < 0.5:
        weights[truth] += 1.5
    total = sum(weights)
    return [round(math.log(weight / total), 4) for weight in weights]


def random_case(rng, index):
    count = rng.randint(2, 7)
    if index % 2 == 0:
        labels = [str(i + 1) for i in range(count)]
    else:
        labels = sorted(rng.sample(WORDS, count))
    rows = rng.randint(1, 50)
    shares = [rng.random() ** 2 + 0.01 for _ in labels]
    truth = rng.choices(labels, shares, k=rows)
    if index % 5 == 0:
        truth[rng.randrange(rows)] = "9" if index % 2 == 0 else "unknown"
    logprobs = [
        random_row(rng, count, labels.index(label) if label in labels else None)
        for label in truth
    ]
    binary = rng.choice([None, 1, 2, 3]) if index % 2 == 0 else None
    return scores_case(f"random {index}", labels, truth, logprobs, binary)


def edge_cases():
    low = -30.0
    yield scores_case("one class", ["1"], ["1", "1", "1"], [[0.0], [-0.1], [-0.5]])
    yield scores_case("one row", ["a", "b", "c"], ["b"], [[-0.1, -2.5, low]])
    yield scores_case(
        "class absent from predictions",
        ["1", "2", "3"],
        ["1", "2", "3", "3"],
        [[-0.1, -2.4, low], [-2.4, -0.1, low], [-2.4, -0.1, low], [-0.2, -1.8, low]],
    )
    yield scores_case(
        "class absent from truth",
        ["1", "2", "3"],
        ["1", "1", "2"],
        [[low, low, 0.0], [-0.1, -2.4, low], [low, -0.1, -2.4]],
    )
    yield scores_case(
        "all wrong", ["a", "b", "c"], ["a", "b"], [[-50.0, 0.0, -50.0], [0.0, -50.0, -50.0]]
    )
    yield scores_case(
        "all right", ["a", "b", "c"], ["a", "b"], [[0.0, -50.0, -50.0], [-50.0, 0.0, -50.0]]
    )
    yield scores_case("ties take the first", ["a", "b", "c"], ["a", "b", "c"], [[-1.0986] * 3] * 3)
    yield scores_case(
        "half stars and below zero",
        ["-1", "0.5", "1.5"],
        ["-1", "1.5", "0.5", "1.5"],
        [[-1.0, -0.8, -1.6], [-2.0, -0.4, -1.6], [-0.3, -2.0, -2.1], [-3.0, -3.0, -0.1]],
        0,
    )


def classifier_case(rng, case):
    """Judges the rows of a case by one class that counts as positive, at the threshold 0.5."""
    labels, truth = case["labels"], case["truth"]
    rows = numpy.array(case["logprobs"], dtype=float).reshape(len(truth), len(labels))
    column = rng.randrange(len(labels))
    beta = rng.choice([0.5, 1.0, 1.5, 2.0])
    predicted = [labels[max(range(len(labels)), key=lambda i: (row[i], -i))] for row in rows]
    p = numpy.exp(rows[:, column])
    is_positive = numpy.array([label == labels[column] for label in truth])
    is_taken = p >= 0.5
    both = bool(is_positive.any() and not is_positive.all())
    weighted = metrics.f1_score(truth, predicted, average="weighted", zero_division=0)
    return {
        "name": case["name"],
        "positive": labels[column],
        "beta": beta,
        "weighted_f1_score": float(weighted),
        "precision": float(metrics.precision_score(is_positive, is_taken, zero_division=0)),
        "recall": float(metrics.recall_score(is_positive, is_taken, zero_division=0)),
        "f_beta": float(metrics.fbeta_score(is_positive, is_taken, beta=beta, zero_division=0)),
        "auroc": float(metrics.roc_auc_score(is_positive, p)) if both else None,
        "auprc": (
            float(metrics.average_precision_score(is_positive, p)) if is_positive.any() else None
        ),
    }


def figure(value):
    """A figure as JSON has it: null where it is not defined."""
    return None if value is None or math.isnan(value) else float(value)


def areas(truth, probabilities, classes):
    """The means over the classes of the areas under the curves of one against the rest."""
    roc, precision_recall = [], []
    for column, label in enumerate(classes):
        is_class = numpy.array([item == label for item in truth])
        if is_class.any():
            precision_recall.append(
                metrics.average_precision_score(is_class, probabilities[:, column])
            )
        if is_class.any() and not is_class.all():
            roc.append(metrics.roc_auc_score(is_class, probabilities[:, column]))
    return (
        float(numpy.mean(roc)) if roc else None,
        float(numpy.mean(precision_recall)) if precision_recall else None,
    )


def top_k(truth, rows, classes, top):
    """scikit-learn's figure, its columns reversed so that the first of equal labels comes first."""
    if len(classes) <= top:
        return None
    if len(classes) == 2:
        # Of two it takes one column; the likeliest of two is the prediction.
        predicted = [classes[max(range(rows.shape[1]), key=lambda i: (row[i], -i))] for row in rows]
        return float(metrics.accuracy_score(truth, predicted))
    places = [len(classes) - 1 - classes.index(label) for label in truth]
    unknown = numpy.full((len(truth), len(classes) - rows.shape[1]), -1e300)
    scores = numpy.hstack([rows, unknown])[:, ::-1]
    known = [i for i, label in enumerate(truth) if classes.index(label) < rows.shape[1]]
    if not known:
        return 0.0
    found = metrics.top_k_accuracy_score(
        [places[i] for i in known], scores[known], k=top, labels=list(range(len(classes)))
    )
    return float(found) * len(known) / len(truth)


def scaling(truth, rows, labels):
    """The temperature with the least log loss on the rows with known completions, and the loss at it."""
    known = [i for i, label in enumerate(truth) if label in labels]
    if len({truth[i] for i in known}) < 2:
        return None, None
    z = rows[known]
    y = [labels.index(truth[i]) for i in known]

    def slope(inverse):
        p = numpy.exp(inverse * z - logsumexp(inverse * z, axis=1, keepdims=True))
        return float(numpy.mean((p * z).sum(axis=1) - z[range(len(y)), y]))

    low, high = 1 / 20, 1 / 0.05
    if slope(low) >= 0:
        inverse = low
    elif slope(high) <= 0:
        inverse = high
    else:
        inverse = brentq(slope, low, high, xtol=1e-15, rtol=1e-14)
    scaled = inverse * rows - logsumexp(inverse * rows, axis=1, keepdims=True)
    eps = numpy.finfo(float).eps
    p = [
        math.exp(scaled[i, labels.index(label)]) if label in labels else 0.0
        for i, label in enumerate(truth)
    ]
    return 1 / inverse, float(-numpy.log(numpy.clip(p, eps, 1 - eps)).mean())


def measures_case(rng, case):
    """The metrics that reports have on request, and what calibration finds."""
    labels, truth = case["labels"], case["truth"]
    rows = numpy.array(case["logprobs"], dtype=float).reshape(len(truth), len(labels))
    unknown = sorted(set(truth) - set(labels))
    classes = labels + unknown
    predicted = [labels[max(range(len(labels)), key=lambda i: (row[i], -i))] for row in rows]
    p = numpy.hstack([numpy.exp(rows), numpy.zeros((len(truth), len(unknown)))])
    top, beta = rng.choice([1, 2, 3]), rng.choice([0.5, 2.0])
    values = {
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "top_k": top_k(truth, rows, classes, top),
        "cohen_kappa": metrics.cohen_kappa_score(truth, predicted),
        "matthews": metrics.matthews_corrcoef(truth, predicted),
        "perplexity": math.exp(case["expected"]["log_loss"]),
        "quadratic_kappa": None,
        "spearman": None,
    }
    for average in ("macro", "micro", "weighted"):
        options = {"average": average, "zero_division": 0}
        values[f"{average}_precision"] = metrics.precision_score(truth, predicted, **options)
        values[f"{average}_recall"] = metrics.recall_score(truth, predicted, **options)
        values[f"{average}_f_beta"] = metrics.fbeta_score(truth, predicted, beta=beta, **options)
    values["weighted_f1_score"] = metrics.f1_score(
        truth, predicted, average="weighted", zero_division=0
    )
    if all(number(label) is not None for label in classes):
        ascending = sorted(classes, key=float)
        values["quadratic_kappa"] = metrics.cohen_kappa_score(
            truth, predicted, labels=ascending, weights="quadratic"
        )
        t, q = [float(x) for x in truth], [float(x) for x in predicted]
        if len(set(t)) > 1 and len(set(q)) > 1:
            values["spearman"] = spearmanr(t, q).statistic
    values["macro_auroc"], values["macro_auprc"] = areas(truth, p, classes)
    one_hot = numpy.array([[float(label == item) for label in classes] for item in truth])
    values["brier"] = float(((p - one_hot) ** 2).sum(axis=1).mean())
    if len(classes) > 1:
        order = sorted(range(len(classes)), key=lambda i: classes[i])
        brier = metrics.brier_score_loss(
            truth,
            p[:, order] if len(classes) > 2 else p[:, order[1]],
            labels=[classes[i] for i in order],
            pos_label=classes[order[1]] if len(classes) == 2 else None,
            scale_by_half=False,
        )
        # Of two classes it looks at one column; probabilities of four digits add up to almost 1.
        assert abs(brier - values["brier"]) < (1e-12 if len(classes) > 2 else 1e-3)
    right = numpy.array([a == b for a, b in zip(truth, predicted)])
    sure = numpy.minimum(1, numpy.exp(rows.max(axis=1)))
    accuracy, confidence = calibration_curve(right, sure, n_bins=10, strategy="uniform")
    bounds = numpy.linspace(0, 1, 11)
    sizes = numpy.bincount(numpy.searchsorted(bounds[1:-1], sure), minlength=10)
    sizes = sizes[sizes > 0]
    values["calibration_error"] = float((sizes * numpy.abs(accuracy - confidence)).sum() / len(truth))
    temperature, loss = scaling(truth, rows, labels)
    return {
        "name": case["name"],
        "top": top,
        "beta": beta,
        "values": {name: figure(value) for name, value in values.items()},
        "bins": [
            {"rows": int(n), "confidence": float(c), "accuracy": float(a)}
            for n, c, a in zip(sizes, confidence, accuracy)
        ],
        "temperature": temperature,
        "log_loss_at_temperature": loss,
    }


def mcnemar_cases(rng):
    pairs = [(0, 0), (1, 0), (0, 1), (5, 0), (0, 12), (3, 3), (7, 8), (10, 25), (120, 98), (1, 40)]
    pairs += [(1000, 1100), (5000, 5000), (50, 400), (31234, 30011), (499800, 500200), (400, 9000)]
    pairs += [(rng.randint(0, 60), rng.randint(0, 60)) for _ in range(40)]
    pairs += [(rng.randint(100, 3000), rng.randint(100, 3000)) for _ in range(10)]
    for b, c in pairs:
        p = 1.0 if b + c == 0 else float(binomtest(b, b + c, 0.5).pvalue)
        yield {"first": b, "second": c, "p": p}


def wilson_cases(rng):
    for successes, n in [(0, 1), (1, 1), (0, 30), (30, 30), (1020, 1616), (1, 100000)] + [
        (k, n) for n in (2, 7, 400) for k in (0, 1, n // 2, n)
    ]:
        low, high = wilson(successes, n)
        yield {"successes": successes, "trials": n, "low": low, "high": high}


def main():
    rng = random.Random(SEED)
    reference = {
        "scores": [random_case(rng, index) for index in range(200)] + list(edge_cases()),
        "mcnemar": list(mcnemar_cases(rng)),
        "wilson": list(wilson_cases(rng)),
    }
    chooser = random.Random(SEED + 1)
    reference["classifiers"] = [classifier_case(chooser, case) for case in reference["scores"]]
    reference["measures"] = [measures_case(chooser, case) for case in reference["scores"]]
    text = json.dumps(reference, ensure_ascii=False, separators=(",", ":"))
    (HERE / "reference.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
