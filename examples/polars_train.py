"""Train on two tables that polars joins. Run it after prepare.py, which writes them."""

from pathlib import Path

import joblib
import polars as pl
from sklearn.linear_model import LogisticRegression

DATA = Path("data")
FEATURES = ["mean radius", "compactness_per_area", "is_north"]


def main() -> None:
    measured = pl.scan_csv(DATA / "raw.csv")
    clinics = pl.scan_csv(DATA / "clinics.csv")
    table = (
        measured.join(clinics, on="patient")
        .with_columns(
            (pl.col("mean compactness") / pl.col("mean area")).alias("compactness_per_area"),
            is_north=(pl.col("clinic") == "north").cast(pl.Int8),
        )
        .collect()
    )
    model = LogisticRegression(max_iter=1000)
    model.fit(table.select(FEATURES), table["target"])
    Path("models").mkdir(exist_ok=True)
    joblib.dump(model, "models/polars.joblib")
    print(f"accuracy: {model.score(table.select(FEATURES), table['target']):.3f}")


if __name__ == "__main__":
    main()
