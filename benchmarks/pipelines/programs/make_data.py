"""Writes every CSV used by the scripts in this folder (seeded)."""
import os
import numpy as np
import pandas as pd

rng = np.random.default_rng(20240611)
os.makedirs("data", exist_ok=True)
os.makedirs("models", exist_ok=True)


def holes(df, cols, p=0.06):
    for c in cols:
        m = rng.random(len(df)) < p
        df[c] = df[c].astype(object if df[c].dtype == object or str(df[c].dtype) == "str" else float)
        df.loc[m, c] = np.nan
    return df


def save(df, name):
    df.to_csv(f"data/{name}.csv", index=False)


# ---- machine failures ------------------------------------------------------
nm = 24
machines = pd.DataFrame({
    "machine_id": [f"M{i:03d}" for i in range(nm)],
    "Model": rng.choice(["MX-1", "MX-2", "TR-9"], nm),
    "install_year": rng.integers(2005, 2021, nm),
    "Plant": rng.choice(["Gent", "Lyon", "Turin"], nm),
    "vendor": rng.choice(["Bosch", "ABB"], nm),
    "Rated Power [kW]": rng.choice([15, 22, 37, 55], nm),
    "serial": [f"SN{rng.integers(1e6)}" for _ in range(nm)],
})
save(machines, "machines")
rows = []
for m in machines.machine_id:
    for d in range(12):
        rows.append((m, pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=d)))
tele = pd.DataFrame(rows, columns=["machine", "week"])
n = len(tele)
tele["volt"] = rng.normal(170, 12, n).round(2)
tele["Rotation (rpm)"] = rng.normal(450, 40, n).round(1)
tele["pressure"] = rng.normal(100, 9, n).round(2)
tele["vibration"] = rng.gamma(4, 10, n).round(2)
tele["ambient_c"] = rng.normal(21, 4, n).round(1)
tele["operator"] = rng.choice(["ann", "bo", "cy"], n)
tele["error_count"] = rng.poisson(1.2, n)
tele["failed_next"] = ((tele.vibration + 12 * tele.error_count + rng.normal(0, 10, n)) > 65).astype(int)
save(tele, "telemetry")
maint = pd.DataFrame({
    "machineID": rng.choice(machines.machine_id, 90),
    "date": pd.Timestamp("2022-06-01") + pd.to_timedelta(rng.integers(0, 200, 90), unit="D"),
    "component": rng.choice(["belt", "bearing", "motor"], 90),
    "cost EUR": rng.gamma(3, 80, 90).round(2),
    "downtime_h": rng.gamma(2, 2, 90).round(1),
    "technician": rng.choice(["T1", "T2", "T3", "T4"], 90),
})
save(maint, "maintenance")

# ---- wine ------------------------------------------------------------------
n = 260
wine = pd.DataFrame({
    "fixed acidity": rng.normal(8, 1.5, n).round(1),
    "volatile acidity": rng.gamma(5, 0.1, n).round(2),
    "citric acid": rng.beta(2, 5, n).round(2),
    "residual sugar": rng.gamma(2, 1.5, n).round(1),
    "chlorides": rng.gamma(8, 0.01, n).round(3),
    "free sulfur dioxide": rng.integers(3, 60, n),
    "total sulfur dioxide": rng.integers(60, 200, n),
    "density": rng.normal(0.996, 0.002, n).round(5),
    "pH": rng.normal(3.3, 0.15, n).round(2),
    "sulphates": rng.gamma(12, 0.055, n).round(2),
    "alcohol": rng.normal(10.4, 1, n).round(1),
    "colour": rng.choice(["red", "white", "rosé"], n, p=[.5, .4, .1]),
    "taster": rng.choice(["A", "B", "C"], n),
    "bottle_no": np.arange(n) + 1000,
})
wine["quality"] = np.clip(np.round(5 + (wine.alcohol - 10.4) * .7 - 2 * (wine["volatile acidity"] - .5)
                                   + rng.normal(0, .6, n)), 3, 8).astype(int)
wine.to_csv("data/winequality.csv", index=False, sep=";")

# ---- crops -----------------------------------------------------------------
nf = 40
fields = pd.DataFrame({
    "field": np.arange(1, nf + 1),
    "farm": rng.choice(["Hill", "River", "Oak", "Mill", "West"], nf),
    "Soil Type": rng.choice(["clay", "loam", "sand"], nf),
    "area_ha": rng.gamma(4, 3, nf).round(1),
    "slope_pct": rng.gamma(2, 2, nf).round(1),
    "owner": [f"owner{i}" for i in range(nf)],
    "soil_ph": rng.normal(6.5, .5, nf).round(1),
})
save(fields, "fields")
yl = pd.DataFrame([(f, y) for f in fields.field for y in range(2018, 2024)], columns=["Field ID", "Year"])
n = len(yl)
yl["Crop"] = rng.choice(["wheat", "barley", "maize"], n)
yl["N kg/ha"] = rng.normal(140, 30, n).round(0)
yl["P kg/ha"] = rng.normal(40, 10, n).round(0)
yl["sowing date"] = [f"{y}-{rng.integers(3, 5):02d}-{rng.integers(1, 28):02d}" for y in yl.Year]
yl["harvest date"] = [f"{y}-{rng.integers(8, 10):02d}-{rng.integers(1, 28):02d}" for y in yl.Year]
yl["Tonnes"] = (rng.normal(60, 15, n) + .1 * yl["N kg/ha"]).round(1)
yl["moisture"] = rng.normal(14, 1, n).round(1)
yl["irrigated"] = rng.choice(["Y", "N"], n)
yl["remark"] = rng.choice(["", "hail", "ok"], n)
save(holes(yl, ["moisture", "P kg/ha"]), "harvests")
save(pd.DataFrame([(y, m, round(rng.gamma(3, 20), 1), round(rng.normal(4 + 1.4 * m, 2), 1), int(rng.integers(80, 280)))
                   for y in range(2018, 2024) for m in range(3, 13)],
                  columns=["year", "month", "rain_mm", "temp_mean", "sun_h"]), "weather_months")

# ---- insurance -------------------------------------------------------------
n = 150
pol = pd.DataFrame({
    "PolicyNo": [f"P{10000 + i}" for i in range(n)],
    "HolderAge": rng.integers(18, 85, n),
    "Gender": rng.choice(["F", "M"], n),
    "VehicleClass": rng.choice(["A", "B", "C", "SUV"], n),
    "BonusMalus": rng.integers(50, 180, n),
    "Annual Premium": rng.gamma(8, 80, n).round(2),
    "Exposure": rng.uniform(.2, 1, n).round(3),
    "PostCode": rng.choice(["1010", "2020", "2345", "9000"], n),
    "Agent": rng.choice(["ag1", "ag2", "ag3"], n),
    "Start": [f"{rng.integers(1, 28):02d}/{rng.integers(1, 12):02d}/20{rng.integers(15, 23)}" for _ in range(n)],
})
save(pol, "policies")
nc = 280
cl = pd.DataFrame({
    "claim_id": np.arange(nc),
    "policy": rng.choice(pol.PolicyNo, nc),
    "ClaimAmount": rng.gamma(2, 900, nc).round(2),
    "Reported": [f"{rng.integers(1, 28):02d}/{rng.integers(1, 12):02d}/2023" for _ in range(nc)],
    "Peril": rng.choice(["theft", "collision", "glass", "hail"], nc, p=[.2, .5, .2, .1]),
    "Witnesses": rng.integers(0, 4, nc),
    "PoliceReport": rng.choice(["yes", "no", "?"], nc),
    "garage": rng.choice(["G1", "G2", "G3"], nc),
    "adjuster_score": rng.normal(0, 1, nc).round(2),
})
cl["Fraud"] = np.where((cl.ClaimAmount / 1500 + rng.normal(0, .8, nc) - .3 * cl.Witnesses) > 1.2, "Y", "N")
save(cl, "claims")
save(pd.DataFrame({"PostCode": ["1010", "2020", "2345", "9000"], "Density": [5200, 880, 120, 2400],
                   "RiskZone": [3, 2, 1, 2], "mayor": list("abcd")}), "postcodes")

# ---- air quality -----------------------------------------------------------
days = pd.date_range("2023-03-01", periods=60, freq="D")
ro = []
for s in ["ST01", "ST02", "ST03"]:
    for d in days:
        ro.append((s, d.date(), *np.round([rng.gamma(4, 5), rng.gamma(3, 4), rng.gamma(5, 4), rng.normal(50, 12)], 1),
                   round(rng.uniform(3.1, 4.2), 2), rng.choice(["ok", "ok", "ok", "cal"])))
aq = pd.DataFrame(ro, columns=["station", "date", "PM10 (ug/m3)", "PM2.5 (ug/m3)", "NO2", "O3", "battery_v", "flag"])
save(holes(aq, ["NO2", "O3"]), "sensor_wide")
wx = pd.DataFrame([(d.date(), v, round(x, 2)) for d in days for v, x in
                   [("wind", rng.gamma(3, 1.2)), ("temp", rng.normal(12, 5)), ("humidity", rng.uniform(30, 95)),
                    ("pressure", rng.normal(1013, 6))]], columns=["day", "variable", "reading"])
wx["qc"] = rng.choice([0, 1], len(wx))
save(wx, "meteo_long")
save(pd.DataFrame({"code": ["ST01", "ST02", "ST03"], "Altitude_m": [12, 80, 240], "kind": ["urban", "traffic", "rural"],
                   "lat": [51.1, 51.2, 50.9], "lon": [3.7, 3.8, 4.1]}), "stations")

# ---- students --------------------------------------------------------------
ns = 120
st = pd.DataFrame({
    "StudentID": np.arange(7000, 7000 + ns),
    "School": rng.choice(["North", "South", "East"], ns),
    "sex": rng.choice(["F", "M"], ns),
    "Age": rng.integers(15, 20, ns),
    "Mother Edu": rng.integers(0, 5, ns),
    "Father Edu": rng.integers(0, 5, ns),
    "travel_min": rng.integers(5, 70, ns),
    "absences": rng.poisson(5, ns),
    "study_time": rng.choice(["<2h", "2-5h", "5-10h", ">10h"], ns),
    "internet": rng.choice(["yes", "no"], ns),
    "nickname": [f"nick{i}" for i in range(ns)],
})
save(st, "students")
ex = pd.DataFrame([(s, sub, t) for s in st.StudentID for sub in ["Math", "Bio", "Lang"] for t in (1, 2)],
                  columns=["student", "Subject", "term"])
ex["Score"] = np.clip(rng.normal(60, 15, len(ex)), 0, 100).round(0)
ex["max_score"] = rng.choice([100, 120], len(ex))
ex["examiner"] = rng.choice(["X", "Y", "Z"], len(ex))
save(ex, "exams")
fin = pd.DataFrame({"sid": st.StudentID, "final_grade": np.clip(rng.normal(11, 3, ns), 0, 20).round(1),
                    "awarded_on": "2024-06-30", "board": rng.choice(["b1", "b2"], ns),
                    "survey_weight": rng.uniform(.5, 2, ns).round(2)})
save(fin, "finals")

# ---- telecom tickets -------------------------------------------------------
nu = 90
cu = pd.DataFrame({
    "Customer Id": np.arange(1, nu + 1),
    "Tariff": rng.choice(["S", "M", "L", "XL"], nu),
    "Monthly Fee": rng.choice([9.9, 19.9, 29.9, 49.9], nu),
    "Since": [f"20{rng.integers(10, 23)}-{rng.integers(1, 13):02d}-15" for _ in range(nu)],
    "Region": rng.choice(["N", "S", "E", "W"], nu),
    "email": [f"user{i}@{rng.choice(['gmail.com', 'proximus.be', 'corp.io'])}" for i in range(nu)],
    "Newsletter": rng.choice(["Y", "N"], nu),
})
save(cu, "telco_customers")
nt = 240
subj = ["No internet since %d days", "Invoice %d too high!", "router BROKEN again", "Slow wifi in room %d", "How do I change tariff?"]
tk = pd.DataFrame({
    "ticket": np.arange(nt),
    "cust_id": rng.integers(1, nu + 1, nt),
    "opened": [f"2023-{rng.integers(1, 13):02d}-{rng.integers(1, 28):02d} {rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}" for _ in range(nt)],
    "channel": rng.choice(["Phone", "chat ", "MAIL", "phone"], nt),
    "subject": [(lambda t: t % rng.integers(1, 50) if "%d" in t else t)(rng.choice(subj)) for _ in range(nt)],
    "priority": rng.choice(["P1", "P2", "P3"], nt),
    "agent": rng.choice([f"a{i}" for i in range(8)], nt),
    "handle_min": rng.gamma(3, 8, nt).round(1),
    "reopened": rng.integers(0, 3, nt),
    "csat": rng.choice([1, 2, 3, 4, 5, np.nan], nt),
})
tk["escalated"] = rng.choice(["Yes", "No"], nt, p=[.35, .65])
save(tk, "tickets")

# ---- sports ----------------------------------------------------------------
teams = [f"FC {x}" for x in ["Arden", "Brook", "Cove", "Dale", "Elm", "Fern", "Gale", "Holt"]]
mt, k = [], 0
for rnd in range(2):
    for h in teams:
        for a in teams:
            if h != a:
                mt.append((k, h, a)); k += 1
ma = pd.DataFrame(mt, columns=["match_id", "HomeTeam", "AwayTeam"])
ma = ma.sample(frac=1, random_state=3).reset_index(drop=True)
n = len(ma)
ma["Date"] = [(pd.Timestamp("2022-08-06") + pd.Timedelta(days=int(i * 2.5))).strftime("%d/%m/%y") for i in range(n)]
ma["FTHG"] = rng.poisson(1.5, n)
ma["FTAG"] = rng.poisson(1.1, n)
ma["HS"] = rng.poisson(12, n)
ma["AS"] = rng.poisson(9, n)
ma["HY"] = rng.poisson(2, n)
ma["AY"] = rng.poisson(2, n)
ma["Referee"] = rng.choice(["R. Smith", "T. Jones", "K. Lund"], n)
ma["Attendance"] = rng.integers(2000, 30000, n)
ma["B365H"] = rng.uniform(1.3, 5, n).round(2)
ma["B365D"] = rng.uniform(2.8, 4, n).round(2)
ma["B365A"] = rng.uniform(1.5, 7, n).round(2)
save(ma, "matches")
save(pd.DataFrame({"Team": teams, "Stadium": [t + " Park" for t in teams], "Squad Value (m)": rng.gamma(4, 10, 8).round(1),
                   "Avg Age": rng.normal(26, 1.5, 8).round(1), "Founded": rng.integers(1880, 1990, 8)}), "teams")

# ---- flights ---------------------------------------------------------------
n = 300
fl = pd.DataFrame({
    "FL_DATE": [f"2023-{rng.integers(1, 13):02d}-{rng.integers(1, 28):02d}" for _ in range(n)],
    "OP_CARRIER": rng.choice(["AA", "DL", "UA", "WN"], n),
    "FL_NUM": rng.integers(100, 3000, n),
    "ORIGIN": rng.choice(["ATL", "ORD", "DEN", "JFK"], n),
    "DEST": rng.choice(["LAX", "SFO", "SEA", "MIA"], n),
    "CRS_DEP_TIME": [int(h) * 100 + int(m) for h, m in zip(rng.integers(5, 23, n), rng.integers(0, 60, n))],
    "DEP_DELAY": rng.normal(8, 25, n).round(0),
    "TAXI_OUT": rng.gamma(4, 4, n).round(0),
    "DISTANCE": rng.integers(300, 2800, n),
    "ARR_DELAY": 0.0,
    "CANCELLED": rng.choice([0, 1], n, p=[.95, .05]),
    "TAIL_NUM": [f"N{rng.integers(100, 160)}" for _ in range(n)],
})
fl["ARR_DELAY"] = (fl.DEP_DELAY + rng.normal(0, 10, n)).round(0)
save(holes(fl, ["TAXI_OUT", "DEP_DELAY"]), "flights")
save(pd.DataFrame({"iata": ["ATL", "ORD", "DEN", "JFK", "LAX", "SFO", "SEA", "MIA"], "city": list("ABCDEFGH"),
                   "runways": [5, 8, 6, 4, 4, 4, 3, 4], "elev_ft": [1026, 672, 5434, 13, 125, 13, 433, 8],
                   "hub": ["DL", "UA", "UA", "DL", "DL", "UA", "DL", "AA"]}), "airports")
save(pd.DataFrame({"TailNum": [f"N{i}" for i in range(100, 160)], "Type": rng.choice(["B737", "A320", "E175"], 60),
                   "Year": rng.integers(1995, 2022, 60), "Seats": rng.choice([76, 150, 180], 60),
                   "Engine": rng.choice(["CFM", "PW"], 60)}), "planes")

# ---- lab -------------------------------------------------------------------
n = 220
lab = pd.DataFrame({
    "pid": np.arange(n),
    "Sex": rng.choice(["m", "f"], n),
    "Age (y)": rng.integers(20, 90, n),
    "ALB": rng.normal(41, 5, n).round(1),
    "ALP": rng.normal(68, 20, n).round(1),
    "ALT": rng.gamma(4, 7, n).round(1),
    "AST": rng.gamma(5, 6, n).round(1),
    "BIL": rng.gamma(2, 5, n).round(1),
    "CHOL": rng.normal(5.3, 1, n).round(2),
    "CREA": rng.normal(80, 15, n).round(0),
    "GGT": rng.gamma(2, 18, n).round(1),
    "ward": rng.choice(["W1", "W2", "W3"], n),
    "analyser": rng.choice(["cobas", "atellica"], n),
    "haemolysed": rng.choice([0, 1], n, p=[.93, .07]),
})
lab["Diagnosis"] = np.where(lab.AST + .4 * lab.GGT + rng.normal(0, 6, n) > 58, "Hepatitis", "Donor")
save(holes(lab, ["ALB", "ALP", "CHOL"]), "lab_results")
save(pd.DataFrame({"patient": rng.permutation(n), "weight_kg": rng.normal(76, 12, n).round(1),
                   "height_cm": rng.normal(171, 9, n).round(0), "smoker": rng.choice(["never", "ex", "current"], n),
                   "gp_code": rng.integers(1, 30, n), "alcohol_units": rng.poisson(6, n)}), "vitals")

# ---- shop ------------------------------------------------------------------
no = 300
us = 80
save(pd.DataFrame({"sku": [f"SK{i:02d}" for i in range(30)], "Category": rng.choice(["Food", "Toys", "Home", "Tech"], 30),
                   "List Price": rng.gamma(3, 8, 30).round(2), "cost": rng.gamma(2, 4, 30).round(2),
                   "weight_g": rng.integers(20, 3000, 30), "supplier": rng.choice(["s1", "s2", "s3"], 30)}), "products")
od = pd.DataFrame({"order_id": np.arange(no), "user_id": rng.integers(0, us, no),
                   "ts": [f"2023-{rng.integers(1, 13):02d}-{rng.integers(1, 28):02d}T{rng.integers(0, 24):02d}:00:00" for _ in range(no)],
                   "device": rng.choice(["ios", "android", "web"], no), "voucher": rng.choice(["", "SPRING", "VIP"], no, p=[.7, .2, .1]),
                   "shipping": rng.choice([0, 3.9, 5.9], no), "payment": rng.choice(["card", "paypal"], no)})
save(od, "orders")
save(pd.DataFrame({"order": rng.integers(0, no, 300), "sku": [f"SK{i:02d}" for i in rng.integers(0, 30, 300)],
                   "qty": rng.integers(1, 6, 300), "discount_pct": rng.choice([0, 0, 5, 10, 20], 300),
                   "returned": rng.choice([0, 1], 300, p=[.9, .1]), "gift": rng.choice(["y", "n"], 300)}), "order_lines")
save(pd.DataFrame({"uid": np.arange(us), "signup": [f"2022-{rng.integers(1, 13):02d}-01" for _ in range(us)],
                   "birth_year": rng.integers(1950, 2005, us), "country": rng.choice(["BE", "NL", "DE"], us),
                   "opt_in": rng.choice([True, False], us), "churned": rng.choice([0, 1], us, p=[.6, .4]),
                   "utm_source": rng.choice(["ads", "seo"], us)}), "users")

# ---- satellite -------------------------------------------------------------
n = 200
sat = pd.DataFrame({"plot": [f"PL{i:03d}" for i in range(n)]})
for b in ["B02", "B03", "B04", "B08", "B11"]:
    for mth in ["apr", "jul"]:
        sat[f"{b}_{mth}"] = rng.uniform(.02, .5, n).round(4)
sat["cloud_pct_apr"] = rng.uniform(0, 40, n).round(1)
sat["cloud_pct_jul"] = rng.uniform(0, 40, n).round(1)
sat["orbit"] = rng.choice(["asc", "desc"], n)
sat["tile"] = rng.choice(["31UES", "31UFS", "31UDS", "31UET"], n)
sat["area_m2"] = rng.integers(400, 9000, n)
sat["land_cover"] = np.select([sat.B08_jul > .35, sat.B11_jul > .3], ["forest", "urban"], "crop")
save(sat, "sat_plots")
save(pd.DataFrame({"PLOT": [f"pl{i:03d}" for i in rng.permutation(n)], "dem_m": rng.normal(60, 25, n).round(1),
                   "slope deg": rng.gamma(2, 2, n).round(1), "aspect": rng.integers(0, 360, n),
                   "surveyor": rng.choice(["ik", "lm"], n), "confidence": rng.uniform(.3, 1, n).round(2)}), "terrain")
