# Term deposit campaign: who says yes?   (bank telemarketing)
import pandas as pd, numpy as np
import matplotlib; matplotlib.use("Agg")
import matplotlib.pyplot as plt
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import confusion_matrix, f1_score
from imblearn.over_sampling import SMOTE
import joblib

bank = pd.read_csv("data/bank_campaign.csv", sep=";")
bank.info()
print(bank.y.value_counts(normalize=True))

# rename to something readable
bank = bank.rename(columns={"default": "in_default", "y": "subscribed", "housing": "housing_loan", "loan": "personal_loan"})

# EDA
for c in bank.select_dtypes(exclude="number").columns:
    print(bank.groupby(c)["duration"].mean().round(0).to_dict())
bank["balance"].plot(kind="hist")
plt.savefig("plots/bank_balance.png"); plt.close()

# duration is only known after the call -> leak, must go. contact is no help
bank = bank.drop(columns=["duration", "contact"])
# unknown job -> most frequent
bank["job"] = bank["job"].replace("unknown", bank["job"].mode()[0])

# target
bank["subscribed"] = (bank["subscribed"] == "yes").astype(int)

# yes/no columns
for col in ["in_default", "housing_loan", "personal_loan"]:
    bank[col] = bank[col].apply(lambda v: 1 if v == "yes" else 0)
bank["any_loan"] = bank[["housing_loan", "personal_loan"]].max(axis=1)
del bank["personal_loan"]

# age bands, balance quartiles
bank["age_band"] = pd.cut(bank["age"], bins=[0, 30, 45, 60, 120], labels=[0, 1, 2, 3]).astype(int)
bank["bal_q"] = pd.qcut(bank["balance"], 4, labels=False)
bank.drop(["age"], axis=1, inplace=True)

# previously contacted?  pdays 999 means never
bank["contacted_before"] = np.where(bank["pdays"] == 999, 0, 1)
bank["pressure"] = bank["campaign"] + bank.pop("previous")
bank["success_before"] = bank["poutcome"].map({"success": 1}).fillna(0)

# frequency of the job, ordinal education, quarter
bank["job_freq"] = bank["job"].map(bank["job"].value_counts(normalize=True))


def edu_level(e):
    if e.startswith("basic"):
        return 1
    if e == "high.school":
        return 2
    return 3 if e == "university.degree" else 0


bank["edu"] = bank["education"].apply(edu_level)
month_quarter = {"mar": 1, "may": 2, "jun": 2, "nov": 4}
bank["quarter"] = bank["month"].replace(month_quarter).astype(int)

# label encode what is left of interest
le_map = {}
for col in ["marital", "day_of_week"]:
    le = LabelEncoder()
    bank[col] = le.fit_transform(bank[col])
    le_map[col] = le

# only the numeric columns are modelled
num = bank.select_dtypes(include=[np.number])
print(num.columns.tolist())
X = num.drop(columns=["subscribed", "pdays"])
y = num["subscribed"]
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.3, random_state=11, stratify=y)

sc = MinMaxScaler()
X_tr_s = pd.DataFrame(sc.fit_transform(X_tr), columns=X_tr.columns, index=X_tr.index)
X_te_s = pd.DataFrame(sc.transform(X_te), columns=X_te.columns, index=X_te.index)

sm = SMOTE(random_state=11, k_neighbors=3)
X_bal, y_bal = sm.fit_resample(X_tr_s, y_tr)
print("before", y_tr.value_counts().to_dict(), "after", y_bal.value_counts().to_dict())

gb = GradientBoostingClassifier(n_estimators=60, random_state=11)
gb.fit(X_bal, y_bal)
p = gb.predict(X_te_s)
print(confusion_matrix(y_te, p)); print("f1", f1_score(y_te, p))

# a small tree for the call centre people, on raw (unscaled) columns
simple = ["any_loan", "contacted_before", "edu", "euribor3m", "quarter"]
dt = DecisionTreeClassifier(max_depth=3, class_weight="balanced", random_state=0).fit(X_tr[simple], y_tr)
print(dict(zip(simple, dt.feature_importances_.round(2))))

joblib.dump({"scaler": sc, "model": gb, "encoders": le_map}, "models/loan_marketing_gb.joblib")
joblib.dump(dt, "models/loan_marketing_tree.joblib")
