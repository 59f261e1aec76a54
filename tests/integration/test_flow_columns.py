"""Columns asked across runs: of models back to files, of a file on to models, metrics and more."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import whence
from tests.support.truth import Project

pytest.importorskip("sklearn")
pytest.importorskip("pandas")

pytestmark = pytest.mark.xdist_group("flow_columns")

PREPARE = """
import numpy as np
import pandas as pd

people = pd.read_csv("people.csv")
towns = pd.read_csv("towns.csv")
table = people.merge(towns, on="town").rename(columns={"age": "years"})
table["income_log"] = np.log(table["income"])
table["noise"] = 1.5
table.to_csv("train.csv", index=False)
towns.to_csv("towns_again.csv", index=False)
"""

TRAIN = """
import joblib
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

table = pd.read_csv("train.csv")
first = LogisticRegression().fit(table[["years", "income_log", "noise"]], table["is_well"])
second = LinearRegression()
second.fit(table[["rain"]].values, table["years"].to_numpy(), sample_weight=table["weight"])
joblib.dump(first, "first.joblib")
joblib.dump(second, "second.joblib")
"""

EVALUATE = """
import json
import joblib
import pandas as pd
from sklearn.metrics import accuracy_score

table = pd.read_csv("train.csv")
model = joblib.load("first.joblib")
predicted = model.predict(table[["years", "income_log", "noise"]])
accuracy = accuracy_score(table["is_well"], predicted)
open("scores.json", "w").write(json.dumps({"accuracy": accuracy, "padding": "x" * 80}))
"""


def tables(project: Project) -> None:
    rows = range(40)
    people = "".join(f"{n % 4},{20 + n},{n + 1},{n % 2},{1 + n % 3},\n" for n in rows)
    project.write("people.csv", "town,age,income,is_well,weight,note\n" + people)
    project.write("towns.csv", "town,rain,name\n" + "".join(f"{n},{n * 1.5},n{n}\n" for n in rows))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("columns"))
    tables(project)
    project.run("prepare.py", PREPARE)
    project.run("train.py", TRAIN)
    project.run("evaluate.py", EVALUATE)
    return project


def answer_of(project: Project, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = project.json(*words)
    schema = json.loads(files("whence.query").joinpath("answer.schema.json").read_text())
    jsonschema.validate(answer, schema)
    return answer


def origins(answer: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    return {
        (one["use"], one["column"]): {f"{end['of']}:{end['column']}" for end in one["origins"]}
        for one in answer["columns"]
    }


def test_each_feature_is_followed_through_the_runs_to_the_columns_of_files(chain: Project) -> None:
    answer = answer_of(chain, "trace", "first.joblib", "--columns")
    assert origins(answer) == {
        ("feature", "years"): {"people.csv:age"},
        ("feature", "income_log"): {"people.csv:income"},
        ("feature", "noise"): {"train.csv:noise"},
        ("label", "is_well"): {"people.csv:is_well"},
    }
    assert {end["known"] for one in answer["columns"] for end in one["origins"]} == {"inferred"}
    assert answer["completeness"] == {"complete": True, "truncated": [], "gaps": []}


def test_columns_are_nodes_with_derivations_and_the_statements_they_rest_on(
    chain: Project,
) -> None:
    answer = answer_of(chain, "trace", "first.joblib", "--columns")
    named = {node["id"]: node for node in answer["nodes"]}

    def label(one: str) -> str:
        node = named[one]
        return f"{node['attributes']['of_name']}:{node['name']}" if node["kind"] == "column" else ""

    steps = {
        (label(edge["source"]), label(edge["target"]), edge["role"])
        for edge in answer["edges"]
        if edge["relation"] == "wasDerivedFrom" and label(edge["source"])
    }
    assert ("LogisticRegression:income_log", "train.csv:income_log", "feature") in steps
    assert ("train.csv:income_log", "people.csv:income", "pandas.to_csv") in steps
    members = {
        (named[edge["source"]]["name"], named[edge["target"]]["name"])
        for edge in answer["edges"]
        if edge["relation"] == "hadMember" and label(edge["target"])
    }
    assert {("people.csv", "age"), ("train.csv", "years"), ("LogisticRegression", "years")} <= (
        members
    )
    grounds = {
        (label(one["source"]), label(one["target"])): [line["text"] for line in one["statements"]]
        for one in answer["grounds"]
    }
    assert grounds["train.csv:income_log", "people.csv:income"] == [
        'table.to_csv("train.csv", index=False)',
        'table["income_log"] = np.log(table["income"])',
        'table = people.merge(towns, on="town").rename(columns={"age": "years"})',
        'people = pd.read_csv("people.csv")',
    ]


def test_arrays_have_the_columns_that_the_code_took_them_from(chain: Project) -> None:
    assert origins(answer_of(chain, "trace", "second.joblib", "--columns")) == {
        ("feature", "rain"): {"towns.csv:rain"},
        ("label", "years"): {"people.csv:age"},
        ("weight", "weight"): {"people.csv:weight"},
    }


def test_an_array_of_a_frame_has_the_columns_that_the_frame_had(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.run(
        "arrays.py",
        """
        import joblib
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        people = pd.read_csv("people.csv").drop(columns=["note"])
        people["rate"] = people["income"] / people["age"]
        X, y = people.drop(columns=["age"]).to_numpy(), people["age"].values
        joblib.dump(LinearRegression().fit(X, y), "arrays.joblib")
        """,
    )
    assert origins(answer_of(project, "trace", "arrays.joblib", "--columns")) == {
        ("feature", "town"): {"people.csv:town"},
        ("feature", "income"): {"people.csv:income"},
        ("feature", "is_well"): {"people.csv:is_well"},
        ("feature", "weight"): {"people.csv:weight"},
        ("feature", "rate"): {"people.csv:income", "people.csv:age"},
        ("label", "age"): {"people.csv:age"},
    }


def test_a_trace_draws_the_way_of_each_column(chain: Project) -> None:
    lines = chain.ask("trace", "first.joblib", "--columns").out.splitlines()
    at = lines.index("columns of LogisticRegression.fit  train.py:7")
    assert lines[at + 1 : at + 5] == [
        "├─ feature years ← train.csv:years ← people.csv:age",
        "├─ feature income_log ← train.csv:income_log ← people.csv:income",
        "├─ feature noise ← train.csv:noise",
        "└─ label is_well ← train.csv:is_well ← people.csv:is_well",
    ]
    assert not any("column  in memory" in line for line in lines)


def test_a_table_that_was_asked_about_has_its_columns_followed_too(chain: Project) -> None:
    answer = answer_of(chain, "trace", "train.csv", "--columns")
    told = origins(answer)
    assert told["column", "income_log"] == {"people.csv:income"}
    assert told["column", "town"] == {"people.csv:town", "towns.csv:town"}
    assert told["column", "noise"] == set()
    assert answer["completeness"]["complete"]
    lines = chain.ask("trace", "train.csv", "--columns").out.splitlines()
    at = lines.index("columns of train.csv  to_csv  prepare.py:10")
    assert "├─ years ← people.csv:age" in lines[at:]


def test_a_column_reaches_columns_models_predictions_and_metrics_of_later_runs(
    chain: Project,
) -> None:
    answer = answer_of(chain, "impact", "people.csv:income")
    assert {(one["kind"], one["name"], one["of"]) for one in answer["reached"]} == {
        ("column", "income_log", "train.csv"),
        ("column", "income", "train.csv"),
        ("feature", "income_log", "LogisticRegression"),
        ("model", "LogisticRegression", ""),
        ("model", "first.joblib", ""),
        ("prediction", "LogisticRegression.predict", ""),
        ("metric", "accuracy_score", ""),
    }
    (metric,) = (one for one in answer["reached"] if one["kind"] == "metric")
    assert (metric["file"], metric["line"], metric["known"]) == ("evaluate.py", 10, "inferred")
    subject = answer["nodes"][0]
    assert (subject["kind"], subject["name"]) == ("column", "income")
    assert answer["query"]["subjects"] == [subject["id"]]
    (gap,) = answer["completeness"]["gaps"]
    assert gap["code"] == "reach-undecided"
    assert gap["detail"].startswith("scores.json: ")


def test_a_column_that_nothing_took_reaches_only_its_copies(chain: Project) -> None:
    answer = answer_of(chain, "impact", "towns.csv:name")
    assert {(one["kind"], one["name"], one["of"]) for one in answer["reached"]} == {
        ("column", "name", "train.csv"),
        ("column", "name", "towns_again.csv"),
    }
    # What a run wrote without a table may be made of anything that it read.
    assert [gap["detail"].partition(":")[0] for gap in answer["completeness"]["gaps"]] == [
        "scores.json"
    ]


def test_a_prediction_does_not_rest_on_columns_that_the_model_passes_over(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.run(
        "chosen.py",
        """
        import pandas as pd
        from sklearn.compose import make_column_transformer
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import mean_absolute_error
        from sklearn.pipeline import make_pipeline

        people = pd.read_csv("people.csv")
        chosen = make_column_transformer(("passthrough", ["income"]))
        model = make_pipeline(chosen, LinearRegression())
        model.fit(people[["income"]], people["age"])
        mean_absolute_error(people["age"], model.predict(people))
        """,
    )
    assert answer_of(project, "impact", "people.csv:weight")["reached"] == []
    reached = answer_of(project, "impact", "people.csv:income")["reached"]
    assert {one["kind"] for one in reached} == {"feature", "model", "prediction", "metric"}


def test_a_column_that_the_file_does_not_have_is_one_clear_error(chain: Project) -> None:
    asked = chain.ask("impact", "people.csv:incom")
    assert (asked.code, asked.out) == (1, "")
    assert asked.err == "whence: people.csv has no column 'incom'; near: income\n"
    asked = chain.ask("impact", "scores.json:accuracy")
    assert asked.err == (
        "whence: The columns of scores.json are not known: no run read or wrote it as a table\n"
    )
    assert "Nothing is recorded of nothing.csv:a" in chain.ask("impact", "nothing.csv:a").err


def test_a_file_whose_name_has_a_colon_goes_before_a_column(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "colons.py",
        """
        import pandas as pd

        table = pd.DataFrame({"a": range(50), "b:c": range(50)})
        table.to_csv("t.csv", index=False)
        table[["a"]].to_csv("t.csv:a", index=False)
        pd.read_csv("t.csv").to_csv("u.csv", index=False)
        """,
    )
    assert answer_of(project, "impact", "t.csv:a")["query"]["found_by"] == "stamp"
    answer = answer_of(project, "impact", "t.csv:b:c")
    assert answer["query"]["column"] == "b:c"
    assert [(one["kind"], one["name"], one["of"]) for one in answer["reached"]] == [
        ("column", "b:c", "u.csv")
    ]


def test_python_asks_as_the_command_line_does(
    chain: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(chain.root)
    trace = whence.trace("first.joblib", columns=True)
    table = trace.columns_to_pandas()  # type: ignore[attr-defined]  # a ColumnTrace
    assert {*zip(table["column"], table["of"], table["origin"], strict=True)} == {
        ("years", "people.csv", "age"),
        ("income_log", "people.csv", "income"),
        ("noise", "train.csv", "noise"),
        ("is_well", "people.csv", "is_well"),
    }
    impact = whence.impact("people.csv:income")
    assert str(impact).startswith("people.csv:income  column\n├─ train.csv:income  (inferred)")
    with pytest.raises(whence.UsageError, match="never cut"):
        whence.impact("people.csv:income", max_depth=2)


def uses_of(project: Project, run: str) -> set[tuple[str, str, str, str]]:
    answer = project.json("columns", run)
    schema = json.loads(files("whence.query").joinpath("flow.schema.json").read_text())
    jsonschema.validate(answer, schema)
    return {
        (one["use"], one["column"], one["source"]["origin"], sink["class"] or sink["call"])
        for one in answer["columns"]
        for sink in one["sinks"] or [{"class": "", "call": ""}]
    }


def test_columns_are_features_labels_weights_groups_keys_or_unused(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.write("dead.csv", "a,b\n" + "".join(f"{n},{n}\n" for n in range(40)))
    project.run(
        "uses.py",
        """
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        from sklearn.model_selection import GroupKFold, cross_val_score

        KEYS = ["town"]
        people = pd.read_csv("people.csv")
        dead = pd.read_csv("dead.csv")
        table = people.merge(pd.read_csv("towns.csv"), on=KEYS)
        table["mean_income"] = table.groupby("is_well")["income"].transform("mean")
        features, target = table[["rain", "mean_income"]], table["age"]
        LinearRegression().fit(features, target, sample_weight=table["weight"])
        folds = GroupKFold(2)
        cross_val_score(LinearRegression(), features, target, groups=table["town"], cv=folds)
        """,
    )
    fit, folds = "LinearRegression", "cross_val_score"
    uses = uses_of(project, "uses")
    assert {one for one in uses if one[3] != folds} >= {
        ("feature", "income", "people.csv", fit),
        ("derived", "mean_income", "people.csv", fit),
        ("label", "age", "people.csv", fit),
        ("weight", "weight", "people.csv", fit),
        ("key", "town", "people.csv", fit),
        ("key", "is_well", "people.csv", fit),
        ("key", "town", "towns.csv", fit),
        ("feature", "rain", "towns.csv", fit),
        ("unused", "note", "people.csv", ""),
        ("unused", "name", "towns.csv", ""),
        ("unused", "a", "dead.csv", ""),
        ("unused", "b", "dead.csv", ""),
    }
    assert {one[:3] for one in uses if one[0] == "group"} == {
        ("group", "town", "people.csv"),  # a key has the values of both sides
        ("group", "town", "towns.csv"),
    }
    assert len({one[:3] for one in uses if one[0] == "unused"}) == 4


def test_columns_of_a_run_that_learned_nothing_went_into_what_it_wrote(chain: Project) -> None:
    uses = uses_of(chain, "prepare")
    assert uses >= {
        ("written", "income", "people.csv", "to_csv"),
        ("key", "town", "people.csv", "to_csv"),
        ("key", "town", "towns.csv", "to_csv"),
        ("written", "name", "towns.csv", "to_csv"),
    }
    assert {one[0] for one in uses} == {"written", "key"}


def test_why_shows_the_statements_that_an_inferred_edge_rests_on(chain: Project) -> None:
    answer = answer_of(chain, "why", "people.csv", "second.joblib")
    named = {node["id"]: node["name"] for node in answer["nodes"]}
    grounds = {
        (one["role"], named[one["target"]]): [
            (line["file"], line["line"], line["text"]) for line in one["statements"]
        ]
        for one in answer["grounds"]
    }
    fit = (
        'second.fit(table[["rain"]].values, table["years"].to_numpy(), '
        'sample_weight=table["weight"])'
    )
    read = ("train.py", 6, 'table = pd.read_csv("train.csv")')
    assert grounds["X", "train.csv"] == [("train.py", 9, fit), read]
    assert grounds["pandas.to_csv", "people.csv"][-1] == (
        "prepare.py", 5, 'people = pd.read_csv("people.csv")',
    )  # fmt: skip
    assert "LogisticRegression" not in named.values()
    shown = chain.ask("why", "people.csv", "second.joblib").out
    assert "inferred  X, y, sample_weight from train.csv, by the statements\n" in shown
    assert '  train.py:6  table = pd.read_csv("train.csv")\n' in shown


def test_why_says_that_a_copy_has_the_same_bytes(tmp_path: Path) -> None:
    project = Project(tmp_path)
    tables(project)
    project.run("first.py", "open('made.csv', 'w').write('a,b\\n' + '1,2\\n' * 40)")
    project.shell("cp made.csv found.csv")
    project.run("second.py", "open('out.txt', 'w').write(open('found.csv').read() + 'x')")
    (ground,) = answer_of(project, "why", "made.csv", "out.txt")["grounds"]
    assert ground["reason"].startswith("both are the same bytes, sha256:")
    assert ground["statements"] == []


def test_where_a_feature_can_not_be_told_no_column_is_called_unused(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(
        "t.csv", "a,b,c,y\n" + "".join(f"{n},{n % 3},{n % 5},{n % 2}\n" for n in range(30))
    )
    project.run(
        "odd.py",
        """
        import pandas as pd
        from sklearn.tree import DecisionTreeClassifier

        t = pd.read_csv("t.csv")
        t["odd"] = t.stack().groupby(level=0).sum()
        DecisionTreeClassifier().fit(t[["a", "odd"]], t["y"])
        """,
    )
    answer = project.json("columns", project.runs()["odd"]["id"])
    assert "unused" not in {one["use"] for one in answer["columns"]}
    assert not answer["completeness"]["complete"]
    [gap] = [one for one in answer["completeness"]["gaps"] if one["code"] == "column-unresolved"]
    assert gap["detail"].startswith("odd of DecisionTreeClassifier at odd.py:7")
