"""What is recorded of frames of polars between the files they come from and go to."""

from __future__ import annotations

import inspect
import io
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation
from whence.observers.chunks import chunk_digests

pl = pytest.importorskip("polars", reason="needs polars")


def text_at(span: list[int]) -> str:
    """The code of this file at a span of one line."""
    first, column, _, end = span
    return Path(__file__).read_text().splitlines()[first - 1][column:end]


def test_a_frame_that_was_read_derives_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_text("id,age\n1,30\n2,40\n")
    with observing(tmp_path, "polars") as session:
        frame = pl.read_csv("raw.csv", separator=",")
        line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]
    assert frame.shape == (2, 2)
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    entity = record.entity("frame")
    ((opening, opened),) = record.openings.items()
    assert (opened.access, Path(bytes(opened.path).decode()).name) == ("r", "raw.csv")
    assert entity.name == "raw.csv"
    assert entity.attributes == {
        "class": "polars.dataframe.frame.DataFrame",
        "shape": [2, 2],
        "columns": ["id", "age"],
        "dtypes": ["Int64", "Int64"],
        "call": "polars.read_csv",
        "file": __file__,
        "line": line,
        "function": "test_a_frame_that_was_read_derives_from_the_file",
        "chunks": chunk_digests(frame),
    }
    assert record.sources(entity.id, Relation.WAS_DERIVED_FROM) == {opening: "polars.read_csv"}
    assert record.sources(entity.id, Relation.WAS_GENERATED_BY) == {read.id: "polars.read_csv"}
    assert (read.name, read.parent, read.used) == ("polars.read_csv", session.run, [(opening, "")])
    assert text_at(read.attributes["span"]) == 'pl.read_csv("raw.csv", separator=",")'


@pytest.mark.parametrize("name", ["csv", "parquet", "ipc", "ipc_stream", "json", "ndjson", "avro"])
def test_each_format_is_linked_both_ways(tmp_path: Path, name: str) -> None:
    with observing(tmp_path, "polars"):
        getattr(pl.DataFrame({"a": [1, 2]}), f"write_{name}")("data.bin")
        frame = getattr(pl, f"read_{name}")("data.bin")
    assert frame["a"].to_list() == [1, 2]
    record = Recorded(tmp_path)
    made, read = record.entities_of("frame")
    written = record.entity("dataset")
    assert written.name == "data.bin"
    assert written.attributes["format"] == name.rpartition("_")[2]
    assert written.attributes["columns"] == ["a"]
    assert record.sources(written.id, Relation.WAS_DERIVED_FROM) == {
        made.id: f"polars.write_{name}"
    }
    assert record.upstream_files(read.id) == {"data.bin"}
    assert sorted(opened.access for opened in record.openings.values()) == ["r", "w"]
    assert record.gaps == []


@pytest.mark.parametrize("name", ["csv", "parquet", "ipc", "ndjson"])
def test_a_scan_is_a_read_and_a_sink_writes(tmp_path: Path, name: str) -> None:
    getattr(pl.DataFrame({"a": [1, 2], "b": [3, 4]}), f"write_{name}")(tmp_path / "in.bin")
    with observing(tmp_path, "polars"):
        lazy = getattr(pl, f"scan_{name}")("in.bin")
        collected = lazy.collect()
        getattr(lazy, f"sink_{name}")("out.bin")
    assert collected.columns == ["a", "b"]
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    scanned, frame = record.entities_of("frame", "in.bin")
    written = record.entity("dataset", "out.bin")
    assert read.name == f"polars.scan_{name}"
    assert scanned.attributes["class"] == "polars.lazyframe.frame.LazyFrame"
    assert record.sources(scanned.id, Relation.WAS_GENERATED_BY) == {read.id: read.name}
    assert record.sources(frame.id, Relation.WAS_DERIVED_FROM) == {scanned.id: "polars.collect"}
    assert record.sources(written.id, Relation.WAS_DERIVED_FROM) == {
        scanned.id: f"polars.sink_{name}"
    }
    assert record.openings[written.id].access == "w"


def test_a_sink_that_is_lazy_itself_has_written_nothing(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old\n")
    with observing(tmp_path, "polars"):
        pl.LazyFrame({"a": [1]}).sink_csv("out.csv", lazy=True)
    assert Recorded(tmp_path).openings == {}


@pytest.mark.parametrize("how", ["pattern", "list", "folder"])
def test_each_file_of_a_scan_is_read(tmp_path: Path, how: str) -> None:
    (tmp_path / "parts").mkdir()
    for n in range(3):
        pl.DataFrame({"a": [n]}).write_parquet(tmp_path / "parts" / f"{n}.parquet")
    (tmp_path / "parts" / "_note").write_text("not data")
    sources: dict[str, Any] = {
        "pattern": "parts/*.parquet",
        "list": [Path("parts") / f"{n}.parquet" for n in range(3)],
        "folder": "parts/",
    }
    if how == "folder":
        (tmp_path / "parts" / "_note").unlink()
    with observing(tmp_path, "polars"):
        frame = pl.scan_parquet(sources[how]).collect()
    assert frame["a"].to_list() == [0, 1, 2]
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    names = {Path(bytes(record.openings[id].path).decode()).name for id, _ in read.used}
    assert names == {"0.parquet", "1.parquet", "2.parquet"}
    for entity in record.entities_of("frame"):
        assert record.upstream_files(entity.id) == names


def test_the_files_of_a_partitioned_write_are_known_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "earlier.parquet").write_bytes(b"left alone")
    with observing(tmp_path, "polars"):
        frame = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})
        frame.write_parquet("parts", partition_by="b")
    record = Recorded(tmp_path)
    written = record.entities_of("dataset")
    assert {Path(entity.name).parent.as_posix() for entity in written} == {"parts/b=x", "parts/b=y"}
    made = record.entity("frame")
    for entity in written:
        assert list(record.sources(entity.id, Relation.WAS_DERIVED_FROM)) == [made.id]


def test_what_comes_from_memory_has_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("no data")
    with observing(tmp_path, "polars"):
        pl.read_csv(b"a\n1\n")
        pl.read_csv(io.BytesIO(b"a\n1\n"))
        assert pl.DataFrame({"a": [1]}).write_csv() == "a\n1\n"
    record = Recorded(tmp_path)
    assert [read.used for read in record.activities("read")] == [[], []]
    assert record.openings == {}


def test_a_query_is_recorded_with_its_text(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    with observing(tmp_path, "polars"):
        frame = pl.read_database("select 1 as one", connection)
    connection.close()
    assert frame.to_dicts() == [{"one": 1}]
    record = Recorded(tmp_path)
    query, entity = record.entity("database", "sqlite3"), record.entity("frame")
    assert record.activities("read")[0].attributes["query"] == "select 1 as one"
    assert record.sources(entity.id, Relation.WAS_DERIVED_FROM) == {
        query.id: "polars.read_database"
    }


def test_a_failed_call_leaves_nothing(tmp_path: Path) -> None:
    with observing(tmp_path, "polars"):
        with pytest.raises(FileNotFoundError):
            pl.read_csv("none.csv")
        with pytest.raises((OSError, pl.exceptions.PolarsError)):
            pl.DataFrame({"a": [1]}).write_csv("none/data.csv")
    record = Recorded(tmp_path)
    assert (record.openings, record.entities) == ({}, {})


def test_frames_of_pandas_keep_their_past(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the conversion needs pyarrow")
    import pandas as pd

    (tmp_path / "raw.csv").write_text("a\n1\n")
    with observing(tmp_path, "pandas", "polars"):
        frame = pl.from_pandas(pd.read_csv("raw.csv")).to_pandas()
    assert frame["a"].tolist() == [1]
    record = Recorded(tmp_path)
    read, moved, back = record.entities_of("frame", "raw.csv")
    assert record.sources(moved.id, Relation.WAS_DERIVED_FROM) == {read.id: "polars.from_pandas"}
    assert record.sources(back.id, Relation.WAS_DERIVED_FROM) == {moved.id: "polars.to_pandas"}


def test_expressions_are_left_as_they_are(tmp_path: Path) -> None:
    watched = {"write_", "sink_", "collect", "to_pandas"}
    classes = (pl.Expr, pl.DataFrame, pl.LazyFrame, pl.Series)
    before = [dict(vars(cls)) for cls in classes]
    with observing(tmp_path, "polars"):
        changed = {
            name
            for cls, names in zip(classes, before, strict=True)
            for name, value in vars(cls).items()
            if value is not names.get(name)
        }
        assert {name for name in changed if not name.startswith(tuple(watched))} == set()
        if sys.version_info >= (3, 12):
            tool = next(n for n in (4, 3) if sys.monitoring.get_tool(n) == "whence")
            decorated = [vars(pl.Expr)[name] for name in ("rolling_mean", "rolling_sum")]
            assert decorated
            assert {sys.monitoring.get_local_events(tool, f.__code__) for f in decorated} == {0}
    assert [dict(vars(cls)) for cls in classes] == before


def test_a_call_of_a_library_is_not_the_users(tmp_path: Path) -> None:
    """A frame's own methods collect lazy frames; that is nobody's conversion."""
    (tmp_path / "raw.csv").write_text("a\n1\n")
    with observing(tmp_path, "polars"):
        frame = pl.read_csv("raw.csv")
        frame.filter(pl.col("a") > 0).select(pl.col("a").sum())
    assert len(Recorded(tmp_path).entities_of("frame")) == 1
