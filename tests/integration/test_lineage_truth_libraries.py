"""Is it true? A chain over pandas, scikit-learn and joblib, and every usual way of writing."""

from __future__ import annotations

import pytest

from tests.support.truth import Project, facts, gaps_of, made, names_of, part, shared, used

LIVE = frozenset(
    {"environment", "commit", "diff", "person", "software", "code", "frame", "array", "column"}
)
"""What is left out here: how a run was set up, and objects in memory."""


def build_chain(project: Project) -> None:
    """prepare, train twice, evaluate; no script knows of whence."""
    project.write("raw.csv", "a,b,y\n" + "".join(f"{n},{n * 7 % 13},{n % 2}\n" for n in range(60)))
    project.run(
        "prepare.py",
        """
        import pandas as pd
        table = pd.read_csv("raw.csv")
        table["c"] = table["a"] * table["b"]
        table.iloc[:40].to_csv("train.csv", index=False)
        table.iloc[40:].to_csv("test.csv", index=False)
        """,
    )
    train = """
        import sys, joblib, pandas as pd
        from sklearn.linear_model import LogisticRegression
        table = pd.read_csv("train.csv")
        model = LogisticRegression(C=float(sys.argv[1]), max_iter=500)
        model.fit(table[["a", "b", "c"]], table["y"])
        joblib.dump(model, sys.argv[2])
    """
    project.run("train_one.py", train, "1.0", "one.joblib")
    project.run("train_two.py", train, "0.1", "two.joblib")
    project.run(
        "evaluate.py",
        """
        import json, joblib, pandas as pd
        table = pd.read_csv("test.csv")
        model = joblib.load("one.joblib")
        score = model.score(table[["a", "b", "c"]], table["y"])
        with open("score.json", "w") as file:
            json.dump({"accuracy": score}, file)
        """,
    )


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "chain", build_chain)


def files_of(answer: object) -> set[tuple[str, str, str, str]]:
    return {
        fact
        for fact in facts(answer, LIVE)
        if fact[1] in ("used", "wasGeneratedBy") and ".fit" not in fact[0] + fact[2]
    }


def test_the_score_comes_from_the_raw_table_by_way_of_the_model(chain: Project) -> None:
    answer = chain.json("trace", "score.json")
    files = names_of(answer, ["file", "model", "dataset"])
    assert {"raw.csv", "train.csv", "test.csv", "one.joblib", "score.json"} <= files
    assert "two.joblib" not in files
    runs = names_of(answer, ["run"])
    assert runs == {"evaluate", "train_one", "prepare"}


def test_the_files_of_the_chain_are_joined_by_their_runs(chain: Project) -> None:
    """However fine the steps are seen: rolled up to runs, this is who read and made what."""
    for run, inputs, outputs in (
        ("prepare", ["raw.csv"], ["test.csv", "train.csv"]),
        ("train_one", ["train.csv"], ["one.joblib"]),
        ("train_two", ["train.csv"], ["two.joblib"]),
        ("evaluate", ["one.joblib", "test.csv"], ["score.json"]),
    ):
        listed = chain.runs()[run]["attributes"]
        assert (sorted(listed["inputs"]), sorted(listed["outputs"])) == (inputs, outputs), run


def test_what_came_of_the_test_table_is_the_score_and_no_model(chain: Project) -> None:
    names = names_of(chain.json("impact", "test.csv"), ["file", "model", "run"])
    assert {"score.json", "evaluate"} <= names
    assert not {"one.joblib", "two.joblib", "train_one"} & names


def test_the_model_knows_its_class_and_hyperparameters(chain: Project) -> None:
    answer = chain.json("show", "two.joblib")
    assert answer["nodes"][0]["kind"] == "model"
    trace = chain.json("trace", "two.joblib")
    fits = [n for n in trace["nodes"] if n["kind"] == "fit"]
    assert len(fits) == 1
    shown = chain.json("show", fits[0]["id"])
    assert shown["params"]["C"] == 0.1
    assert shown["params"]["max_iter"] == 500


def test_two_trainings_differ_in_what_was_changed(chain: Project) -> None:
    sections = {s["name"]: s for s in chain.json("diff", "train_one", "train_two")["sections"]}
    changed = {d["key"]: (d["left"], d["right"]) for d in sections["parameters"]["differences"]}
    assert set(changed.values()) == {(1.0, 0.1)}
    assert list(sections["inputs"]["same"]) == ["train.csv"]
    assert sections["inputs"]["differences"] == []
    assert {(d["key"], d["change"]) for d in sections["outputs"]["differences"]} == {
        ("one.joblib", "removed"), ("two.joblib", "added"),
    }  # fmt: skip


WRITERS = {
    "text": ("t.txt", "open({n!r}, 'w').write(text)"),
    "pathlib": ("p.txt", "import pathlib; pathlib.Path({n!r}).write_text(text)"),
    "pathlib bytes": ("pb.bin", "import pathlib; pathlib.Path({n!r}).write_bytes(text.encode())"),
    "gzip": ("g.gz", "import gzip; gzip.open({n!r}, 'wt').write(text)"),
    "bz2": ("b.bz2", "import bz2; f = bz2.open({n!r}, 'wt'); f.write(text); f.close()"),
    "lzma": ("l.xz", "import lzma; f = lzma.open({n!r}, 'wt'); f.write(text); f.close()"),
    "zip": (
        "z.zip",
        "import zipfile; z = zipfile.ZipFile({n!r}, 'w'); z.write('in.txt'); z.close()",
    ),
    "tar": ("t.tar", "import tarfile; z = tarfile.open({n!r}, 'w'); z.add('in.txt'); z.close()"),
    "pickle": ("p.pkl", "import pickle; pickle.dump(text, open({n!r}, 'wb'))"),
    "json": ("j.json", "import json; json.dump([text], open({n!r}, 'w'))"),
    "csv": ("c.csv", "import csv; csv.writer(open({n!r}, 'w')).writerows([text] * 3)"),
    "np.save": ("n.npy", "import numpy; numpy.save({n!r}, numpy.arange(99))"),
    "np.savez": ("n.npz", "import numpy; numpy.savez({n!r}, a=numpy.arange(99))"),
    "np.savetxt": ("n.csv", "import numpy; numpy.savetxt({n!r}, numpy.arange(99))"),
    "tofile": ("n.raw", "import numpy; numpy.arange(99).tofile({n!r})"),
    "np.memmap": (
        "n.mem",
        "import numpy; m = numpy.memmap({n!r}, 'f8', 'w+', shape=(99,)); m[:] = 1; m.flush()",
    ),
    "os.open": (
        "o.txt",
        "import os; d = os.open({n!r}, os.O_WRONLY | os.O_CREAT); os.write(d, text.encode());"
        " os.close(d)",
    ),
    "fdopen": (
        "f.txt",
        "import os; d = os.open({n!r}, os.O_WRONLY | os.O_CREAT); f = open(d, 'w');"
        " f.write(text); f.close()",
    ),
    "print": ("pr.txt", "f = open({n!r}, 'w'); print(text, file=f); f.close()"),
    "unclosed": ("un.txt", "keep = open({n!r}, 'w'); keep.write(text)"),
    "unbuffered": (
        "ub.txt",
        "f = open({n!r}, 'wb', buffering=0); f.write(text.encode()); f.close()",
    ),
    "logging": (
        "log.log",
        "import logging; logging.basicConfig(filename={n!r}, level=20); logging.info(text)",
    ),
    "fileinput": (
        "fi.txt",
        "import fileinput, sys; open({n!r}, 'w').write(text)\n"
        "for line in fileinput.input({n!r}, inplace=True): sys.stdout.write(line.upper())",
    ),
    "tempfile": (
        "tf.txt",
        "import os, tempfile; f = tempfile.NamedTemporaryFile('w', dir='.', delete=False);"
        " f.write(text); f.close(); os.chmod(f.name, 0o644); os.replace(f.name, {n!r})",
    ),
    "pandas csv": ("pd.csv", "import pandas; pandas.DataFrame([[1, 2]] * 40).to_csv({n!r})"),
    "pandas pickle": ("pd.pkl", "import pandas; pandas.DataFrame([[1, 2]] * 40).to_pickle({n!r})"),
    "pandas json": ("pd.json", "import pandas; pandas.DataFrame([[1, 2]] * 40).to_json({n!r})"),
    "joblib": ("jl.joblib", "import joblib; joblib.dump(list(range(99)), {n!r})"),
    "joblib gz": ("jl.gz", "import joblib; joblib.dump(list(range(99)), {n!r}, compress=3)"),
}


def build_writers(project: Project) -> None:
    """One run that writes in every usual way, and one that reads it all again."""
    project.write("in.txt", "input text\n" * 20)
    lines = ["given = open('in.txt').read()"]
    for name, code in WRITERS.values():
        lines += [f"text = {name!r} + given", code.format(n=name)]
    project.run("writes.py", "\n".join(lines))
    project.run(
        "reads.py",
        """
        import os
        with open("all.bin", "wb") as out:
            for name in sorted(os.listdir(".")):
                if os.path.isfile(name) and name not in ("all.bin", "in.txt"):
                    if not name.endswith(".py"):
                        out.write(open(name, "rb").read())
        """,
    )


@pytest.fixture(scope="module")
def writers(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "writers", build_writers)


@pytest.mark.parametrize("way", list(WRITERS))
def test_whatever_writes_a_file_its_run_made_it(writers: Project, way: str) -> None:
    name = WRITERS[way][0]
    found = _whole(writers)
    assert made("writes", name) | used("reads", name) <= found
    (node,) = [n for n in _answer(writers)["nodes"] if n["name"] == name and n["places"]]
    assert node["digest"] is not None


def test_every_writing_is_bound_and_nothing_is_missing(writers: Project) -> None:
    answer = _answer(writers)
    assert gaps_of(answer) == {"file-gone": 1}  # what fileinput renamed and removed
    assert {f for f in facts(answer, LIVE) if f[3] == "inferred"} == set()


_answers: dict[str, object] = {}


def _answer(project: Project) -> object:
    key = str(project.root)
    if key not in _answers:
        _answers[key] = project.json("trace", "all.bin")
    return _answers[key]


def _whole(project: Project) -> set[tuple[str, str, str, str]]:
    return facts(_answer(project), LIVE)


def build_databases(project: Project) -> None:
    project.run(
        "fills.py",
        """
        import sqlite3
        with sqlite3.connect("data.sqlite") as db:
            db.execute("CREATE TABLE t(a)")
            db.executemany("INSERT INTO t VALUES(?)", [(n,) for n in range(500)])
        db.close()
        """,
    )
    project.run(
        "asks.py",
        """
        import sqlite3
        rows = sqlite3.connect("data.sqlite").execute("SELECT a FROM t").fetchall()
        open("rows.txt", "w").write(repr(rows))
        """,
    )


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "databases", build_databases)


def test_a_database_is_known_by_its_version_and_says_so(databases: Project) -> None:
    answer = databases.json("trace", "rows.txt")
    assert facts(answer) == (
        made("asks", "rows.txt")
        | used("asks", "data.sqlite")
        | made("fills", "data.sqlite")
        | part("asks", "sqlite3.execute#2")
        | used("sqlite3.execute#2", "data.sqlite")
        | part("fills", "sqlite3.execute#1")
    )
    (node,) = [n for n in answer["nodes"] if n["name"] == "data.sqlite"]
    assert node["digest"] is None
    assert set(gaps_of(answer)) == {"sampled"}
