"""Predictive maintenance: will a machine fail in the week to come?

Weekly job; reads the exports of the historian and the CMMS.
"""
from pathlib import Path

import joblib
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler


class FailureModel:
    TARGET = "failed_next"
    LAG_COLUMNS = ("volt", "vibration")

    def __init__(self, folder="data", cutoff="2023-03-06"):
        self.folder = Path(folder)
        self.cutoff = pd.Timestamp(cutoff)
        self.df = None
        self.repairs = None
        self.feature_names = []

    # ------------------------------------------------------------------ input
    def load(self):
        tele = pd.read_csv(self.folder / "telemetry.csv", parse_dates=["week"])
        machines = pd.read_csv(self.folder / "machines.csv")
        machines = machines.rename(columns={"Rated Power [kW]": "power_kw"})
        self.repairs = pd.read_csv(self.folder / "maintenance.csv", parse_dates=["date"])
        self.df = tele.rename(columns={"Rotation (rpm)": "rpm"}).merge(
            machines, how="left", left_on="machine", right_on="machine_id"
        )
        return self

    def describe(self):
        print(self.df.shape)
        print(self.df[["ambient_c", "pressure"]].describe().round(1))
        print(self.df.groupby("Plant")[self.TARGET].mean())
        print(self.repairs["technician"].value_counts())
        return self

    # --------------------------------------------------------------- features
    def add_repairs(self):
        agg = self.repairs.groupby("machineID").agg(
            kinds_repaired=("component", "nunique"),
            repair_cost=("cost EUR", "sum"),
            last_repair=("date", "max"),
        )
        self.df = self.df.merge(agg, how="left", left_on="machine", right_index=True)
        self.df["repair_cost"] = self.df["repair_cost"].fillna(0)
        self.df["kinds_repaired"] = self.df["kinds_repaired"].fillna(0)
        self.df["days_since_repair"] = (self.df["week"] - self.df["last_repair"]).dt.days
        return self

    def add_history(self):
        self.df = self.df.sort_values(["machine", "week"]).reset_index(drop=True)
        per_machine = self.df.groupby("machine")
        for col in self.LAG_COLUMNS:
            self.df[f"{col}_lag1"] = per_machine[col].shift(1)
            self.df[f"{col}_mean3"] = per_machine[col].transform(
                lambda s: s.rolling(3, min_periods=1).mean()
            )
            self.feature_names += [f"{col}_lag1", f"{col}_mean3"]
        self.df["errors_so_far"] = per_machine["error_count"].cumsum()
        return self

    def add_static(self):
        self.df["age"] = self.df["week"].dt.year - self.df["install_year"]
        self.df["model_code"] = self.df["Model"].astype("category").cat.codes
        self.df["rpm_per_kw"] = self.df["rpm"] / self.df["power_kw"]
        self.feature_names += [
            "age", "model_code", "rpm_per_kw", "error_count", "errors_so_far",
            "repair_cost", "kinds_repaired", "days_since_repair",
        ]
        return self

    # --------------------------------------------------------------- training
    def split(self):
        early = self.df["week"] < self.cutoff
        return self.df[early], self.df[~early]

    def train(self):
        train, test = self.split()
        self.booster = LGBMClassifier(n_estimators=60, num_leaves=7, min_child_samples=10, verbose=-1)
        self.booster.fit(train[self.feature_names], train[self.TARGET])
        auc = roc_auc_score(test[self.TARGET], self.booster.predict_proba(test[self.feature_names])[:, 1])
        print(f"lightgbm AUC {auc:.3f}")

        # what the plant people call "the simple rule"
        simple = ["vibration", "error_count"]
        self.scaler = StandardScaler()
        scaled = self.scaler.fit_transform(train[simple])
        self.rule = LogisticRegression().fit(scaled, train[self.TARGET])
        auc = roc_auc_score(test[self.TARGET], self.rule.predict_proba(self.scaler.transform(test[simple]))[:, 1])
        print(f"simple rule AUC {auc:.3f}")
        return self

    def save(self, folder="models"):
        joblib.dump(self.booster, Path(folder) / "machine_failures_lgbm.joblib")
        joblib.dump((self.scaler, self.rule), Path(folder) / "machine_failures_rule.joblib")


if __name__ == "__main__":
    FailureModel().load().describe().add_repairs().add_history().add_static().train().save()
