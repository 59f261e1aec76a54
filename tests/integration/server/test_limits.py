"""Nobody can take the server up: large, slow, endless and frequent requests are ended."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.many_runs import make, run_id
from tests.support.server import RunningServer, serving
from whence._base.ids import format_id
from whence.server.pieces import encoded, is_long
from whence.service.questions import open_questions

PATIENCE_S = 60
MIB = 1 << 20


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of a team with one project, narrow limits and a log in JSON."""
    home = tmp_path_factory.mktemp("home")
    (home / "projects").mkdir()
    make(tmp_path_factory.mktemp("made"), 300).rename(home / "projects" / "many")
    arguments = ("--max-body", "4", "--rate", "30", "--query-time", "0.5", "--port", "0")
    with serving("server", "--home", str(home), *arguments, cwd=home) as running:
        yield running


def connected(server: RunningServer) -> socket.socket:
    return socket.create_connection(server.address, timeout=PATIENCE_S)


def answer(client: socket.socket) -> bytes:
    found = bytearray()
    with suppress(ConnectionError):
        while piece := client.recv(65536):
            found += piece
    return bytes(found)


def test_a_body_of_a_gigabyte_is_refused_unread_and_takes_no_memory(small):
    before = small.resident_bytes()
    url = "/api/v1/projects/many/segments"
    with connected(small) as client:
        head = f"POST {url} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {1 << 30}\r\n\r\n"
        client.sendall(head.encode())
        found = answer(client)
    assert found.startswith(b"HTTP/1.1 413")
    assert b'"too-large"' in found
    assert small.resident_bytes() - before < 32 * MIB


def test_a_body_that_does_not_say_its_size_is_cut_where_it_is_too_large(small):
    before, sent = small.resident_bytes(), 0
    piece = b"%x\r\n" % MIB + os.urandom(MIB) + b"\r\n"
    head = (
        "POST /api/v1/projects/many/segments HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/vnd.whence.segments+msgpack\r\nContent-Encoding: zstd\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    with connected(small) as client:
        client.sendall(head.encode())
        with suppress(ConnectionError):
            while sent < 1 << 30:
                client.sendall(piece)
                sent += MIB
        found = answer(client)
    assert sent < 64 * MIB
    assert found == b"" or found.startswith(b"HTTP/1.1 413")
    assert small.resident_bytes() - before < 64 * MIB


def test_slow_clients_hold_no_thread(small):
    """More of them than the server has threads, and it answers all the same."""
    head = b"POST /api/v1/projects/many/sparql HTTP/1.1\r\nHost: localhost\r\n"
    body = b"Content-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nA"
    clients = [connected(small) for _ in range(80)]
    try:
        for number, client in enumerate(clients):
            client.sendall(head + body if number % 2 else head[:20])
        assert small.client.get("/api/v1/projects/many/runs?limit=1").status_code == 200
    finally:
        for client in clients:
            client.close()


def test_too_many_calls_are_told_when_to_come_again(small):
    statuses: dict[int, int] = {}
    found = None
    for _ in range(800):
        found = small.client.get("/api/v1/")
        statuses[found.status_code] = statuses.get(found.status_code, 0) + 1
        if found.status_code == 429:
            break
    assert set(statuses) == {200, 429}
    assert found.json()["code"] == "too-many"
    assert int(found.headers["retry-after"]) >= 1
    assert small.client.get("/health").status_code == 200


def test_a_question_that_takes_too_long_is_ended(small):
    """Its statement is interrupted: the one below would run for hours."""
    from whence._base.errors import TookTooLongError
    from whence.server.deadline import Deadline, current
    from whence.server.project import Project

    many = Path(small.process.args[5]) / "projects" / "many"
    project, deadline = Project("many", many), Deadline(0.2)
    token = current.set(deadline)
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )
    timer = threading.Timer(0.2, deadline.expire)
    timer.start()
    try:
        with pytest.raises(TookTooLongError, match=r"longer than 0\.2 s"), project.questions() as q:
            q.store.connection.all(endless)
    finally:
        current.reset(token)
        timer.cancel()
    with project.questions() as asked:
        assert asked.store.run_count() == 300


def test_a_url_and_a_head_that_are_too_long_are_refused(small):
    found = small.client.get("/api/v1/?" + "a" * 20_000)
    assert found.status_code == 414
    with connected(small) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n")
        assert answer(client)[:12] in (b"HTTP/1.1 400", b"")


def test_a_client_that_goes_away_ends_its_export(small):
    """The thread that writes it is free again: more exports than may run at once are begun."""
    for _ in range(6):
        with connected(small) as client:
            client.sendall(
                b"GET /api/v1/projects/many/export?format=prov-json HTTP/1.1\r\n"
                b"Host: localhost\r\n\r\n"
            )
            assert client.recv(100).startswith(b"HTTP/1.1 ")
    end = time.monotonic() + PATIENCE_S
    while True:
        found = small.client.get("/api/v1/projects/many/export?format=prov-n")
        if found.status_code != 429 or time.monotonic() > end:
            break
        time.sleep(0.2)
    assert found.status_code == 200
    assert found.text.rstrip().endswith("endDocument")


def test_a_long_answer_is_sent_in_pieces_that_are_its_json(tmp_path):
    import msgspec

    store = make(tmp_path, 1500)
    with open_questions(store) as asked:
        long, short = asked.runs(whole=False), asked.runs(limit=3)
        traced = asked.impact(format_id(run_id(0, 4)))
    assert is_long(traced)
    assert not is_long(short)
    for answered in (long, short, traced):
        pieces = list(encoded(answered))
        assert b"".join(pieces) == msgspec.json.encode(answered)
    assert len(list(encoded(traced))) > 10
