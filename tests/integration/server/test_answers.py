"""Every route answers with the JSON that the command line prints."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.support.server import RunningServer
from whence.service.disk import NoDisk
from whence.service.questions import open_questions

MODEL, DATA = "models/model.joblib", "data/train.csv"


def printed(study: Path, *arguments: str) -> object:
    """What a whence command prints as JSON."""
    command = [sys.executable, "-m", "whence", *arguments, "--json"]
    done = subprocess.run(command, cwd=study.parent, capture_output=True, check=False)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def runs(server: RunningServer) -> list[dict]:
    return server.get("runs").json()["items"]


def test_the_runs_are_those_of_whence_log(server, study, runs):
    assert runs == printed(study, "log")["nodes"]
    assert [run["name"] for run in runs] == ["train.py", "train.py", "prepare.py"]


def test_a_run_is_as_whence_show_tells_it(server, study, runs):
    run = runs[0]["id"]
    assert server.get(f"runs/{run}").json() == printed(study, "show", run)


@pytest.mark.parametrize("command", ["flow", "columns"])
def test_what_fed_what_is_as_the_command_tells_it(server, study, runs, command):
    run = runs[0]["id"]
    assert server.get(command, thing=run).json() == printed(study, command, run)


def test_the_six_questions_are_as_whence_show_tells_them(server, study, runs):
    run = runs[0]["id"]
    assert server.get("5w1h", thing=run).json() == printed(study, "show", run, "--5w1h")


def test_search_and_status_are_as_the_commands_tell_them(server, study):
    assert server.get("search", text="train").json() == printed(study, "search", "train")
    assert server.get("status").json() == printed(study, "status")


def test_a_check_is_as_the_command_tells_it(server, study, runs):
    run = runs[-1]["id"]
    assert server.get("check", thing=run).json() == printed(study, "check", run)


def test_a_diff_is_as_the_command_tells_it(server, study, runs):
    left, right = runs[1]["id"], runs[0]["id"]
    assert server.get("diff", left=left, right=right).json() == printed(study, "diff", left, right)


def test_lineage_is_what_the_store_says_of_a_recorded_path(server, study):
    with open_questions(study, disk=NoDisk()) as asked:
        wanted = {
            ("trace", (("thing", MODEL),)): asked.trace(MODEL),
            ("trace", (("thing", MODEL), ("columns", True))): asked.trace(MODEL, columns=True),
            ("trace", (("depth", 1), ("thing", MODEL))): asked.trace(MODEL, max_depth=1),
            ("impact", (("thing", DATA),)): asked.impact(DATA),
            ("impact", (("thing", DATA + ":mean_area"),)): asked.impact(DATA + ":mean_area"),
            ("why", (("source", DATA), ("target", MODEL))): asked.why(DATA, MODEL),
            ("show", (("thing", MODEL),)): asked.show(MODEL),
        }
    for (route, query), answer in wanted.items():
        found = server.get(route, **dict(query))
        assert found.status_code == 200, found.text
        assert found.json() == json.loads(msgspec.json.encode(answer)), route


def test_several_runs_stand_side_by_side_with_what_differs_first(server, runs):
    ids = [run["id"] for run in runs[:2]]
    found = server.client.get("/api/v1/projects/local/compare", params={"run": ids}).json()
    assert [run["id"] for run in found["runs"]] == ids
    differs = [row["differs"] for row in found["rows"]]
    assert differs == sorted(differs, reverse=True)
    rows = {(row["section"], row["key"]): row for row in found["rows"]}
    command = rows["run", "command"]
    assert command["differs"]
    assert [value.split()[1:3] for value in command["values"]] == [
        ["train.py", "--model"],
        ["train.py", "--epochs"],
    ]
    assert not rows["machine", "python"]["differs"]


def test_metrics_are_series_by_run_and_key(server, runs):
    found = server.get("metrics", run=runs[0]["id"]).json()["series"]
    assert [one["key"] for one in found] == list(runs[0]["attributes"]["metrics"])
    for one in found:
        assert one["run"] == runs[0]["id"]
        assert one["count"] == len(one["points"]) > 0
        assert not one["sampled"]
        assert one["points"][-1][1] == runs[0]["attributes"]["metrics"][one["key"]]


def test_a_course_has_the_parts_in_the_order_they_began(server, runs):
    found = server.get(f"runs/{runs[0]['id']}/timeline").json()
    known = {runs[0]["id"], *(item["id"] for item in found["items"])}
    assert found["items"]
    assert not found["truncated"]
    assert {item["parent"] for item in found["items"]} <= known
    began = [item["started_at"] for item in found["items"]]
    assert began == sorted(began)
    cut = server.get(f"runs/{runs[0]['id']}/timeline", limit=1).json()
    assert len(cut["items"]) == 1
    assert cut["truncated"]


def test_the_code_of_a_run_has_the_text_that_was_kept(server, study, runs):
    found = server.get(f"runs/{runs[0]['id']}/code").json()
    (script,) = [one for one in found["files"] if one["path"].endswith("/train.py")]
    assert script["text"] == (study.parent / "train.py").read_text()


def test_entities_are_told_in_pages_by_kind(server):
    first = server.get("entities", kind="model", limit=2).json()
    assert [item["kind"] for item in first["items"]] == ["model", "model"]
    found, cursor = list(first["items"]), first["next"]
    while cursor:
        page = server.get("entities", kind="model", limit=2, cursor=cursor).json()
        found, cursor = found + page["items"], page["next"]
    names = {item["name"] for item in found}
    assert {MODEL, "models/forest.joblib"} <= names
    assert len({item["id"] for item in found}) == len(found)


def test_the_fields_are_what_the_runs_have(server, runs):
    found = server.get("runs/fields").json()
    for space in ("params", "metrics", "tags"):
        assert found[space] == sorted({key for run in runs for key in run["attributes"][space]})
    assert {"status", "start_time", "name"} <= set(found["attributes"])


def test_an_export_is_the_document_that_the_command_writes(server, study, runs):
    run = runs[0]["id"]
    command = [sys.executable, "-m", "whence", "export", run, "--format", "turtle"]
    done = subprocess.run(command, cwd=study.parent, capture_output=True, check=True)
    found = server.get("export", thing=run, format="turtle")
    assert found.headers["content-type"].startswith("text/turtle")
    assert found.headers["content-disposition"] == f'attachment; filename="{run}.ttl"'
    assert sorted(found.text.splitlines()) == sorted(done.stdout.decode().splitlines())


def test_every_format_can_be_taken_of_a_run(server, runs):
    formats = server.get("formats").json()
    assert {"turtle", "ro-crate", "prov-json"} <= {one["name"] for one in formats}
    for one in formats:
        found = server.get("export", thing=runs[0]["id"], format=one["name"])
        assert found.status_code == 200, (one["name"], found.text)
        assert found.content


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.9, text/html", "text/csv"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_sparql_is_answered_as_the_client_accepts(server, accept, media_type):
    pytest.importorskip("pyoxigraph")
    query = "SELECT (count(?m) AS ?models) { ?m a provml:Model }"
    found = server.client.get(
        "/api/v1/projects/local/sparql", params={"query": query}, headers={"Accept": accept}
    )
    assert found.status_code == 200, found.text
    assert found.headers["content-type"].partition(";")[0] == media_type
    assert "models" in found.text


def test_sparql_takes_a_query_as_body_and_as_form(server):
    pytest.importorskip("pyoxigraph")
    url = "/api/v1/projects/local/sparql"
    query = "CONSTRUCT WHERE { ?m a provml:Model }"
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/n-triples"}
    as_body = server.client.post(url, content=query, headers=headers)
    as_form = server.client.post(url, data={"query": query}, headers={"Accept": "text/turtle"})
    assert as_body.headers["content-type"].startswith("application/n-triples")
    assert as_form.headers["content-type"].startswith("text/turtle")
    assert as_body.text.count("prov-ml#Model") == as_form.text.count("prov-ml#Model") > 0
    update = server.client.post(url, data={"update": "DELETE WHERE { ?s ?p ?o }"})
    assert (update.status_code, update.json()["code"]) == (400, "usage")
