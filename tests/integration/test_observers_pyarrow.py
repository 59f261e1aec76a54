"""What is recorded of Arrow tables between the files they come from and go to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from whence.model.place import Stamp
from whence.model.relation import Relation
from whence.observers.chunks import chunk_digests

pa = pytest.importorskip("pyarrow", reason="needs pyarrow")

import pyarrow.csv as pa_csv  # noqa: E402
import pyarrow.dataset as pa_dataset  # noqa: E402
import pyarrow.feather as pa_feather  # noqa: E402
import pyarrow.json as pa_json  # noqa: E402
import pyarrow.orc as pa_orc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

FORMATS: dict[str, Any] = {
    "parquet": (pq.write_table, pq.read_table),
    "csv": (pa_csv.write_csv, pa_csv.read_csv),
    "feather": (pa_feather.write_feather, pa_feather.read_table),
    "orc": (pa_orc.write_table, pa_orc.read_table),
}


def opened_names(record: Recorded, used: list[tuple[bytes, str]]) -> set[str]:
    return {Path(bytes(record.openings[id].path).decode()).name for id, _ in used}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_linked_both_ways(tmp_path: Path, name: str) -> None:
    write, read = (function.__name__ for function in FORMATS[name])
    module = {"parquet": pq, "csv": pa_csv, "feather": pa_feather, "orc": pa_orc}[name]
    with observing(tmp_path, "pyarrow"):
        table = pa.table({"a": [1, 2], "b": ["x", "y"]})
        getattr(module, write)(table, "data.bin")
        back = getattr(module, read)("data.bin")
    assert back.equals(table)
    record = Recorded(tmp_path)
    made, got = record.entities_of("frame")
    written = record.entity("dataset")
    assert (written.name, written.attributes["format"]) == ("data.bin", name)
    assert got.attributes == {
        "class": "pyarrow.lib.Table",
        "shape": [2, 2],
        "columns": ["a", "b"],
        "dtypes": ["int64", "string"],
        "call": f"pyarrow.{name}.{read}",
        "file": __file__,
        "line": got.attributes["line"],
        "function": "test_each_format_is_linked_both_ways",
        "chunks": chunk_digests(table),
    }
    assert record.sources(written.id, Relation.WAS_DERIVED_FROM) == {
        made.id: f"pyarrow.{name}.{write}"
    }
    (activity,) = record.activities("read")
    assert record.sources(got.id, Relation.WAS_GENERATED_BY) == {activity.id: activity.name}
    assert record.upstream_files(got.id) == {"data.bin"}
    assert [opened.access for opened in record.openings.values()] == ["w", "r"]
    assert record.gaps == []


def test_a_table_of_json_lines_is_a_read(tmp_path: Path) -> None:
    (tmp_path / "raw.json").write_text('{"a": 1}\n')
    with observing(tmp_path, "pyarrow"):
        pa_json.read_json("raw.json")
    record = Recorded(tmp_path)
    assert record.upstream_files(record.entity("frame").id) == {"raw.json"}


def test_a_frame_that_a_table_became_keeps_its_past(tmp_path: Path) -> None:
    pytest.importorskip("pandas", reason="the conversion needs pandas")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "raw.parquet")
    with observing(tmp_path, "pyarrow"):
        frame = pq.read_table("raw.parquet").to_pandas()
    assert frame["a"].tolist() == [1]
    record = Recorded(tmp_path)
    table, made = record.entities_of("frame", "raw.parquet")
    assert made.attributes["class"].startswith("pandas.")
    assert record.sources(made.id, Relation.WAS_DERIVED_FROM) == {
        table.id: "pyarrow.Table.to_pandas"
    }


def test_a_frame_that_pandas_reads_with_arrow_is_read_once(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas", reason="needs pandas")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "raw.parquet")
    with observing(tmp_path, "pandas", "pyarrow"):
        pd.read_parquet("raw.parquet")
    record = Recorded(tmp_path)
    assert [read.name for read in record.activities("read")] == ["pandas.read_parquet"]
    assert len(record.entities_of("frame")) == 1


def test_a_file_that_is_read_bit_by_bit_is_read_when_it_is_opened(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "raw.parquet", row_group_size=1)
    with observing(tmp_path, "pyarrow"):
        file = pq.ParquetFile("raw.parquet")
        first = file.read_row_group(0)
        file.close()
    assert first.to_pydict() == {"a": [1]}
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    opened, part = record.entity("dataset"), record.entity("frame")
    assert read.name == "pyarrow.parquet.ParquetFile"
    assert record.sources(opened.id, Relation.WAS_GENERATED_BY) == {read.id: read.name}
    assert record.sources(part.id, Relation.WAS_DERIVED_FROM) == {
        opened.id: "pyarrow.parquet.ParquetFile.read_row_group"
    }


def test_each_file_of_a_data_set_is_read_and_written(tmp_path: Path) -> None:
    with observing(tmp_path, "pyarrow"):
        table = pa.table({"a": [1, 2], "b": ["x", "y"]})
        pa_dataset.write_dataset(table, "parts", format="parquet", partitioning=["b"])
        pa_dataset.dataset("parts", partitioning=["b"])
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    written = [e for e in record.entities_of("dataset") if e.id in record.openings]
    assert sorted(e.name for e in written) == ["parts/x/part-0.parquet", "parts/y/part-0.parquet"]
    assert {e.attributes["format"] for e in written} == {"parquet"}
    assert len(read.used) == 2
    assert opened_names(record, read.used) == {"part-0.parquet"}


def test_a_file_that_is_written_bit_by_bit_has_the_version_it_was_closed_with(
    tmp_path: Path,
) -> None:
    with observing(tmp_path, "pyarrow"):
        table = pa.table({"a": [1]})
        with pq.ParquetWriter("out.parquet", table.schema) as writer:
            writer.write_table(table)
            writer.write_table(table)
    record = Recorded(tmp_path)
    written, made = record.entity("dataset"), record.entity("frame")
    assert record.sources(written.id, Relation.WAS_DERIVED_FROM) == {
        made.id: "pyarrow.parquet.ParquetWriter.write_table"
    }
    assert record.closings[written.id] == Stamp.of((tmp_path / "out.parquet").stat())


def test_a_memory_map_of_arrow_is_linked_to_its_reader(tmp_path: Path) -> None:
    pa_feather.write_feather(
        pa.table({"a": [1]}), tmp_path / "raw.arrow", compression="uncompressed"
    )
    with observing(tmp_path, "pyarrow"), pa.memory_map("raw.arrow") as source:
        pa.ipc.open_file(source).read_all()
    record = Recorded(tmp_path)
    mapped, opened = record.activities("read")
    assert (mapped.name, opened.name) == ("pyarrow.memory_map", "pyarrow.ipc.open_file")
    assert opened_names(record, mapped.used) == {"raw.arrow"}
    ((known, _),) = opened.used
    assert record.sources(known, Relation.WAS_GENERATED_BY) == {mapped.id: mapped.name}


def test_paths_of_another_file_system_are_not_taken_for_files(tmp_path: Path) -> None:
    from pyarrow import fs

    pq.write_table(pa.table({"a": [1]}), tmp_path / "raw.parquet")
    elsewhere = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    with observing(tmp_path, "pyarrow"):
        pq.read_table("raw.parquet", filesystem=elsewhere)
        pq.read_table("raw.parquet", filesystem=fs.LocalFileSystem())
    record = Recorded(tmp_path)
    assert [len(read.used) for read in record.activities("read")] == [0, 1]


def test_pyarrow_is_left_as_it_was_found(tmp_path: Path) -> None:
    modules = (pq, pa_csv, pa_feather, pa_dataset, pa_json, pa_orc)
    before = [dict(vars(module)) for module in modules]
    classes = [dict(vars(cls)) for cls in (pq.ParquetFile, pq.ParquetWriter)]
    with observing(tmp_path, "pyarrow"):
        pass
    assert [dict(vars(module)) for module in modules] == before
    assert [dict(vars(cls)) for cls in (pq.ParquetFile, pq.ParquetWriter)] == classes
