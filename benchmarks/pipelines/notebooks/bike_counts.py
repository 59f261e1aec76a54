#!/usr/bin/env python
"""Hourly bike counts: one regressor each for casual and registered riders.

usage: bike_counts.py [--data FILE] [--trees N] [--holdout N]
"""
import argparse
import sys

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.linear_model import PoissonRegressor


def parse_args(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", default="data/bike_hourly.csv")
    p.add_argument("--trees", type=int, default=80)
    p.add_argument("--holdout", type=int, default=60, help="last N rows are held out")
    p.add_argument("--out", default="models/bike_counts")
    return p.parse_args(argv)


def cyc(values, period):
    """sin/cos pair, shape (n, 2)"""
    a = 2 * np.pi * np.asarray(values, dtype=float) / period
    return np.column_stack([np.sin(a), np.cos(a)])


def rmsle(y, p):
    return float(np.sqrt(np.mean((np.log1p(np.clip(p, 0, None)) - np.log1p(y)) ** 2)))


def design_matrix(df):
    hour = df.index.hour
    rush = (((hour >= 7) & (hour <= 9)) | ((hour >= 16) & (hour <= 18))).astype(int)
    weather = df.loc[:, "temp":"windspeed"].to_numpy()          # temp atemp humidity windspeed
    flags = df.iloc[:, 1:3].to_numpy()                            # holiday workingday
    discomfort = weather[:, 0] * weather[:, 2] / 100.0
    wet = (df["weather"].to_numpy() == 3).astype(float)
    return np.hstack(
        [
            cyc(hour, 24),
            rush.reshape(-1, 1),
            weather[:, [0, 2, 3]],
            flags,
            discomfort[:, None],
            wet[:, None],
        ]
    )


def main(argv=None):
    args = parse_args(argv)
    df = pd.read_csv(args.data, index_col="datetime", parse_dates=True)
    print(df.iloc[:3].T)
    print("season totals:", df.groupby("season")["count"].sum().to_dict())
    assert (df["casual"] + df["registered"] == df["count"]).all()
    print("corr(temp, atemp) =", np.corrcoef(df["temp"], df["atemp"])[0, 1].round(3))

    X = design_matrix(df)
    n = len(df) - args.holdout
    X_tr, X_te = X[:n], X[n:]
    total = np.zeros(args.holdout)

    for target in ("casual", "registered"):
        y = df[target].to_numpy()
        rf = RandomForestRegressor(n_estimators=args.trees, min_samples_leaf=2, random_state=1, n_jobs=1)
        rf.fit(X_tr, np.log1p(y[:n]))
        pred = np.expm1(rf.predict(X_te))
        print(f"{target:>10}: rmsle {rmsle(y[n:], pred):.3f}")
        total += pred
        joblib.dump(rf, f"{args.out}_{target}.joblib")
    print(f"     total: rmsle {rmsle(df['count'].values[n:], total):.3f}")

    # cheap linear reference: temp and windspeed with squares, straight to count
    poly = PolynomialFeatures(degree=2, include_bias=False)
    small = df[["temp", "windspeed"]].values
    Z_tr = poly.fit_transform(small[:n])
    sc = StandardScaler().fit(Z_tr)
    ref = PoissonRegressor(alpha=1e-3, max_iter=500)
    ref.fit(sc.transform(Z_tr), df["count"].values[:n])
    print("  poisson D2:", round(ref.score(sc.transform(poly.transform(small[n:])), df["count"].values[n:]), 3))
    joblib.dump((poly, sc, ref), f"{args.out}_poisson.joblib")
    return 0


if __name__ == "__main__":
    sys.exit(main())
