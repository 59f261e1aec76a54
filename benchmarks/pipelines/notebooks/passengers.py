# %% [markdown]
# # Passenger survival, top 9% they say
import numpy as np
import pandas as pd
import joblib
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score, GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

# %%
train_df = pd.read_csv("data/passengers_train.csv")
test_df = pd.read_csv("data/passengers_test.csv")
combine = [train_df, test_df]
print(train_df.columns.values)
train_df.info()
print(train_df[["Pclass", "Survived"]].groupby(["Pclass"], as_index=False).mean())
print(train_df[["Parch", "Survived"]].groupby(["Parch"], as_index=False).mean().sort_values(by="Survived", ascending=False))
print(train_df.describe(include=[object, "str"]))

# %% titles out of names
for dataset in combine:
    dataset["Title"] = dataset["Name"].str.extract(r" ([A-Za-z]+)\.", expand=False)
print(pd.crosstab(train_df["Title"], train_df["Sex"]))
title_mapping = {"Mr": 1, "Miss": 2, "Mrs": 3, "Master": 4, "Rare": 5}
for dataset in combine:
    dataset["Title"] = dataset["Title"].replace(["Dr", "Col"], "Rare")
    dataset["Title"] = dataset["Title"].map(title_mapping).fillna(0)

# %% sex, deck
for dataset in combine:
    dataset["Sex"] = dataset["Sex"].map({"female": 1, "male": 0}).astype(int)
    dataset["HasCabin"] = dataset["Cabin"].notnull().astype(int)
    dataset["Deck"] = dataset["Cabin"].fillna("U").str[0]
    dataset["TicketPrefix"] = dataset["Ticket"].apply(lambda t: "none" if t[0].isdigit() else t.split(" ")[0])
print(train_df.groupby("TicketPrefix")["Survived"].mean())

# %% guess ages: median by sex and class, in a loop as in the old days
guess_ages = np.zeros((2, 3))
for dataset in combine:
    for i in range(0, 2):
        for j in range(0, 3):
            guess_df = dataset[(dataset["Sex"] == i) & (dataset["Pclass"] == j + 1)]["Age"].dropna()
            guess_ages[i, j] = guess_df.median()
    for i in range(0, 2):
        for j in range(0, 3):
            dataset.loc[(dataset.Age.isnull()) & (dataset.Sex == i) & (dataset.Pclass == j + 1), "Age"] = guess_ages[i, j]
    dataset["Age"] = dataset["Age"].astype(int)

# %% age bands by hand
train_df["AgeBand"] = pd.cut(train_df["Age"], 5)
print(train_df[["AgeBand", "Survived"]].groupby("AgeBand", observed=True).mean())
for dataset in combine:
    dataset.loc[dataset["Age"] <= 16, "Age"] = 0
    dataset.loc[(dataset["Age"] > 16) & (dataset["Age"] <= 48), "Age"] = 1
    dataset.loc[dataset["Age"] > 48, "Age"] = 2
train_df = train_df.drop(["AgeBand"], axis=1)
combine = [train_df, test_df]

# %% family
for dataset in combine:
    dataset["FamilySize"] = dataset["SibSp"] + dataset["Parch"] + 1
    dataset["IsAlone"] = 0
    dataset.loc[dataset["FamilySize"] == 1, "IsAlone"] = 1
    dataset["Age*Class"] = dataset.Age * dataset.Pclass

# %% embarked and fare
freq_port = train_df.Embarked.dropna().mode()[0]
for dataset in combine:
    dataset["Embarked"] = dataset["Embarked"].fillna(freq_port)
    dataset["Embarked"] = dataset["Embarked"].map({"S": 0, "C": 1, "Q": 2}).astype(int)
    dataset["Fare"] = dataset["Fare"].fillna(test_df["Fare"].median())
train_df["FareBand"], bins = pd.qcut(train_df["Fare"], 4, labels=[0, 1, 2, 3], retbins=True)
test_df["FareBand"] = np.digitize(test_df["Fare"], bins[1:-1])
train_df["FareBand"] = train_df["FareBand"].astype(int)
train_df["TicketGroup"] = train_df.groupby("Ticket")["PassengerId"].transform("count")
test_df["TicketGroup"] = test_df.groupby("Ticket")["PassengerId"].transform("count")

# %%
to_drop = ["Name", "Ticket", "Cabin", "TicketPrefix", "Deck", "SibSp", "Parch", "FamilySize", "Fare"]
train_df = train_df.drop(to_drop + ["PassengerId"], axis=1)
test_ids = test_df["PassengerId"]
test_df = test_df.drop(to_drop + ["PassengerId"], axis=1)
print(train_df.head(3))

# %% model, predict
X_train = train_df.drop("Survived", axis=1)
Y_train = train_df["Survived"]
X_test = test_df[X_train.columns].copy()

random_forest = RandomForestClassifier(n_estimators=60, random_state=0)
print("cv", cross_val_score(random_forest, X_train, Y_train, cv=4).mean())
random_forest.fit(X_train, Y_train)
pd.DataFrame({"PassengerId": test_ids, "Survived": random_forest.predict(X_test)}).to_csv("plots/passengers_submission.csv", index=False)

# knn on three columns
knn_cols = ["Pclass", "Sex", "Age"]
ss = StandardScaler()
Xs = ss.fit_transform(X_train[knn_cols])
gs = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [3, 5, 9]}, cv=3)
gs.fit(Xs, Y_train)
print(gs.best_params_, round(gs.best_score_, 3))

joblib.dump(random_forest, "models/passengers_rf.joblib")
joblib.dump((ss, gs.best_estimator_), "models/passengers_knn.joblib")
