"""Which data fed which model, asked of real runs of real scripts."""

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

pytestmark = pytest.mark.xdist_group("flow")

THREE_TABLES = """
import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

def load(path):
    return pd.read_csv(path)

people = load("people.csv")
towns = load("towns.csv")
unread = pd.read_csv("unread.csv")
people["age_log"] = np.log(people["age"])
joined = people.merge(towns, on="town")
first = LogisticRegression().fit(joined[["age_log", "rain"]], joined["is_well"])
features = people[["age"]]
second = LinearRegression()
second.fit(features, people["is_well"])
joblib.dump(first, "first.joblib")
joblib.dump(second, "second.joblib")
"""

Told = tuple[str, int, str, int, str]


def tables(project: Project) -> None:
    rows = range(40)
    people = "".join(f"{n % 4},{20 + n},{n % 2}\n" for n in rows)
    project.write("people.csv", "town,age,is_well\n" + people)
    project.write("towns.csv", "town,rain,name\n" + "".join(f"{n},{n * 1.5},n{n}\n" for n in rows))
    project.write("unread.csv", "a,b\n" + "".join(f"{n},{n}\n" for n in rows))


def edges(answer: dict[str, Any]) -> set[Told]:
    return {
        (
            one["source"]["origin"] or one["source"]["call"],
            one["source"]["line"],
            one["sink"]["class"],
            one["sink"]["line"],
            one["known"],
        )
        for one in answer["edges"]
    }


def flow_of(project: Project, thing: str) -> dict[str, Any]:
    answer: dict[str, Any] = project.ask("flow", thing, "--json").answer
    schema = json.loads(files("whence.query").joinpath("flow.schema.json").read_text())
    jsonschema.validate(answer, schema)
    return answer


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("flow"))
    tables(project)
    project.run("train.py", THREE_TABLES)
    return project


def test_each_model_has_the_tables_that_fed_it_and_no_other(three: Project) -> None:
    answer = flow_of(three, "train")
    assert edges(answer) == {
        ("people.csv", 8, "LogisticRegression", 15, "inferred"),
        ("towns.csv", 8, "LogisticRegression", 15, "inferred"),
        ("people.csv", 8, "LinearRegression", 18, "inferred"),
    }
    assert answer["completeness"] == {"complete": True, "truncated": [], "gaps": []}


def test_columns_are_features_labels_made_by_the_code_or_unused(three: Project) -> None:
    by_sink = {
        (one["source"]["origin"], one["sink"]["class"]): one["columns"]
        for one in flow_of(three, "train")["edges"]
    }
    assert by_sink["people.csv", "LinearRegression"] == {
        "features": ["age"], "labels": ["is_well"], "unused": ["town"], "derived": [],
        "weights": [], "groups": [], "keys": [],
    }  # fmt: skip
    assert by_sink["towns.csv", "LogisticRegression"]["features"] == ["rain"]
    uses = three.ask("columns", "train", "--json").answer["columns"]
    of_towns = {(u["column"], u["use"]) for u in uses if u["source"]["origin"] == "towns.csv"}
    assert {("rain", "feature"), ("name", "unused")} <= of_towns


def test_a_trace_joins_the_features_to_the_read_that_brought_them(three: Project) -> None:
    answer = three.ask("trace", "second.joblib", "--json").answer
    names = {node["id"]: node["name"] for node in answer["nodes"]}
    inferred = {
        (names[edge["source"]], edge["relation"], names[edge["target"]], edge["role"])
        for edge in answer["edges"]
        if edge["known"] == "inferred"
    }
    assert ("X", "wasDerivedFrom", "people.csv", "X") in inferred
    assert ("unread.csv", "wasDerivedFrom", "people.csv", "X") not in inferred


def test_what_passed_by_the_very_object_is_observed(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "objects.py",
        """
        from sklearn.cluster import KMeans
        from sklearn.datasets import load_iris, make_blobs
        from sklearn.model_selection import cross_val_score, train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        X, y = load_iris(return_X_y=True)
        blobs, _ = make_blobs(random_state=0)
        scaled = StandardScaler().fit_transform(X)
        KMeans(3, n_init=1).fit(scaled)
        X_train, X_test, y_train, y_test = train_test_split(X, y)
        SVC().fit(X_train, y_train)
        cross_val_score(SVC(), X=blobs, y=_)
        """,
    )
    answer = flow_of(project, "objects")
    assert edges(answer) == {
        ("load_iris", 8, "StandardScaler", 10, "observed"),
        ("load_iris", 8, "KMeans", 11, "observed"),
        ("load_iris", 8, "SVC", 13, "observed"),
        ("make_blobs", 9, "SVC", 14, "observed"),
    }
    roles = {one["sink"]["class"]: one["role"] for one in answer["edges"]}
    assert (roles["StandardScaler"], roles["KMeans"]) == ("transform", "train")


def test_a_branch_that_was_not_taken_and_a_dead_read_make_no_edge(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.run(
        "branches.py",
        """
        import sys
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        if len(sys.argv) > 1:
            table = pd.read_csv("towns.csv")
        else:
            table = pd.read_csv("people.csv")
        dead = pd.read_csv("unread.csv")
        dead["age"] = 1
        renamed = table
        LinearRegression().fit(renamed[["town"]], renamed["age"])
        """,
    )
    assert edges(flow_of(project, "branches")) == {
        ("people.csv", 9, "LinearRegression", 13, "inferred")
    }


def test_random_data_are_a_synthetic_source(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "random_data.py",
        """
        import numpy as np
        from sklearn.linear_model import LinearRegression

        rng = np.random.default_rng(0)
        unused = rng.normal(size=3)
        X = rng.normal(size=(20, 2))
        y = X[:, 0] + np.random.rand(20)
        LinearRegression().fit(X, y)
        """,
    )
    answer = flow_of(project, "random_data")
    assert edges(answer) == {
        ("rng.normal", 7, "LinearRegression", 9, "inferred"),
        ("numpy.random.rand", 8, "LinearRegression", 9, "inferred"),
    }
    assert all(one["source"]["synthetic"] for one in answer["edges"])


def test_code_that_cannot_be_followed_is_a_gap(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.run(
        "hidden.py",
        """
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        table = pd.read_csv("people.csv")
        exec("features = table[['age']]")
        LinearRegression().fit(features, table["is_well"])
        """,
    )
    answer = flow_of(project, "hidden")
    assert edges(answer) == {("people.csv", 5, "LinearRegression", 7, "inferred")}
    assert not answer["completeness"]["complete"]
    (gap,) = answer["completeness"]["gaps"]
    assert gap["code"] == "flow-unresolved"
    assert gap["detail"].startswith("X of LinearRegression at hidden.py:7: ")


def test_a_script_is_read_without_being_run(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run("other.py", "open('o.txt', 'w').write('x' * 100)")
    project.script("train.py", THREE_TABLES + "\nraise SystemExit('never run')\n")
    answer = flow_of(project, "train.py")
    assert answer["query"]["run"] is None
    assert {(one["source"]["call"], one["sink"]["class"]) for one in answer["edges"]} == {
        ("pandas.read_csv", "LogisticRegression"),
        ("pandas.read_csv", "LinearRegression"),
    }
    assert {one["known"] for one in answer["edges"]} == {"inferred"}


def test_a_column_is_followed_through_the_code_to_the_columns_it_is_made_of(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    tables(project)
    project.run(
        "columns.py",
        """
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        people = pd.read_csv("people.csv").rename(columns={"age": "years"})
        towns = pd.read_csv("towns.csv")
        joined = people.merge(towns, on="town").drop(columns=["name"])
        joined["wet_years"] = joined["years"] * joined["rain"]
        LinearRegression().fit(joined[["wet_years", "years"]], joined["is_well"])
        """,
    )
    columns = {
        one["source"]["origin"]: one["columns"] for one in flow_of(project, "columns")["edges"]
    }
    assert columns["people.csv"] == {
        "features": ["age"], "labels": ["is_well"], "unused": [],
        "derived": ["wet_years", "years"], "weights": [], "groups": [], "keys": ["town"],
    }  # fmt: skip
    assert columns["towns.csv"] == {
        "features": ["rain"], "labels": [], "unused": ["name"], "derived": ["wet_years"],
        "weights": [], "groups": [], "keys": ["town"],
    }  # fmt: skip


def test_a_script_that_is_run_through_a_link_is_followed_too(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.write("code/linked.py", THREE_TABLES)
    (tmp_path / "link").symlink_to("code", target_is_directory=True)
    project.whence_run("--name", "linked", "link/linked.py")
    answer = flow_of(project, "linked")
    assert {(e["source"]["origin"], e["sink"]["file"]) for e in answer["edges"]} == {
        ("people.csv", "code/linked.py"), ("towns.csv", "code/linked.py"),
    }  # fmt: skip
    assert answer["completeness"]["complete"]
