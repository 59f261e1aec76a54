"""Values survive the journal to the last bit, with their type."""

import enum
import math
import signal
import struct
import sys
from collections import namedtuple
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PurePath, PurePosixPath
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.journey import through_journal
from whence.model.value import (
    MAX_DEPTH,
    Unencodable,
    decode,
    encode,
    lost_values,
    typed,
    typed_map,
)


def bits(number: float) -> bytes:
    return struct.pack("<d", number)


def assert_same(read, value) -> None:
    assert type(read) is type(value)
    assert read == value


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_float_keeps_all_its_64_bits(number):
    assert bits(through_journal(number)) == bits(number)


@pytest.mark.parametrize(
    "number", [1e-7, 1 / 3, 0.1 + 0.2, -0.0, 5e-324, sys.float_info.max, math.inf, -math.inf]
)
def test_the_floats_that_others_round_come_back_bit_for_bit(number):
    assert bits(through_journal(number)) == bits(number)


def test_a_nan_keeps_its_payload():
    odd = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_DEAD_BEEF))[0]
    assert bits(through_journal(odd)) == bits(odd)


@given(st.integers(-(1 << 200), 1 << 200))
def test_an_integer_of_any_size_comes_back(number):
    assert_same(through_journal(number), number)


@pytest.mark.parametrize("power", [7, 8, 15, 16, 31, 32, 53, 62, 63, 64, 65, 127, 128])
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_integers_around_every_power_of_two_come_back(power, offset):
    for number in ((1 << power) + offset, -(1 << power) + offset):
        assert_same(through_journal(number), number)


@given(st.binary(max_size=300) | st.text() | st.booleans() | st.none())
def test_plain_values_come_back(value):
    assert_same(through_journal(value), value)


@given(st.text(st.characters(exclude_categories=[])))
def test_text_with_lone_surrogates_comes_back(text):
    assert_same(through_journal(text), text)


ZONES = st.sampled_from(
    [None, UTC, ZoneInfo("Europe/Lisbon"), timezone(timedelta(hours=-3, minutes=-30))]
)


@given(st.datetimes(), ZONES, st.integers(0, 1))
def test_a_date_and_time_keeps_its_zone_and_fold(at, zone, fold):
    at = at.replace(tzinfo=zone, fold=fold)
    read = through_journal(at)
    assert_same(read, at)
    assert (read.fold, read.utcoffset()) == (fold, at.utcoffset())
    assert str(read.tzinfo) == str(at.tzinfo)


@given(
    st.one_of(
        st.dates(),
        st.timedeltas(),
        st.complex_numbers(allow_nan=False),
        st.fractions(),
        st.decimals(allow_nan=False),
    )
)
def test_dates_durations_and_exact_numbers_come_back(value):
    read = through_journal(value)
    assert_same(read, value)
    assert str(read) == str(value)


@given(st.times(), st.integers(0, 1))
def test_a_time_of_day_keeps_its_fold(at, fold):
    at = at.replace(fold=fold)
    read = through_journal(at)
    assert (read, read.fold) == (at, fold)


def test_a_time_of_day_with_a_named_zone_keeps_the_zone():
    at = time(12, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
    read = through_journal(at)
    assert str(read.tzinfo) == "Europe/Lisbon"


def test_a_time_of_day_with_an_offset_keeps_it():
    at = time(12, 30, 1, 5, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert_same(through_journal(at), at)


def test_a_decimal_that_is_not_a_number_comes_back():
    assert str(through_journal(Decimal("-NaN123"))) == "-NaN123"
    assert through_journal(Decimal("-Infinity")) == Decimal("-Infinity")
    assert str(through_journal(Decimal("1.500"))) == "1.500"


NESTED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=12,
)


@given(NESTED)
def test_lists_maps_and_tuples_come_back_nested(value):
    assert_same(through_journal(value), value)


@given(st.sets(st.integers() | st.text() | st.tuples(st.integers(), st.text())))
def test_sets_come_back(value):
    assert_same(through_journal(value), value)


def test_a_frozen_set_comes_back_as_one_where_it_must_be_hashed():
    value = {frozenset({1, 2}), frozenset({3})}
    assert through_journal(value) == value


def test_a_path_comes_back_also_when_it_is_not_utf8():
    path = PurePosixPath("data/\udcff.csv")
    read = through_journal(path)
    assert isinstance(read, PurePath)
    assert str(read) == str(path)


class Colour(enum.IntEnum):
    RED = 3


class Mode(enum.StrEnum):
    FAST = "fast"


Point = namedtuple("Point", "x y")


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, 3),
        (Mode.FAST, "fast"),
        (Point(1, 2.5), (1, 2.5)),
        (Text("x"), "x"),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
    ],
)
def test_relatives_of_plain_types_are_kept_as_plain(value, plain):
    assert_same(through_journal(value), plain)


def test_a_value_of_an_unknown_type_is_kept_as_its_type_and_a_short_text_and_counted():
    before = lost_values()
    read = through_journal(object)
    assert read == Unencodable("builtins.type", "<class 'object'>")
    assert lost_values() == before + 1


class Hostile:
    def __repr__(self):
        raise RuntimeError("no text of me")


def test_a_value_whose_own_code_raises_is_kept_as_its_type():
    read = through_journal({"a": [Hostile()]})
    assert read == {"a": [Unencodable(f"{__name__}.Hostile", "")]}


class LyingDict(dict):
    def __iter__(self):
        raise RuntimeError("no keys of me")

    keys = items = __iter__


def test_a_map_whose_own_code_raises_does_not_stop_the_recording():
    read = through_journal(LyingDict(a=1))
    assert read == {"a": 1} or isinstance(read, Unencodable)


def test_a_value_that_holds_itself_ends_as_unencodable():
    loop: list[object] = []
    loop.append(loop)
    read, depth = through_journal(loop), 0
    while isinstance(read, list):
        read, depth = read[0], depth + 1
    assert isinstance(read, Unencodable)
    assert depth == MAX_DEPTH + 1


def test_what_is_unencodable_stays_so_when_it_is_recorded_again():
    lost = through_journal(Hostile())
    assert through_journal(lost) == lost


def test_text_of_what_is_unencodable_never_has_lone_surrogates():
    class Odd:
        def __repr__(self):
            return "\udcff"

    assert through_journal(Odd()).text == "\\udcff"


def test_an_extension_of_a_later_version_is_kept_as_it_is():
    later = msgspec.msgpack.Ext(99, b"from the future")
    read = through_journal(later)
    assert (read.code, read.data) == (99, b"from the future")
    assert encode(read) == encode(later)


@given(NESTED)
def test_typing_a_value_twice_changes_nothing(value):
    assert decode(encode(typed(value))) == value


MIXED_KEYS = st.integers() | st.text() | st.booleans() | st.tuples(st.integers(), st.text())


@given(st.dictionaries(MIXED_KEYS, st.integers()))
def test_the_keys_of_a_map_keep_their_type(value):
    read = through_journal(value)
    assert list(read.items()) == list(value.items())
    assert [type(key) for key in read] == [type(key) for key in value]


def test_the_names_of_parameters_are_always_text():
    assert typed_map({1: 2, "a": {0: 1.5}, "\udcff": None}) == {
        "1": 2,
        "a": typed({0: 1.5}),
        "\\udcff": None,
    }


@pytest.mark.parametrize("code", [*range(1, 19), 99])
@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"\x93\xa5numpy\xa1O\x90", b"\x94\xa5torch\xa4load\x90\xc4\x00"]
)
def test_an_extension_of_damaged_or_hostile_bytes_reads_without_an_error(code, raw):
    pytest.importorskip("numpy")
    read = decode(encode(msgspec.msgpack.Ext(code, raw)))
    if isinstance(read, msgspec.msgpack.Ext):
        assert (read.code, bytes(read.data)) == (code, raw)


def test_a_date_is_not_taken_for_a_date_with_time():
    assert_same(through_journal(date(2024, 2, 29)), date(2024, 2, 29))
    assert_same(through_journal(datetime(2024, 2, 29)), datetime(2024, 2, 29))


def test_a_subclass_of_a_date_keeps_its_moment():
    pd = pytest.importorskip("pandas")
    stamp = pd.Timestamp("2024-02-29 12:00:00.000001", tz="UTC")
    assert through_journal(stamp) == stamp.to_pydatetime()
    assert through_journal(pd.Timedelta(seconds=1.5)) == timedelta(seconds=1.5)


def test_what_pandas_knows_and_a_date_does_not_is_marked_as_lost():
    pd = pytest.importorskip("pandas")
    finer = (pd.Timestamp("2024-02-29 12:00:00.000001001"), pd.Timedelta(1, "ns"))
    for value in (pd.NaT, pd.NA, *finer):
        assert isinstance(through_journal(value), Unencodable)


class Interrupted(Exception):
    pass


class Ringing:
    """A value whose signal handler is called while it is asked for its text."""

    def __repr__(self):
        signal.raise_signal(signal.SIGUSR1)
        return "ringing"


def test_what_a_signal_handler_raises_while_a_value_is_looked_at_reaches_the_program():
    def handler(number, frame):
        raise Interrupted

    former, before = signal.signal(signal.SIGUSR1, handler), lost_values()
    try:
        for value in (Ringing(), [Ringing()], {"key": (Ringing(),)}):
            with pytest.raises(Interrupted):
                typed(value)
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert lost_values() == before
