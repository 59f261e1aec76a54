"""Make the training and test tables of the Wisconsin breast-cancer data.

The table ships inside scikit-learn, so nothing is downloaded. An ordinary script: it knows nothing
of whence.
"""

from pathlib import Path

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

DATA = Path("data")


def main() -> None:
    raw = DATA / "raw.csv"
    if not raw.exists():
        DATA.mkdir(exist_ok=True)
        load_breast_cancer(as_frame=True).frame.to_csv(raw, index=False)

    table = pd.read_csv(raw).drop_duplicates().dropna()
    table.columns = [name.replace(" ", "_") for name in table.columns]
    table["mean_compactness_per_area"] = table["mean_compactness"] / table["mean_area"]

    train, test = train_test_split(table, test_size=0.25, random_state=7, stratify=table["target"])
    train.to_csv(DATA / "train.csv", index=False)
    test.to_csv(DATA / "test.csv", index=False)
    print(f"{len(train)} rows to train on, {len(test)} to test on")


if __name__ == "__main__":
    main()
