"""Writes softmax_reference.json: class probabilities of scikit-learn's softmax regression.

The prompts' words are binary features, each prompt's vector has length 1, and the intercepts are
learnt too, as in the engine. Without a penalty the likelihood's maximum exists, because equal
prompts have different labels.

Run: python3 softmax_reference.py > softmax_reference.json   (scikit-learn 1.9)
"""

import json

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

TEXTS = ["red apple", "red", "green apple", "green", "blue"]
COUNTS = {
    "red apple": [5, 2, 1],
    "red": [3, 3, 1],
    "green apple": [1, 4, 2],
    "green": [1, 2, 4],
    "blue": [2, 1, 3],
}

examples = [
    (text, label)
    for text in TEXTS
    for label, count in enumerate(COUNTS[text])
    for _ in range(count)
]
vectorizer = CountVectorizer(binary=True)
features = normalize(vectorizer.fit_transform([text for text, _ in examples]))
model = LogisticRegression(C=1e9, tol=1e-10, max_iter=100_000)
model.fit(features, [label for _, label in examples])
probabilities = model.predict_proba(normalize(vectorizer.transform(TEXTS)))
print(
    json.dumps(
        {
            "examples": [{"prompt": text, "label": label} for text, label in examples],
            "prompts": TEXTS,
            "probabilities": [[round(float(p), 6) for p in row] for row in probabilities],
        },
        indent=1,
    )
)
