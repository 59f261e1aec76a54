"""The server as a process: it begins, tells what changes, is watched over, and ends."""

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from benchmarks.many_runs import RUNS_PER_SEGMENT, make, write
from tests.support.journal import JournalBuilder
from tests.support.server import PATIENCE_S, RunningServer, serving
from whence._base.ids import format_id
from whence.server.project import Project

UI = ("ui", "--no-browser", "--port", "0")


def listening(server: RunningServer, project: str) -> tuple[list[dict], threading.Event]:
    """The data of the events of a project as they come, and whether the stream ended well."""
    found: list[dict] = []
    opened, ended = threading.Event(), threading.Event()

    def listen() -> None:
        url = f"{server.url}api/v1/projects/{project}/events"
        with (
            suppress(httpx.HTTPError),
            httpx.stream("GET", url, timeout=PATIENCE_S, trust_env=False) as stream,
        ):
            for line in stream.iter_lines():
                opened.set()
                if line.startswith("data: "):
                    found.append(json.loads(line.removeprefix("data: ")))
            ended.set()

    threading.Thread(target=listen, daemon=True).start()
    assert opened.wait(PATIENCE_S)
    return found, ended


def until(holds, what: str = "") -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def test_a_run_that_is_recorded_is_told_and_then_listed(tmp_path):
    journal = JournalBuilder(tmp_path)
    with journal.run("first.py"):
        pass
    with serving(*UI, cwd=tmp_path) as server:
        found, _ = listening(server, "local")
        with journal.run("second.py") as run:
            run.metric("acc", 0.5)
        wanted = format_id(run.id)
        until(lambda: any(wanted in told["runs"] for told in found), str(found))
        until(lambda: server.get("runs").json()["items"][0]["attributes"]["metrics"])
        assert server.get("runs").json()["items"][0]["id"] == wanted
        assert "acc" in server.get("runs/fields").json()["metrics"]


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order_also_while_somebody_listens(tmp_path, sig):
    journal = JournalBuilder(tmp_path)
    with journal.run("first.py"):
        pass
    with serving(*UI, cwd=tmp_path) as server:
        _, ended = listening(server, "local")
        assert server.stop(sig) == 0
        assert ended.wait(PATIENCE_S)
        assert "".join(server.log).count("\n") == 1, server.log


def test_a_page_that_was_not_built_is_said_and_a_built_one_is_served(tmp_path):
    from starlette.requests import Request

    from whence._base.errors import NotKnownError
    from whence.server.page import Page

    def asked(page: Page, path: str, **headers: str):
        sent = [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()]
        scope = {"type": "http", "method": "GET", "headers": sent, "path_params": {"path": path}}
        return page.respond(Request(scope))

    page = Page(tmp_path)
    assert b"make web" in asked(page, "").body
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "assets/a-123.js", "assets/a-123.js.br"):
        (tmp_path / name).write_text(name)
    index = asked(page, "projects/local/things/models/model.joblib")
    assert Path(index.path).name == "index.html"
    assert index.headers["cache-control"] == "no-cache"
    asset = asked(page, "assets/a-123.js", accept_encoding="gzip, br")
    assert Path(asset.path).name == "a-123.js.br"
    assert asset.headers["content-encoding"] == "br"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert "immutable" in asset.headers["cache-control"]
    assert Path(asked(page, "assets/a-123.js").path).name == "a-123.js"
    again = asked(page, "assets/a-123.js", if_none_match=asset.headers["etag"])
    assert again.status_code == 200  # the tag is that of the other coding
    tag = asked(page, "assets/a-123.js").headers["etag"]
    assert asked(page, "assets/a-123.js", if_none_match=tag).status_code == 304
    for path in ("assets/b.js", "../page.py", "assets/../../page.py", "api/none", "a\0b"):
        with pytest.raises(NotKnownError):
            asked(page, path)


def test_what_it_needs_and_has_not_is_said_in_one_line(tmp_path, server):
    def told(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "whence", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    code, said = told("ui", "--no-browser", "--store", str(tmp_path / "none"))
    assert (code, said.count("\n")) == (2, 1)
    assert "No store at" in said
    home, port = str(tmp_path / "home"), str(server.address[1])
    code, said = told("server", "--home", home, "--port", port)
    assert (code, said.count("\n")) == (2, 1)
    assert f"Can't listen at 127.0.0.1:{port}" in said
    code, said = told("server", "--home", home, "--tls-cert", "none.pem")
    assert code == 2
    assert "go together" in said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the projects ``one`` and ``two``."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "projects").mkdir()
    for name in ("one", "two"):
        make(tmp_path_factory.mktemp(name), 20).rename(folder / "projects" / name)
    return folder


def test_a_project_whose_index_is_damaged_stops_no_other(home, tmp_path):
    copy = shutil.copytree(home, tmp_path / "home")
    for file in (copy / "projects" / "two").glob("index.sqlite*"):
        file.unlink()
    (copy / "projects" / "two" / "index.sqlite").write_bytes(b"no database at all" * 1000)
    with serving("server", "--home", str(copy), "--port", "0", cwd=tmp_path) as server:
        ask = server.client.get
        assert len(ask("/api/v1/projects/one/runs").json()["items"]) == 20
        damaged = ask("/api/v1/projects/two/runs")
        assert (damaged.status_code, damaged.json()["code"]) == (500, "store-corrupt")
        assert ask("/health").status_code == 503
        one, two = ask("/api/v1/projects").json()["projects"]
        assert (one["runs"], one["problem"]) == (20, None)
        assert two["runs"] == 0
        assert "is damaged" in two["problem"]


def test_what_arrives_in_a_journal_is_folded_when_noticed_and_told(home, tmp_path):
    store = shutil.copytree(home / "projects" / "one", tmp_path / "one")
    project = Project("one", store)
    project.start()
    try:
        with project.questions() as asked:
            assert asked.store.run_count() == 20
        write(store, RUNS_PER_SEGMENT, 5)
        project.notice()

        def count() -> int:
            with project.questions() as asked:
                return asked.store.run_count()

        until(lambda: count() == 25)
        until(lambda: project.lag_bytes == 0)
    finally:
        project.close()


def test_the_figures_and_the_log_tell_what_happened_and_no_secret(home):
    with serving("server", "--home", str(home), "--port", "0", cwd=home) as server:
        secret = {"Authorization": "Bearer wh_abc_very-secret"}
        server.client.get("/api/v1/projects/one/show?thing=hidden-thing", headers=secret)
        server.client.get("/health")
        text = server.client.get("/metrics").text
        assert server.client.get("/metrics").headers["content-type"].startswith("text/plain")
        assert server.stop() == 0
        until(lambda: any("hidden" in line or "show" in line for line in server.log))
    assert (
        'whence_requests_total{route="/projects/{project}/show",method="GET",status="404"} 1'
    ) in text
    assert 'whence_request_seconds_bucket{route="other",le="+Inf"} 1' in text
    assert 'whence_fold_lag_bytes{project="one"} 0' in text
    assert "process_resident_memory_bytes " in text
    lines = [json.loads(line) for line in server.log if line.startswith("{")]
    (shown,) = [line for line in lines if line.get("route") == "/projects/{project}/show"]
    assert {key: shown[key] for key in ("level", "event", "method", "status", "project")} == {
        "level": "info", "event": "request", "method": "GET", "status": 404, "project": "one",
    }  # fmt: skip
    assert shown["ms"] > 0
    assert shown["request"]
    assert "secret" not in "".join(server.log)
    assert "hidden-thing" not in "".join(server.log)
