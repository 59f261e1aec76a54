import pickle

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.tree import DecisionTreeClassifier


class ReadmissionModel:
    """30-day readmission risk. One row = one hospital stay."""

    ID_COLS = ["encounter_id", "patient_id"]
    CAT_COLS = ["ward", "admission_type", "insurer"]

    def __init__(self, root="data"):
        self.root = root
        self.df = None
        self.features = []
        self.model = None

    def load(self):
        self.stays = pd.read_csv(f"{self.root}/encounters.csv", parse_dates=["admit_date", "discharge_date"])
        self.patients = pd.read_csv(f"{self.root}/patients.csv", parse_dates=["birth_date"])
        self.labs = pd.read_csv(f"{self.root}/lab_results.csv")
        print("nulls per column", self.patients.isna().sum().to_dict())
        return self

    def join(self):
        wide = self.labs.pivot_table(index="encounter_id", columns="test_name", values="value", aggfunc="mean")
        wide.columns = ["lab_" + c.lower() for c in wide.columns]
        abnormal = self.labs.assign(abnormal=self.labs["flag"].ne("N")).groupby("encounter_id")["abnormal"].sum()
        self.df = (
            self.stays.merge(self.patients, on="patient_id", how="left")
            .merge(wide, left_on="encounter_id", right_index=True, how="left")
            .merge(abnormal.rename("n_abnormal"), left_on="encounter_id", right_index=True, how="left")
        )
        return self

    def clean(self):
        self.df = self.df[self.df["discharge_to"] != "Expired"].reset_index(drop=True)
        self.df["n_abnormal"] = self.df["n_abnormal"].fillna(0)
        self.df["weight_kg"] = self.df["weight_kg"].fillna(self.df.groupby("sex")["weight_kg"].transform("median"))
        self.df["smoker"] = self.df["smoker"].fillna("N").eq("Y").astype(int)
        return self

    def engineer(self):
        d = self.df
        d["target"] = (d["readmitted"] == "<30").astype(int)
        d["los_days"] = (d["discharge_date"] - d["admit_date"]).dt.days
        d["age"] = ((d["admit_date"] - d["birth_date"]).dt.days / 365.25).round(1)
        d["bmi"] = d["weight_kg"] / (d["height_cm"] / 100) ** 2
        d["winter"] = d["admit_date"].dt.month.isin([12, 1, 2]).astype(int)
        d["diag_chapter"] = d["diag_code"].str[0].map({"E": 0, "I": 1, "J": 2})
        d["to_snf"] = np.where(d["discharge_to"] == "SNF", 1, 0)
        d["meds_per_day"] = d["num_medications"] / d["los_days"]
        for c in self.CAT_COLS:
            d[c] = d[c].astype("category").cat.codes
        drop = self.ID_COLS + ["target", "readmitted", "discharge_to", "diag_code", "bill_total", "height_cm", "zip"]
        self.features = [c for c in d.select_dtypes("number").columns if c not in drop]
        print(len(self.features), "features:", self.features)
        print("mean bill by ward\n", d.groupby("ward")["bill_total"].mean())
        return self

    def cross_validate(self, n_splits=4):
        X, y, groups = self.df[self.features], self.df["target"], self.df["patient_id"]
        base = DecisionTreeClassifier(max_depth=3, random_state=0)
        scores = cross_val_score(base, X.fillna(-1), y, groups=groups, cv=GroupKFold(n_splits), scoring="roc_auc")
        print("tree baseline auc %.3f" % scores.mean())
        aucs = []
        for tr, va in GroupKFold(n_splits).split(X, y, groups):
            m = lgb.LGBMClassifier(n_estimators=60, num_leaves=15, learning_rate=0.1, verbose=-1)
            m.fit(X.iloc[tr], y.iloc[tr])
            aucs.append(roc_auc_score(y.iloc[va], m.predict_proba(X.iloc[va])[:, 1]))
        print("lgbm auc %.3f +- %.3f" % (np.mean(aucs), np.std(aucs)))
        return self

    def train(self):
        self.model = lgb.LGBMClassifier(n_estimators=60, num_leaves=15, learning_rate=0.1, verbose=-1)
        self.model.fit(self.df[self.features], self.df["target"])
        return self

    def save(self, path):
        with open(path, "wb") as fh:
            pickle.dump({"model": self.model, "features": self.features}, fh)


if __name__ == "__main__":
    ReadmissionModel().load().join().clean().engineer().cross_validate().train().save("models/readmission.joblib")
