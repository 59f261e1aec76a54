"""Who is about to leave?  Chained version, see hr_features for the steps."""
import joblib
import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_validate, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import hr_features as hf

TRAVEL = {"Non-Travel": 0, "Travel_Rarely": 1, "Travel_Frequently": 2}


def read():
    return (
        pd.read_csv("data/hr_employees.csv"),
        pd.read_csv("data/hr_survey.csv", parse_dates=["submitted"]),
        pd.read_csv("data/hr_absences.csv"),
    )


def explore(df):
    print(pd.crosstab(df["gender"], df["attrition"]))
    print(df.groupby("department")["hourly_rate"].describe().round(1))
    return df


def prepare(employees, survey, absences):
    return (
        employees.pipe(hf.snake)
        .pipe(hf.drop_constant)
        .query("contract_type != 'intern'")
        .pipe(explore)
        .pipe(hf.add_survey_score, survey)
        .pipe(hf.add_absence, absences)
        .pipe(hf.career)
        .assign(
            leaver=lambda d: (d["attrition"] == "Yes").astype(int),
            overtime=lambda d: d["overtime"].eq("Yes").astype(int),
            travel=lambda d: d["business_travel"].map(TRAVEL),
            income_ratio=hf.income_vs_peers,
            far_and_busy=lambda d: ((d["distance_from_home"] > 15) & (d["overtime"] == 1)).astype(int),
            survey_mean=lambda d: d["survey_mean"].fillna(d["survey_mean"].mean()),
        )
        .drop(columns=["attrition", "business_travel", "num_companies_worked", "contract_type", "hourly_rate", "gender"])
        .set_index("employee_number")
        .sort_index()
    )


def main():
    employees, survey, absences = read()
    print(survey["comments"].value_counts(dropna=False))
    print("last answer", survey["submitted"].max())
    frame = prepare(employees, survey, absences)
    print(frame.dtypes)

    y = frame.pop("leaver")
    X_tr, X_te, y_tr, y_te = train_test_split(frame, y, test_size=0.25, stratify=y, random_state=4)

    prep = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include=np.number)),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude=np.number)),
    )
    pipe = make_pipeline(prep, LogisticRegression(max_iter=1000, class_weight="balanced"))
    cv = cross_validate(pipe, X_tr, y_tr, cv=4, scoring=["roc_auc", "f1"])
    print({k: v.mean().round(3) for k, v in cv.items() if k.startswith("test")})
    pipe.fit(X_tr, y_tr)
    print("holdout accuracy", round(pipe.score(X_te, y_te), 3))

    # second opinion on engineered columns only
    engineered = X_tr.loc[:, "abs_family":"years_per_job"].columns.union(["income_ratio", "far_and_busy"])
    forest = RandomForestClassifier(n_estimators=80, min_samples_leaf=5, random_state=4)
    forest.fit(X_tr[engineered], y_tr)
    print("engineered:", list(engineered), round(forest.score(X_te[engineered], y_te), 3))

    joblib.dump(pipe, "models/attrition_logit.joblib")
    joblib.dump(forest, "models/attrition_forest.joblib")


if __name__ == "__main__":
    main()
