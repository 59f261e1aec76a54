# %% [markdown]
# # Vinho: which wines are "good"?  (exported from notebook v12)

# %%
import warnings
import joblib
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score, train_test_split
warnings.filterwarnings("ignore")

# %%
df = pd.read_csv("data/winequality.csv", sep=";")
df.head()

# %%
print(df.info())
print(df.isnull().sum().sum(), "nulls")
print(df["taster"].value_counts())
print(df.corr(numeric_only=True)["quality"].sort_values())

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 3))
for ax, col in zip(axes, ["fixed acidity", "density", "sulphates"]):
    ax.hist(df[col], bins=20)
    ax.set_title(col)
fig.savefig("models/wine_hist.png")

# %% target
df["good"] = (df["quality"] >= 6).astype(int)
print(df.good.mean())

# %% skewed columns -> log
skewed = ["residual sugar", "chlorides"]
for c in skewed:
    df["log " + c] = np.log1p(df[c])
df = df.drop(columns=skewed)

# %% sulfur dioxide: bound = total - free
df["bound so2"] = df["total sulfur dioxide"] - df["free sulfur dioxide"]
df["so2 ratio"] = df["free sulfur dioxide"] / df["total sulfur dioxide"]
del df["total sulfur dioxide"]

# %% clip outliers, column by column
for c in ["volatile acidity", "sulphates", "bound so2"]:
    lo, hi = df[c].quantile([0.01, 0.99])
    df[c] = df[c].clip(lo, hi)

# %% acidity in bands
df["acid band"] = pd.qcut(df["fixed acidity"] + df["citric acid"], 4, labels=False)
df["is red"] = df["colour"].map({"red": 1, "white": 0, "rosé": 0})

# %% just a picture: two-column clusters (NOT used further down)
km = KMeans(3, n_init=5, random_state=0)
cl = km.fit_predict(df[["alcohol", "density"]])
plt.figure()
plt.scatter(df["alcohol"], df["density"], c=cl)
plt.savefig("models/wine_clusters.png")

# %% features: all that is numeric, but for the target and ids
X = df.select_dtypes("number").drop(["quality", "good", "bottle_no", "density"], axis=1)
X = X.drop("fixed acidity", axis=1)
y = df["good"]
print(list(X.columns))
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=42)

# %%
models = {
    "logreg": LogisticRegression(solver="liblinear"),
    "rf": RandomForestClassifier(n_estimators=25, random_state=1),
    "extra": ExtraTreesClassifier(n_estimators=25, random_state=1),
}
scores = {}
for name, m in models.items():
    cv = cross_val_score(m, X_train, y_train, cv=4)
    m.fit(X_train, y_train)
    scores[name] = (cv.mean(), m.score(X_test, y_test))
    print(name, "cv %.3f test %.3f" % scores[name])

# %% the drinkers' model: only what is on the label of the bottle
label_cols = [c for c in X_train.columns if c in ("alcohol", "pH") or c.startswith("log")]
small = LogisticRegression(solver="liblinear")
small.fit(X_train[label_cols].values, y_train.values)

# %%
best = max(scores, key=lambda k: scores[k][0])
joblib.dump(models[best], "models/wine_quality_best.joblib")
joblib.dump(small, "models/wine_quality_label.joblib")
