"""What is recorded of frames and arrays between the files they come from and go to."""

from __future__ import annotations

import inspect
import io
import struct
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation


def checksum(values: bytes) -> bytes:
    return crc32(values).to_bytes(4, "little")


def line() -> int:
    """The line of the caller."""
    return inspect.currentframe().f_back.f_lineno  # type: ignore[union-attr]


def test_a_frame_that_was_read_derives_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_text("id,age\n1,30\n2,40\n")
    with observing(tmp_path, "pandas") as session:
        frame_read = pd.read_csv("raw.csv", index_col="id")
        read_at = line() - 1
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    frame = record.entity("frame")
    (opening,) = record.openings
    assert frame.name == "raw.csv"
    assert frame.attributes == {
        "class": frame.attributes["class"],
        "shape": [2, 1],
        "columns": ["age"],
        "dtypes": ["int64"],
        "index": {"type": type(frame_read.index).__name__, "names": ["id"]},
        "call": "pandas.read_csv",
        "file": __file__,
        "line": read_at,
        "function": "test_a_frame_that_was_read_derives_from_the_file",
        "chunks": {"rows": 8, "widths": [8], "digests": [checksum(struct.pack("=2q", 30, 40))]},
    }
    assert record.sources(frame.id, Relation.WAS_DERIVED_FROM) == {opening: "pandas.read_csv"}
    assert record.sources(frame.id, Relation.WAS_GENERATED_BY) == {read.id: "pandas.read_csv"}
    assert (read.name, read.parent, read.used) == ("pandas.read_csv", session.run, [(opening, "")])
    text = Path(__file__).read_text().splitlines()[read_at - 1]
    first, column, last, end = read.attributes["span"]
    assert (first, last, text[column:end]) == (
        read_at, read_at, 'pd.read_csv("raw.csv", index_col="id")',
    )  # fmt: skip


def test_a_call_site_inside_the_project_is_named_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_text("a\n1\n")
    code = compile("\n\npd.read_csv('raw.csv')", str(tmp_path / "src" / "load.py"), "exec")
    with observing(tmp_path, "pandas"):
        exec(code, {"pd": pd})
    attributes = Recorded(tmp_path).entity("frame").attributes
    assert (attributes["file"], attributes["line"]) == ("src/load.py", 3)


def test_a_file_that_was_written_is_a_data_set_derived_from_the_frame(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_text("id,age\n1,30\n2,40\n")
    with observing(tmp_path, "pandas"):
        frame = pd.read_csv("raw.csv")
        frame["old"] = frame["age"] > 35
        frame.to_csv("out.csv", index=False)
    record = Recorded(tmp_path)
    written = record.entity("dataset", "out.csv")
    assert record.openings[written.id].access == "w"
    assert written.attributes["format"] == "csv"
    assert written.attributes["shape"] == [2, 3]
    assert written.attributes["columns"] == ["id", "age", "old"]
    assert written.attributes["dtypes"] == ["int64", "int64", "bool"]
    read, changed = record.entities_of("frame")
    assert record.sources(written.id, Relation.WAS_DERIVED_FROM) == {changed.id: "pandas.to_csv"}
    assert record.sources(changed.id, Relation.WAS_DERIVED_FROM) == {read.id: "changed in place"}
    assert record.upstream_files(written.id) == {"raw.csv"}


@pytest.mark.parametrize("suffix", ["csv", "json", "pkl", "csv.gz", "xml", "html"])
def test_each_format_is_linked_both_ways(tmp_path: Path, suffix: str) -> None:
    name = {"pkl": "pickle", "csv.gz": "csv"}.get(suffix, suffix)
    if name in ("xml", "html"):
        pytest.importorskip("lxml", reason="pandas reads XML and HTML with lxml")
    with observing(tmp_path, "pandas"):
        getattr(pd.DataFrame({"a": [1, 2]}), f"to_{name}")(f"data.{suffix}")
        getattr(pd, f"read_{name}")(f"data.{suffix}")
    record = Recorded(tmp_path)
    made, read = record.entities_of("frame")
    written = record.entity("dataset")
    assert (written.name, written.attributes["format"]) == (f"data.{suffix}", name)
    assert record.sources(written.id, Relation.WAS_DERIVED_FROM) == {made.id: f"pandas.to_{name}"}
    assert record.upstream_files(read.id) == {f"data.{suffix}"}


def test_a_file_that_a_library_opens_natively_is_recorded_once(tmp_path: Path) -> None:
    """As pyarrow does for Parquet: no opening is seen, so the observer records it."""
    (tmp_path / "data.bin").write_bytes(b"x" * 100)
    from whence.observers.openings import opening, target_of

    with observing(tmp_path) as session:
        target = target_of(session.files, "data.bin", "r")
        assert target is not None
        made = opening(session.files, target, "r")
        again = target_of(session.files, "data.bin", "r")
        assert again is not None
        assert again.before == made
    record = Recorded(tmp_path)
    assert [(o.id, o.access) for o in record.openings.values()] == [(made, "r")]


def test_parquet_is_linked_both_ways(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    with observing(tmp_path, "pandas"):
        pd.DataFrame({"a": [1, 2]}).to_parquet("data.parquet")
        frame = pd.read_parquet("data.parquet")
    record = Recorded(tmp_path)
    assert list(frame.columns) == ["a"]
    assert {o.access for o in record.openings.values()} == {"w", "r"}
    assert record.upstream_files(record.entities_of("frame")[-1].id) == {"data.parquet"}


def test_what_comes_from_memory_or_a_query_has_no_file(tmp_path: Path) -> None:
    import sqlite3

    with observing(tmp_path, "pandas"):
        pd.read_csv(io.StringIO("a\n1\n"))
        connection = sqlite3.connect(":memory:")
        pd.read_sql("select 1 as one", connection)
        connection.close()
    record = Recorded(tmp_path)
    assert [e.attributes["columns"] for e in record.entities_of("frame")] == [["a"], ["one"]]
    query = record.entity("database", "sqlite3")
    assert record.activities("read")[1].attributes["query"] == "select 1 as one"
    assert record.sources(record.entities_of("frame")[1].id, Relation.WAS_DERIVED_FROM) == {
        query.id: "pandas.read_sql"
    }


def test_an_open_file_is_known_by_its_opening(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_text("a\n1\n")
    with observing(tmp_path, "pandas"), open("raw.csv") as f:
        pd.read_csv(f)
    record = Recorded(tmp_path)
    assert len(record.openings) == 1
    assert record.upstream_files(record.entity("frame").id) == {"raw.csv"}


def test_a_reader_that_fails_leaves_no_frame(tmp_path: Path) -> None:
    with observing(tmp_path, "pandas"), pytest.raises(FileNotFoundError):
        pd.read_csv("missing.csv")
    assert Recorded(tmp_path).entities == {}


def test_arrays_are_linked_to_their_files(tmp_path: Path) -> None:
    with observing(tmp_path, "numpy"):
        array = np.arange(6.0).reshape(2, 3)
        np.save("a", array)
        np.savez("z", array, half=array / 2)
        np.savetxt("t.txt", array)
        array.tofile("raw.bin")
        np.load("a.npy")
        np.load("z.npz")["half"]
        np.loadtxt("t.txt")
        np.fromfile("raw.bin")
        np.load("a.npy", mmap_mode="r")
        np.memmap("raw.bin", dtype="f8", mode="r")
    record = Recorded(tmp_path)
    written = {
        e.name: e.attributes for e in record.entities_of("dataset") if e.id in record.openings
    }
    assert list(written) == ["a.npy", "z.npz", "t.txt"]
    assert written["a.npy"]["shape"] == [2, 3]
    assert written["z.npz"]["members"] == ["arr_0", "half"]
    saved = {record.sources(o, Relation.WAS_DERIVED_FROM).popitem()[0] for o in record.openings
             if o in record.entities and record.entities[o].name != "z.npz"}  # fmt: skip
    assert len(saved) == 1
    files = [record.upstream_files(e.id) for e in record.entities_of("array")]
    assert [f for f in files if f] == [
        {"a.npy"}, {"z.npz"}, {"t.txt"}, {"raw.bin"}, {"a.npy"}, {"raw.bin"}
    ]  # fmt: skip


def test_seeds_are_parameters_of_the_activity(tmp_path: Path) -> None:
    with observing(tmp_path, "numpy") as session:
        np.random.seed(42)
    assert Recorded(tmp_path).params(session.run) == {"seed.numpy": 42}
