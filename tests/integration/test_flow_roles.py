"""What data are to a model that is scored on them: training, validation or test data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.truth import Project

pytest.importorskip("sklearn")
pytest.importorskip("pandas")

Told = tuple[str, int, str | None, str]


def evaluated(project: Project, run: str, program: str) -> list[dict[str, Any]]:
    rows = "\n".join(f"{n},{'abc'[n % 3]},{n % 2}" for n in range(30))
    project.write("people.csv", f"age,town,is_well\n{rows}\n")
    project.write("later.csv", f"age,town,is_well\n{rows}\n3,c,1\n")
    project.run(f"{run}.py", program)
    return list(project.json("flow", run)["evaluations"])


def told(evaluations: list[dict[str, Any]]) -> list[Told]:
    return [
        (one["call"]["call"], one["call"]["line"], one["role"], one["known"]) for one in evaluations
    ]


def test_parts_of_a_split_are_for_training_and_for_testing(tmp_path: Path) -> None:
    answer = evaluated(
        Project(tmp_path),
        "split",
        """
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import accuracy_score
        from sklearn.model_selection import train_test_split

        people = pd.read_csv("people.csv")
        train, test = train_test_split(people, random_state=0)
        model = LogisticRegression().fit(train[["age"]], train["is_well"])
        model.score(test[["age"]], test["is_well"])
        model.score(train[["age"]], train["is_well"])
        model.score(people[["age"]], people["is_well"])
        accuracy_score(test["is_well"], model.predict(test[["age"]]))
        """,
    )
    assert told(answer) == [
        ("score", 10, "test", "inferred"),
        ("score", 11, "train", "inferred"),
        ("score", 12, None, "inferred"),
        ("predict", 13, "test", "inferred"),
        ("accuracy_score", 13, "test", "inferred"),
    ]
    assert {one["source"]["origin"] for one in answer} == {"people.csv"}
    fit = {"call": "fit", "class": "LogisticRegression", "file": "split.py", "line": 9}
    assert [one["model"] for one in answer] == [fit] * 5
    assert [one["arguments"] for one in answer] == [["X", "y"]] * 3 + [["X"], ["y_true"]]
    assert answer[3]["value"] is None
    assert 0 <= answer[4]["value"] <= 1


def test_a_part_of_a_part_is_for_validation(tmp_path: Path) -> None:
    answer = evaluated(
        Project(tmp_path),
        "twice",
        """
        from sklearn.datasets import load_iris
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
        from sklearn.tree import DecisionTreeClassifier

        X, y = load_iris(return_X_y=True)
        X_rest, X_test, y_rest, y_test = train_test_split(X, y, random_state=0)
        X_train, X_val, y_train, y_val = train_test_split(X_rest, y_rest, random_state=0)
        scaler = StandardScaler()
        trained = scaler.fit_transform(X_train)
        model = DecisionTreeClassifier().fit(trained, y_train)

        def judge(features, labels):
            return model.score(scaler.transform(features), labels)

        judge(X_val, y_val)
        model.score(scaler.transform(X_test), y_test)
        model.score(trained, y_train)
        """,
    )
    assert told(answer) == [
        ("score", 15, "validation", "inferred"),
        ("score", 18, "test", "inferred"),
        ("score", 19, "train", "observed"),
    ]


@pytest.mark.parametrize(
    "loop",
    [
        "for train, test in KFold(3).split(X):",
        "for at, (train, test) in enumerate(StratifiedKFold(3).split(X, y)):",
        "for train, test in list(TimeSeriesSplit(3).split(X)):",
        "for pair in [next(ShuffleSplit(3, random_state=0).split(X))]:\n    train, test = pair",
    ],
)
def test_folds_are_for_training_and_for_testing(tmp_path: Path, loop: str) -> None:
    answer = evaluated(
        Project(tmp_path),
        "folds",
        f"""
from sklearn.datasets import load_iris
from sklearn.model_selection import KFold, ShuffleSplit, StratifiedKFold, TimeSeriesSplit
from sklearn.naive_bayes import GaussianNB

X, y = load_iris(return_X_y=True)
{loop}
    model = GaussianNB().fit(X[train], y[train])
    model.score(X[test], y[test])
    model.score(X[train], y[train])
""",
    )
    assert [(one["role"], one["known"]) for one in answer] == [
        ("test", "inferred"),
        ("train", "inferred"),
    ]
    assert {one["source"]["call"] for one in answer} == {"load_iris"}


def test_data_of_another_read_are_for_testing_and_those_of_the_fit_for_training(
    tmp_path: Path,
) -> None:
    answer = evaluated(
        Project(tmp_path),
        "reads",
        """
        import pandas as pd
        from sklearn.tree import DecisionTreeClassifier

        people = pd.read_csv("people.csv")
        later = pd.read_csv("later.csv")
        X, y = people[["age"]], people["is_well"]
        model = DecisionTreeClassifier().fit(X, y)
        model.score(X, y)
        model.score(later[["age"]], later["is_well"])
        """,
    )
    assert [(one["source"]["origin"], one["role"]) for one in answer] == [
        ("people.csv", "train"),
        ("later.csv", "test"),
    ]


def test_evaluations_are_no_edges_and_the_folds_of_a_search_are_folded(tmp_path: Path) -> None:
    project = Project(tmp_path)
    answer = evaluated(
        project,
        "search",
        """
        from sklearn.datasets import load_iris
        from sklearn.model_selection import GridSearchCV, train_test_split
        from sklearn.tree import DecisionTreeClassifier

        X, y = load_iris(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
        search = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}, cv=3)
        search.fit(X_train, y_train)
        search.score(X_test, y_test)
        """,
    )
    assert told(answer) == [("score", 10, "test", "observed")]
    edges = project.json("flow", "search")["edges"]
    assert [(one["sink"]["call"], one["role"]) for one in edges] == [("fit", "train")]
    shown = project.ask("show", "search").out
    assert "fit GridSearchCV.fit" in shown
    assert "6 folds" in shown
    assert "fold 0" not in shown
    said = project.ask("flow", "search").out
    assert "evaluated  GridSearchCV.score = " in said
    assert "search.py:10  on test data of load_iris" in said


def test_a_script_that_is_only_read_has_no_evaluations(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run("other.py", "print('a run, so that there is a store')")
    project.script("read.py", "from sklearn.svm import SVC\nSVC().score([[1]], [1])\n")
    assert project.json("flow", "read.py")["evaluations"] == []


def test_a_table_that_was_written_is_told_to_come_from_the_reads_that_fed_it(
    tmp_path: Path,
) -> None:
    project = Project(tmp_path)
    project.write("x.csv", "a,b\n1,2\n2,3\n")
    project.write("z.csv", "c,d\n1,2\n2,3\n3,4\n")
    project.run(
        "tables.py",
        """
        import pandas as pd

        def save(frame, name):
            frame.to_csv(name, index=False)

        x = pd.read_csv("x.csv")
        z = pd.read_csv("z.csv")
        left = x[["a"]]
        save(left, "left.csv")
        save(z[z.c > 1], "right.csv")
        """,
    )
    inferred = {edge for edge in project.trace("left.csv") if edge[3] == "inferred"}
    assert inferred == {("left.csv", "wasDerivedFrom", "x.csv in memory", "inferred")}
    inferred = {edge for edge in project.trace("right.csv") if edge[3] == "inferred"}
    assert inferred == {("right.csv", "wasDerivedFrom", "z.csv in memory", "inferred")}
    assert "left.csv tables.py:5\n" in project.ask("trace", "left.csv").out
    assert (
        "from pandas.read_csv tables.py:7 of x.csv  (inferred)"
        in project.ask("trace", "left.csv").out
    )
    assert project.json("flow", "tables")["edges"] == []


def test_each_turn_of_a_loop_over_data_sets_has_its_edge(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "turns.py",
        """
        from sklearn.datasets import load_iris, make_circles, make_moons
        from sklearn.linear_model import LogisticRegression

        def fit(X, y, name):
            LogisticRegression().fit(X, y)

        iris = load_iris()
        data_sets = [
            (iris.data, iris.target),
            make_circles(random_state=1),
            make_moons(random_state=0),
        ]
        for data, name in zip(data_sets, ["iris", "circles", "moons"]):
            fit(*data, name=name)
        """,
    )
    edges = project.json("flow", project.runs()["turns"]["id"])["edges"]
    assert {one["source"]["call"] for one in edges} == {"load_iris", "make_circles", "make_moons"}


def test_a_choice_of_numbers_is_drawn_and_one_of_data_passes_them_on(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "choices.py",
        """
        import numpy as np
        from sklearn.linear_model import LinearRegression

        number = 50
        rng = np.random.RandomState(0)
        a = rng.normal(size=(number, 1))
        drawn = rng.choice(int(0.9 * number), size=number).reshape(-1, 1)
        other = rng.choice(number, size=number).reshape(-1, 1)
        LinearRegression().fit(np.hstack([a, drawn, other]), rng.permutation(a))
        """,
    )
    edges = project.json("flow", project.runs()["choices"]["id"])["edges"]
    assert {one["source"]["line"] for one in edges} == {7, 8, 9}
