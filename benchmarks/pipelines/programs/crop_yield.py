"""Yield per hectare from harvest records, field register and weather."""
import pickle

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def flatten_columns(d):
    d.columns = [f"{name}_{month}" for name, month in d.columns]
    return d


def snake(d):
    return d.rename(columns=lambda c: c.strip().lower().replace(" ", "_").replace("/", "_per_"))


def impute_by(d, col, by):
    return d.assign(**{col: d[col].fillna(d.groupby(by)[col].transform("median"))})


def report(d, title):
    print(f"== {title}: {d.shape[0]} rows, {d.isna().sum().sum()} missing")
    return d


weather = (
    pd.read_csv("data/weather_months.csv")
    .query("month in [4, 5, 6, 7]")
    .pivot(index="year", columns="month", values=["rain_mm", "temp_mean"])
    .pipe(flatten_columns)
    .assign(
        rain_spring=lambda d: d["rain_mm_4"] + d["rain_mm_5"],
        heat=lambda d: d[["temp_mean_6", "temp_mean_7"]].max(axis=1),
    )
    .loc[:, ["rain_spring", "heat"]]
    .reset_index()
)

fields = (
    pd.read_csv("data/fields.csv")
    .pipe(snake)
    .query("area_ha > 1")
    .assign(acid=lambda d: np.where(d["soil_ph"] < 6.2, 1, 0))
    .drop(columns=["owner", "soil_ph"])
)

table = (
    pd.read_csv("data/harvests.csv", parse_dates=["sowing date", "harvest date"])
    .pipe(snake)
    .pipe(report, "harvests")
    .pipe(impute_by, "p_kg_per_ha", "crop")
    .query("remark != 'hail'")
    .merge(fields, left_on="field_id", right_on="field", how="inner", validate="m:1")
    .merge(weather, on="year", how="left")
    .sort_values(["field_id", "year"])
    .assign(
        t_per_ha=lambda d: d["tonnes"] / d["area_ha"],
        season_days=lambda d: (d["harvest_date"] - d["sowing_date"]).dt.days,
        sow_doy=lambda d: d["sowing_date"].dt.dayofyear,
        np_ratio=lambda d: d["n_kg_per_ha"].div(d["p_kg_per_ha"].clip(lower=5)),
        irrigated=lambda d: d["irrigated"].eq("Y").astype(int),
    )
    .assign(prev_yield=lambda d: d.groupby("field_id")["t_per_ha"].shift())
    .dropna(subset=["prev_yield"])
    .pipe(report, "joined")
)

print(table.groupby("crop")["moisture"].agg(["mean", "std"]).round(2))
print(table.pivot_table(index="soil_type", columns="crop", values="t_per_ha").round(2))

X = (
    table
    .loc[:, ["crop", "soil_type", "slope_pct", "acid", "n_kg_per_ha", "np_ratio", "season_days",
             "sow_doy", "irrigated", "rain_spring", "heat", "prev_yield"]]
    .pipe(pd.get_dummies, columns=["crop", "soil_type"], dtype=float)
)
y = table["t_per_ha"]

baseline = make_pipeline(StandardScaler(), Ridge(alpha=3.0))
result = cross_validate(baseline, X, y, groups=table["farm"], cv=GroupKFold(4), scoring="r2")
print("ridge r2", result["test_score"].round(3))

gbr = GradientBoostingRegressor(n_estimators=80, max_depth=3, subsample=0.8, random_state=5)
result = cross_validate(
    gbr,
    X.drop(columns=["prev_yield"]),
    y,
    groups=table["farm"],
    cv=GroupKFold(4),
    scoring="r2",
)
print("gbr r2", result["test_score"].round(3))

baseline.fit(X, y)
gbr.fit(X.drop(columns=["prev_yield"]), y)

for name, model in (("ridge", baseline), ("gbr", gbr)):
    with open(f"models/crop_yield_{name}.joblib", "wb") as fh:
        pickle.dump(model, fh)
