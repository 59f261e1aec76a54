"""Energy use of buildings: readings x building metadata x weather."""
from dataclasses import dataclass, field

import joblib
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.preprocessing import StandardScaler

METERS = ["electricity_kWh", "chilledwater_kWh"]


@dataclass
class Tables:
    meters: pd.DataFrame
    buildings: pd.DataFrame
    weather: pd.DataFrame
    notes: dict = field(default_factory=dict)

    @classmethod
    def from_folder(cls, folder):
        return cls(
            meters=pd.read_csv(f"{folder}/meter_readings.csv", parse_dates=["Time"]),
            buildings=pd.read_csv(f"{folder}/building_metadata.csv"),
            weather=pd.read_csv(f"{folder}/weather_hourly.csv", parse_dates=["timestamp"]),
        )


def tidy_weather(w):
    w = w.sort_values(["site_id", "timestamp"]).copy()
    w["air_temperature"] = w.groupby("site_id")["air_temperature"].transform(lambda s: s.interpolate().bfill())
    w["temp_24h"] = w.groupby("site_id")["air_temperature"].transform(lambda s: s.rolling(4, min_periods=1).mean())
    w["humid_gap"] = w["air_temperature"] - w["dew_temperature"]
    print("cloud cover missing:", w["cloud_coverage"].isna().mean().round(2))
    return w.drop(columns=["cloud_coverage", "precip_depth"])


def long_meters(m):
    good = m.loc[m["quality"] != "bad"]
    out = good.melt(id_vars=["Bldg", "Time"], value_vars=METERS, var_name="meter", value_name="kWh")
    out = out.dropna(subset=["kWh"])
    print(out.groupby("meter")["kWh"].describe().round(1))
    return out


def building_features(b):
    b = b.copy()
    b["year_built"] = b["year_built"].fillna(b.groupby("primary_use")["year_built"].transform("median"))
    b["decade"] = (b["year_built"] // 10 * 10).astype(int)
    b["log_sqft"] = np.log(b["square_feet"])
    print(b["owner"].value_counts(), b["floor_count"].isna().sum())
    return b


def building_clusters(b, k=4):
    Z = StandardScaler().fit_transform(b[["log_sqft", "decade"]])
    km = KMeans(n_clusters=k, n_init=5, random_state=0)
    b["cluster"] = km.fit_predict(Z)
    return b, km


def assemble(t):
    b, km = building_clusters(building_features(t.buildings))
    df = (
        long_meters(t.meters)
        .merge(b, left_on="Bldg", right_on="building_id", how="inner")
        .merge(tidy_weather(t.weather), left_on=["site_id", "Time"], right_on=["site_id", "timestamp"], how="left")
    )
    df["hour"] = df["Time"].dt.hour
    df["is_weekend"] = df["Time"].dt.day_of_week.isin([5, 6]).astype(int)
    df["is_chilled"] = np.where(df["meter"] == "chilledwater_kWh", 1, 0)
    df["degree_cool"] = (df["temp_24h"] - 18).clip(lower=0)
    use = pd.get_dummies(df["primary_use"], prefix="use", dtype=int)
    return pd.concat([df, use], axis=1), km


def main():
    t = Tables.from_folder("data")
    df, km = assemble(t)
    y = np.log1p(df["kWh"])
    numeric = ["log_sqft", "decade", "cluster", "air_temperature", "temp_24h", "humid_gap", "wind_speed", "hour", "is_weekend", "is_chilled", "degree_cool"]
    X = df[numeric].join(df.filter(regex="^use_"))
    print(X.shape, X.isna().sum().sum())
    gkf = GroupKFold(n_splits=4)
    hgb = HistGradientBoostingRegressor(max_iter=60, random_state=0)
    scores = cross_val_score(
        hgb, X, y, groups=df["building_id"], cv=gkf, scoring="neg_root_mean_squared_error"
    )
    print("rmsle", -scores.mean().round(3))
    hgb.fit(X, y)

    # the energy manager's regression: daily kWh per building on weather, bigger buildings count more
    daily = (
        df[df["meter"] == "electricity_kWh"]
        .groupby(["building_id", df["Time"].dt.date.rename("day")])
        .agg(kwh=("kWh", "sum"), temp=("air_temperature", "mean"), wind=("wind_speed", "max"), sqft=("square_feet", "first"))
        .reset_index()
    )
    daily = daily.dropna(subset=["temp", "wind"])
    lin = LinearRegression()
    lin.fit(daily[["temp", "wind"]], daily["kwh"], sample_weight=np.sqrt(daily["sqft"]))
    print("per degree:", lin.coef_.round(2))

    joblib.dump({"hgb": hgb, "kmeans": km}, "models/building_energy_hgb.joblib")
    joblib.dump(lin, "models/building_energy_lin.joblib")


if __name__ == "__main__":
    main()
