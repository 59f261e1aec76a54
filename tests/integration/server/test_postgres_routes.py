"""What clients send to a server on PostgreSQL is answered as by one with SQLite files.

Byte for byte, by every route that reads; the programs run under `whence run --store http://…`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import cache, partial
from typing import NamedTuple

import httpx
import pytest

from tests.support.exported import FAIL
from tests.support.postgres import Postgres, binaries
from tests.support.program import whence
from tests.support.receiving import ServerProcess, held_in, until
from tests.support.server import ROOT
from whence.server.app import OPERATIONS

pytestmark = pytest.mark.skipif(binaries() is None, reason="no PostgreSQL here")
pytest.importorskip("psycopg")

MODEL, DATA = "models/model.joblib", "data/train.csv"
STEPS = (("prepare.py", 0), ("train.py --epochs 2", 0), ("fail.py", 1))
RUNS = 4
"""The failing script is a run with another within."""

NOT_ASKED = {"/events", "/segments/{run}/{segment}"}
"""An endless stream, and what clients ask of the journal, not of the index."""

QUERY = "SELECT ?m ?f { ?m a provml:Model ; prov:atLocation ?f } ORDER BY ?m ?f"
OF_A_RUN = (
    "/runs/{run}", "/runs/{run}/timeline", "/runs/{run}/timeline?limit=2", "/runs/{run}/code",
    "/metrics?run={run}", "/metrics?run={run}&points=4", "/show?thing={run}", "/5w1h?thing={run}",
    "/trace?thing={run}", "/impact?thing={run}", "/flow?thing={run}", "/columns?thing={run}",
    "/check?thing={run}",
)  # fmt: skip
OF_A_THING = (
    "/show?thing={thing}", "/5w1h?thing={thing}", "/trace?thing={thing}",
    "/trace?thing={thing}&columns=true", "/trace?thing={thing}&depth=2&all_versions=true",
    "/trace?thing={thing}&limit=3", "/impact?thing={thing}", "/impact?thing={thing}&depth=1",
    "/flow?thing={thing}", "/columns?thing={thing}",
)  # fmt: skip
OF_ALL = (
    "/status", "/runs", "/runs?limit=1&total=true", "/runs?whole=false&order_by=name desc",
    "/runs?filter=params.rate > 0.05", "/runs?filter=metrics.loss < 1&order_by=metrics.loss",
    "/runs?filter=tags.team = 'red'&total=true", "/runs?filter=metrics.", "/runs?cursor=wrong",
    "/runs/fields", "/entities", "/entities?kind=model&limit=1", "/entities?kind=dataset",
    f"/why?source={DATA}&target={MODEL}", f"/impact?thing={DATA}:mean_area",
    f"/check?thing={MODEL}", "/check", "/formats", "/show?thing=nothing-such", "/trace",
    *(f"/search?text={text}" for text in ("train", "pre*", "odd values", "%", "no such word")),
    f"/sparql?query={QUERY}",
)  # fmt: skip


class Served(NamedTuple):
    """Projects over the same segments: `live` took them in one by one, the others found them."""

    live: str
    database: str
    files: str
    runs: list[str]


def paths(runs: list[str], formats: list[str]) -> list[str]:
    """Everything that is asked, below the project."""
    old, *_, new = runs
    return [
        *OF_ALL, f"/diff?left={old}&right={new}", f"/compare?run={old}&run={new}",
        *(path.format(run=run) for path in OF_A_RUN for run in runs),
        *(path.format(thing=thing) for path in OF_A_THING for thing in (MODEL, DATA, "train.py")),
        *(f"/export?thing={runs[1]}&format={name}" for name in formats),
        f"/export?thing={MODEL}&with_upstream=true&format=turtle", "/export?format=prov-json",
    ]  # fmt: skip


CLIENT = httpx.Client(timeout=60, trust_env=False)


def is_indexed(url: str, runs: int) -> bool:
    store = CLIENT.get(f"{url}/status").raise_for_status().json()["store"]
    return store["unindexed"] == 0 and store["counts"].get("runs") == runs


def api(server: ServerProcess) -> str:
    return f"http://127.0.0.1:{server.port}/api/v1/projects/study"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("team")
    work = folder / "work"
    shutil.copytree(ROOT / "examples", work)
    (work / "fail.py").write_text(FAIL)
    for home in ("live", "database", "files"):
        (folder / home).mkdir()
    with ExitStack() as stack:
        postgres = stack.enter_context(closing(Postgres()))
        first = stack.enter_context(ServerProcess(folder / "live", "--store", postgres.url))
        url = first.url("study")
        for step, code in STEPS:
            done = whence(work, "run", "--store", url, *step.split())
            assert done.returncode == code, done.stderr
        until(lambda: whence(work, "push", "--store", url).returncode == 0, "all to be sent")
        assert held_in(first.folder("study")) == held_in(work / ".whence")
        again = stack.enter_context(closing(Postgres()))
        others = {"database": ("--store", again.url), "files": ()}
        found = [api(first)]
        for home, options in others.items():
            shutil.copytree(folder / "live" / "projects", folder / home / "projects")
            server = stack.enter_context(ServerProcess(folder / home, *options))
            found.append(api(server))
        for url in found:
            until(partial(is_indexed, url, RUNS), "all to be indexed")
        runs = CLIENT.get(f"{found[0]}/runs?order_by=start_time").json()["items"]
        yield Served(*found, [run["id"] for run in runs])


@cache
def asked(url: str, path: str) -> tuple[int, str, bytes]:
    """Status, media type and bytes of an answer, without where the index lies and its size."""
    answer = CLIENT.get(url + path)
    body = re.sub(rb'"index_size":\d+', b'"index_size":0', answer.content)
    body = re.sub(rb'"/[^"]*/(live|database|files)/projects/study"', b'"study"', body)
    return answer.status_code, answer.headers["content-type"], body


@pytest.fixture(scope="module")
def listed(served: Served) -> list[str]:
    formats = [one["name"] for one in CLIENT.get(f"{served.files}/formats").json()]
    return paths(served.runs, formats)


def test_every_route_that_reads_is_asked(listed: list[str]) -> None:
    routes = {
        operation.path.removeprefix("/projects/{project}")
        for operation in OPERATIONS
        if operation.method == "GET" and operation.path.startswith("/projects/{project}/")
    }
    taken = {re.sub(r"/runs/(?!fields)[^/?]+", "/runs/{id}", p).partition("?")[0] for p in listed}
    assert taken == routes - NOT_ASKED


def test_every_answer_is_the_same(served: Served, listed: list[str]) -> None:
    statuses = set()
    for path in listed:
        expected = asked(served.files, path)
        assert asked(served.database, path) == expected, path
        statuses.add(expected[0])
    assert statuses == {200, 400, 404}


def unordered(body: object) -> object:
    """JSON without the order of its lists, which is that of arrival where nothing else orders."""
    if isinstance(body, dict):
        return {key: unordered(value) for key, value in body.items()}
    if isinstance(body, list):
        return sorted(map(unordered, body), key=lambda one: json.dumps(one, sort_keys=True))
    return body


def test_what_came_in_pieces_is_answered_as_what_was_there_at_once(
    served: Served, listed: list[str]
) -> None:
    for path in listed:
        if "limit=" in path or "/export" in path:  # cut, and numbered, in the order of arrival
            continue
        (status, kind, found), expected = asked(served.live, path), asked(served.database, path)
        assert (status, kind) == expected[:2], path
        assert unordered(json.loads(found)) == unordered(json.loads(expected[2])), path
