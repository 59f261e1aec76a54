"""What is recorded of downloads, from a real server on this machine."""

from __future__ import annotations

import gc
import http.client
import io
import threading
import traceback
import urllib.error
import urllib.request
import weakref
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from tests.support.truth import Project, names_of
from whence.model.relation import Relation
from whence.observers.addresses import shown_url

BODY = b"a,y\n" + b"".join(b"%d,%d\n" % (n, n % 2) for n in range(20))


class Answers(BaseHTTPRequestHandler):
    """Gives the same table under each path but a few."""

    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/data.csv")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(404 if self.path.startswith("/none") else 200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("ETag", '"v1"')
        self.send_header("Last-Modified", "Sat, 01 Nov 2025 10:00:00 GMT")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize("how", ["get", "session", "send", "stream"])
def test_what_requests_fetches_comes_from_its_url(tmp_path: Path, server: str, how: str) -> None:
    requests = pytest.importorskip("requests", reason="needs requests")
    url = f"{server}/data.csv?page=2&token=hunter2"
    with observing(tmp_path, "requests"):
        session = requests.Session()
        response = {
            "get": lambda: requests.get(url, timeout=9),
            "session": lambda: session.get(url, timeout=9),
            "send": lambda: session.send(requests.Request("GET", url).prepare(), timeout=9),
            "stream": lambda: requests.get(url, stream=True, timeout=9),
        }[how]()
        assert response.content == BODY
        session.close()
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    name = "send" if how == "send" else "get"
    fetched = record.entity("url")
    assert (read.name, read.used) == (f"requests.{name}", [(fetched.id, "")])
    assert fetched.name == f"{server}/data.csv?page=2&token=***"
    assert fetched.attributes == {
        "status": 200, "etag": '"v1"', "last_modified": "Sat, 01 Nov 2025 10:00:00 GMT",
        "content_type": "text/csv", "length": len(BODY),
    }  # fmt: skip
    is_read = how != "stream"
    assert fetched.digest == (sha256(BODY).digest() if is_read else None)
    assert fetched.size == (len(BODY) if is_read else None)
    assert "hunter2" not in repr(record.events)
    assert record.gaps == []


@pytest.mark.parametrize("how", ["url", "response", "bytes", "text", "raw", "urlopen", "read"])
def test_a_frame_comes_from_the_download_that_it_was_read_from(
    tmp_path: Path, server: str, how: str
) -> None:
    pd = pytest.importorskip("pandas", reason="needs pandas")
    requests = pytest.importorskip("requests", reason="needs requests")
    url = f"{server}/data.csv"
    with observing(tmp_path, "urllib.request", "requests", "pandas"):
        source: Any = {
            "url": lambda: url,
            "response": lambda: urllib.request.urlopen(urllib.request.Request(url)),
            "urlopen": lambda: urllib.request.urlopen(url),
            "read": lambda: io.BytesIO(urllib.request.urlopen(url).read()),
            "bytes": lambda: io.BytesIO(requests.get(url, timeout=9).content),
            "text": lambda: io.StringIO(requests.get(url, timeout=9).text),
            "raw": lambda: requests.get(url, stream=True, timeout=9).raw,
        }[how]()
        assert pd.read_csv(source).shape == (20, 2)
    record = Recorded(tmp_path)
    frame = record.entity("frame")
    above = set(record.sources(frame.id, Relation.WAS_DERIVED_FROM))
    fetched = next(entity for entity in record.entities.values() if entity.kind == "url")
    if how in ("response", "urlopen"):
        (between,) = above
        above = set(record.sources(between, Relation.WAS_DERIVED_FROM))
    assert above == {fetched.id}
    assert fetched.name == url
    statuses = [e.attributes.get("status") for e in record.of(type(fetched)) if e.id == fetched.id]
    assert statuses[0] == 200
    assert [read.name for read in record.activities("read")][-1] == "pandas.read_csv"
    assert record.gaps == []


def test_a_file_that_was_retrieved_comes_from_its_url(tmp_path: Path, server: str) -> None:
    with observing(tmp_path, "urllib.request"):
        urllib.request.urlretrieve(f"{server}/data.csv", "data.csv")
    assert (tmp_path / "data.csv").read_bytes() == BODY
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    fetched = record.entity("url")
    assert (read.name, read.used) == ("urllib.request.urlretrieve", [(fetched.id, "")])
    assert fetched.attributes["etag"] == '"v1"'
    edges = [record.sources(id, Relation.WAS_DERIVED_FROM) for id in record.openings]
    assert edges in ([], [{fetched.id: "urllib.request.urlretrieve"}])
    assert len(edges) == 1


def test_a_response_is_as_without_us_once_it_was_read(tmp_path: Path, server: str) -> None:
    with observing(tmp_path, "urllib.request"):
        with urllib.request.urlopen(f"{server}/data.csv") as response:
            assert isinstance(response, http.client.HTTPResponse)
            assert response.read() == BODY
            assert type(response) is http.client.HTTPResponse
        with urllib.request.urlopen(f"{server}/data.csv") as response:
            assert (response.read(3), response.readline()) == (BODY[:3], b"\n")
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{server}/none")
        files = [entry.filename for entry in traceback.extract_tb(caught.value.__traceback__)]
        gc.disable()
        dropped = weakref.ref(urllib.request.urlopen(f"{server}/data.csv"))
        gc.enable()
        assert dropped() is None
    assert len({read.used[0] for read in Recorded(tmp_path).activities("read")}) == 3
    assert not [name for name in files if "whence" in name and "tests" not in name]


def test_where_a_request_was_sent_on_to_is_told(tmp_path: Path, server: str) -> None:
    requests = pytest.importorskip("requests", reason="needs requests")
    with observing(tmp_path, "requests", "urllib.request"):
        requests.get(f"{server}/moved", timeout=9)
        urllib.request.urlopen(f"{server}/moved").close()
    told = [e.attributes["redirected_to"] for e in Recorded(tmp_path).entities_of("url")]
    assert told == [f"{server}/data.csv"] * 2


def test_what_is_sent_or_fails_is_no_download(tmp_path: Path, server: str) -> None:
    requests = pytest.importorskip("requests", reason="needs requests")
    with observing(tmp_path, "requests", "urllib.request"):
        requests.post(f"{server}/data.csv", data={"a": 1}, timeout=9)
        urllib.request.urlopen(f"{server}/data.csv", data=b"a=1").close()
        urllib.request.urlopen("data:,hello").close()
        with pytest.raises(requests.ConnectionError):
            requests.get("http://127.0.0.1:9/", timeout=9)
    record = Recorded(tmp_path)
    assert (record.activities("read"), record.entities_of("url"), record.gaps) == ([], [], [])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:hunter2@h.org/a?b=1#c", "https://h.org/a?b=1"),
        ("https://h.org/a?api_key=k&x=2&X-Amz-Signature=s&sig=t",
         "https://h.org/a?api_key=***&x=2&X-Amz-Signature=***&sig=***"),
        ("https://h.org/a?X-Goog-Credential=me&page_token=t",
         "https://h.org/a?X-Goog-Credential=***&page_token=***"),
        ("http://[::1/a?password=p", "http://[::1/a"),
        ("http://h.org/" + "a" * 5000, "http://h.org/" + "a" * 100 + "..."),
        ("http://h.org/" + "a/" * 5000, "http://h.org/" + "a/" * 993 + "a"),
    ],
)  # fmt: skip
def test_a_url_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_the_flow_of_a_run_names_the_url(tmp_path: Path, server: str) -> None:
    pytest.importorskip("requests", reason="needs requests")
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    project = Project(tmp_path / "project")
    project.run(
        "train.py",
        f"""
        import csv, io
        import pandas as pd
        import requests
        from sklearn.linear_model import LogisticRegression
        first = pd.read_csv("{server}/data.csv")
        LogisticRegression().fit(first[["a"]], first["y"])
        rows = list(csv.DictReader(io.StringIO(requests.get("{server}/rows.csv").text)))
        X = [[float(row["a"])] for row in rows]
        LogisticRegression().fit(X, [row["y"] for row in rows])
        open("kept.csv", "wb").write(requests.get("{server}/kept.csv").content)
        """,
    )
    edges = project.json("flow", "train")["edges"]
    assert [(e["source"]["call"], e["source"]["line"], e["source"]["origin"]) for e in edges] == [
        ("pandas.read_csv", 6, f"{server}/data.csv"),
        ("requests.get", 8, f"{server}/rows.csv"),
    ]
    answer = project.json("trace", "kept.csv")
    assert f"{server}/kept.csv" in names_of(answer, ["url"])
    digests = {node["kind"]: node["digest"] for node in answer["nodes"] if node["digest"]}
    assert digests["url"] == f"sha256:{sha256(BODY).hexdigest()}"


def test_urllib_and_requests_are_left_as_they_were_found(tmp_path: Path) -> None:
    requests = pytest.importorskip("requests", reason="needs requests")
    owners: tuple[Any, ...] = (requests, requests.Session, urllib.request)
    before = [dict(vars(owner)) for owner in owners]
    with observing(tmp_path, "requests", "urllib.request"):
        pass
    assert [dict(vars(owner)) for owner in owners] == before
