#!/usr/bin/env python
"""Train a model for late arrivals (> 15 minutes, as DOT counts it)."""
import argparse
import logging
import pickle
import sys

import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

log = logging.getLogger("flight_delays")


def parse_args(argv):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--flights", default="data/flights.csv")
    p.add_argument("--airports", default="data/airports.csv")
    p.add_argument("--planes", default="data/planes.csv")
    p.add_argument("--out", default="models/flight_delays")
    p.add_argument("--threshold", type=float, default=15.0)
    p.add_argument("--delay-column", default="ARR_DELAY", choices=["ARR_DELAY", "DEP_DELAY"])
    p.add_argument("--skip", nargs="*", default=["FL_NUM", "CANCELLED"])
    p.add_argument("--model", choices=["logreg", "hgb"], default="logreg")
    p.add_argument("--no-regression", action="store_true")
    return p.parse_args(argv)


def load(args):
    flights = pd.read_csv(args.flights, parse_dates=["FL_DATE"])
    airports = pd.read_csv(args.airports, usecols=["iata", "runways", "elev_ft", "hub"])
    planes = pd.read_csv(args.planes)
    log.info("cancelled: %.1f %%", 100 * flights["CANCELLED"].mean())
    flights = flights[flights["CANCELLED"] == 0].drop(columns=args.skip)
    df = (
        flights.merge(airports, left_on="ORIGIN", right_on="iata", how="left")
        .merge(airports, left_on="DEST", right_on="iata", how="left", suffixes=("_orig", "_dest"))
        .merge(planes, left_on="TAIL_NUM", right_on="TailNum", how="left")
    )
    log.info("engines: %s", df["Engine"].value_counts().to_dict())
    return df.drop(columns=["iata_orig", "iata_dest", "TailNum"])


def engineer(df):
    df = df.copy()
    df["dep_hour"] = df["CRS_DEP_TIME"] // 100
    df["rush"] = df["dep_hour"].between(16, 19).astype(int)
    df["weekday"] = df["FL_DATE"].dt.day_name().str[:3]
    df["quarter"] = df["FL_DATE"].dt.quarter
    df["plane_age"] = df.pop("Year").rsub(df["FL_DATE"].dt.year)
    df["at_hub"] = (df["OP_CARRIER"] == df["hub_orig"]) | (df["OP_CARRIER"] == df["hub_dest"])
    df["at_hub"] = df["at_hub"].astype(int)
    df["size"] = pd.cut(df["Seats"], [0, 100, 160, 400], labels=["small", "mid", "large"]).astype(str)
    df["busy_origin"] = df.groupby(["ORIGIN", "dep_hour"])["OP_CARRIER"].transform("count")
    return df


def make_search(name):
    numeric = make_pipeline(SimpleImputer(), StandardScaler())
    prep = ColumnTransformer([
        ("num", numeric, make_column_selector(dtype_include="number")),
        ("cat", OneHotEncoder(handle_unknown="ignore"), ["OP_CARRIER", "weekday", "size"]),
    ])
    if name == "logreg":
        model, grid = LogisticRegression(max_iter=2000), {"model__C": [0.05, 0.5]}
    else:
        model, grid = HistGradientBoostingClassifier(max_iter=50), {"model__max_leaf_nodes": [5, 15]}
    return GridSearchCV(Pipeline([("prep", prep), ("model", model)]), grid, cv=3, scoring="roc_auc")


def main(argv=None):
    args = parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
    df = engineer(load(args))

    y = (df[args.delay_column] > args.threshold).astype(int)
    known_before = df.drop(
        columns=["ARR_DELAY", "DEP_DELAY", "TAXI_OUT", "TAIL_NUM", "FL_DATE", "CRS_DEP_TIME",
                 "hub_orig", "hub_dest", "Type", "Engine", "Seats", "ORIGIN", "DEST"]
    )
    log.info("columns: %s", list(known_before))
    search = make_search(args.model)
    search.fit(known_before, y)
    log.info("best %s, auc %.3f", search.best_params_, search.best_score_)
    with open(f"{args.out}_late.joblib", "wb") as fh:
        pickle.dump(search.best_estimator_, fh)

    if not args.no_regression:
        in_air = df.loc[df["DEP_DELAY"].notna(), "DEP_DELAY":"DISTANCE"]
        in_air = in_air.assign(TAXI_OUT=in_air["TAXI_OUT"].fillna(in_air["TAXI_OUT"].median()))
        target = df["ARR_DELAY"].loc[in_air.index]
        reg = RandomForestRegressor(n_estimators=40, random_state=2).fit(in_air, target)
        log.info("regression r2 (train) %.3f", reg.score(in_air, target))
        with open(f"{args.out}_minutes.joblib", "wb") as fh:
            pickle.dump(reg, fh)


if __name__ == "__main__":
    main()
