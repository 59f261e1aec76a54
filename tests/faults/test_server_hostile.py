"""Callers that mean harm: what they send is refused, told as a problem, and harms nobody else."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import httpx
import msgspec
import pytest
import zstandard

from tests.support.receiving import ServerProcess, held_in
from whence._base.errors import SegmentFormatError
from whence._base.ids import uuid7
from whence.journal.header import SCHEMA, Header
from whence.journal.home import create_store
from whence.journal.layout import open_path
from whence.journal.segment import SegmentWriter
from whence.service.chunk import Chunk
from whence.service.receiving import Receiver

MIB = 1 << 20
HEADERS = {
    "Content-Type": "application/vnd.whence.segments+msgpack",
    "Content-Encoding": "zstd",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("home")) as server:
        server.url()
        yield server


@pytest.fixture
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    url = f"http://127.0.0.1:{server.port}/api/v1/"
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        yield client


def made(folder: Path, run: bytes, segment: bytes, schema: int = SCHEMA) -> bytes:
    """The bytes of a segment that says it is this one of that run."""
    header = Header(
        schema=schema, writer="test", segment=segment, run=run, activity=run, role="program",
        host="h", machine="h", boot="b", pid=1, process_start=1, user="u", root=b"/", wall=1,
        mono=1,
    )  # fmt: skip
    path = folder / f"{segment.hex()}.{os.urandom(4).hex()}"
    SegmentWriter(os.fsencode(path), header).close()
    return path.read_bytes()


def whole(run: bytes, segment: bytes, data: bytes) -> Chunk:
    return Chunk(run, segment, 0, 0, data)


def sent(client: httpx.Client, raw: bytes) -> httpx.Response:
    body = zstandard.ZstdCompressor().compress(raw)
    return client.post("projects/demo/segments", headers=HEADERS, content=body)


def asked(server: ServerProcess, head: str) -> bytes:
    """The first bytes of the answer to a request as it stands."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        return connection.recv(65536)


def test_an_origin_that_is_none_is_told_as_another_site(server: ServerProcess) -> None:
    for origin in ("http://[", "http://[::1", "null", "http://"):
        head = f"POST /api/v1/session HTTP/1.1\nHost: 127.0.0.1\nOrigin: {origin}"
        assert asked(server, f"{head}\nContent-Length: 0").startswith(b"HTTP/1.1 403"), origin


def test_a_large_body_is_refused_where_no_large_one_belongs(server: ServerProcess) -> None:
    """Also before it is known who sends it; many at once would fill the memory."""
    for path in ("session", "tokens", "projects/demo/sparql", "projects/demo/runs/segments"):
        head = f"POST /api/v1/{path} HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/json"
        found = asked(server, f"{head}\nContent-Length: {3 * MIB}")
        assert found.startswith(b"HTTP/1.1 413"), (path, found)


def test_a_batch_of_nests_negatives_or_too_many_chunks_does_not_read(client: httpx.Client) -> None:
    deep = b"\x91\x81\xa1x" + b"\x91" * 100_000
    negative = msgspec.msgpack.encode([Chunk(uuid7(), uuid7(), -5, 0, b"x")])
    many = msgspec.msgpack.encode([Chunk(b"", b"", 0, 0, b"")] * 10_001)
    for raw, status in ((deep, 422), (negative, 422), (many, 413)):
        answer = sent(client, raw)
        assert (answer.status_code, "segments" in answer.json()) == (status, False)
        assert len(answer.content) < 1000


def test_the_id_of_a_segment_can_not_be_taken_by_another_run(tmp_path: Path) -> None:
    """Else whoever comes first after a restart shuts the true one out."""
    folder = create_store(tmp_path / "project")
    for sealed in (False, True):
        run, other, segment = uuid7(), uuid7(), uuid7()
        data, forged = made(tmp_path, run, segment), made(tmp_path, other, segment)
        first = Receiver(folder)
        first.take([replace_seal(whole(run, segment, data), sealed)])
        first.close()
        again = Receiver(folder)
        [receipt] = again.take([whole(other, segment, forged)])
        assert receipt.problem is not None
        assert receipt.problem.code == "segment-conflict"
        [receipt] = again.take([Chunk(run, segment, len(data), crc32(data), b"", sealed)])
        assert (receipt.offset, receipt.sealed, receipt.problem) == (len(data), sealed, None)
        again.close()
    assert len(held_in(folder)) == 2


def replace_seal(chunk: Chunk, seal: bool) -> Chunk:
    return msgspec.structs.replace(chunk, seal=seal)


def test_to_ask_after_very_many_segments_keeps_few_files_open(tmp_path: Path) -> None:
    folder, ids = create_store(tmp_path / "project"), [uuid7() for _ in range(400)]
    run = uuid7()
    for segment in ids:
        open_path(folder, run, segment).write_bytes(made(tmp_path, run, segment))
    receiver = Receiver(folder)
    before = len(os.listdir("/proc/self/fd"))
    for segment in ids:
        assert receiver.held(run, segment).offset > 0
        [receipt] = receiver.take([Chunk(run, segment, 1, 0, b"wrong")])
        assert receipt.problem is not None
    assert len(os.listdir("/proc/self/fd")) - before <= 257
    receiver.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_segment_of_a_later_version_outlives_an_older_server(tmp_path: Path) -> None:
    folder, run, segment = create_store(tmp_path / "project"), uuid7(), uuid7()
    place, data = open_path(folder, run, segment), made(tmp_path, run, segment, SCHEMA + 1)
    place.write_bytes(data)
    receiver = Receiver(folder)
    with pytest.raises(SegmentFormatError, match="Upgrade Whence"):
        receiver.held(run, segment)
    [receipt] = receiver.take([whole(run, segment, data)])
    assert receipt.problem is not None
    assert receipt.problem.code == "segment-format"
    assert place.read_bytes() == data
