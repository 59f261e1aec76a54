"""`whence sparql` and `whence sql` on a store that a program recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

import whence
from whence._base.errors import MissingExtraError, UsageError
from whence.cli.app import main
from whence.journal.home import create_store
from whence.service.importing import import_document
from whence.service.index import open_store
from whence.standards.prov.statement import Document, Statement

PROGRAM = """
import sys
from pathlib import Path
import whence

Path("raw.csv").write_text("a,b\\n1,2\\n" * 20)
with whence.run("train", params={"lr": float(sys.argv[1]), "layers": [1, 2]}) as run:
    run.use("raw.csv", role="training data")
    with run.stage("training"):
        for step in range(3):
            run.log_metric("loss", 1.0 / (step + 1))
        Path(f"model-{sys.argv[1]}.bin").write_bytes(b"m" * 100)
        run.produce(f"model-{sys.argv[1]}.bin", kind="model")
"""


class Project(NamedTuple):
    root: Path

    def record(self, rate: str) -> None:
        """A run with this learning rate."""
        subprocess.run(
            [sys.executable, "program.py", rate], cwd=self.root, check=True, capture_output=True
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A folder with a store of two runs."""
    root = tmp_path_factory.mktemp("project")
    (root / "program.py").write_text(dedent(PROGRAM))
    made = Project(root)
    made.record("0.5")
    made.record("0.1")
    return made


@pytest.fixture(autouse=True)
def _in_the_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)


MODELS = """
SELECT ?run ?name ?rate ?loss {
  GRAPH ?graph {
    ?run a provml:LearningProcessExecution ; rdfs:label ?name ; prov:used ?param .
    ?param rdfs:label "lr" ; prov:value ?rate .
    ?stage whence:partOf ?run .
    ?evaluation a provml:ModelEvaluation ; prov:wasGeneratedBy ?run ; prov:value ?loss .
    ?model a provml:Model ; prov:wasGeneratedBy ?stage .
  }
} ORDER BY ?rate
"""


def test_rows_have_the_values_that_were_recorded() -> None:
    rows = whence.sparql(MODELS)
    assert [(row["name"], row["rate"], row["loss"]) for row in rows] == [
        ("train", 0.1, 1 / 3),
        ("train", 0.5, 1 / 3),
    ]
    (count,) = whence.sparql("SELECT (count(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    (runs,) = whence.sql("SELECT count(*) AS n FROM runs")
    assert count == runs
    assert whence.sparql("ASK { ?m a provml:Model }") == [{"answer": True}]
    assert whence.sparql("SELECT ?x ?y { BIND('a' AS ?x) }") == [{"x": "a", "y": None}]


def test_sparql_and_sql_agree() -> None:
    from_sparql = {(row["rate"], row["loss"]) for row in whence.sparql(MODELS)}
    statement = (
        "SELECT p.number AS rate, m.last AS loss FROM metrics m"
        " JOIN params p ON p.run = m.run AND p.key = 'lr' WHERE m.key = 'loss'"
    )
    for engine in ("sqlite", "duckdb"):
        rows = whence.sql(statement, engine=engine)  # type: ignore[arg-type]
        assert {(row["rate"], row["loss"]) for row in rows} == from_sparql


def test_a_new_run_is_there_at_once(project: Project) -> None:
    before = whence.sparql("SELECT ?m { ?m a provml:Model }")
    project.record("0.9")
    after = whence.sparql("SELECT ?m { ?m a provml:Model }")
    assert len(after) == len(before) + 1
    rebuilt = whence.sparql("SELECT ?m { ?m a provml:Model }", rebuild=True)
    assert sorted(row["m"] for row in rebuilt) == sorted(row["m"] for row in after)


def test_graphs_are_turtle_or_ntriples_and_rows_are_not() -> None:
    graph = "CONSTRUCT { ?m rdfs:label ?l } WHERE { ?m a provml:Model ; rdfs:label ?l }"
    assert whence.sparql(graph, format="turtle").count(b"model-") >= 2
    with pytest.raises(UsageError, match="gives a graph; it can be written as turtle or ntriples"):
        whence.sparql(graph)
    with pytest.raises(UsageError, match="gives rows; it can be written as json or csv"):
        whence.sparql("SELECT * { ?s a provml:Model }", format="turtle")
    found = whence.sparql("SELECT ?l { ?m a provml:Model; rdfs:label ?l }", format="csv")
    assert found.splitlines()[0] == b"l"


def test_the_graph_of_one_run_can_be_asked_alone() -> None:
    (first, *_) = whence.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?m a provml:Model } } ORDER BY ?g")
    graph = first["g"]
    inside = whence.sparql(f"SELECT ?m FROM <{graph}> {{ ?m a provml:Model }}")
    assert len(inside) == 1
    assert inside == whence.sparql(f"SELECT ?m {{ GRAPH <{graph}> {{ ?m a provml:Model }} }}")


def test_an_endless_query_ends_at_its_time_limit() -> None:
    endless = "SELECT (count(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    begun = time.monotonic()
    with pytest.raises(UsageError, match=r"took longer than 0\.5 s and was ended"):
        whence.sparql(endless, timeout=0.5)
    assert time.monotonic() - begun < 20
    assert whence.sparql("ASK {}") == [{"answer": True}]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("INSERT DATA { <http://a> <http://b> 1 }", "read only"),
        ("LOAD <http://127.0.0.1/x>", "read only"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "another machine"),
        ("SELECT * {\n ?s nope:x ?o }", "line 2, column 11: Prefix not found"),
        ("SELECT * { ?s ?p", "line 1, column 17"),
        ("SELECT ?x { BIND('\ud800' AS ?x) }", "half a character"),
    ],
)
def test_what_is_wrong_or_refused_is_said(query: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        whence.sparql(query)


def test_without_the_library_the_install_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pyoxigraph" else known(name)
    )
    with pytest.raises(MissingExtraError, match=r"pip install 'whence\[rdf\]'"):
        whence.sparql("ASK {}")


def test_the_commands_print_tables_json_and_csv(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    def printed(*arguments: str, code: int = 0) -> str:
        assert main(list(arguments)) == code
        out, err = capfdbinary.readouterr()
        return (out if code == 0 else err).decode()

    rates = "SELECT DISTINCT ?rate { ?p rdfs:label 'lr'; prov:value ?rate } ORDER BY ?rate LIMIT 2"
    assert printed("sparql", rates) == "rate\n0.1\n0.5\n"
    assert json.loads(printed("sparql", rates, "--format", "json"))["head"] == {"vars": ["rate"]}
    assert printed("sparql", rates, "--format", "csv").splitlines()[0] == "rate"
    graph = "CONSTRUCT { ?m a provml:Model } WHERE { ?m a provml:Model }"
    assert printed("sparql", graph).count("prov-ml#Model") >= 2
    query = tmp_path / "question.rq"
    query.write_text(rates)
    assert printed("sparql", "-f", os.fspath(query)) == "rate\n0.1\n0.5\n"
    assert "read only" in printed("sparql", "DROP ALL", code=2)
    assert "Give a QUERY" in printed("sparql", code=2)

    best = "SELECT key, number FROM params WHERE key = 'lr' ORDER BY number LIMIT 1"
    assert printed("sql", best) == "key  number\nlr   0.1\n"
    assert printed("sql", best, "--format", "csv") == "key,number\r\nlr,0.1\r\n"
    assert json.loads(printed("sql", best, "--format", "json", "--engine", "duckdb")) == [
        {"key": "lr", "number": 0.1}
    ]
    assert "may only read" in printed("sql", "DROP VIEW runs", code=2)


def test_what_rdf_can_not_hold_is_counted_in_its_graph(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    said = [
        Statement("activity", f"http://example.org/{name}", (None, None)) for name in ("a b", "c")
    ]
    with open_store(store) as index:
        import_document(store, index, Document(said))
    rows = whence.sparql(
        "SELECT (SUM(?n) AS ?lost) { ?gap whence:gapCode 'not-in-rdf'; whence:count ?n }",
        store=store,
    )
    assert rows == [{"lost": 1}]
