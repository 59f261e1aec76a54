# hepatitis screen -- everything in numpy, columns by position
# lab_results: 0 pid 1 Sex 2 Age 3 ALB 4 ALP 5 ALT 6 AST 7 BIL 8 CHOL 9 CREA 10 GGT 11.. admin, 14 Diagnosis
import joblib
import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

lab = pd.read_csv("data/lab_results.csv")
vit = pd.read_csv("data/vitals.csv").sort_values("patient")

print("haemolysed:", int(lab["haemolysed"].sum()), "of", len(lab))
lab = lab[lab["haemolysed"] == 0].reset_index(drop=True)
print(lab.groupby("analyser")[["CREA", "ALP"]].median())

# missing albumin etc.: median of the sex
for name in lab.columns[3:11]:
    if lab[name].isna().any():
        lab[name] = lab[name].fillna(lab.groupby("Sex")[name].transform("median"))

# vitals, in the order of the lab rows
pos = np.searchsorted(vit["patient"].to_numpy(), lab["pid"].to_numpy())
V = vit.iloc[pos, 1:3].to_numpy(dtype=float)          # weight, height
bmi = V[:, 0] / (V[:, 1] / 100.0) ** 2
smokes = (vit["smoker"].to_numpy()[pos] == "current").astype(float)

A = lab.iloc[:, 2:11].to_numpy(dtype=float)           # age, ALB ... GGT
age, enzymes = A[:, 0], A[:, [3, 4, -1]]              # ALT, AST, GGT
de_ritis = enzymes[:, 1] / np.maximum(enzymes[:, 0], 1.0)
y = np.where(lab.iloc[:, -1].values == "Donor", 0, 1)
is_f = (lab.values[:, 1] == "f").astype(float)

X = np.column_stack([
    age,                    # 0
    np.log(enzymes),        # 1 2 3
    de_ritis,               # 4
    A[:, 1:3],              # 5 6  ALB ALP
    bmi,                    # 7
    smokes,                 # 8
    is_f,                   # 9
    A[:, 6],                # 10 CHOL
])
X = np.delete(X, 6, axis=1)                           # ALP: too many repeats on the cobas
assert X.shape[1] == 10 and not np.isnan(X).any()
print("X", X.shape, "positives", int(y.sum()))

mu, sd = X.mean(axis=0), X.std(axis=0)
Z = (X - mu) / sd
print("corr with y:", np.round([np.corrcoef(Z[:, j], y)[0, 1] for j in range(Z.shape[1])], 2))

score = []
for tr, te in StratifiedKFold(4, shuffle=True, random_state=3).split(Z, y):
    smote = SMOTE(random_state=3, k_neighbors=3)
    Zs, ys = smote.fit_resample(Z[tr], y[tr])
    clf = GradientBoostingClassifier(n_estimators=40, max_depth=2, random_state=3)
    clf.fit(Zs, ys)
    score.append(balanced_accuracy_score(y[te], clf.predict(Z[te])))
print("gradient boosting", np.round(score, 3))

# second opinion: enzymes only, patients weighted by age decade frequency
decade = (age // 10).astype(int)
freq = np.bincount(decade)
weight = len(decade) / freq[decade]
svc = SVC(C=2.0)
svc.fit(Z[:, 1:5], y, sample_weight=weight)
print("svc", round(balanced_accuracy_score(y, svc.predict(Z[:, 1:5])), 3))

joblib.dump({"gbc": clf, "mu": mu, "sd": sd}, "models/lab_results_gbc.joblib")
joblib.dump(svc, "models/lab_results_svc.joblib")
