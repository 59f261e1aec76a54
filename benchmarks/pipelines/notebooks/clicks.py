# click-through model v7  (impressions + ads + users)
import numpy as np
import pandas as pd
import joblib
import xgboost as xgb
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold

SMOOTH = 20


def freq(s):
    return s.map(s.value_counts()) / len(s)


def smoothed_ctr(key, y, w):
    """weighted CTR by key, shrunk to the global CTR"""
    prior = np.average(y, weights=w)
    clicks = (y * w).groupby(key).sum()
    shown = w.groupby(key).sum()
    return key.map((clicks + SMOOTH * prior) / (shown + SMOOTH))


imp = pd.read_csv("data/impressions.csv")
ads = pd.read_csv("data/ads.csv", parse_dates=["created"])
users = pd.read_csv("data/users.csv", parse_dates=["signup"])
for nm, d in (("imp", imp), ("ads", ads), ("users", users)):
    print(nm, d.shape, "nulls:", int(d.isnull().sum().sum()))

# ads: title stats, age in days at 2023-11-14
ads["title_len"] = ads["title"].str.len()
ads["has_pct"] = ads["title"].str.contains("%", regex=False).astype(int)
ads["n_words"] = ads["title"].str.split().apply(len)
ads["ad_age"] = (pd.Timestamp("2023-11-14") - ads["created"]).dt.days
ads["adv_n_ads"] = ads.groupby("advertiser")["ad_id"].transform("nunique")
ads["budget_rank"] = ads["budget"].rank(ascending=False)

# users: fill age by country, mail provider
users["age"] = users["age"].fillna(users.groupby("country")["age"].transform("mean"))
users["provider"] = users["email"].apply(lambda e: e.split("@")[-1])
print(users.groupby("provider").size())
users["is_young"] = np.where(users["age"] < 30, 1, 0)

# impressions
imp["ts"] = pd.to_datetime(imp["ts"], unit="s")
imp["hour"] = imp["ts"].dt.hour
imp["section"] = imp["page_url"].str.strip("/").str.split("/").str.get(0)
imp = imp.sort_values("ts").reset_index(drop=True)
imp["nth_view"] = imp.groupby("user_id").cumcount() + 1
imp["secs_since"] = imp.groupby("user_id")["ts"].diff().dt.total_seconds().fillna(-1)
user_bid = imp.groupby("user_id", as_index=False)["bid"].agg(["mean", "std"]).rename(columns={"mean": "bid_mean", "std": "bid_std"})

df = (
    imp.merge(ads.drop(columns=["title", "created"]), how="left", on="ad_id")
    .merge(users.drop(columns=["email", "signup"]), how="left", on="user_id", suffixes=("", "_user"))
    .merge(user_bid, how="left", on="user_id")
)
df["bid_vs_mean"] = df["bid"] - df["bid_mean"]
df["slot_top"] = (df["slot"] <= 2).astype(int)
df["device_freq"] = freq(df["device"])
df["country_freq"] = freq(df["country_user"])
df["geo_match"] = (df["country"] == df["country_user"]).astype(int)
df["signup_dummy"] = df["user_id"].map(users.set_index("user_id")["signup"]).dt.year
print(pd.crosstab(df["gender"], df["clicked"], values=df["cost"], aggfunc="mean").round(2))
print("CTR by signup year", df.groupby("signup_dummy")["clicked"].mean().to_dict())

df["ctr_cat"] = smoothed_ctr(df["category"], df["clicked"], df["imp_count"])
df["ctr_sec"] = smoothed_ctr(df["section"], df["clicked"], df["imp_count"])
df = pd.get_dummies(df, columns=["device", "section"], dtype=float)

y = df["clicked"].to_numpy()
w = df["imp_count"].to_numpy(dtype=float)
drop = ["imp_id", "user_id", "ad_id", "ts", "clicked", "imp_count", "page_url", "cost", "bid", "signup_dummy", "budget", "slot"]
X = df.drop(columns=drop).select_dtypes(include=["number"])
print(X.columns.tolist())

# --- xgboost native, 3 folds
params = {"objective": "binary:logistic", "eta": 0.15, "max_depth": 4, "seed": 1, "nthread": 1}
oof = np.zeros(len(X))
for k, (tr, va) in enumerate(StratifiedKFold(3, shuffle=True, random_state=1).split(X, y)):
    dtr = xgb.DMatrix(X.iloc[tr], label=y[tr], weight=w[tr])
    dva = xgb.DMatrix(X.iloc[va], label=y[va], weight=w[va])
    booster = xgb.train(params, dtr, num_boost_round=60, evals=[(dva, "va")], early_stopping_rounds=10, verbose_eval=False)
    oof[va] = booster.predict(dva)
    print("fold", k, "logloss", round(log_loss(y[va], oof[va]), 4))
print("auc", round(roc_auc_score(y, oof, sample_weight=w), 4))

# --- online learner on standardised numpy, a few columns
cols = ["hour", "nth_view", "ad_age", "ctr_cat", "is_young", "adv_n_ads"]
A = X[cols].values.astype(float)
A = (A - A.mean(axis=0)) / (A.std(axis=0) + 1e-9)
sgd = SGDClassifier(loss="log_loss", random_state=0)
sgd.fit(A[: int(0.8 * len(A))], y[: int(0.8 * len(y))], sample_weight=w[: int(0.8 * len(w))])
print("sgd acc", sgd.score(A[int(0.8 * len(A)):], y[int(0.8 * len(y)):]))

joblib.dump(booster, "models/clicks_xgb.joblib")
joblib.dump(sgd, "models/clicks_sgd.joblib")
