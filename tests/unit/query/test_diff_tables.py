"""Two tables compared by the checksums of their rows."""

from __future__ import annotations

from typing import Any

import pytest

from whence.observers import chunks
from whence.observers.chunks import NOT_READABLE, chunk_digests
from whence.observers.describe import attributes_of
from whence.query.diff.tables import (
    NOT_DIGESTED,
    OTHER_CHUNKS,
    OTHER_TYPE,
    ColumnDiff,
    Rows,
    Table,
    TableDiff,
    compared,
)

pd = pytest.importorskip("pandas")
np = pytest.importorskip("numpy")


@pytest.fixture(autouse=True)
def no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "SHARE", 1000.0)
    monkeypatch.setattr(chunks, "_spent", chunks._Spent())


def table(thing: Any) -> Table:
    found = Table.of({**attributes_of(thing), "chunks": chunk_digests(thing)})
    assert found is not None
    return found


def told(left: Any, right: Any) -> TableDiff:
    return compared("t", table(left), table(right))


def frame(rows: int) -> Any:
    return pd.DataFrame({"a": np.arange(rows), "b": np.arange(rows) * 0.5})


def test_equal_tables_have_no_difference() -> None:
    found = told(frame(100), frame(100))
    assert found == TableDiff("t", 100, 100, [], [], [], 2, 100, {}, 0)
    assert not found.differs


def test_neighbouring_chunks_are_told_as_one_place() -> None:
    other = frame(128)
    other.loc[[3, 9, 127], "b"] = -1.0
    assert told(frame(128), other).changed == [ColumnDiff("b", [Rows(0, 15), Rows(120, 127)])]


@pytest.mark.parametrize(("short", "long"), [(250, 260), (250, 1000), (1, 9), (256, 257)])
def test_tables_of_other_lengths_are_compared_though_their_chunks_differ_in_size(
    short: int, long: int
) -> None:
    found = told(frame(short), frame(long))
    whole = table(frame(long)).chunks["rows"]
    until = short // whole * whole
    assert (found.changed, found.compared_rows) == ([], until)
    assert found.same == 2
    if until:
        other = frame(long)
        other.loc[until - 1, "a"] = -5
        assert told(frame(short), other).changed == [
            ColumnDiff("a", [Rows(until - whole, until - 1)])
        ]


def test_a_column_of_another_type_is_told_and_its_rows_are_not_compared() -> None:
    found = told(frame(10), frame(10).astype({"a": "float64"}))
    assert found.changed == [ColumnDiff("a", [], "int64", "float64")]
    assert (found.same, found.not_compared) == (1, {OTHER_TYPE: 1})


def test_columns_more_and_less_and_of_one_name_are_paired_by_name_and_order() -> None:
    left = pd.DataFrame([[1, 2, 3]], columns=["x", "x", "gone"])
    right = pd.DataFrame([[0, 1, 9]], columns=["new", "x", "x"])
    found = told(left, right)
    assert (found.added, found.removed) == (["new"], ["gone"])
    assert found.changed == [ColumnDiff("x #2", [Rows(0, 0)])]


def test_texts_of_tables_with_other_chunks_are_not_compared_and_that_is_said() -> None:
    left = pd.DataFrame({"s": [f"n{n}" for n in range(250)]})
    right = pd.DataFrame({"s": [f"n{n}" for n in range(260)]})
    found = told(left, right)
    assert (found.changed, found.same, found.not_compared) == ([], 0, {OTHER_CHUNKS: 1})


def test_without_digests_nothing_is_said_to_be_the_same() -> None:
    shaped = Table(3, 1, ["a"], ["int64"], {})
    assert compared("t", shaped, shaped).not_compared == {NOT_DIGESTED: 1}


def test_why_a_column_has_no_digests_is_said() -> None:
    found = told(*(pd.DataFrame({"a": [1], "b": [[1]]}) for _ in range(2)))
    assert (found.same, found.not_compared) == (1, {f"{NOT_DIGESTED}: {NOT_READABLE}": 1})


def test_an_array_is_compared_by_rows() -> None:
    array = np.arange(200.0).reshape(100, 2)
    other = array.copy()
    other[50, 1] = 0.0
    (changed,) = told(array, other).changed
    assert changed == ColumnDiff("", [Rows(48, 55)])
