"""Join two tables of the Wisconsin breast-cancer data and split them for training and test.

The measurements ship inside scikit-learn, so nothing is downloaded; which clinic took them is made
up. An ordinary script: it knows nothing of whence.
"""

from pathlib import Path

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

DATA = Path("data")
CLINICS = ["north", "south", "west"]


def get_tables() -> None:
    """Write the two tables, unless they are there."""
    DATA.mkdir(exist_ok=True)
    if not (DATA / "raw.csv").exists():
        measured = load_breast_cancer(as_frame=True).frame
        measured.rename_axis("patient").to_csv(DATA / "raw.csv")
    if not (DATA / "clinics.csv").exists():
        clinics = pd.DataFrame({"patient": range(569)})
        clinics["clinic"] = [CLINICS[patient * 7 % 3] for patient in clinics["patient"]]
        clinics["scanned_by"] = [f"device {patient % 5}" for patient in clinics["patient"]]
        clinics.to_csv(DATA / "clinics.csv", index=False)


def main() -> None:
    get_tables()
    raw = pd.read_csv(DATA / "raw.csv").drop_duplicates().dropna()
    clinics = pd.read_csv(DATA / "clinics.csv")

    table = raw.merge(clinics, on="patient", how="left")
    table.columns = [name.replace(" ", "_") for name in table.columns]
    table["compactness_per_area"] = table["mean_compactness"] / table["mean_area"]

    train, test = train_test_split(table, test_size=0.25, random_state=7, stratify=table["target"])
    train.to_csv(DATA / "train.csv", index=False)
    test.to_csv(DATA / "test.csv", index=False)
    print(f"{len(train)} rows to train on, {len(test)} to test on")


if __name__ == "__main__":
    main()
