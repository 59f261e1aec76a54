"""What a project takes in of segments that are sent, and what it refuses."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import pytest
import zstandard

from tests.support.journal import JournalBuilder
from tests.support.receiving import held_in
from whence._base.errors import DiskFullError, SegmentFormatError, TooLargeError
from whence._base.ids import uuid7
from whence.journal.home import create_store
from whence.journal.layout import open_segments
from whence.journal.ship_source import may_be_read
from whence.service.chunk import LARGEST_SEGMENT, Chunk, Held, Receipt
from whence.service.receiving import Receiver
from whence.service.unpacking import unpacked


class Source:
    """One segment that a client has, and the chunks of it."""

    def __init__(self, root: Path, points: int = 200) -> None:
        journal = JournalBuilder(root)
        with journal.run("train.py") as run:
            for step in range(points):
                run.metric("loss", 1.0 / (step + 1), step)
        self.store, self.run, self.segment = journal.store, run.id, run.segment
        self.data = run.path.read_bytes()

    def chunk(self, start: int, end: int | None = None, *, seal: bool = False) -> Chunk:
        data = self.data[start:end]
        return Chunk(self.run, self.segment, start, crc32(self.data[:start]), data, seal)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "client")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create_store(tmp_path / "project")


@pytest.fixture
def receiver(folder: Path) -> Iterator[Receiver]:
    receiver = Receiver(folder)
    yield receiver
    receiver.close()


def take(receiver: Receiver, chunk: Chunk) -> tuple[int, bool, str]:
    """Where the server ends then, whether it is sealed, and the code of a refusal."""
    [receipt] = receiver.take([chunk])
    return receipt.offset, receipt.sealed, receipt.problem.code if receipt.problem else ""


def test_chunks_in_order_become_the_same_segment(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    size = len(source.data)
    assert take(receiver, source.chunk(0, 2000)) == (2000, False, "")
    assert take(receiver, source.chunk(2000, 2001)) == (2001, False, "")
    assert take(receiver, source.chunk(2001, seal=True)) == (size, True, "")
    assert held_in(folder) == held_in(source.store)
    assert open_segments(folder) == []
    crc = crc32(source.data)
    again = Receiver(folder).held(source.run, source.segment)
    assert (again.offset, again.sealed, again.crc) == (size, True, crc)


def test_a_replay_and_what_overlaps_are_confirmed_and_not_doubled(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    size = len(source.data)
    assert take(receiver, source.chunk(0, 3000)) == (3000, False, "")
    assert take(receiver, source.chunk(0, 3000)) == (3000, False, "")
    assert take(receiver, source.chunk(100, 200)) == (3000, False, "")
    assert take(receiver, source.chunk(2500, 4000)) == (4000, False, "")
    assert take(receiver, source.chunk(0, seal=True)) == (size, True, "")
    assert take(receiver, source.chunk(0, seal=True)) == (size, True, "")
    assert take(receiver, source.chunk(1000, 1010)) == (size, True, "")
    assert take(receiver, source.chunk(size, seal=True)) == (size, True, "")
    assert held_in(folder) == held_in(source.store)


def test_a_gap_is_answered_with_what_the_server_has(receiver: Receiver, source: Source) -> None:
    assert take(receiver, source.chunk(2000, 3000)) == (0, False, "")
    assert take(receiver, source.chunk(0, 1500)) == (1500, False, "")
    assert take(receiver, source.chunk(2000, seal=True)) == (1500, False, "")
    assert receiver.held(source.run, source.segment).crc == crc32(source.data[:1500])


def test_other_bytes_are_a_conflict_and_nothing_is_written(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    size = len(source.data)
    take(receiver, source.chunk(0, 3000))
    before = held_in(folder)
    other = bytearray(source.data)
    other[2900] ^= 1
    wrong = Chunk(source.run, source.segment, 2000, crc32(other[:2000]), bytes(other[2000:]))
    assert take(receiver, wrong) == (3000, False, "segment-conflict")
    before_it = Chunk(source.run, source.segment, 3000, crc32(other[:3000]), bytes(other[3000:]))
    assert take(receiver, before_it) == (3000, False, "segment-conflict")
    too_short = source.chunk(0, 2000, seal=True)
    assert take(receiver, too_short) == (3000, False, "segment-conflict")
    assert held_in(folder) == before
    assert take(receiver, source.chunk(3000, seal=True)) == (size, True, "")
    longer = Chunk(source.run, source.segment, size, crc32(source.data), b"more")
    assert take(receiver, longer) == (size, True, "segment-conflict")
    assert held_in(folder) == held_in(source.store)


def test_a_refused_chunk_leaves_the_others_of_its_batch_alone(
    receiver: Receiver, folder: Path, source: Source, tmp_path: Path
) -> None:
    second = Source(tmp_path / "second")
    bad = Chunk(source.run, second.segment, 0, 0, second.data)
    receipts = receiver.take([source.chunk(0), bad, second.chunk(0)])
    assert [one.problem.code if one.problem else "" for one in receipts] == [
        "", "segment-format", "",
    ]  # fmt: skip
    assert held_in(folder) == held_in(source.store) | held_in(second.store)


def test_a_segment_begins_with_its_whole_header_or_not_at_all(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    assert take(receiver, source.chunk(0, 40)) == (0, False, "")
    assert take(receiver, source.chunk(0, 200)) == (0, False, "")
    assert take(receiver, source.chunk(0, 200, seal=True)) == (0, False, "segment-format")
    assert open_segments(folder) == []
    assert take(receiver, source.chunk(0, 1000)) == (1000, False, "")


@pytest.mark.parametrize(
    ("run", "segment", "data"),
    [
        (b"short", uuid7(), b""),
        (uuid7(), b"\xff" * 16, b""),
        (uuid7(), b"\xff" * 6 + b"\x7f" + b"\xff" * 9, b""),
        (uuid7(), uuid7(), b"x" * 200),
        (uuid7(), uuid7(), b"WHENCE\x01\n" + bytes(1 << 16)),
    ],
    ids=["a short id", "a time after all", "no time", "no preamble", "no header"],
)
def test_what_is_no_segment_is_refused(
    receiver: Receiver, folder: Path, run: bytes, segment: bytes, data: bytes
) -> None:
    assert take(receiver, Chunk(run, segment, 0, 0, data)) == (0, False, "segment-format")
    assert open_segments(folder) == []


def test_a_segment_is_not_taken_under_the_name_of_another_run(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    take(receiver, source.chunk(0, 2000))
    other = Chunk(uuid7(), source.segment, 2000, crc32(source.data[:2000]), source.data[2000:])
    assert take(receiver, other)[2] == "segment-conflict"
    assert take(receiver, Chunk(other.run, uuid7(), 0, 0, source.data))[2] == "segment-format"
    assert receiver.held(source.run, source.segment).offset == 2000


def test_a_write_that_was_cut_short_by_a_crash_is_cut_off_and_sent_again(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    take(receiver, source.chunk(0, 3000))
    receiver.close()
    [file] = open_segments(folder)
    for torn in (source.data[3000:3010], bytes(500), os.urandom(500)):
        with open(file.path, "r+b") as f:
            f.truncate(3000)
            f.seek(3000)
            f.write(torn)
        again = Receiver(folder)
        held = again.held(source.run, source.segment)
        assert held.offset <= 3010
        assert source.data.startswith(file.path.read_bytes())
        again.close()
    last = Receiver(folder)
    held = last.held(source.run, source.segment)
    assert take(last, source.chunk(held.offset, seal=True)) == (len(source.data), True, "")
    assert held_in(folder) == held_in(source.store)


def test_a_segment_of_which_a_crash_left_no_header_begins_anew(
    folder: Path, source: Source
) -> None:
    begun = folder / "journal" / "open" / f"{source.run.hex()}.{source.segment.hex()}.seg"
    begun.write_bytes(source.data[:150])
    receiver = Receiver(folder)
    assert receiver.held(source.run, source.segment).offset == 0
    assert take(receiver, source.chunk(0, seal=True)) == (len(source.data), True, "")
    assert held_in(folder) == held_in(source.store)


def test_a_crash_after_sealing_leaves_one_segment(folder: Path, source: Source) -> None:
    first = Receiver(folder)
    take(first, source.chunk(0, seal=True))
    first.close()
    left = folder / "journal" / "open" / f"{source.run.hex()}.{source.segment.hex()}.seg"
    left.write_bytes(source.data)
    assert take(Receiver(folder), source.chunk(0)) == (len(source.data), True, "")
    assert held_in(folder) == held_in(source.store)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    receiver: Receiver, folder: Path, tmp_path: Path
) -> None:
    source = Source(tmp_path / "large", points=3000)
    take(receiver, source.chunk(0, 4000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(DiskFullError):
            receiver.take([source.chunk(4000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    [file] = open_segments(folder)
    assert file.path.read_bytes() == source.data[:4000]
    assert take(receiver, source.chunk(4000, seal=True)) == (len(source.data), True, "")
    assert held_in(folder) == held_in(source.store)


def test_clients_that_send_the_same_at_once_are_all_confirmed(
    receiver: Receiver, folder: Path, source: Source
) -> None:
    cuts = range(0, len(source.data), 2_000)  # the header, with its paths, is in the first

    def send_all() -> int:
        for start in cuts:
            receiver.take([source.chunk(start, start + 2_000)])
        [last] = receiver.take([source.chunk(len(source.data), seal=True)])
        return last.offset

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda _: send_all(), range(8)))
    assert ends == [len(source.data)] * 8
    assert held_in(folder) == held_in(source.store)


def test_more_open_segments_than_are_kept_open_are_all_taken(
    receiver: Receiver, folder: Path, tmp_path: Path
) -> None:
    sources = [Source(tmp_path / str(number), points=1) for number in range(300)]
    for half in (slice(0, 900), slice(900, None)):
        for one in sources:
            receiver.take([one.chunk(half.start, half.stop)])
    expected = {name: digest for one in sources for name, digest in held_in(one.store).items()}
    assert held_in(folder) == expected


def test_a_segment_does_not_grow_without_end(receiver: Receiver, source: Source) -> None:
    take(receiver, source.chunk(0))
    size = len(source.data)
    endless = Chunk(
        source.run, source.segment, size, crc32(source.data), bytes(LARGEST_SEGMENT - size + 1)
    )
    assert take(receiver, endless) == (size, False, "too-large")


def test_what_is_not_known_is_nothing(receiver: Receiver) -> None:
    segment = uuid7()
    held = receiver.held(uuid7(), segment)
    assert isinstance(held, Held)
    assert (held.offset, held.sealed, held.crc) == (0, False, 0)
    assert isinstance(receiver.take([]), list)
    assert Receipt(held.segment, 0, False).problem is None


def test_a_body_is_unpacked_to_a_limit_and_only_whole() -> None:
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(b"bytes" * 1000)
    assert unpacked(packed) == b"bytes" * 1000
    for wrong in (b"", b"no zstd", packed[:-5], packed + b"more"):
        with pytest.raises(SegmentFormatError):
            unpacked(wrong)
    with pytest.raises(TooLargeError):
        unpacked(zstandard.ZstdCompressor().compress(bytes(1 << 28)))


def test_what_another_machine_writes_on_a_shared_disk_is_read_once_it_is_quiet(
    source: Source,
) -> None:
    [file] = open_segments(source.store)  # its header names a machine of the test
    assert not may_be_read(file)
    os.utime(file.path, (0, 0))
    assert may_be_read(file)
