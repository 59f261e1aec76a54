"""Cells aligned, and what is the same but for the last digits of numbers."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from whence.query.diff.aligning import aligned, in_order
from whence.service.notebook.alike import Alike


class Cell(NamedTuple):
    id: str
    source: str | None


def pairs(left: list[Cell], right: list[Cell]) -> list[tuple[str, str]]:
    return [(a.id if a else "-", b.id if b else "-") for a, b in aligned(left, right)]


def test_cells_are_aligned_by_id_then_by_code_then_by_likeness() -> None:
    left = [
        Cell("a", "x = 1"),
        Cell("b", "import pandas as pd"),
        Cell("c", "df = pd.read_csv('a.csv')\ndf = df.dropna()"),
        Cell("gone", "print('nothing like it')"),
    ]
    right = [
        Cell("c2", "df = pd.read_csv('b.csv')\ndf = df.dropna()"),
        Cell("b2", "import pandas as pd"),
        Cell("a", "quite.another(thing)"),
        Cell("come", "1"),
    ]
    assert pairs(left, right) == [
        ("a", "a"), ("b", "b2"), ("c", "c2"), ("gone", "-"), ("-", "come"),
    ]  # fmt: skip


def test_cells_without_ids_and_without_kept_code_stay_apart() -> None:
    left, right = [Cell("", None), Cell("", "")], [Cell("", None), Cell("", "")]
    assert aligned(left, right) == [
        (left[0], None), (left[1], None), (None, right[0]), (None, right[1]),
    ]  # fmt: skip


def test_the_likest_of_several_is_taken() -> None:
    left = [Cell("a", "model.fit(X_train, y_train)")]
    right = [Cell("far", "model.fit(X_test, y)"), Cell("near", "model.fit(X_train, y_test)")]
    assert pairs(left, right) == [("a", "near"), ("-", "far")]


def test_many_unlike_cells_are_aligned_without_looking_at_every_pair() -> None:
    left = [Cell(f"l{n}", f"value_{n} = compute_number({n * 7919})") for n in range(600)]
    right = [Cell(f"r{n}", f"value_{n} = compute_number({n * 7919}) + 1") for n in range(600)]
    found = pairs(left, right)
    assert len(found) == 600
    assert sum(a[1:] == b[1:] for a, b in found) > 560


@pytest.mark.parametrize(
    ("places", "stayed"),
    [([], set()), ([1, 2, 3], {0, 1, 2}), ([3, 1, 2], {1, 2}), ([1, 4, 2, 3], {0, 2, 3})],
)
def test_what_left_the_common_order_has_moved(places: list[int], stayed: set[int]) -> None:
    assert in_order(places) == stayed


def test_numbers_may_differ_by_the_tolerance_and_nothing_else_may() -> None:
    alike = Alike(1e-6)
    assert alike.values(1, 1.0000001)
    assert not alike.values(1, 1.1)
    assert alike.values(float("nan"), float("nan"))
    assert alike.values({"a": [1.0, "x"]}, {"a": [1.00000001, "x"]})
    assert not alike.values({"a": 1}, {"b": 1})
    assert not alike.values(True, 1.5)
    assert alike.contents(b"acc 0.5\n", b"acc 0.50000001\n")
    assert alike.contents(b"<Model at 0x7f12345678>", b"<Model at 0x7fabcdef00>")
    assert not alike.contents(b"acc 0.5", b"acc 0.6")
    assert not alike.contents(b"acc 0.5", b"auc 0.5")
    assert not alike.contents(b"\x00\x01", b"\x00\x02")
    assert Alike(0).contents(b"same", b"same")
    assert not alike.contents(None, b"")
