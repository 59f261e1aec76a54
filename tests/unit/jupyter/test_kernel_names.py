"""The names that a cell bound and deleted, told by ids."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from whence.jupyter.names import MOST, changed, snapshot

names = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "_hidden"]), st.sampled_from([[1], [2], [3]])
)


def after(before: dict[str, Any], now: dict[str, Any]) -> tuple[list[str], list[str]]:
    return changed(snapshot(before), now)


def test_bound_and_rebound_names_are_told_in_order_of_the_alphabet() -> None:
    kept = [1]
    assert after({"x": kept, "y": [2]}, {"x": kept, "y": [3], "b": 1, "a": 2}) == (
        ["a", "b", "y"],
        [],
    )


def test_deleted_names_are_told() -> None:
    kept = [1]
    assert after({"x": 1, "y": kept}, {"y": kept}) == ([], ["x"])


def test_hidden_names_modules_and_what_is_no_name_are_left_out() -> None:
    before = {"_gone": 1}
    assert after(before, {"_new": 1, "math": math, 5: 1}) == ([], [])  # type: ignore[dict-item]


def test_of_many_names_the_first_are_told() -> None:
    bound, deleted = after({}, {f"n{number:04}": number for number in range(MOST + 50)})
    assert bound == [f"n{number:04}" for number in range(MOST)]
    assert deleted == []


@given(names, names)
def test_any_change_is_told_as_two_dictionaries_say_it(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    bound = sorted(n for n in now if n not in before or before[n] is not now[n])
    deleted = sorted(n for n in before if n not in now)
    hidden = {"_hidden"}
    assert after(before, now) == (
        [n for n in bound if n not in hidden],
        [n for n in deleted if n not in hidden],
    )
