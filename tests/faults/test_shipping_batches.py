"""Batches that are truncated, late, repeated, too large or wrong change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from zlib import crc32

import msgspec
import pytest
import zstandard

from tests.support.program import whence
from tests.support.receiving import ServerProcess, held_in
from tests.support.shipping import client, ship_all
from whence.journal.layout import open_segments
from whence.journal.remote import Remote
from whence.journal.ship import MEDIA_TYPE, Shipper
from whence.service.chunk import Chunk
from whence.service.outgoing import remote_facts


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("home")) as server:
        yield server


def test_a_conflict_is_told_and_stops_one_segment_alone(
    server: ServerProcess, tmp_path: Path
) -> None:
    store = client(tmp_path / "client", runs=2, points=100, sealed=False)
    url = server.url("conflict")
    ship_all(Shipper(str(store), Remote(url)))
    before = held_in(server.folder("conflict"))
    damaged, healthy = open_segments(store)
    data = bytearray(damaged.path.read_bytes())
    data[3000] ^= 1
    damaged.path.write_bytes(data + b"more")
    with open(healthy.path, "ab") as f:
        f.write(b"more")
    shipper = Shipper(str(store), Remote(url))
    shipper.state.forget()
    for _ in range(3):
        shipper.step()
    [facts] = remote_facts(store)
    assert (facts.segments, facts.refused) == (0, 1)
    assert [why for why in shipper.state.refused.values() if "other bytes" in why]
    after = held_in(server.folder("conflict"))
    changed = [name for name in after if after[name] != before[name]]
    assert changed == [f"{healthy.run.hex()}.{healthy.segment.hex()}"]
    pushed = whence(tmp_path / "client", "push", "--store", url)
    assert pushed.returncode == 1
    assert "1 segment refused" in pushed.stderr


def post(url: str, body: bytes, **headers: str) -> tuple[int, dict[str, object]]:
    base, _, project = url.partition("/projects/")
    request = Request(
        f"{base}/api/v1/projects/{project}/segments",
        body,
        {"Content-Type": MEDIA_TYPE, "Content-Encoding": "zstd"} | headers,
        method="POST",
    )
    try:
        with urlopen(request) as response:
            return response.status, json.loads(response.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def status_of_length(url: str, length: int) -> int:
    """What the server says to a body of that length before any of it is sent."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=60)
    connection.putrequest("POST", f"/api/v1{parts.path}/segments")
    for name, value in (("Content-Type", MEDIA_TYPE), ("Content-Encoding", "zstd")):
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_truncated_late_and_repeated_batches_change_nothing(
    server: ServerProcess, tmp_path: Path
) -> None:
    store = client(tmp_path / "client", runs=1, sealed=False)
    url = server.url("batches")
    [file] = open_segments(store)
    data = file.path.read_bytes()

    def batch(start: int, end: int) -> bytes:
        crc = crc32(data[:start])
        chunk = Chunk(file.run, file.segment, start, crc, data[start:end], end == len(data))
        packed = msgspec.msgpack.encode([chunk])
        return zstandard.ZstdCompressor(write_checksum=True).compress(packed)

    first, second, last = (
        batch(0, 10_000), batch(10_000, 20_000), batch(20_000, len(data)),
    )  # fmt: skip

    def offset_after(body: bytes) -> object:
        status, answer = post(url, body)
        assert status == 200
        return answer["segments"][0]["offset"]  # type: ignore[index]

    assert offset_after(second) == 0
    assert offset_after(first) == 10_000
    assert offset_after(last) == 10_000
    assert offset_after(first) == 10_000
    status, problem = post(url, second[:-100])
    assert (status, problem["code"]) == (422, "segment-format")
    status, problem = post(url, second[:50] + b"!" + second[51:])
    assert (status, problem["code"]) == (422, "segment-format")
    assert offset_after(second) == 20_000
    assert offset_after(last) == len(data)
    assert offset_after(second) == len(data)
    assert held_in(server.folder("batches")) == held_in(store)
    assert open_segments(server.folder("batches")) == []


def test_what_is_too_large_or_no_batch_is_refused(server: ServerProcess) -> None:
    url = server.url("refused")
    bomb = zstandard.ZstdCompressor().compress(bytes(1 << 29))
    assert post(url, bomb)[0] == 413
    assert status_of_length(url, 9 << 20) == 413
    assert status_of_length(url, 1 << 30) == 413
    assert post(url, b"no zstd")[0] == 422
    packed = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode([{"run": 1}]))
    assert post(url, packed)[0] == 422
    assert post(url, packed, **{"Content-Encoding": "gzip"})[0] == 400
    assert held_in(server.folder("refused")) == {}
