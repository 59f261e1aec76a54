# used car price model, all makes in one frame
import glob
import os
import pickle

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold
from sklearn.preprocessing import OrdinalEncoder
from xgboost import XGBRegressor

THIS_YEAR = 2021

# --- one csv per make
frames = {}
for path in sorted(glob.glob("data/cars_*.csv")):
    make = os.path.basename(path).replace("cars_", "").replace(".csv", "")
    frames[make] = pd.read_csv(path)
    print(make, frames[make].shape, "price median", frames[make]["price"].median())
frames["audi"] = frames["audi"].rename(columns={"tax(£)": "tax"})

cars = pd.concat([f.assign(make=name) for name, f in frames.items()], ignore_index=True)
cars = cars.drop_duplicates(subset=["model", "year", "mileage", "price"])
cars = cars[cars["year"].between(2009, THIS_YEAR)]
print(cars["colour"].value_counts())

# --- tidy text
cars["model"] = cars["model"].str.strip().str.lower()
cars["engine_l"] = cars["engineSize"].str.replace("L", "", regex=False).astype(float)
cars["is_auto"] = cars["transmission"].str.contains("auto", case=False).astype(int)
cars["dealer_no"] = cars["dealer"].str.split("-").str[1].astype(int)

# --- dealers
dealers = pd.read_csv("data/dealers.csv")
dealers.columns = dealers.columns.str.lower()
cars = cars.merge(dealers[["dealer", "region", "rating"]], on="dealer", how="left")

# --- numbers
cars["age"] = THIS_YEAR - cars["year"]
cars["miles_per_year"] = cars["mileage"] / cars["age"].clip(lower=1)
cars["thirsty"] = np.select([cars["mpg"] < 35, cars["mpg"] < 50], [2, 1], default=0)
cars["tax_band"] = cars["tax"].apply(lambda t: "low" if t < 100 else ("mid" if t < 200 else "high"))
cars["mileage_rank"] = cars.groupby("model")["mileage"].rank(pct=True)
cars["log_price"] = np.log(cars["price"])

print(cars.pivot_table(index="make", columns="fuelType", values="price", aggfunc="mean").round(0))
print(cars.groupby("region").agg(n=("price", "size"), staff=("rating", "mean")))

# --- how dear is this model and region? (fold-wise, so the row's own price stays out)
cars["model_te"] = np.nan
kf = KFold(n_splits=4, shuffle=True, random_state=8)
for fit_idx, enc_idx in kf.split(cars):
    means = cars.iloc[fit_idx].groupby("model")["log_price"].mean()
    cars.loc[cars.index[enc_idx], "model_te"] = cars.iloc[enc_idx]["model"].map(means).values
cars["model_te"] = cars["model_te"].fillna(cars["log_price"].mean())

enc = OrdinalEncoder()
cars[["fuel_code", "tax_code"]] = enc.fit_transform(cars[["fuelType", "tax_band"]])
cars = pd.concat([cars, pd.get_dummies(cars["region"], prefix="reg"), pd.get_dummies(cars["make"], prefix="make")], axis=1)

skip = {"price", "log_price", "year", "tax", "mpg", "dealer_no"}
features = [c for c in cars.columns if c not in skip and cars[c].dtype.kind in "ifub"]
print(features)

# --- train on 80% of the rows
shuffled = cars.sample(frac=1.0, random_state=5)
n_train = int(0.8 * len(shuffled))
train, test = shuffled.iloc[:n_train], shuffled.iloc[n_train:]

xgb = XGBRegressor(n_estimators=120, max_depth=4, learning_rate=0.1, early_stopping_rounds=15, n_jobs=1)
xgb.fit(
    train[features].astype(float),
    train["log_price"],
    eval_set=[(test[features].astype(float), test["log_price"])],
    verbose=False,
)
mape = (np.exp(xgb.predict(test[features].astype(float))) / test["price"] - 1).abs().mean()
print(f"xgb mape {mape:.3f}")

# --- per make: straight line of price on age and mileage
lines = {}
for make in frames:
    part = train.query("make == @make")
    lines[make] = LinearRegression().fit(part[["age", "mileage"]], part["price"])
    print(make, lines[make].coef_.round(3))

with open("models/car_prices_xgb.joblib", "wb") as f:
    pickle.dump({"model": xgb, "features": features, "encoder": enc}, f)
with open("models/car_prices_lines.joblib", "wb") as f:
    pickle.dump(lines, f)
