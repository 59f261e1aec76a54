"""Fit a model to the training table and save it. An ordinary script: it knows nothing of whence."""

import argparse
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MEASURES = ["mean_radius", "mean_texture", "mean_concavity", "compactness_per_area"]
PLACES = ["clinic"]


def build(kind: str, epochs: int, seed: int):
    """The model to fit: linear, that many passes over the data, or a forest of 20 trees a pass."""
    columns = ColumnTransformer(
        [
            ("measures", StandardScaler(), MEASURES),
            ("places", OneHotEncoder(), PLACES),
        ]
    )
    if kind == "forest":
        model = RandomForestClassifier(n_estimators=20 * epochs, random_state=seed)
    else:
        model = SGDClassifier(loss="log_loss", max_iter=epochs, tol=None, random_state=seed)
    return make_pipeline(columns, model)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=["logistic", "forest"], default="logistic")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("models/model.joblib"))
    options = parser.parse_args()

    table = pd.read_csv("data/train.csv")
    features, target = table[MEASURES + PLACES], table["target"]
    model = build(options.model, options.epochs, options.seed)
    model.fit(features, target)

    options.out.parent.mkdir(exist_ok=True)
    joblib.dump(model, options.out)
    print(f"accuracy on the training table: {model.score(features, target):.3f}")


if __name__ == "__main__":
    main()
