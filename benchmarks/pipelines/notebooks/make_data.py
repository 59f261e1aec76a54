"""Writes every CSV under data/ (seeded)."""
import os

import numpy as np
import pandas as pd

rng = np.random.default_rng(20240611)
os.makedirs("data", exist_ok=True)
os.makedirs("models", exist_ok=True)
os.makedirs("plots", exist_ok=True)


def pick(values, n, p=None):
    return rng.choice(values, size=n, p=p)


def holes(s, share):
    s = pd.Series(s).astype(object)
    s[rng.random(len(s)) < share] = np.nan
    return s


def save(name, **cols):
    df = pd.DataFrame(cols)
    df.to_csv(f"data/{name}.csv", index=False)
    return df


# ---------------------------------------------------------------- telco churn
n = 240
ten = rng.integers(0, 72, n)
mon = rng.uniform(18, 118, n).round(2)
tot = [" " if t == 0 or i % 40 == 7 else f"{t * m:.2f}" for i, (t, m) in enumerate(zip(ten, mon))]
cid = [f"{i:04d}-{''.join(pick(list('ABCDEFG'), 4))}" for i in range(n)]
save("telco_customers", customerID=cid, gender=pick(["Male", "Female"], n), SeniorCitizen=pick([0, 1], n, [.8, .2]),
     Partner=pick(["Yes", "No"], n), Dependents=pick(["Yes", "No"], n), tenure=ten,
     PhoneService=pick(["Yes", "No"], n, [.9, .1]), MultipleLines=pick(["Yes", "No", "No phone service"], n),
     InternetService=pick(["DSL", "Fiber optic", "No"], n), OnlineSecurity=pick(["Yes", "No"], n),
     TechSupport=pick(["Yes", "No"], n), StreamingTV=pick(["Yes", "No"], n),
     Contract=pick(["Month-to-month", "One year", "Two year"], n), PaperlessBilling=pick(["Yes", "No"], n),
     PaymentMethod=pick(["Electronic check", "Mailed check", "Credit card (automatic)"], n),
     MonthlyCharges=mon, TotalCharges=tot, Churn=pick(["Yes", "No"], n, [.35, .65]))
m = 300
save("support_tickets", ticket_id=range(9000, 9000 + m), customerID=pick(cid, m),
     opened_on=pd.to_datetime("2023-01-01") + pd.to_timedelta(rng.integers(0, 365, m), unit="D"),
     category=pick(["Billing", "Technical", "Moving"], m), minutes_spent=rng.integers(2, 90, m),
     csat=holes(rng.integers(1, 6, m), .2), agent=pick(["ana", "bob", "cy"], m))

# ---------------------------------------------------------------- house prices
def houses(n, start, with_price):
    d = dict(Id=range(start, start + n), MSSubClass=pick([20, 30, 60, 120], n), MSZoning=pick(["RL", "RM", "FV"], n),
             LotFrontage=holes(rng.integers(21, 120, n), .2), LotArea=rng.integers(1500, 20000, n),
             Street=pick(["Pave", "Grvl"], n, [.95, .05]), Neighborhood=pick(["NAmes", "Edwards", "OldTown", "Gilbert"], n),
             HouseStyle=pick(["1Story", "2Story", "SLvl"], n), OverallQual=rng.integers(2, 11, n),
             OverallCond=rng.integers(2, 10, n), YearBuilt=rng.integers(1900, 2010, n),
             YrSold=rng.integers(2006, 2011, n), MoSold=rng.integers(1, 13, n), ExterQual=pick(["Fa", "TA", "Gd", "Ex"], n),
             KitchenQual=pick(["Fa", "TA", "Gd", "Ex"], n), BsmtQual=holes(pick(["Fa", "TA", "Gd", "Ex"], n), .1),
             TotalBsmtSF=rng.integers(0, 1800, n))
    d["1stFlrSF"] = rng.integers(500, 2000, n)
    d["2ndFlrSF"] = rng.integers(0, 1400, n)
    d["GrLivArea"] = d["1stFlrSF"] + d["2ndFlrSF"]
    d.update(FullBath=rng.integers(1, 4, n), HalfBath=rng.integers(0, 3, n), GarageType=holes(pick(["Attchd", "Detchd"], n), .1),
             GarageCars=holes(rng.integers(0, 4, n), .05), PoolQC=holes(pick(["Gd", "Ex"], n), .97))
    if with_price:
        d["SalePrice"] = (50000 + 90 * d["GrLivArea"] + 12000 * d["OverallQual"] + rng.normal(0, 15000, n)).astype(int)
    return pd.DataFrame(d)


houses(200, 1, True).to_csv("data/houses_train.csv", index=False)
houses(90, 201, False).to_csv("data/houses_test.csv", index=False)

# ---------------------------------------------------------------- credit default
n = 260
lid = [f"L{i:05d}" for i in range(n)]
save("loan_applications", **{
    "loan_id": lid, "applicant_id": rng.permutation(np.arange(500, 500 + n)), "Application Date": pd.to_datetime("2022-01-01") + pd.to_timedelta(rng.integers(0, 500, n), unit="D"),
    "Loan Amount (USD)": rng.integers(1000, 40000, n), "term_months": pick([12, 24, 36, 60], n), "Interest Rate %": rng.uniform(4, 22, n).round(2),
    "purpose": pick(["car", "debt", "home", "other"], n), "annual_income": holes(rng.integers(15000, 150000, n), .08),
    "employment_years": holes(rng.integers(0, 30, n), .1), "home_ownership": pick(["RENT", "OWN", "MORTGAGE"], n), "state": pick(["CA", "NY", "TX"], n),
    "officer": pick(["o1", "o2", "o3"], n), "status": pick(["Fully Paid", "Charged Off", "Default", "Current"], n, [.55, .2, .15, .1])})
m = 300
app = pd.read_csv("data/loan_applications.csv")["applicant_id"].values
save("bureau_records", bureau_id=range(m), applicant_id=pick(app, m), credit_type=pick(["card", "mortgage", "auto"], m),
     balance=rng.integers(0, 30000, m), credit_limit=rng.integers(1000, 40000, m), days_overdue=rng.integers(0, 90, m),
     is_active=pick([0, 1], m), updated=pd.to_datetime("2021-06-01") + pd.to_timedelta(rng.integers(0, 300, m), unit="D"))

# ---------------------------------------------------------------- hospital
n = 300
pid = np.arange(1001, 1121)
enc = np.arange(70000, 70000 + n)
adm = pd.to_datetime("2021-01-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D")
save("encounters", encounter_id=enc, patient_id=pick(pid, n), admit_date=adm,
     discharge_date=adm + pd.to_timedelta(rng.integers(1, 15, n), unit="D"), ward=pick(["ICU", "MED", "SURG"], n),
     admission_type=pick(["Emergency", "Elective", "Urgent"], n), diag_code=[f"{a}{b:02d}" for a, b in zip(pick(list("EIJ"), n), rng.integers(0, 99, n))],
     num_procedures=rng.integers(0, 7, n), num_medications=rng.integers(1, 30, n), discharge_to=pick(["Home", "SNF", "Expired"], n, [.7, .25, .05]),
     bill_total=rng.uniform(900, 60000, n).round(2), readmitted=pick(["NO", "<30", ">30"], n, [.5, .25, .25]))
k = len(pid)
save("patients", patient_id=pid, birth_date=pd.to_datetime("1930-01-01") + pd.to_timedelta(rng.integers(0, 25000, k), unit="D"), sex=pick(["F", "M"], k),
     smoker=holes(pick(["Y", "N"], k), .1), weight_kg=holes(rng.uniform(45, 130, k).round(1), .1), height_cm=rng.integers(145, 200, k),
     insurer=pick(["Aetna", "Medicare", "None"], k), zip=rng.integers(10000, 10020, k))
m = 300
save("lab_results", lab_id=range(m), encounter_id=pick(enc, m), test_name=pick(["HbA1c", "Creatinine", "Sodium", "Hemoglobin"], m),
     value=rng.uniform(1, 15, m).round(2), unit=pick(["mg/dL", "%"], m), flag=pick(["H", "L", "N"], m))

# ---------------------------------------------------------------- retail demand
days = pd.date_range("2023-01-02", periods=30, freq="D")
g = [(d, s, i) for d in days for s in (1, 2) for i in ("A10", "B20", "C30", "D40", "E50")]
n = len(g)
save("daily_sales", date=[x[0] for x in g], store_nbr=[x[1] for x in g], item_sku=[x[2] for x in g], units_sold=rng.poisson(9, n),
     unit_price=rng.uniform(1, 9, n).round(2), onpromotion=pick([True, False], n, [.2, .8]), returns=rng.poisson(1, n), stock_on_hand=rng.integers(0, 80, n))
stores = 60
save("stores", store_nbr=range(1, stores + 1), city=pick(["Quito", "Cuenca", "Loja"], stores), type=pick(list("ABC"), stores),
     sqm=rng.integers(200, 2500, stores), opened=rng.integers(1990, 2020, stores), manager=pick(["p", "q", "r"], stores))
its = ["A10", "B20", "C30", "D40", "E50"] + [f"Z{i}" for i in range(55)]
save("items", sku=its, family=pick(["GROCERY", "DAIRY", "CLEANING"], 60), perishable=pick([0, 1], 60), shelf_life_days=rng.integers(2, 400, 60), supplier=pick(["s1", "s2"], 60))
cal = pd.date_range("2022-12-20", periods=60, freq="D")
save("calendar", day=cal, is_holiday=pick([0, 1], 60, [.85, .15]), holiday_name=holes(pick(["Fest", "Independence"], 60), .85), oil_price=holes(rng.uniform(60, 90, 60).round(2), .2), school_break=pick([0, 1], 60))

# ---------------------------------------------------------------- bikes
n = 300
hrs = pd.date_range("2012-03-01", periods=n, freq="3h")
cas, reg = rng.poisson(12, n), rng.poisson(60, n)
save("bike_hourly", datetime=hrs, season=((hrs.month % 12) // 3 + 1), holiday=pick([0, 1], n, [.95, .05]), workingday=(hrs.day_of_week < 5).astype(int),
     weather=pick([1, 2, 3], n), temp=rng.uniform(0, 35, n).round(1), atemp=rng.uniform(0, 38, n).round(1), humidity=rng.integers(15, 100, n),
     windspeed=rng.uniform(0, 40, n).round(1), casual=cas, registered=reg, count=cas + reg)

# ---------------------------------------------------------------- loan marketing (bank, semicolon)
n = 280
pd.DataFrame({"age": rng.integers(19, 85, n), "job": pick(["admin.", "blue-collar", "technician", "retired", "unknown"], n), "marital": pick(["single", "married", "divorced"], n),
              "education": pick(["basic.4y", "high.school", "university.degree", "unknown"], n), "default": pick(["no", "yes"], n, [.9, .1]), "balance": rng.integers(-500, 9000, n), "housing": pick(["yes", "no"], n),
              "loan": pick(["yes", "no"], n), "contact": pick(["cellular", "telephone"], n), "month": pick(["mar", "may", "jun", "nov"], n), "day_of_week": pick(["mon", "tue", "wed"], n),
              "duration": rng.integers(5, 1800, n), "campaign": rng.integers(1, 12, n), "pdays": pick([999, 3, 6, 9], n, [.7, .1, .1, .1]), "previous": rng.integers(0, 5, n), "poutcome": pick(["nonexistent", "failure", "success"], n),
              "euribor3m": rng.uniform(.6, 5, n).round(3), "y": pick(["no", "yes"], n, [.8, .2])}).to_csv("data/bank_campaign.csv", sep=";", index=False)

# ---------------------------------------------------------------- passengers
def passengers(n, start, with_y):
    title = pick(["Mr.", "Mrs.", "Miss.", "Master.", "Dr.", "Col."], n, [.45, .2, .2, .07, .05, .03])
    d = {"PassengerId": range(start, start + n)}
    if with_y:
        d["Survived"] = pick([0, 1], n, [.6, .4])
    d.update(Pclass=pick([1, 2, 3], n), Name=[f"{a}, {t} {b}" for a, t, b in zip(pick(["Moran", "Allen", "Sloper", "Palsson"], n), title, pick(["Jo", "Kim", "Lee"], n))],
             Sex=np.where(np.isin(title, ["Mrs.", "Miss."]), "female", "male"), Age=holes(rng.integers(1, 75, n), .2), SibSp=rng.integers(0, 4, n), Parch=rng.integers(0, 3, n),
             Ticket=[f"{p}{x}" for p, x in zip(pick(["", "PC ", "A/5 "], n), rng.integers(1000, 1060, n))], Fare=holes(rng.gamma(2, 16, n).round(3), .02),
             Cabin=holes([f"{a}{b}" for a, b in zip(pick(list("ABCDE"), n), rng.integers(1, 99, n))], .6), Embarked=holes(pick(["S", "C", "Q"], n), .03))
    return pd.DataFrame(d)


passengers(220, 1, True).to_csv("data/passengers_train.csv", index=False)
passengers(80, 221, False).to_csv("data/passengers_test.csv", index=False)

# ---------------------------------------------------------------- HR
n = 230
emp = np.arange(1, n + 1)
save("hr_employees", **{"Employee Number": emp, "Age": rng.integers(20, 62, n), "Department": pick(["Sales", "R&D", "HR"], n), "Job Level": rng.integers(1, 6, n), "Gender": pick(["Male", "Female"], n),
                        "Monthly Income": rng.integers(1500, 18000, n), "Hourly Rate": rng.integers(30, 100, n), "OverTime": pick(["Yes", "No"], n), "Business Travel": pick(["Non-Travel", "Travel_Rarely", "Travel_Frequently"], n),
                        "Distance From Home": rng.integers(1, 30, n), "Total Working Years": rng.integers(0, 35, n), "Years At Company": rng.integers(0, 25, n), "Num Companies Worked": holes(rng.integers(0, 9, n), .05),
                        "Employee Count": 1, "Over18": "Y", "Standard Hours": 80, "Contract Type": pick(["permanent", "intern"], n, [.93, .07]), "Attrition": pick(["Yes", "No"], n, [.3, .7])})
save("hr_survey", EmployeeID=emp, Q1_environment=holes(rng.integers(1, 5, n), .1), Q2_job=holes(rng.integers(1, 5, n), .1), Q3_balance=rng.integers(1, 5, n), comments=pick(["ok", "bad", ""], n), submitted=pd.date_range("2023-05-01", periods=n, freq="h"))
m = 280
save("hr_absences", emp_no=pick(emp, m), month=rng.integers(1, 13, m), hours=rng.integers(1, 40, m), reason=pick(["sick", "family", "other"], m), approved_by=pick(["x", "y"], m))

# ---------------------------------------------------------------- cars
for make, models, size in [("audi", [" A1", " A3", " Q5"], 120), ("ford", [" Fiesta", " Focus", " Kuga"], 140)]:
    d = {"model": pick(models, size), "year": rng.integers(2008, 2021, size), "price": rng.integers(4000, 45000, size), "transmission": pick(["Manual", "Automatic", "Semi-Auto"], size), "mileage": rng.integers(50, 120000, size),
         "fuelType": pick(["Petrol", "Diesel", "Hybrid"], size), ("tax(£)" if make == "audi" else "tax"): rng.integers(0, 300, size), "mpg": rng.uniform(25, 70, size).round(1), "engineSize": pick(["1.0L", "1.6L", "2.0L"], size),
         "colour": pick(["red", "grey"], size), "dealer": pick(["D-01", "D-02", "D-03"], size)}
    pd.DataFrame(d).to_csv(f"data/cars_{make}.csv", index=False)
save("dealers", Dealer=["D-01", "D-02", "D-03"] + [f"X-{i:02d}" for i in range(57)], Region=pick(["North", "South", "Wales"], 60), Rating=rng.uniform(2, 5, 60).round(1), Staff=rng.integers(3, 40, 60), Phone=rng.integers(10**6, 10**7, 60))

# ---------------------------------------------------------------- buildings
nb = 60
save("building_metadata", building_id=range(nb), site_id=pick([0, 1, 2], nb), primary_use=pick(["Education", "Office", "Lodging"], nb), square_feet=rng.integers(1500, 200000, nb), year_built=holes(rng.integers(1920, 2016, nb), .3), floor_count=holes(rng.integers(1, 12, nb), .4), owner=pick(["City", "State"], nb))
w = pd.date_range("2016-01-01", periods=60, freq="6h")
wr = [(s, t) for t in w for s in (0, 1, 2)]
save("weather_hourly", site_id=[x[0] for x in wr], timestamp=[x[1] for x in wr], air_temperature=holes(rng.uniform(-5, 32, len(wr)).round(1), .05), dew_temperature=rng.uniform(-8, 20, len(wr)).round(1), cloud_coverage=holes(rng.integers(0, 9, len(wr)), .4), wind_speed=rng.uniform(0, 15, len(wr)).round(1), precip_depth=rng.integers(0, 5, len(wr)))
n = 300
save("meter_readings", **{"Bldg": rng.integers(0, nb, n), "Time": pick(w, n), "electricity_kWh": rng.uniform(1, 900, n).round(2), "chilledwater_kWh": holes(rng.uniform(0, 300, n).round(2), .3), "steam_kWh": holes(rng.uniform(0, 300, n).round(2), .5), "quality": pick(["ok", "est", "bad"], n, [.8, .15, .05])})

# ---------------------------------------------------------------- clicks
n = 300
us, ad = np.arange(1, 81), np.arange(501, 571)
save("impressions", imp_id=range(n), user_id=pick(us, n), ad_id=pick(ad, n), ts=(1700000000 + rng.integers(0, 500000, n)), device=pick(["mobile", "desktop", "tablet"], n), slot=rng.integers(1, 6, n), page_url=pick(["/home", "/news/a", "/news/b", "/shop"], n), bid=rng.uniform(.1, 3, n).round(3), cost=rng.uniform(.1, 3, n).round(3), imp_count=rng.integers(1, 9, n), clicked=pick([0, 1], n, [.7, .3]))
save("ads", ad_id=ad, advertiser=pick(["acme", "globex", "initech"], len(ad)), category=pick(["auto", "food", "travel"], len(ad)), title=pick(["Buy now!", "50% off shoes", "Fly cheap", "Free trial today"], len(ad)), country=pick(["DE", "FR", "US", "BR"], len(ad)), budget=rng.integers(100, 9000, len(ad)), created=pd.date_range("2023-01-01", periods=len(ad), freq="D"))
save("users", user_id=us, age=holes(rng.integers(16, 75, len(us)), .15), gender=pick(["f", "m", "x"], len(us)), country=pick(["DE", "FR", "US", "BR"], len(us)), signup=pd.date_range("2022-01-01", periods=len(us), freq="3D"), email=[f"u{i}@{d}" for i, d in zip(us, pick(["gmail.com", "web.de"], len(us)))])
