"""Any schedule of batches, replays, losses and restarts ends in the client's own bytes."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.receiving import held_in
from whence._base.ids import uuid7
from whence.journal.frame import Preamble, encode_frame
from whence.journal.header import SCHEMA, Header, encode_header
from whence.journal.home import create_store
from whence.journal.layout import open_segments
from whence.journal.reader import SegmentReader
from whence.service.chunk import Chunk
from whence.service.receiving import Receiver

steps = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 3), st.integers(0, 100), st.integers(0, 100)),
    st.tuples(st.just("go on"), st.integers(0, 3), st.integers(1, 60), st.booleans()),
    st.tuples(st.just("restart"), st.binary(max_size=200), st.just(0), st.just(0)),
    st.tuples(st.just("again"), st.integers(0, 30), st.just(0), st.just(0)),
)


@st.composite
def segments(draw: st.DrawFn) -> bytes:
    """A segment with whatever in its frames; at its end one may be torn."""
    header = Header(
        schema=SCHEMA, writer="test", segment=uuid7(), run=uuid7(), activity=b"", role="program",
        host="h", machine="m", boot="b", pid=1, process_start=1, user="u", root=b"/", wall=1,
        mono=1,
    )  # fmt: skip
    preamble = Preamble.fresh()
    data = preamble.encode() + encode_frame(preamble.salt, 0, encode_header(header)) * 2
    for number, payload in enumerate(draw(st.lists(st.binary(min_size=1), max_size=8)), 1):
        data += encode_frame(preamble.salt, number, payload)
    return data + draw(st.sampled_from([b"", b"", preamble.salt, bytes(40), b"torn"]))


def segment_ids(data: bytes) -> tuple[bytes, bytes]:
    header = SegmentReader(data).header
    return header.run, header.segment


class Client:
    """Sends pieces of the segments in whatever order, and remembers what it was told."""

    def __init__(self, folder: Path, segments: list[bytes]) -> None:
        self.folder, self.segments = folder, segments
        self.ids = [segment_ids(data) for data in segments]
        self.receiver = Receiver(folder)
        self.confirmed = [0] * len(segments)
        self.sent: list[tuple[int, Chunk]] = []

    def send(self, number: int, start: int, end: int, seal: bool = False) -> None:
        data = self.segments[number]
        seal = seal and end >= len(data)
        chunk = Chunk(*self.ids[number], start, crc32(data[:start]), data[start:end], seal)
        self.sent.append((number, chunk))
        self.take(number, chunk)

    def take(self, number: int, chunk: Chunk) -> None:
        [receipt] = self.receiver.take([chunk])
        if receipt.problem is not None:
            assert receipt.problem.code == "segment-format"  # sealed before its header was whole
            return
        assert receipt.offset >= self.confirmed[number]
        self.confirmed[number] = receipt.offset

    def restart(self, torn: bytes) -> None:
        """As kill -9 leaves it: a write of the next bytes was cut short, or a tail of zeros."""
        self.receiver.close()
        for file in open_segments(self.folder):
            number = self.ids.index((file.run, file.segment))
            data, there = self.segments[number], file.path.stat().st_size
            rest = data[there : there + len(torn)] if torn[:1] != b"\0" else bytes(len(torn))
            with open(file.path, "ab") as f:
                f.write(rest)
        self.receiver = Receiver(self.folder)
        self.confirmed = [self.receiver.held(*ids).offset for ids in self.ids]


@settings(max_examples=100)
@given(st.lists(segments(), min_size=1, max_size=3), st.lists(steps, max_size=25))
def test_any_schedule_ends_in_equal_bytes(
    sources: list[bytes], schedule: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        client = Client(create_store(Path(place) / ".whence"), sources)
        for kind, one, two, three in schedule:
            if kind == "restart":
                client.restart(one)
                continue
            number = one % len(sources)
            size = len(sources[number])
            if kind == "again" and client.sent:
                client.take(*client.sent[one % len(client.sent)])
            elif kind == "send":
                start, end = sorted((size * two // 100, size * three // 100))
                client.send(number, start, end, seal=True)
            elif kind == "go on":
                start = client.confirmed[number]
                client.send(number, start, start + size * two // 100 + 1, three)
        for number, data in enumerate(sources):
            for _ in range(2):
                client.send(number, client.confirmed[number], len(data), seal=True)
        client.receiver.close()
        assert open_segments(client.folder) == []
        assert held_in(client.folder) == {
            f"{run.hex()}.{segment.hex()}": sha256(data).hexdigest()
            for (run, segment), data in zip(client.ids, sources, strict=True)
        }
