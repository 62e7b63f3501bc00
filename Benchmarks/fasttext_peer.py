"""fastText 0.9.2, the best of a few settings by the validation part."""

import re
import shutil

import inputs
import processes

SETTINGS = [
    {"dim": 10, "wordNgrams": 2, "epoch": 10, "lr": 0.5},
    {"dim": 10, "wordNgrams": 3, "epoch": 10, "lr": 0.5},
    {"dim": 10, "wordNgrams": 2, "epoch": 25, "lr": 0.5},
    {"dim": 50, "wordNgrams": 2, "epoch": 10, "lr": 0.5},
    {"dim": 10, "wordNgrams": 3, "epoch": 5, "lr": 0.1},
]


def is_there():
    return shutil.which("fasttext") is not None


def line(row, column=None):
    """A row as fastText reads it: lower case, marks apart from words, one line."""
    text = re.sub(r"([^\w\s]|_)", r" \1 ", inputs.prompt(row).lower())
    label = f"__label__{str(row[column]).replace(' ', '_')} " if column else ""
    return label + " ".join(text.split())


def write(rows, path, column=None):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line(row, column) + "\n" for row in rows)


def precision(model, path):
    output = processes.run(["fasttext", "test", model, path]).output
    return float(re.search(r"P@1\s+([\d.]+)", output).group(1))


def best(paths, column, folder, settings=SETTINGS):
    """Returns accuracy on the test part, seconds of the training and the setting; and the model."""
    files = []
    for name, path in zip(inputs.parts(), paths):
        files.append(f"{folder}/{name}.txt")
        write(inputs.rows_of(path), files[-1], column)
    found = []
    for setting in settings:
        model = f"{folder}/fasttext-{len(found)}"
        arguments = ["fasttext", "supervised", "-input", files[0], "-output", model]
        for name, value in setting.items():
            arguments += [f"-{name}", str(value)]
        trained = processes.run([*arguments, "-thread", "2", "-verbose", "0"])
        found.append((precision(model + ".bin", files[1]), trained.seconds, model, setting))
    _, seconds, model, setting = max(found, key=lambda entry: entry[0])
    words = " ".join(f"{name} {value}" for name, value in setting.items())
    result = precision(model + ".bin", files[2]), seconds, words
    return result, model + ".bin"


def predict(model, rows, folder):
    """Returns the seconds that predicting rows takes, the model's loading included."""
    path = f"{folder}/predict.txt"
    write(rows, path)
    return processes.run(["fasttext", "predict", model, path]).seconds
