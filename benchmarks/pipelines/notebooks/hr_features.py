"""Shared feature steps of the people-analytics team (each takes and returns a frame)."""
import numpy as np
import pandas as pd


def snake(df: pd.DataFrame) -> pd.DataFrame:
    return df.rename(columns=lambda c: c.strip().lower().replace(" ", "_"))


def drop_constant(df: pd.DataFrame) -> pd.DataFrame:
    const = [c for c in df.columns if df[c].nunique(dropna=False) <= 1]
    return df.drop(columns=const)


def add_survey_score(df: pd.DataFrame, survey: pd.DataFrame) -> pd.DataFrame:
    long = survey.melt(id_vars="EmployeeID", value_vars=[c for c in survey.columns if c.startswith("Q")], var_name="question", value_name="answer")
    score = long.groupby("EmployeeID", as_index=False).agg(survey_mean=("answer", "mean"))
    return df.merge(score, how="left", left_on="employee_number", right_on="EmployeeID").drop(columns="EmployeeID")


def add_absence(df: pd.DataFrame, absences: pd.DataFrame) -> pd.DataFrame:
    hours = absences.groupby(["emp_no", "reason"])["hours"].sum().unstack(fill_value=0).add_prefix("abs_")
    return df.join(hours, on="employee_number").fillna({c: 0 for c in hours.columns})


def income_vs_peers(df: pd.DataFrame, by=("department", "job_level")) -> pd.Series:
    peers = df.groupby(list(by))["monthly_income"].transform("median")
    return df["monthly_income"] / peers


def career(df: pd.DataFrame) -> pd.DataFrame:
    return df.assign(
        tenure_share=lambda d: np.where(d["total_working_years"] > 0, d["years_at_company"] / d["total_working_years"].replace(0, 1), 0),
        hops=lambda d: d["num_companies_worked"].fillna(d["num_companies_worked"].median()),
        years_per_job=lambda d: d["total_working_years"] / (d["hops"] + 1),
    )
