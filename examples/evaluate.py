"""Score every saved model on the test table. An ordinary script: it knows nothing of whence."""

import json
from pathlib import Path

import joblib
import pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score


def main() -> None:
    table = pd.read_csv("data/test.csv")
    features, target = table.drop(columns="target"), table["target"]
    scores = {}
    for path in sorted(Path("models").glob("*.joblib")):
        model = joblib.load(path)
        scores[path.stem] = {
            "accuracy": accuracy_score(target, model.predict(features)),
            "roc_auc": roc_auc_score(target, model.predict_proba(features)[:, 1]),
        }

    Path("reports").mkdir(exist_ok=True)
    Path("reports/scores.json").write_text(json.dumps(scores, indent=2) + "\n")
    for name, score in scores.items():
        print(f"{name}: accuracy {score['accuracy']:.3f}, ROC AUC {score['roc_auc']:.3f}")


if __name__ == "__main__":
    main()
