"""The index is a pure function of the set of events."""

from __future__ import annotations

import itertools
import tempfile
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.segments import dump, journals
from whence._base.errors import SegmentFormatError
from whence.service.index import fold_segment
from whence.store.sqlite import SqliteStore


def folded(pieces: list[bytes], between: Any = None) -> dict[str, Any]:
    """What a fresh store answers once the pieces are folded in their order."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteStore(f"{folder}/index.sqlite") as store,
    ):
        for piece in pieces:
            fold_segment(store, piece)
            if between is not None:
                between(store)
        return dump(store)


def prefix(segment: bytes, cut: int) -> list[bytes]:
    """The first part of a segment, if so much of it has a header."""
    piece = segment[: len(segment) * cut // 100]
    try:
        with tempfile.TemporaryDirectory() as folder, SqliteStore(f"{folder}/i") as store:
            fold_segment(store, piece)
    except SegmentFormatError:
        return []
    return [piece]


@settings(max_examples=60)
@given(journals())
def test_any_order_of_segments_gives_equal_answers(segments: list[bytes]) -> None:
    expected = folded(segments)
    for order in itertools.permutations(segments):
        assert folded(list(order)) == expected


@settings(max_examples=60)
@given(journals(), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100)), max_size=6))
def test_segments_that_come_in_parts_and_again_give_equal_answers(
    segments: list[bytes], parts: list[tuple[int, int]]
) -> None:
    pieces = [
        piece for number, cut in parts for piece in prefix(segments[number % len(segments)], cut)
    ]
    assert folded([*pieces, *segments, *pieces, *segments[::-1]]) == folded(segments)


@settings(max_examples=30)
@given(journals())
def test_asking_between_folds_changes_no_later_answer(segments: list[bytes]) -> None:
    assert folded(segments, between=dump) == folded(segments[::-1])
