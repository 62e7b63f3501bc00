"""TF-IDF with logistic regression: `TRAIN TEST COLUMN`; prints accuracy and seconds."""

import json
import sys
import time

import inputs


def main(train, test, column):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rows, judged = inputs.rows_of(train), inputs.rows_of(test)
    start = time.perf_counter()
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    features = vectorizer.fit_transform([inputs.prompt(row) for row in rows])
    model = LogisticRegression(C=5, max_iter=1000)
    model.fit(features, [str(row[column]) for row in rows])
    trained = time.perf_counter()
    found = model.predict(vectorizer.transform([inputs.prompt(row) for row in judged]))
    done = time.perf_counter()
    right = sum(label == str(row[column]) for label, row in zip(found, judged))
    print(json.dumps({
        "exact": right / len(judged),
        "train": trained - start,
        "predict": done - trained,
        "rows": len(judged),
    }))


if __name__ == "__main__":
    main(*sys.argv[1:])
