"""Tomorrow's PM2.5 per station.

usage: python air_quality.py     (all paths are relative to the project folder)
"""
import joblib
import lightgbm as lgb
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import TimeSeriesSplit

PM = "PM2.5 (ug/m3)"
GASES = ["NO2", "O3"]

wide = pd.read_csv("data/sensor_wide.csv")
wide["date"] = pd.to_datetime(wide["date"])
wide = wide.sort_values(["station", "date"], ignore_index=True)
meteo = pd.read_csv("data/meteo_long.csv", parse_dates=["day"])
stations = pd.read_csv("data/stations.csv", index_col="code")

# -- quick look ------------------------------------------------------------
print(wide.describe().round(1).to_string())
print("calibration days per station:\n", wide[wide["flag"] == "cal"].groupby("station").size())
print("share of bad meteo readings:", (meteo["qc"] == 0).mean().round(2))
fig, ax = plt.subplots()
for code, part in wide.groupby("station"):
    ax.plot(part["date"], part["battery_v"], label=code)
ax.legend()
fig.savefig("models/air_quality_battery.png")

# -- gaps in the gases: long, fill in time, wide again -----------------------
long = wide.melt(id_vars=["station", "date"], value_vars=GASES, var_name="gas", value_name="ppb")
long["ppb"] = long.groupby(["station", "gas"])["ppb"].transform(lambda s: s.ffill().bfill())
filled = long.pivot(index=["station", "date"], columns="gas", values="ppb").reset_index()
filled.columns.name = None

obs = wide[["station", "date", "PM10 (ug/m3)", PM, "flag"]].merge(filled, on=["station", "date"])

# -- meteo to one row a day ---------------------------------------------------
met = meteo[meteo["variable"].isin(["wind", "temp", "humidity"])]
met = met.pivot_table(index="day", columns="variable", values="reading", aggfunc="mean")
met["wind_change"] = met["wind"].diff()
met["temp_3d"] = met["temp"].rolling(3).mean()
met = met.drop(columns=["humidity"])

obs = obs.join(met, on="date")
obs = obs.join(stations[["Altitude_m", "kind"]], on="station")

# -- shifts and windows -------------------------------------------------------
g = obs.groupby("station")
for k in (1, 2):
    obs[f"pm_lag{k}"] = g[PM].shift(k)
obs["pm_ewm"] = g[PM].transform(lambda s: s.ewm(span=4).mean())
obs["no2_max5"] = g["NO2"].rolling(5, min_periods=1).max().reset_index(level=0, drop=True)
obs["coarse"] = obs["PM10 (ug/m3)"] - obs[PM]
obs["weekend"] = (obs["date"].dt.dayofweek >= 5).astype(int)
obs["traffic"] = (obs["kind"] == "traffic") * 1
obs["target"] = g[PM].shift(-1)
obs["w"] = obs["flag"].replace({"ok": "1", "cal": "0.2"}).astype(float)

data = obs.dropna().sort_values("date").reset_index(drop=True)
print(len(data), "rows,", data.shape[1], "columns")

first = data.columns.get_loc("wind")
not_features = {"kind", "target", "w", "pm_lag2"}
features = [c for c in data.columns[first:] if c not in not_features]
print(features)

# -- random forest, expanding window ------------------------------------------
errors = []
for tr, te in TimeSeriesSplit(n_splits=3).split(data):
    rf = RandomForestRegressor(n_estimators=30, random_state=0)
    rf.fit(data.loc[tr, features], data.loc[tr, "target"])
    errors.append(mean_absolute_error(data.loc[te, "target"], rf.predict(data.loc[te, features])))
print("rf mae per window", [round(e, 2) for e in errors])

# -- lightgbm, native interface -----------------------------------------------
lgb_features = ["pm_lag1", "pm_lag2", "pm_ewm", "NO2", "weekend", "temp"]
cut = int(len(data) * 0.8)
dtrain = lgb.Dataset(data[lgb_features].iloc[:cut], label=data["target"].iloc[:cut], weight=data["w"].iloc[:cut])
dvalid = lgb.Dataset(data[lgb_features].iloc[cut:], label=data["target"].iloc[cut:], reference=dtrain)
params = {"objective": "l2", "num_leaves": 7, "min_data_in_leaf": 5, "verbose": -1}
booster = lgb.train(params, dtrain, num_boost_round=40, valid_sets=[dvalid])

joblib.dump(rf, "models/air_quality_rf.joblib")
joblib.dump(booster, "models/air_quality_lgb.joblib")
