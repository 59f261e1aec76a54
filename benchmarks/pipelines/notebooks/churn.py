# Telco churn -- exported from notebook 03_churn_final_v2.ipynb
import warnings

import joblib
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")

# In[1]: load
df = pd.read_csv("data/telco_customers.csv")
tickets = pd.read_csv("data/support_tickets.csv", parse_dates=["opened_on"])
print(df.shape, tickets.shape)
print(df.head())
print(df.describe())

# In[2]: TotalCharges is text with blanks
df["TotalCharges"] = pd.to_numeric(df["TotalCharges"], errors="coerce")
print(df["TotalCharges"].isnull().sum(), "blank totals")
df["TotalCharges"] = df["TotalCharges"].fillna(df["tenure"] * df["MonthlyCharges"])

# In[3]: a look at the data
print(pd.crosstab(df["gender"], df["Churn"], normalize="index"))
print(df.groupby("StreamingTV")["MonthlyCharges"].mean())
fig, ax = plt.subplots(1, 2)
ax[0].hist(df["MonthlyCharges"], bins=20)
ax[1].bar(*np.unique(tickets["agent"], return_counts=True))
plt.savefig("plots/churn_eda.png")
plt.close(fig)

# In[4]: tickets per customer
t_agg = (
    tickets.groupby("customerID")
    .agg(n_tickets=("ticket_id", "count"), total_minutes=("minutes_spent", "sum"), worst_csat=("csat", "min"))
    .reset_index()
)
billing = tickets[tickets["category"] == "Billing"].groupby("customerID").size().rename("billing_tickets").reset_index()
df = df.merge(t_agg, on="customerID", how="left")
df = df.merge(billing, on="customerID", how="left")
print(df[["n_tickets", "worst_csat"]].corr())
for c in ["n_tickets", "total_minutes", "billing_tickets"]:
    df[c] = df[c].fillna(0)

# In[5]: features
yes_no = {"Yes": 1, "No": 0}
for c in ["Partner", "Dependents", "PaperlessBilling"]:
    df[c] = df[c].map(yes_no)
df["Churn"] = df["Churn"].map(yes_no)
df["AvgCharge"] = df["TotalCharges"] / (df["tenure"] + 1)
services = ["PhoneService", "MultipleLines", "OnlineSecurity", "TechSupport"]
df["NumServices"] = (df[services] == "Yes").sum(axis=1)
df["minutes_per_ticket"] = np.where(df["n_tickets"] > 0, df["total_minutes"] / df["n_tickets"].clip(lower=1), 0)

df = pd.get_dummies(df, columns=["InternetService", "Contract", "PaymentMethod"], drop_first=True)
X = df.drop(["customerID", "gender", "Churn", "StreamingTV", "worst_csat"] + services, axis=1)
y = df["Churn"]
print(X.columns.tolist())

# In[6]: split + scale
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=42, stratify=y)
X_train, X_test = X_train.copy(), X_test.copy()
num = ["tenure", "MonthlyCharges", "TotalCharges", "AvgCharge"]
scaler = StandardScaler()
X_train[num] = scaler.fit_transform(X_train[num])
X_test[num] = scaler.transform(X_test[num])

# In[7]: models
lr = LogisticRegression(max_iter=2000)
lr.fit(X_train, y_train)
print("LR  acc", accuracy_score(y_test, lr.predict(X_test)))

top = [c for c in X_train.columns if c.startswith(("Contract", "PaymentMethod"))] + num + ["n_tickets"]
rf = RandomForestClassifier(n_estimators=100, max_depth=6, random_state=0)
rf.fit(X_train[top], y_train)
print("RF  auc", roc_auc_score(y_test, rf.predict_proba(X_test[top])[:, 1]))
imp = pd.Series(rf.feature_importances_, index=top).sort_values(ascending=False)
print(imp.head(10))

joblib.dump(lr, "models/churn_lr.joblib")
joblib.dump(rf, "models/churn_rf.joblib")
