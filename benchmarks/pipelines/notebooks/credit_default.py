"""Probability-of-default model.

Run:  python credit_default.py
"""
from __future__ import annotations

import logging
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

log = logging.getLogger("pd_model")
DATA = Path("data")

CONFIG = {
    "target": "is_default",
    "numeric": ["loan_amount_usd", "term_months", "interest_rate", "annual_income", "employment_years",
                "n_accounts", "total_balance", "utilisation", "max_days_overdue", "income_to_loan"],
    "categorical": ["purpose", "home_ownership"],
    "rename": {"Loan Amount (USD)": "loan_amount_usd", "Interest Rate %": "interest_rate", "Application Date": "applied_at"},
    "bad_status": ["Charged Off", "Default"],
    "grid": {"clf__C": [0.1, 1.0, 10.0]},
}


def load_loans(path: Path) -> pd.DataFrame:
    loans = pd.read_csv(path).rename(columns=CONFIG["rename"])
    loans["applied_at"] = pd.to_datetime(loans["applied_at"])
    finished = loans.query("status != 'Current'").copy()
    finished[CONFIG["target"]] = finished["status"].isin(CONFIG["bad_status"]).astype(int)
    return finished


def load_bureau(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, usecols=["applicant_id", "credit_type", "balance", "credit_limit", "days_overdue", "is_active"])


def bureau_features(bureau: pd.DataFrame) -> pd.DataFrame:
    active = bureau[bureau["is_active"] == 1]
    out = bureau.groupby("applicant_id").agg(n_accounts=("balance", "size"), max_days_overdue=("days_overdue", "max"))
    totals = active.groupby("applicant_id")[["balance", "credit_limit"]].sum()
    out["total_balance"] = totals["balance"]
    out["utilisation"] = totals["balance"] / totals["credit_limit"]
    return out.reset_index()


def build_dataset() -> pd.DataFrame:
    loans = load_loans(DATA / "loan_applications.csv")
    bureau = load_bureau(DATA / "bureau_records.csv")
    log.info("bureau mix:\n%s", bureau["credit_type"].value_counts())
    df = loans.merge(bureau_features(bureau), how="left", on="applicant_id", validate="m:1")
    df["income_to_loan"] = df["annual_income"] / df["loan_amount_usd"]
    df["n_accounts"] = df["n_accounts"].fillna(0)
    return df


def make_pipeline() -> Pipeline:
    numeric = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    categorical = Pipeline([("impute", SimpleImputer(strategy="most_frequent")), ("onehot", OneHotEncoder(handle_unknown="ignore"))])
    pre = ColumnTransformer([("num", numeric, CONFIG["numeric"]), ("cat", categorical, CONFIG["categorical"])], remainder="drop")
    return Pipeline([("pre", pre), ("clf", LogisticRegression(max_iter=1000, class_weight="balanced"))])


def time_report(df: pd.DataFrame) -> None:
    by_month = df.groupby(df["applied_at"].dt.to_period("M"))[CONFIG["target"]].mean()
    print(by_month.tail(6))
    print(df.groupby("officer")[CONFIG["target"]].agg(["mean", "size"]))


def train(df: pd.DataFrame) -> GridSearchCV:
    X = df[CONFIG["numeric"] + CONFIG["categorical"]]
    y = df[CONFIG["target"]]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=7)
    cv = StratifiedKFold(n_splits=3, shuffle=True, random_state=7)
    search = GridSearchCV(make_pipeline(), CONFIG["grid"], scoring="roc_auc", cv=cv)
    search.fit(X_train, y_train)
    print("best", search.best_params_, round(search.best_score_, 3))
    proba = search.predict_proba(X_test)[:, 1]
    print("test auc", round(roc_auc_score(y_test, proba), 3))
    print(classification_report(y_test, proba > 0.5))
    return search


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    df = build_dataset()
    time_report(df)
    search = train(df)
    joblib.dump(search.best_estimator_, "models/credit_default.joblib")


if __name__ == "__main__":
    main()
