import numpy as np
import pandas as pd
import joblib
import xgboost as xgb
from sklearn.decomposition import PCA
from sklearn.model_selection import GroupKFold, KFold
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import LabelEncoder

sat = pd.read_csv("data/sat_plots.csv", index_col=0)
ter = pd.read_csv("data/terrain.csv")
ter.index = ter.pop("PLOT").str.upper()
ter = ter.rename(columns={"slope deg": "slope"})

print(sat["land_cover"].value_counts())
print(sat.loc[:, "cloud_pct_apr":"cloud_pct_jul"].mean())
print(ter["surveyor"].unique())

sat = sat[sat["cloud_pct_jul"] < 38]


def index(d, a, b, season):
    x, y = d[f"{a}_{season}"], d[f"{b}_{season}"]
    return (x - y) / (x + y)


SEASONS = ["apr", "jul"]
for s in SEASONS:
    sat["ndvi_" + s] = index(sat, "B08", "B04", s)
sat["ndwi_jul"] = index(sat, "B03", "B08", "jul")
sat["ndvi_change"] = sat["ndvi_jul"] - sat["ndvi_apr"]

# northness needs slope: flat plots have no aspect
ter["northness"] = np.where(ter["slope"] > 1, np.cos(np.deg2rad(ter["aspect"])), 0.0)
ter = ter[["dem_m", "northness", "confidence"]]

d = pd.concat([sat, ter], axis=1, join="inner")
d["orbit"] = d["orbit"].map({"asc": 1, "desc": 0})
print("plots:", len(d))

# --- bands of July, reduced to two components
bands = d.filter(regex=r"^B\d\d_jul$")
pca = PCA(n_components=2, random_state=0)
comp = pca.fit_transform(bands)
print("explained", pca.explained_variance_ratio_.round(2))

# --- X: indices, terrain, components; last column is the weight and leaves again
X = pd.concat(
    [
        d.filter(like="ndvi"),
        d[["orbit"]],
        pd.DataFrame(comp, index=d.index, columns=["pc1", "pc2"]),
        d.iloc[:, -3:],
    ],
    axis=1,
)
w = X["confidence"]
X = X[X.columns[:-1]]
X = X.drop(columns=[c for c in X if c.endswith("_apr")])
print(X.columns.tolist())

enc = LabelEncoder()
y = enc.fit_transform(d["land_cover"])

params = {"objective": "multi:softprob", "num_class": len(enc.classes_), "max_depth": 3, "eta": 0.2, "nthread": 1}
tiles = d["tile"].values
hits, models = [], []
for fold, (a, b) in enumerate(GroupKFold(n_splits=4).split(X, y, tiles)):
    dtrain = xgb.DMatrix(X.iloc[a], label=y[a], weight=w.iloc[a])
    dtest = xgb.DMatrix(X.iloc[b], label=y[b])
    bst = xgb.train(params, dtrain, num_boost_round=25, evals=[(dtest, "test")], verbose_eval=False)
    hit = (bst.predict(dtest).argmax(axis=1) == y[b]).mean()
    hits.append(hit)
    models.append(bst)
print("accuracy per fold", np.round(hits, 3))
best = models[int(np.argmax(hits))]

# --- side product: fill cloudy NDVI of July from April bands
april = d.loc[:, [c for c in d.columns if c.startswith("B") and c.endswith("apr")]]
april = april.iloc[:, 1:4]
err = []
for a, b in KFold(3, shuffle=True, random_state=1).split(april):
    knn = KNeighborsRegressor(5, weights="distance")
    knn.fit(april.values[a], d["ndvi_jul"].values[a])
    err.append(np.abs(knn.predict(april.values[b]) - d["ndvi_jul"].values[b]).mean())
print("ndvi mae", np.round(err, 3))

joblib.dump((best, enc, pca), "models/satellite_plots_cover.joblib")
joblib.dump(knn, "models/satellite_plots_ndvi.joblib")
