# Fraud + severity, 5 folds.  Folds must not share a policy holder (see audit 2022/17).
import numpy as np
import pandas as pd
import joblib
import xgboost as xgb
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import log_loss, mean_absolute_error
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, cross_val_score

SEED = 77
N_FOLDS = 4
DATE_FMT = "%d/%m/%Y"

claims = pd.read_csv("data/claims.csv")
policies = pd.read_csv("data/policies.csv", dtype={"PostCode": str})
zones = pd.read_csv("data/postcodes.csv", dtype={"PostCode": "str"})

full = claims.merge(policies, left_on="policy", right_on="PolicyNo").merge(zones, on="PostCode", how="left")
print("claims", len(claims), "joined", len(full))
print(pd.crosstab(full["Peril"], full["Fraud"]))
print(full[["adjuster_score", "Density"]].corr())


def police_factor(v):
    if v == "yes":
        return 1.5
    if v == "no":
        return 1.0
    return 0.8


full["Start"] = pd.to_datetime(full["Start"], format=DATE_FMT)
full["Reported"] = pd.to_datetime(full["Reported"], format=DATE_FMT)
full["tenure"] = (full["Reported"] - full["Start"]).dt.days / 365.25
full["month"] = full["Reported"].dt.month
full["premium_rate"] = full["Annual Premium"] / full["Exposure"]
full["amount_vs_peril"] = full["ClaimAmount"] / full.groupby("Peril")["ClaimAmount"].transform("median")
full["age_band"] = pd.cut(full["HolderAge"], bins=[0, 25, 40, 65, 120], labels=False)
full["female"] = np.where(full["Gender"] == "F", 1, 0)
full["y"] = full["Fraud"].eq("Y").astype("int8")
full["w"] = full["PoliceReport"].apply(police_factor)

n_claims = full["policy"].value_counts()
full["claims_of_policy"] = full["policy"].map(n_claims)

FEATURES = ["tenure", "month", "premium_rate", "amount_vs_peril", "age_band",
            "claims_of_policy", "Witnesses", "BonusMalus", "RiskZone"]

# ---------------------------------------------------------------- fraud folds
oof = np.zeros(len(full))
boosters = []
splitter = StratifiedGroupKFold(n_splits=N_FOLDS, shuffle=True, random_state=SEED)
for fold, (tr, va) in enumerate(splitter.split(full[FEATURES], full["y"], groups=full["policy"])):
    train, valid = full.iloc[tr].copy(), full.iloc[va].copy()
    # target encoding, learnt inside the fold
    rate = train.groupby("VehicleClass")["y"].mean()
    for part in (train, valid):
        part["vehicle_te"] = part["VehicleClass"].map(rate).fillna(train["y"].mean())
    cols = FEATURES + ["vehicle_te"]
    clf = xgb.XGBClassifier(n_estimators=50, max_depth=3, learning_rate=0.1, random_state=SEED, n_jobs=1)
    clf.fit(
        train[cols], train["y"],
        sample_weight=train["w"],
        eval_set=[(valid[cols], valid["y"])],
        verbose=False,
    )
    oof[va] = clf.predict_proba(valid[cols])[:, 1]
    boosters.append(clf)
    print(f"fold {fold}: logloss {log_loss(valid['y'], oof[va]):.4f}")
print("oof logloss", round(log_loss(full["y"], oof), 4))
joblib.dump(boosters, "models/insurance_claims_fraud.joblib")

# ---------------------------------------------------------------- severity
sev_cols = ["HolderAge", "female", "BonusMalus", "premium_rate", "tenure"]
sev = full[full["ClaimAmount"] > 100]
Xs = pd.concat([sev[sev_cols], pd.get_dummies(sev["Peril"], prefix="peril")], axis=1)
ys = np.log(sev["ClaimAmount"])

cv = cross_val_score(
    GradientBoostingRegressor(n_estimators=40, random_state=SEED), Xs, ys, groups=sev["Agent"],
    cv=GroupKFold(3), scoring="neg_mean_absolute_error",
)
print("severity cv", cv.round(3))

severity = GradientBoostingRegressor(n_estimators=40, random_state=SEED)
severity.fit(Xs, ys, sample_weight=sev["Exposure"].to_numpy())
print("mae", round(mean_absolute_error(ys, severity.predict(Xs)), 3))
joblib.dump(severity, "models/insurance_claims_severity.joblib")
