import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

CONFIG = {
    "files": {
        "students": "data/students.csv",
        "exams": "data/exams.csv",
        "finals": "data/finals.csv",
    },
    "numeric": ["Age", "absences_log", "Math", "Lang", "improvement", "edu_max"],
    "ordinal": {"study_time": ["<2h", "2-5h", "5-10h", ">10h"]},
    "onehot": ["School", "far_away"],
    "grade_model": ["rank_in_school", "Math", "Bio", "Lang", "absences"],
    "pass_mark": 10,
    "grid": {"model__C": [0.1, 1.0]},
}


def read_all(files):
    return {name: pd.read_csv(path) for name, path in files.items()}


def exam_features(exams):
    """One row a student: mean percentage for every subject, and progress."""
    exams = exams.copy()
    exams["pct"] = 100 * exams["Score"] / exams["max_score"]
    per_subject = exams.pivot_table(index="student", columns="Subject", values="pct", aggfunc="mean")
    per_term = exams.pivot_table(index="student", columns="term", values="pct", aggfunc="mean")
    per_subject["improvement"] = per_term[2] - per_term[1]
    return per_subject.reset_index()


def build_table(frames):
    students = frames["students"].rename(columns={"StudentID": "student"})
    table = pd.merge(students, exam_features(frames["exams"]), on="student")
    table = pd.merge(table, frames["finals"], left_on="student", right_on="sid")
    table["edu_max"] = table[["Mother Edu", "Father Edu"]].max(axis=1)
    table["absences_log"] = np.log1p(table["absences"])
    table["far_away"] = np.where(table["travel_min"] > 40, "far", "near")
    table["overall"] = table[["Math", "Bio"]].mean(axis=1)
    table["rank_in_school"] = table.groupby("School")["overall"].rank(pct=True)
    return table


def explore(table, frames):
    print(pd.crosstab(table["sex"], table["School"], normalize="index").round(2))
    print(table[["travel_min", "Age", "final_grade"]].corr().round(2))
    print(table["internet"].value_counts(dropna=False))
    print(frames["exams"].groupby("examiner")["Score"].mean())


def preprocessor(cfg):
    numeric = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    return ColumnTransformer(
        [
            ("num", numeric, cfg["numeric"]),
            ("ord", OrdinalEncoder(categories=list(cfg["ordinal"].values())), list(cfg["ordinal"])),
            ("cat", OneHotEncoder(handle_unknown="ignore"), cfg["onehot"]),
        ],
        remainder="drop",
    )


def fit_pass_model(table, cfg):
    y = (table["final_grade"] >= cfg["pass_mark"]).astype(int)
    X = table.drop(columns=["final_grade", "sid", "student"])
    X_tr, X_te, y_tr, y_te, w_tr, w_te = train_test_split(
        X, y, table["survey_weight"], test_size=0.3, random_state=9
    )
    pipe = Pipeline([("prep", preprocessor(cfg)), ("model", LogisticRegression(max_iter=500))])
    search = GridSearchCV(pipe, cfg["grid"], cv=3)
    search.fit(X_tr, y_tr, model__sample_weight=w_tr)
    print("pass model", search.best_params_, round(search.score(X_te, y_te), 3))
    return search.best_estimator_


def fit_grade_model(table, cfg):
    usable = table[table["absences"] < 12]
    model = Ridge().fit(usable[cfg["grade_model"]], usable["final_grade"])
    print(dict(zip(cfg["grade_model"], model.coef_.round(3))))
    return model


def main():
    frames = read_all(CONFIG["files"])
    table = build_table(frames)
    explore(table, frames)
    joblib.dump(fit_pass_model(table, CONFIG), "models/student_grades_pass.joblib")
    joblib.dump(fit_grade_model(table, CONFIG), "models/student_grades_grade.joblib")


if __name__ == "__main__":
    main()
