import numpy as np
import pandas as pd
import lightgbm as lgb
import joblib
from sklearn.linear_model import Ridge

# ---- 1. read everything into one dict
FILES = {"sales": "daily_sales.csv", "stores": "stores.csv", "items": "items.csv", "cal": "calendar.csv"}
tables = {}
for key, fname in FILES.items():
    tables[key] = pd.read_csv("data/" + fname)
    tables[key].columns = [c.lower() for c in tables[key].columns]
    print(key, tables[key].shape, list(tables[key].columns))

sales = tables["sales"]
sales["date"] = pd.to_datetime(sales["date"])
cal = tables["cal"].rename(columns={"day": "date"})
cal["date"] = pd.to_datetime(cal["date"])
cal["oil_price"] = cal["oil_price"].ffill().bfill()
print(cal["holiday_name"].value_counts())

# ---- 2. join
data = sales.merge(tables["stores"], on="store_nbr", how="left")
data = data.merge(tables["items"], left_on="item_sku", right_on="sku", how="left")
data = pd.merge(data, cal[["date", "is_holiday", "oil_price"]], on="date", how="left")
data = data.sort_values(["store_nbr", "item_sku", "date"]).reset_index(drop=True)

# ---- 3. lags and rolling means, by store and item
gb = data.groupby(["store_nbr", "item_sku"])
for lag in (1, 7):
    data[f"units_lag{lag}"] = gb["units_sold"].shift(lag)
data["units_roll3"] = gb["units_sold"].transform(lambda s: s.shift(1).rolling(3).mean())
data["price_change"] = gb["unit_price"].pct_change()
data["price_rank"] = data.groupby(["date", "family"])["unit_price"].rank(pct=True)
data["rel_price"] = data["unit_price"] / data.groupby("item_sku")["unit_price"].transform("mean")

# ---- 4. calendar parts and codes
data["dow"] = data["date"].dt.day_of_week
data["dom"] = data["date"].dt.day
data["weekend"] = (data["dow"] >= 5) * 1
data["promo"] = data["onpromotion"].astype(int)
data["promo_weekend"] = data["promo"] * data["weekend"]
data["store_age"] = data["date"].dt.year - data["opened"]
for c in ["city", "type", "family"]:
    codes, uniques = pd.factorize(data[c], sort=True)
    data[c + "_code"] = codes
    print(c, len(uniques), "levels")

print(data[["units_sold", "returns", "stock_on_hand"]].corr().round(2))
print(data.pivot_table(index="city", columns="dow", values="units_sold", aggfunc="sum"))

# ---- 5. weights: perishables count more
data["w"] = np.where(data["perishable"] == 1, 1.25, 1.0)

data = data.dropna(subset=["units_lag7"])
feats = [c for c in data.columns if c.startswith("units_") and c != "units_sold"]
feats += ["price_change", "price_rank", "rel_price", "dow", "dom", "weekend", "promo", "promo_weekend"]
feats += ["is_holiday", "oil_price", "sqm", "store_age"] + [c for c in data.columns if c.endswith("_code")]
print(len(feats), feats)

cut = data["date"].max() - pd.Timedelta(days=6)
train, valid = data[data["date"] < cut], data[data["date"] >= cut]

# ---- 6. LightGBM, native API
dtrain = lgb.Dataset(train[feats], label=np.log1p(train["units_sold"]), weight=train["w"])
dvalid = lgb.Dataset(valid[feats], label=np.log1p(valid["units_sold"]), weight=valid["w"], reference=dtrain)
params = {"objective": "regression", "learning_rate": 0.1, "num_leaves": 15, "verbosity": -1, "seed": 3}
bst = lgb.train(params, dtrain, num_boost_round=80, valid_sets=[dvalid], callbacks=[lgb.early_stopping(10, verbose=False)])
pred = np.expm1(bst.predict(valid[feats]))
err = np.sqrt(np.average((pred - valid["units_sold"]) ** 2, weights=valid["w"]))
print("lgb weighted rmse", round(float(err), 3))

# ---- 7. simple baseline on the lags only
lag_cols = data.filter(like="_lag").columns.tolist() + ["units_roll3"]
base = Ridge(alpha=1.0)
base.fit(train[lag_cols], train["units_sold"], sample_weight=train["w"])
print("ridge r2", base.score(valid[lag_cols], valid["units_sold"]))

joblib.dump(bst, "models/retail_demand_lgb.joblib")
joblib.dump(base, "models/retail_demand_ridge.joblib")
