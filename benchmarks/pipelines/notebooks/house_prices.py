# House Prices: Advanced Regression (kaggle kernel, cleaned up)
import numpy as np
import pandas as pd
import joblib
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import Lasso
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import RobustScaler

train = pd.read_csv('data/houses_train.csv')
test = pd.read_csv('data/houses_test.csv')

train_ID = train['Id']
test_ID = test['Id']
train.drop("Id", axis=1, inplace=True)
test.drop("Id", axis=1, inplace=True)

plt.scatter(train['GrLivArea'], train['SalePrice'])
plt.savefig('plots/house_outliers.png')
plt.close()
# deleting outliers
train = train.drop(train[(train['OverallCond'] < 3) & (train['SalePrice'] > 300000)].index).reset_index(drop=True)

print(train.select_dtypes(include='number').corr()['SalePrice'].sort_values(ascending=False).head(8))

train["SalePrice"] = np.log1p(train["SalePrice"])
ntrain = train.shape[0]
ntest = test.shape[0]
y_train = train.SalePrice.values
all_data = pd.concat((train, test)).reset_index(drop=True)
all_data.drop(['SalePrice'], axis=1, inplace=True)
print("all_data size is : {}".format(all_data.shape))

# missing data
all_data_na = (all_data.isnull().sum() / len(all_data)) * 100
print(all_data_na[all_data_na > 0].sort_values(ascending=False))
all_data["LotFrontage"] = all_data.groupby("Neighborhood")["LotFrontage"].transform(lambda x: x.fillna(x.median()))
for col in ('GarageType', 'BsmtQual'):
    all_data[col] = all_data[col].fillna('None')
all_data['GarageCars'] = all_data['GarageCars'].fillna(0)
all_data = all_data.drop(['Street', 'PoolQC'], axis=1)

# ordinal quality columns
qual = {'None': 0, 'Fa': 1, 'TA': 2, 'Gd': 3, 'Ex': 4}
for c in ['ExterQual', 'KitchenQual', 'BsmtQual']:
    all_data[c] = all_data[c].map(qual).astype(int)
# really categorical
all_data['MSSubClass'] = all_data['MSSubClass'].apply(str)
all_data['YrSold'] = all_data['YrSold'].astype(str)

all_data['TotalSF'] = all_data['TotalBsmtSF'] + all_data['1stFlrSF'] + all_data['2ndFlrSF']
all_data['TotalBath'] = all_data['FullBath'] + 0.5 * all_data['HalfBath']
all_data['Age'] = all_data['YrSold'].astype(int) - all_data['YearBuilt']
all_data['IsNew'] = 0
all_data.loc[all_data['Age'] <= 3, 'IsNew'] = 1
all_data['Has2nd'] = all_data['2ndFlrSF'].apply(lambda v: 1 if v > 0 else 0)
all_data['QualScore'] = all_data['OverallQual'] * all_data['ExterQual']
all_data = all_data.drop(columns=['1stFlrSF', '2ndFlrSF', 'FullBath', 'HalfBath', 'MoSold', 'OverallCond'])

# Log-transform the skewed numeric features
for f in ['LotArea', 'GrLivArea']:
    all_data[f] = np.log1p(all_data[f])

all_data = pd.get_dummies(all_data)
print(all_data.shape)
train = all_data[:ntrain]
test = all_data[ntrain:]

n_folds = 5
kf = KFold(n_folds, shuffle=True, random_state=42)


def rmsle_cv(model):
    return np.sqrt(-cross_val_score(model, train.values, y_train, scoring="neg_mean_squared_error", cv=kf))


lasso = make_pipeline(RobustScaler(), Lasso(alpha=0.0005, random_state=1, max_iter=20000))
GBoost = GradientBoostingRegressor(n_estimators=150, learning_rate=0.05, max_depth=3, loss='huber', random_state=5)

score = rmsle_cv(lasso)
print("Lasso score: {:.4f} ({:.4f})".format(score.mean(), score.std()))

oof = np.zeros(ntrain)
for tr_idx, va_idx in kf.split(train):
    GBoost.fit(train.iloc[tr_idx], y_train[tr_idx])
    oof[va_idx] = GBoost.predict(train.iloc[va_idx])
print("GBoost oof rmse", np.sqrt(mean_squared_error(y_train, oof)))

lasso.fit(train, y_train)
sub = pd.DataFrame({'Id': test_ID, 'SalePrice': np.expm1(lasso.predict(test))})
sub.to_csv('plots/house_submission.csv', index=False)
joblib.dump(lasso, 'models/house_prices_lasso.joblib')
joblib.dump(GBoost, 'models/house_prices_gb.joblib')
