"""Ids are unique, ordered, and spelled one way."""

import os
import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whence._base.ids import IdSource, derived_id, format_id, id_range, parse_id, uuid7

SIXTEEN, THIRTY_TWO = st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32)


@given(SIXTEEN | THIRTY_TWO)
def test_an_id_is_parsed_from_what_it_is_formatted_to(raw):
    assert parse_id(format_id(raw)) == raw


@given(SIXTEEN)
def test_a_16_byte_id_is_spelled_as_a_uuid(raw):
    assert format_id(raw) == str(uuid.UUID(bytes=raw))
    assert parse_id(raw.hex()) == raw


@given(st.text())
def test_other_text_is_no_id(text):
    digits = text.replace("-", "")
    if len(digits) != 32:
        assert parse_id(text) is None


@pytest.mark.parametrize(
    "text", ["", "sha256:", "sha256:" + "g" * 64, "x" * 32, "sha256:" + "0" * 32]
)
def test_what_looks_like_an_id_and_is_none_is_refused(text):
    assert parse_id(text) is None


@pytest.mark.parametrize("text", [" " * 2 + "0" * 30, "0" * 30 + "\n\n", "00 " * 10 + "00"])
def test_white_space_is_no_digit(text):
    assert parse_id(text) is None


@given(SIXTEEN | THIRTY_TWO, st.data())
def test_an_id_lies_in_the_range_of_each_of_its_beginnings(raw, data):
    text = format_id(raw)
    prefix = len("sha256:") if len(raw) == 32 else 0
    length = data.draw(st.integers(prefix + 1, len(text)))
    lowest, highest = id_range(text[:length])
    assert lowest <= raw <= highest
    digits = text[prefix:length].replace("-", "")
    assert [lowest.hex()[: len(digits)], highest.hex()[: len(digits)]] == [digits, digits]
    assert set(lowest.hex()[len(digits) :]) <= {"0"}
    assert set(highest.hex()[len(digits) :]) <= {"f"}


@pytest.mark.parametrize("start", ["", "-", "sha256:", "xyz", "0" * 33, "sha256:" + "0" * 65, "0g"])
def test_what_begins_no_id_has_no_range(start):
    assert id_range(start) is None


def test_capitals_are_read_as_small_letters():
    assert id_range("AB") == id_range("ab")


def test_a_version_7_uuid_says_so():
    made = uuid.UUID(bytes=uuid7())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_the_ids_of_a_source_are_version_7_uuids_and_grow():
    source = IdSource()
    made = [source.new() for _ in range(1000)]
    assert made == sorted(set(made))
    assert {uuid.UUID(bytes=raw).version for raw in made} == {7}
    assert {uuid.UUID(bytes=raw).variant for raw in made} == {uuid.RFC_4122}


def test_ids_made_by_many_threads_at_once_are_unique():
    source, made = IdSource(), []

    def make() -> None:
        mine = [source.new() for _ in range(5_000)]
        made.extend(mine)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == len(made) == 40_000


def test_a_source_that_ran_out_of_numbers_begins_anew():
    import itertools

    source = IdSource()
    before = source.new()
    source._next = itertools.count(0xFFFFFFFF).__next__
    last, after = source.new(), source.new()
    assert last[12:] == b"\xff" * 4
    assert after[12:] == b"\0\0\0\1"
    assert len({before, last, after}) == 3
    assert before[:12] != after[:12]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_that_reseeds_makes_other_ids_than_its_parent():
    source = IdSource()
    source.new()
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        source.reseed()
        os.write(writable, b"".join(source.new() for _ in range(100)))
        os._exit(0)
    os.close(writable)
    with open(readable, "rb") as pipe:
        raw = pipe.read()
    os.waitpid(child, 0)
    theirs = {raw[at : at + 16] for at in range(0, len(raw), 16)}
    ours = {source.new() for _ in range(100)}
    assert len(theirs) == 100
    assert not theirs & ours


def test_a_derived_id_follows_from_its_parts_and_their_borders():
    assert derived_id("a", "b") == derived_id(b"a", "b")
    assert derived_id("ab") != derived_id("a", "b")
    assert derived_id("a", "b") != derived_id("b", "a")
    assert derived_id(1, 23) != derived_id(12, 3)
    assert uuid.UUID(bytes=derived_id("a")).version == 8
    assert derived_id("\udcff") == derived_id(b"\xff")


def test_derived_ids_never_change():
    """They are stored: other bytes here would part old records from new ones."""
    assert derived_id("environment", b"\0", 7).hex() == "73cb2325a71788798de83af89f9500ba"
