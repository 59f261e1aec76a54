"""Match outcome model: home / draw / away."""
from collections import defaultdict
from dataclasses import dataclass, field

import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier


@dataclass
class Elo:
    k: float = 20.0
    home_bonus: float = 60.0
    ratings: dict = field(default_factory=lambda: defaultdict(lambda: 1500.0))

    def before_and_update(self, home, away, goals_home, goals_away):
        diff = self.ratings[home] + self.home_bonus - self.ratings[away]
        expected = 1 / (1 + 10 ** (-diff / 400))
        outcome = 1.0 if goals_home > goals_away else 0.5 if goals_home == goals_away else 0.0
        change = self.k * (outcome - expected)
        self.ratings[home] += change
        self.ratings[away] -= change
        return diff


class TeamForm:
    """Rolling figures per team, from a long table with one row a team and match."""

    def __init__(self, window=4):
        self.window = window

    def long(self, matches):
        home = matches[["match_id", "Date", "HomeTeam", "FTHG", "FTAG", "HS"]].copy()
        home.columns = ["match_id", "Date", "team", "scored", "conceded", "shots"]
        away = matches[["match_id", "Date", "AwayTeam", "FTAG", "FTHG", "AS"]].copy()
        away.columns = home.columns
        return pd.concat([home, away], ignore_index=True).sort_values(["Date", "match_id"])

    def transform(self, matches):
        rows = self.long(matches)
        rows["points"] = np.select(
            [rows.scored > rows.conceded, rows.scored == rows.conceded], [3, 1], default=0
        )
        by_team = rows.groupby("team")
        for col in ("points", "shots"):
            rows["form_" + col] = by_team[col].transform(
                lambda s: s.shift().rolling(self.window, min_periods=1).mean()
            )
        rows["rest_days"] = by_team["Date"].diff().dt.days.clip(upper=14)
        return rows[["match_id", "team", "form_points", "form_shots", "rest_days"]]


class MatchTable:
    def __init__(self):
        self.matches = pd.read_csv("data/matches.csv")
        self.teams = pd.read_csv("data/teams.csv").rename(columns={"Squad Value (m)": "value", "Avg Age": "avg_age"})
        self.matches["Date"] = pd.to_datetime(self.matches["Date"], format="%d/%m/%y")
        self.matches = self.matches.sort_values("Date").reset_index(drop=True)

    def summary(self):
        m = self.matches
        print("goals a match", (m.FTHG + m.FTAG).mean().round(2), "cards", (m.HY + m.AY).mean().round(2))
        print(m.groupby("Referee")[["HY", "AY"]].mean().round(2))
        print(m["Attendance"].describe().round(0))

    def build(self):
        m = self.matches
        elo = Elo()
        m["elo_diff"] = [
            elo.before_and_update(r.HomeTeam, r.AwayTeam, r.FTHG, r.FTAG) for r in m.itertuples()
        ]
        form = TeamForm().transform(m)
        for side in ("Home", "Away"):
            m = m.merge(
                form.add_suffix("_" + side),
                left_on=["match_id", side + "Team"], right_on=["match_id_" + side, "team_" + side],
            )
        m = m.merge(self.teams, left_on="HomeTeam", right_on="Team")
        m = m.merge(self.teams, left_on="AwayTeam", right_on="Team", suffixes=("_h", "_a"))
        m["value_ratio"] = np.log(m["value_h"] / m["value_a"])
        m["form_gap"] = m["form_points_Home"] - m["form_points_Away"]
        odds = 1 / m[["B365H", "B365D", "B365A"]]
        m[["p_h", "p_d", "p_a"]] = odds.div(odds.sum(axis=1), axis=0)
        m["result"] = np.where(m.FTHG > m.FTAG, 2, np.where(m.FTHG == m.FTAG, 1, 0))
        return m.dropna(subset=["form_points_Home", "form_points_Away"]).sort_values("Date")


if __name__ == "__main__":
    source = MatchTable()
    source.summary()
    games = source.build()
    n = int(0.75 * len(games))
    past, future = games.iloc[:n], games.iloc[n:]

    market = ["p_h", "p_d", "elo_diff"]
    sc = StandardScaler().fit(past[market])
    logit = LogisticRegression().fit(sc.transform(past[market]), past["result"])
    print("market", accuracy_score(future["result"], logit.predict(sc.transform(future[market]))))

    own = ["form_gap", "form_shots_Home", "form_shots_Away", "rest_days_Home", "value_ratio", "avg_age_h"]
    xgbc = XGBClassifier(n_estimators=30, max_depth=2, n_jobs=1)
    xgbc.fit(past[own], past["result"])
    print("own", accuracy_score(future["result"], xgbc.predict(future[own])))

    joblib.dump((sc, logit), "models/sports_matches_market.joblib")
    joblib.dump(xgbc, "models/sports_matches_own.joblib")
