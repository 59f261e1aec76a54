"""A client among garbage: its own state, what it can't read, and a server that answers nonsense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support.receiving import ServerProcess, held_in
from tests.support.shipping import client, ship_all
from whence._base.errors import RefusedError, UsageError
from whence.journal.layout import open_path, open_segments
from whence.journal.remote import TOKEN, Remote
from whence.journal.ship import Shipper
from whence.journal.ship_wire import Wire
from whence.service.outgoing import remote_facts


class Nonsense(ThreadingHTTPServer):
    """Gives every request the same answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.body = 200, b""
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def remote(self) -> Remote:
        return Remote(f"http://127.0.0.1:{self.server_port}/projects/demo")


class _Answering(BaseHTTPRequestHandler):
    server: Nonsense

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self.server.body)

    do_GET = do_POST = do_HEAD = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def nonsense() -> Iterator[Nonsense]:
    with Nonsense() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("home")) as server:
        yield server


def test_a_state_of_garbage_is_no_more_than_a_lost_hint(
    server: ServerProcess, tmp_path: Path
) -> None:
    for number, garbage in enumerate(
        (
            {"under_way": {"zz": [1, 2]}, "refused": {"": "x", "abc": "y"}},
            {"under_way": {"00" * 16: [-1, 2]}},
            {"sent_at": 1e300, "trouble": {"code": "x", "detail": "y", "at": -1e300}},
            {"more": json.loads("[" * 500 + "]" * 500)},
        )
    ):
        store = client(tmp_path / str(number), runs=1, points=10)
        remote = Remote(server.url(f"garbage{number}"))
        shipper = Shipper(str(store), remote)
        shipper.state.save()
        shipper.close()
        [state] = (store / "cache" / "ship").glob("*.json")
        state.write_text(json.dumps({"url": remote.url} | garbage))
        shipper = Shipper(str(store), remote)
        ship_all(shipper)
        shipper.close()
        assert held_in(server.folder(f"garbage{number}")) == held_in(store)
        [facts] = remote_facts(store)
        assert (facts.segments, facts.problem) == (0, None)


def test_a_segment_that_can_not_be_read_holds_up_no_other(
    server: ServerProcess, tmp_path: Path
) -> None:
    store = client(tmp_path / "client", runs=2, points=100, sealed=False)
    true = held_in(store)
    unreadable = open_path(store, bytes(16), bytes(16))  # the oldest, so its turn comes first
    unreadable.mkdir()
    (unreadable / "x").write_bytes(b"x")
    content = store / "content" / "00" / ("00" * 32)
    content.mkdir(parents=True)
    shipper = Shipper(str(store), Remote(server.url("unreadable")))
    shipper.step()
    with pytest.raises(IsADirectoryError):  # it is told once nothing else is left
        shipper.step()
    shipper.close()
    assert held_in(server.folder("unreadable")) == true


def test_a_token_that_can_be_none_is_told_without_showing_it(
    nonsense: Nonsense, monkeypatch: pytest.MonkeyPatch
) -> None:
    for token in ("wh_abc…", "wh_abc\ndef", "wh_abc def", "wh_abc\x7f"):
        monkeypatch.setenv(TOKEN, token)
        with pytest.raises(UsageError, match=f"The token in {TOKEN}") as told:
            Wire(nonsense.remote).get("/status")
        assert "wh_" not in str(told.value)


def test_an_answer_of_nonsense_is_told_and_ends_nothing(nonsense: Nonsense, tmp_path: Path) -> None:
    store = client(tmp_path / "client", runs=1, points=10)
    numbers = (b"-1", b"1e400", b"123456789012345678901234567890")
    offsets = [b'{"segments": [{"offset": %b, "sealed": false}]}' % one for one in numbers]
    for body in (b"[" * 200_000, b'{"x": ' + b"[" * 200_000, b"\xff", b"null", *offsets):
        nonsense.body = body
        shipper = Shipper(str(store), nonsense.remote)
        with pytest.raises(RefusedError):
            shipper.step()
        shipper.close()
    assert open_segments(store) == []


def test_an_answer_that_is_too_long_is_told_as_such(nonsense: Nonsense) -> None:
    nonsense.body = b'"' + b"x" * (17 << 20) + b'"'
    with pytest.raises(RefusedError, match="answers more than 16,777,216 bytes"):
        Wire(nonsense.remote).get("/status")


def test_what_a_server_says_gives_a_terminal_no_orders(nonsense: Nonsense) -> None:
    nonsense.status = 403
    nonsense.body = json.dumps({"detail": "no\x1b[31m\x9b\u202e"}).encode()
    with pytest.raises(RefusedError) as told:
        Wire(nonsense.remote).get("/status")
    assert told.value.detail == "no\ufffd[31m\ufffd\ufffd"
