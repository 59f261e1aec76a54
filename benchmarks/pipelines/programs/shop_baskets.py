"""
Customer segments and churn for the web shop.

    tables  : dict of raw frames
    profile : one row a user
"""
import glob
import os

import joblib
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.preprocessing import MinMaxScaler

NOW = pd.Timestamp("2024-01-01")
WANTED = ["orders", "order_lines", "products", "users"]

tables = {}
for path in sorted(glob.glob("data/*.csv")):
    name = os.path.splitext(os.path.basename(path))[0]
    if name in WANTED:
        tables[name] = pd.read_csv(path)
for name, t in tables.items():
    print(f"{name:12s} {t.shape}  nulls: {int(t.isna().sum().sum())}")

# ------------------------------------------------------------------ lines
lines = tables["order_lines"].merge(tables["products"], on="sku", how="left")
lines["paid"] = lines["qty"] * lines["List Price"] * (1 - lines["discount_pct"] / 100)
lines["margin"] = lines["paid"] - lines["qty"] * lines["cost"]
lines = lines[lines["returned"] == 0]
print(lines.groupby("supplier")["margin"].sum().round(0))

baskets = lines.groupby("order", as_index=False).agg({"paid": "sum", "qty": "sum", "discount_pct": "max"})
baskets = baskets.rename(columns={"paid": "basket", "qty": "items", "discount_pct": "best_discount"})

# ------------------------------------------------------------------ orders
orders = tables["orders"]
orders["ts"] = pd.to_datetime(orders["ts"])
orders["voucher"] = orders["voucher"].fillna("none")
print(orders["payment"].value_counts(normalize=True).round(2).to_dict())
orders = orders.merge(baskets, left_on="order_id", right_on="order", how="left")
orders["basket"] = orders["basket"].fillna(0.0)
orders["used_voucher"] = orders["voucher"].ne("none")
orders["night"] = orders["ts"].dt.hour.isin([22, 23, 0, 1, 2, 3, 4])
orders["total"] = orders["basket"] + orders["shipping"]

by_user = orders.groupby("user_id")
profile = pd.DataFrame({
    "recency": (NOW - by_user["ts"].max()).dt.days,
    "frequency": by_user["order_id"].nunique(),
    "monetary": by_user["total"].sum(),
    "voucher_share": by_user["used_voucher"].mean(),
    "night_share": by_user["night"].mean(),
    "items": by_user["items"].mean().fillna(0),
})

# spending per category, as columns
spend = (
    lines.merge(orders[["order_id", "user_id"]], left_on="order", right_on="order_id")
    .pivot_table(index="user_id", columns="Category", values="paid", aggfunc="sum", fill_value=0)
    .add_prefix("spend_")
)
profile = profile.join(spend).fillna(0)

# ------------------------------------------------------------------ segments
rfm = profile[["recency", "frequency", "monetary"]].copy()
for c in ["frequency", "monetary"]:
    rfm[c] = np.log1p(rfm[c])
scaler = MinMaxScaler()
rfm_scaled = pd.DataFrame(scaler.fit_transform(rfm), columns=rfm.columns, index=rfm.index)
kmeans = KMeans(n_clusters=4, n_init=5, random_state=0)
profile["segment"] = kmeans.fit_predict(rfm_scaled)
print(profile.groupby("segment")[["recency", "monetary", "night_share"]].mean().round(2))

# ------------------------------------------------------------------ churn
users = tables["users"].set_index("uid")
users["age"] = NOW.year - users["birth_year"]
users["tenure"] = (NOW - pd.to_datetime(users["signup"])).dt.days
print(users.groupby("country")["churned"].mean())

main_device = orders.groupby("user_id")["device"].agg(lambda s: s.mode().iloc[0]).rename("device")
data = users[["age", "tenure", "opt_in", "churned"]].join([profile, main_device], how="inner")
data = pd.get_dummies(data, columns=["segment", "device"], prefix=["seg", "dev"])

y = data.pop("churned")
X = data.drop(columns=["recency", "monetary", "night_share"])
print(X.shape, list(X.columns))
forest = RandomForestClassifier(n_estimators=50, min_samples_leaf=3, random_state=4)
folds = StratifiedKFold(4, shuffle=True, random_state=4)
print("auc", cross_val_score(forest, X, y, cv=folds, scoring="roc_auc").round(3))
forest.fit(X, y)
imp = pd.Series(forest.feature_importances_, X.columns).nlargest(5)
print(imp.round(3))

joblib.dump((scaler, kmeans), "models/shop_baskets_segments.joblib")
joblib.dump(forest, "models/shop_baskets_churn.joblib")
