"""Ticket escalation and handling time."""
import joblib
import pandas as pd
from lightgbm import LGBMRegressor
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

import telecom_features as tf
from telecom_features import domain_kind, months_between

tickets = pd.read_csv("data/tickets.csv", usecols=lambda c: c != "reopened")
customers = pd.read_csv("data/telco_customers.csv").set_index("Customer Id")

print(tickets["csat"].isna().mean(), "of the tickets without csat")
print(tickets.groupby("agent")["handle_min"].mean().sort_values().head(3))
print(customers["Newsletter"].value_counts())

# ---- customers
customers["mail_kind"] = customers["email"].apply(domain_kind)
customers["Since"] = pd.to_datetime(customers["Since"])
customers.drop(["email", "Newsletter"], axis=1, inplace=True)
customers.columns = customers.columns.str.lower().str.replace(" ", "_")

# ---- tickets
tickets["channel"] = tf.clean_channel(tickets["channel"])
tickets = tf.subject_flags(tickets)
tickets["months_customer"] = months_between(
    tickets["cust_id"].map(customers["since"]), pd.to_datetime(tickets["opened"])
)
tickets = tickets.sort_values("opened")
tickets["earlier_tickets"] = tickets.groupby("cust_id").cumcount()
tickets = tf.date_parts(tickets, "opened")
tickets = tf.frequency(tickets, ["agent"])
tickets["prio"] = tickets["priority"].str[1].astype(int)

both = tickets.join(customers, on="cust_id")
print(both.columns.tolist())

y_escalated = both.pop("escalated").map({"Yes": 1, "No": 0})
y_minutes = both.pop("handle_min")
both = both.drop(columns=["ticket", "cust_id", "subject", "priority", "csat", "since"])
X = pd.get_dummies(both, columns=["channel", "mail_kind", "tariff"], drop_first=True)
X = X.drop(columns=[c for c in X.columns if c.startswith("region") or c == "shouting"])

X_train, X_test, e_train, e_test, m_train, m_test = train_test_split(
    X, y_escalated, y_minutes, test_size=0.25, random_state=11
)

forest = RandomForestClassifier(n_estimators=60, class_weight="balanced", random_state=11)
forest.fit(X_train, e_train)
print("escalation accuracy", forest.score(X_test, e_test))

# handling time: without what the agent only knows later on
time_cols = X_train.columns.difference(["prio", "earlier_tickets", "agent_freq"])
minutes = LGBMRegressor(n_estimators=40, num_leaves=5, verbose=-1)
minutes.fit(X_train[time_cols], m_train)
print("minutes r2", minutes.score(X_test[time_cols], m_test))

joblib.dump({"model": forest, "columns": list(X.columns)}, "models/telecom_tickets_escalation.joblib")
joblib.dump(minutes, "models/telecom_tickets_minutes.joblib")
