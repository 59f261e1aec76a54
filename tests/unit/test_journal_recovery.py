"""A segment is read through any damage: what is whole is given, what is not is reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whence._base.errors import SegmentFormatError
from whence._base.ids import uuid7
from whence.journal.frame import FRAMES_AT, HEAD_SIZE, PREAMBLE_SIZE, Preamble, encode_frame
from whence.journal.header import SCHEMA, Header, encode_header
from whence.journal.reader import Hole, SegmentReader
from whence.journal.segment import SegmentWriter
from whence.journal.tail import SegmentTail, tag_of

HEADER = Header(
    schema=SCHEMA, writer="0.1.0", segment=uuid7(), run=uuid7(), activity=uuid7(), role="program",
    host="h", machine="m", boot="b", pid=1, process_start=2, user="u", root=b"/w", wall=3, mono=4,
)  # fmt: skip

payloads = st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=12)


def segment_of(contents: list[bytes], preamble: Preamble | None = None) -> bytes:
    """The bytes that a writer leaves for these payloads."""
    preamble = preamble or Preamble.fresh()
    head = preamble.encode() + encode_frame(preamble.salt, 0, encode_header(HEADER)) * 2
    frames = [encode_frame(preamble.salt, n, payload) for n, payload in enumerate(contents, 1)]
    return head + b"".join(frames)


def read(data: bytes) -> tuple[list[bytes], SegmentReader]:
    reader = SegmentReader(data)
    return [frame.payload for frame in reader.frames()], reader


@given(payloads)
def test_what_is_written_is_read(contents: list[bytes]) -> None:
    found, reader = read(segment_of(contents))
    assert found == contents
    assert (reader.header, reader.holes, reader.tail()) == (HEADER, [], None)


def test_a_writer_leaves_these_very_bytes(tmp_path: Path) -> None:
    writer = SegmentWriter(os.fsencode(tmp_path / "s"), HEADER)
    for payload in (b"one", b"two"):
        assert writer.append(payload) is True
    writer.close()
    data = (tmp_path / "s").read_bytes()
    preamble = SegmentReader(data).preamble
    assert data == segment_of([b"one", b"two"], preamble)


@given(payloads, st.data())
def test_a_torn_tail_loses_only_the_frame_that_was_being_written(
    contents: list[bytes], data: st.DataObject
) -> None:
    whole = segment_of(contents)
    last = len(contents[-1]) + HEAD_SIZE
    cut = data.draw(st.integers(1, last - 1))
    found, reader = read(whole[:-cut])
    assert found == contents[:-1]
    assert reader.tail() == Hole(len(whole) - last, last - cut, "torn tail")
    assert reader.holes == []


@given(payloads, st.integers(1, 5000))
def test_zeros_at_the_tail_are_no_records(contents: list[bytes], zeros: int) -> None:
    whole = segment_of(contents)
    found, reader = read(whole + bytes(zeros))
    assert found == contents
    assert reader.tail() == Hole(len(whole), zeros, "zeros at the tail")


@given(payloads, st.data())
def test_one_flipped_bit_costs_at_most_one_record_and_is_reported(
    contents: list[bytes], data: st.DataObject
) -> None:
    whole = bytearray(segment_of(contents))
    intact = SegmentReader(bytes(whole))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    found, reader = read(bytes(whole))
    assert reader.header == HEADER
    if at < intact.start:
        assert found == contents
        return
    lost = [n for n in range(len(contents)) if contents[:n] + contents[n + 1 :] == found]
    assert lost, (found, contents)
    tail = reader.tail()
    assert len(reader.holes) + (tail is not None) == 1
    hole = tail or reader.holes[0]
    assert hole.offset <= at < hole.offset + hole.length


@given(payloads, st.integers(0, PREAMBLE_SIZE - 1), st.booleans())
def test_either_copy_of_the_preamble_is_enough(
    contents: list[bytes], at: int, second: bool
) -> None:
    whole = bytearray(segment_of(contents))
    whole[at + PREAMBLE_SIZE * second] ^= 0xFF
    assert read(bytes(whole))[0] == contents


def test_either_copy_of_the_header_is_enough() -> None:
    whole = segment_of([b"a", b"b"])
    size = HEAD_SIZE + len(encode_header(HEADER))
    for at in (FRAMES_AT + 30, FRAMES_AT + size + 30):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        found, reader = read(bytes(damaged))
        assert (found, reader.header) == ([b"a", b"b"], HEADER)


def test_without_preamble_or_header_it_is_no_segment() -> None:
    whole = segment_of([b"a"])
    for data in (b"", b"x" * 400, whole[:100], whole[: FRAMES_AT + 3], bytes(len(whole))):
        with pytest.raises(SegmentFormatError):
            SegmentReader(data)


@given(payloads)
def test_frames_in_what_users_record_are_never_taken_for_ours(contents: list[bytes]) -> None:
    """Not even where the frame around them is damaged: their salt is not the segment's."""
    forged = segment_of(contents)
    whole = bytearray(segment_of([forged, b"after"]))
    assert read(bytes(whole))[0] == [forged, b"after"]
    first = SegmentReader(bytes(whole)).start
    whole[first + SALT_AND_LENGTH] ^= 1
    found, reader = read(bytes(whole))
    assert found == [b"after"]
    assert reader.holes == [Hole(first, HEAD_SIZE + len(forged), "damaged")]


SALT_AND_LENGTH = 9


@given(payloads)
def test_frames_of_another_segment_are_a_hole(contents: list[bytes]) -> None:
    other = segment_of(contents)[FRAMES_AT:]
    preamble = Preamble.fresh()
    whole = segment_of([b"one"], preamble)
    after = encode_frame(preamble.salt, 2, b"two")
    found, reader = read(whole + other + after)
    assert found == [b"one", b"two"]
    assert reader.holes == [Hole(len(whole), len(other), "damaged")]


@given(payloads, st.data())
def test_reading_goes_on_where_it_ended(contents: list[bytes], data: st.DataObject) -> None:
    whole = segment_of(contents)
    start = SegmentReader(whole).start
    cut = data.draw(st.integers(start, len(whole)))
    first, reader = read(whole[:cut])
    rest = [frame.payload for frame in SegmentReader(whole).frames(reader.end)]
    assert first + rest == contents


@given(payloads, st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_a_tail_gives_each_record_once_however_it_grows(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], steps: list[int]
) -> None:
    path = tmp_path_factory.mktemp("tail") / "s"
    whole, at, found = segment_of(contents), 0, []
    path.touch()
    tail = SegmentTail(path)
    with open(path, "ab", buffering=0) as f:
        for step in [*steps, len(whole)]:
            f.write(whole[at : at + step])
            at += step
            found += list(tail.records())
    tail.close()
    assert found == contents
    assert tail.header == HEADER


def test_the_number_of_an_event_is_seen_without_decoding() -> None:
    from whence.model.event import MetricLogged, TagsSet, encoder

    assert tag_of(encoder.encode(MetricLogged(uuid7(), "a", 1.0, 0, 0))) == 8
    assert tag_of(encoder.encode(TagsSet(uuid7(), {}, 0))) == 10
    assert tag_of(b"\xc0") == tag_of(b"") == 0
