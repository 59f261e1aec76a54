"""Two runs compared by what fed what, asked of real runs of real scripts."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.truth import Project

pytest.importorskip("sklearn")
pytest.importorskip("pandas")

pytestmark = pytest.mark.xdist_group("diff_flow")

TWO_MODELS = """
import sys
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

people = pd.read_csv(sys.argv[1])
towns = pd.read_csv("towns.csv")
X = people[["age", "income"]]
X_train, X_test, y_train, y_test = train_test_split(X, people["is_well"], random_state=0)
scaler = StandardScaler()
first = LogisticRegression(C=100.0).fit(scaler.fit_transform(X_train), y_train)
print(log_loss(y_test, first.predict_proba(scaler.transform(X_test))))
second = LinearRegression().fit(towns[["rain"]], towns["wet"])
print(second.score(towns[["rain"]], towns["wet"]))
"""

ROWS = 400


def people(changed: dict[int, tuple[int, float, int]] | None = None, more: int = 0) -> str:
    """A table in which being well goes with income, mostly; ``changed`` are other rows."""
    lines = ["age,income,town,is_well"]
    for n in range(ROWS + more):
        row = (20 + n % 50, 1000.0 + (n * 37) % 501, int((n * 37) % 501 + (n * 13) % 90 > 290))
        age, income, well = (changed or {}).get(n, row)
        lines.append(f"{age},{income},t{n % 4},{well}")
    return "\n".join(lines) + "\n"


def towns(odd: float = 0.0) -> str:
    return "rain,wet,name\n" + "".join(
        f"{n * 1.5},{n + n % 3 + (odd if n == 20 else 0)},n{n}\n" for n in range(50)
    )


def diff(project: Project, left: str, right: str) -> dict[str, Any]:
    answer: dict[str, Any] = project.json("diff", left, right)
    schema = json.loads(files("whence.query").joinpath("answer.schema.json").read_text())
    jsonschema.validate(answer, schema)
    flow: dict[str, Any] = answer["flow"]
    return flow


def changed(flow: dict[str, Any], part: str) -> dict[str, list[tuple[Any, ...]]]:
    """The calls that are not the same, with their differences in short."""
    found = {}
    for one in flow[part]:
        call = one["left"] or one["right"]
        if one["change"] != "same":
            found[call.get("class") or call["origin"]] = [
                (d["aspect"], d["key"], d["left"], d["right"])
                for d in one["differences"]
                if d["aspect"] != "content"
            ]
    return found


def reach(flow: dict[str, Any]) -> dict[str, tuple[set[tuple[str, str]], set[tuple[str, str]]]]:
    """By metric what may have moved it, and what can't have; each way to it must be known."""
    assert [one["reason"] for one in flow["metrics"] if not one["known"]] == []
    return {one["metric"]: (_causes(one["may"]), _causes(one["cannot"])) for one in flow["metrics"]}


def _causes(told: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(cause["section"], cause["key"]) for cause in told}


def tables(flow: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {table["name"]: table for one in flow["sources"] for table in one["tables"]}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Runs of one script that differ from ``base`` in one thing each."""
    project = Project(tmp_path_factory.mktemp("diff"))
    program = project.script("train.py", TWO_MODELS)

    def run(name: str, script: str = program, data: str = "people.csv") -> None:
        project.whence_run("--name", name, script, data)

    project.write("people.csv", people())
    project.write("towns.csv", towns())
    run("base")
    run("again")
    scaled = TWO_MODELS.replace("scaler = Standard", "\n\nscaler = MinMax")
    project.script("train.py", scaled)
    run("scaler")
    project.script("train.py", TWO_MODELS.replace('["age", "income"]', '["age"]'))
    run("narrow")
    project.script("train.py", TWO_MODELS.replace("LinearRegression()", "Ridge(alpha=30)")
                   .replace("import LinearRegression,", "import Ridge,"))  # fmt: skip
    run("ridge")
    project.script("train.py", TWO_MODELS)
    project.write("towns.csv", towns(99.0))
    run("town")
    project.write("towns.csv", towns())
    odd = dict.fromkeys(range(120, 128), (30, 9000.0, 0))
    project.write("people.csv", people(odd))
    run("rows")
    project.write("grown.csv", people(more=12))
    run("grown", data="grown.csv")
    return project


def test_equal_runs_are_the_same_call_by_call(project: Project) -> None:
    flow = diff(project, "base", "again")
    told = [one["change"] for one in (*flow["sources"], *flow["sinks"])]
    assert (told, flow["metrics"]) == (["same"] * 5, [])
    assert "flow  the same, 5 calls the same" in project.ask("diff", "base", "again").out


def test_changed_rows_are_told_by_column_with_the_metric_that_they_can_have_moved(
    project: Project,
) -> None:
    flow = diff(project, "base", "rows")
    assert changed(flow, "sources") == {"people.csv": []}
    assert changed(flow, "sinks") == {}
    (table,) = tables(flow).values()
    assert [(one["column"], one["rows"]) for one in table["changed"]] == [
        ("age", [{"first": 112, "last": 127}]),
        ("income", [{"first": 112, "last": 127}]),
        ("is_well", [{"first": 112, "last": 127}]),
    ]
    assert (table["same"], table["compared_rows"], table["not_compared"]) == (1, ROWS, {})
    assert reach(flow) == {"log_loss": ({("inputs", "people.csv")}, set())}
    assert flow["metrics"][0]["may"][0]["detail"] == (
        "age (feature), income (feature), is_well (label)"
    )


def test_a_file_that_feeds_another_model_can_not_reach_the_metric(project: Project) -> None:
    flow = diff(project, "rows", "town")
    may = {metric: sides[0] for metric, sides in reach(flow).items()}
    assert may == {
        "log_loss": {("inputs", "people.csv")},
        "score": {("inputs", "towns.csv")},
    }
    cannot = {metric: sides[1] for metric, sides in reach(flow).items()}
    assert cannot == {
        "log_loss": {("inputs", "towns.csv")},
        "score": {("inputs", "people.csv")},
    }
    shown = project.ask("diff", "rows", "town").out
    before = shown.partition("flow  2 calls with differences")[0]
    assert "not due to    inputs towns.csv  wet (label)" in before


def test_another_scaler_is_told_where_its_line_has_moved_too(project: Project) -> None:
    flow = diff(project, "base", "scaler")
    (name, told) = next(iter(changed(flow, "sinks").items()))
    assert (name, told[0]) == ("StandardScaler", ("class", "", "StandardScaler", "MinMaxScaler"))
    assert ("parameter", "with_mean", True, None) in told
    may, cannot = reach(flow)["log_loss"]
    assert ("sinks", "StandardScaler.fit_transform") in may
    assert cannot == set()
    assert changed(flow, "sources") == {}


def test_a_column_less_is_told_of_each_call_that_took_it(project: Project) -> None:
    flow = diff(project, "base", "narrow")
    assert changed(flow, "sinks")["StandardScaler"] == [("feature", "income", "income", None)]
    may, cannot = reach(flow)["log_loss"]
    assert ("sinks", "StandardScaler.fit_transform") in may
    assert cannot == set()


def test_another_model_can_not_reach_the_metric_of_the_first(project: Project) -> None:
    flow = diff(project, "base", "ridge")
    assert changed(flow, "sinks")["LinearRegression"][0] == (
        "class", "", "LinearRegression", "Ridge",
    )  # fmt: skip
    assert set(reach(flow)) == {"score"}
    assert ("sinks", "LinearRegression.fit") in reach(flow)["score"][0]


def test_another_input_is_told_with_the_rows_that_it_has_more(project: Project) -> None:
    flow = diff(project, "base", "grown")
    assert changed(flow, "sources") == {
        "people.csv": [("input", "people.csv", "people.csv", "grown.csv")]
    }
    (table,) = tables(flow).values()
    assert (table["left_rows"], table["right_rows"], table["changed"]) == (ROWS, ROWS + 12, [])
    assert (table["same"], table["compared_rows"]) == (4, ROWS)
    shown = project.ask("diff", "base", "grown").out
    assert "4 columns the same; 12 rows more; compared up to row 399" in shown


def test_a_metric_that_the_program_says_itself_may_come_from_anything(tmp_path: Path) -> None:
    project = Project(tmp_path)
    program = """
    import sys, pandas as pd, whence
    from sklearn.linear_model import LinearRegression
    table, other = pd.read_csv("a.csv"), pd.read_csv("b.csv")
    model = LinearRegression().fit(table[["x"]], table["y"])
    with whence.run("part") as run:
        run.log_metric("slope", float(model.coef_[0]))
    """
    project.write("a.csv", "x,y\n1,2\n2,4\n3,6\n")
    project.write("b.csv", "x\n1\n")
    project.script("said.py", program)
    project.whence_run("--name", "one", "said.py")
    project.write("a.csv", "x,y\n1,2\n2,5\n3,9\n")
    project.write("b.csv", "x\n2\n")
    project.whence_run("--name", "two", "said.py")
    (metric,) = diff(project, "one", "two")["metrics"]
    assert (metric["metric"], metric["known"]) == ("part.slope", False)
    assert metric["reason"] == "the program said it itself"
    assert _causes(metric["may"]) == {
        ("inputs", "a.csv"), ("inputs", "b.csv"),
    }  # fmt: skip
    assert metric["cannot"] == []


ONE_ON_ANOTHER = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.tree import DecisionTreeRegressor

people, towns = pd.read_csv("people.csv"), pd.read_csv("towns.csv")
other = pd.read_csv("other.csv")
base = DecisionTreeRegressor(random_state=0).fit(towns[["rain"]], towns["wet"])
people["guess"] = base.predict(people[["age"]].rename(columns={"age": "rain"}))
features = people[["guess", "income"]]
top = LogisticRegression().fit(features, people["is_well"])
print(log_loss(people["is_well"], top.predict_proba(features)))
weighed = top.predict_proba(features)[:, 1] * 0.9
print(brier_score_loss(people["is_well"], weighed))
print(cross_val_score(LogisticRegression(), other[["x"]], other["y"], cv=2))
GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2).fit(other[["x"]], other["y"])
"""


def test_what_one_model_predicted_for_another_is_on_the_way_and_what_is_not_seen_may_be(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    project.script("stack.py", ONE_ON_ANOTHER)
    project.write("people.csv", people())
    for name, odd in (("one", 0.0), ("two", 999.0)):
        project.write("towns.csv", towns(odd))
        step = 11 if odd else 7
        rows = "".join(f"{n * step % 31},{int(n * 7 % 31 > 15)}\n" for n in range(60))
        project.write("other.csv", f"x,y\n{rows}")
        project.whence_run("--name", name, "stack.py")
    told = {one["metric"]: one for one in diff(project, "one", "two")["metrics"]}
    by_sources = {
        metric: (_causes(one["may"]), _causes(one["cannot"]))
        for metric, one in told.items()
        if one["known"]
    }
    town, other = {("inputs", "towns.csv")}, {("inputs", "other.csv")}
    assert by_sources["log_loss"] == (town, other)
    assert by_sources["cross_val_score"] == (other, town)
    assert by_sources["best_score"] == (other, town)
    brier = told["brier_score_loss"]
    assert (brier["known"], brier["cannot"]) == (False, [])
    assert brier["reason"].endswith(" of brier_score_loss at stack.py:16")


def test_of_very_wide_tables_is_told_how_much_was_not_compared(tmp_path: Path) -> None:
    project = Project(tmp_path)
    width = 10_000
    header = ",".join(f"c{n}" for n in range(width))
    project.script("wide.py", "import pandas as pd\ntable = pd.read_csv('wide.csv')\n")
    for name, value in (("one", "1"), ("two", "2")):
        rows = [",".join(["0"] * width) for _ in range(8)]
        rows[5] = value + rows[5][1:]
        project.write("wide.csv", f"{header}\n" + "\n".join(rows) + "\n")
        project.whence_run("--name", name, "wide.py")
    (table,) = tables(diff(project, "one", "two")).values()
    assert table["unrecorded"] == width - 1000
    assert [(one["column"], one["rows"]) for one in table["changed"]] == [
        ("c0", [{"first": 0, "last": 7}])
    ]
    counted = len(table["changed"]) + table["same"] + sum(table["not_compared"].values())
    assert counted == 1000
    assert "9,000 more columns are not recorded" in project.ask("diff", "one", "two").out
