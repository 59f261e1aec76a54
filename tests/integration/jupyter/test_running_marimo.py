"""A marimo notebook under `whence run`: recorded as the Python program that it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import environment, run_plain, run_recorded, whence

pytest.importorskip("marimo")

APP = """
import marimo

app = marimo.App()


@app.cell
def _():
    import joblib
    import pandas as pd
    from sklearn.linear_model import LogisticRegression
    return LogisticRegression, joblib, pd


@app.cell
def _(LogisticRegression, df):
    model = LogisticRegression().fit(df[["a"]], df["y"])
    print("fitted", model.coef_.shape)
    return (model,)


@app.cell
def _(pd):
    df = pd.read_csv("raw.csv")
    return (df,)


@app.cell
def _(joblib, model):
    joblib.dump(model, "m.joblib")
    return


if __name__ == "__main__":
    app.run()
"""


def test_it_runs_as_plainly_and_its_model_is_traced(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    rows = "".join(f"{at % 7},{at % 2}\n" for at in range(60))
    (tmp_path / "raw.csv").write_text(f"a,y\n{rows}")
    home = environment(HOME=str(tmp_path / "home"), XDG_CONFIG_HOME=str(tmp_path / "home/.config"))
    plain = run_plain(tmp_path, "app.py", env=home)
    assert (plain.code, plain.stdout) == (0, b"fitted (1, 1)\n"), plain.stderr
    assert run_recorded(tmp_path, "app.py", env=home) == plain

    traced = json.loads(whence(tmp_path, "trace", "m.joblib", "--json").stdout)
    assert {"raw.csv", "app.py", "LogisticRegression.fit"} <= {n["name"] for n in traced["nodes"]}
    [run] = json.loads(whence(tmp_path, "log", "--json").stdout)["nodes"]
    flow = json.loads(whence(tmp_path, "flow", run["id"], "--json").stdout)
    codes = {gap["code"] for gap in flow["completeness"]["gaps"]}
    assert flow["edges"] or "flow-unresolved" in codes  # never silence
