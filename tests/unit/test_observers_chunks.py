"""The checksums of the rows of a table: the same for the same values, however they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from whence.observers import chunks
from whence.observers.chunks import NOT_READABLE, TOO_LARGE, TOO_LONG, chunk_digests

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

ROWS = 1000
ROW = 501


@pytest.fixture(autouse=True)
def no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "SHARE", 1000.0)
    monkeypatch.setattr(chunks, "_spent", chunks._Spent())


def digests(thing: Any) -> list[bytes | None]:
    found = chunk_digests(thing)
    assert found is not None
    result: list[bytes | None] = found["digests"]
    return result


def changed_chunks(left: Any, right: Any) -> list[list[int]]:
    """For each column the chunks that differ."""
    found = []
    for a, b in zip(digests(left), digests(right), strict=True):
        assert a is not None
        assert b is not None
        found.append(
            [n for n in range(len(a) // 4) if a[4 * n : 4 * n + 4] != b[4 * n : 4 * n + 4]]
        )
    return found


KINDS: dict[str, tuple[Any, Any]] = {
    "float": (np.arange(ROWS) * 1.5, -1.0),
    "integer": (np.arange(ROWS), -1),
    "bool": (np.arange(ROWS) % 2 == 0, True),
    "text": ([f"n{n}" for n in range(ROWS)], "other"),
    "text with gaps": ([f"n{n}" if n % 3 else None for n in range(ROWS)], "other"),
    "objects": (pd.Series([f"n{n}" for n in range(ROWS)], dtype=object), "other"),
    "nullable": (pd.array([1, None] * (ROWS // 2), dtype="Int64"), 7),
    "category": (pd.Categorical(["a", "b"] * (ROWS // 2)), "a"),
    "time": (pd.date_range("2020", periods=ROWS), pd.Timestamp("1999")),
    "time with zone": (
        pd.date_range("2020", periods=ROWS, tz="Europe/Berlin"),
        pd.Timestamp("1999", tz="Europe/Berlin"),
    ),
    "period": (pd.period_range("2020", periods=ROWS, freq="D"), pd.Period("1999", "D")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_row_changes_one_chunk_of_its_column(kind: str) -> None:
    values, other = KINDS[kind]
    left = pd.DataFrame({"same": np.arange(ROWS), "column": values})
    right = left.copy()
    right.loc[ROW, "column"] = other
    assert changed_chunks(left, left.copy()) == [[], []]
    assert changed_chunks(left, right) == [[], [ROW // 32]]


def test_arrow_tables_have_the_same_digests_however_they_are_cut() -> None:
    pa = pytest.importorskip("pyarrow")
    columns = {
        "number": pa.array([None if n % 7 == 0 else n for n in range(ROWS)]),
        "text": pa.array([f"n{n}" if n % 5 else None for n in range(ROWS)]),
        "word": pa.array([f"w{n % 9}" for n in range(ROWS)]).dictionary_encode(),
        "flag": pa.array([n % 2 == 0 for n in range(ROWS)]),
    }
    whole = pa.table(columns)
    cut = pa.concat_tables([whole.slice(0, 333), whole.slice(333)])
    assert chunk_digests(cut) == chunk_digests(whole)
    assert chunk_digests(whole.slice(1).slice(0, 500)) == chunk_digests(
        pa.table({name: one.slice(1, 500) for name, one in columns.items()})
    )
    other = columns | {"text": pa.array([f"n{n}" if n % 5 else "" for n in range(ROWS)])}
    assert [bool(one) for one in changed_chunks(whole, pa.table(other))] == [
        False, True, False, False,
    ]  # fmt: skip


def test_polars_tables_are_told_apart_by_row() -> None:
    pl = pytest.importorskip("polars")
    left = pl.DataFrame({"n": range(ROWS), "s": [f"n{n}" for n in range(ROWS)]})
    right = left.with_columns(
        s=pl.when(pl.col("n") == ROW).then(pl.lit("other")).otherwise(pl.col("s"))
    )
    assert changed_chunks(left, right) == [[], [ROW // 32]]
    assert chunk_digests(left.lazy()) is None


def test_values_that_are_no_plain_ones_are_left_out_and_counted() -> None:
    found = chunk_digests(pd.DataFrame({"a": [1, 2], "lists": [[1], [2]], "mixed": ["a", 1]}))
    assert found is not None
    assert [one is None for one in found["digests"]] == [False, True, True]
    assert found["left_out"] == {NOT_READABLE: 2}


def test_a_sparse_column_is_not_made_dense() -> None:
    found = chunk_digests(pd.DataFrame({"s": pd.arrays.SparseArray([0, 0, 1])}))
    assert found is not None
    assert (found["digests"], found["left_out"]) == ([None], {NOT_READABLE: 1})


def test_a_map_of_a_file_is_never_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((1000, 3)))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert chunk_digests(mapped) is None
    assert chunk_digests(np.asarray(mapped)[10:]) is None
    assert chunk_digests(np.asarray(mapped).copy()) is not None


def test_nothing_is_read_once_its_part_of_the_time_is_spent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chunks, "SHARE", 0.0)
    found = chunk_digests(pd.DataFrame({"a": [1], "b": [2]}))
    assert found is not None
    assert (found["digests"], found["left_out"]) == ([], {TOO_LONG: 2})


def test_of_large_tables_the_first_columns_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MOST_BYTES", 8 * ROWS)
    found = chunk_digests(pd.DataFrame({"a": np.arange(ROWS), "b": np.arange(ROWS)}))
    assert found is not None
    assert [one is None for one in found["digests"]] == [False, True]
    assert found["left_out"] == {TOO_LARGE: 1}


def test_what_is_recorded_of_a_usual_table_is_small() -> None:
    usual = chunk_digests(pd.DataFrame(np.zeros((100_000, 8))))
    wide = chunk_digests(pd.DataFrame(np.zeros((100, 10_000))))
    assert usual is not None
    assert wide is not None
    assert sum(map(len, usual["digests"])) <= 8 * 4 * 32
    assert (len(wide["digests"]), sum(map(len, wide["digests"]))) == (1000, 4 * 1000)
