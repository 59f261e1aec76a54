"""What is recorded of HDF5 files and of the arrays that went into them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.observing import Recorded, observing
from whence.model.place import Stamp
from whence.model.relation import Relation

h5py = pytest.importorskip("h5py", reason="needs h5py")
np = pytest.importorskip("numpy", reason="needs numpy")


def test_a_file_that_is_read_is_a_read_where_it_is_opened(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "raw.h5", "w") as file:
        file["x"] = np.arange(3)
    with observing(tmp_path, "h5py") as session, h5py.File("raw.h5") as file:
        assert file["x"][:].tolist() == [0, 1, 2]
    record = Recorded(tmp_path)
    (read,) = record.activities("read")
    ((opening, opened),) = record.openings.items()
    assert (read.name, read.parent, read.used) == ("h5py.File", session.run, [(opening, "")])
    assert opened.access == "r"
    made = record.entity("dataset")
    assert record.sources(made.id, Relation.WAS_GENERATED_BY) == {read.id: "h5py.File"}
    assert record.sources(made.id, Relation.WAS_DERIVED_FROM) == {opening: "h5py.File"}
    first, column, _, end = read.attributes["span"]
    assert Path(__file__).read_text().splitlines()[first - 1][column:end] == 'h5py.File("raw.h5")'


def test_a_file_that_is_written_comes_from_the_arrays_put_into_it(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(1000.0))
    np.save(tmp_path / "b.npy", np.arange(3))
    with observing(tmp_path, "numpy", "h5py"), h5py.File("out.h5", "w") as file:
        file.create_group("part").create_dataset("x", data=np.load("a.npy"))
        file["y"] = np.load("b.npy")
    record = Recorded(tmp_path)
    written = record.entity("dataset", "out.h5")
    assert written.attributes["format"] == "hdf5"
    assert record.openings[written.id].access == "w"
    assert sorted(record.sources(written.id, Relation.WAS_DERIVED_FROM).values()) == ["x", "y"]
    assert record.upstream_files(written.id) == {"a.npy", "b.npy"}
    assert record.closings[written.id] == Stamp.of((tmp_path / "out.h5").stat())


def test_a_file_that_is_dropped_has_the_version_it_then_has(tmp_path: Path) -> None:
    with observing(tmp_path, "h5py"):
        file = h5py.File("out.h5", "a")
        file["x"] = [1]
        del file
    record = Recorded(tmp_path)
    written = record.entity("dataset", "out.h5")
    assert record.openings[written.id].access == "w"
    assert record.closings[written.id] == Stamp.of((tmp_path / "out.h5").stat())


def test_a_file_that_is_still_open_has_not_been_written_to_its_end(tmp_path: Path) -> None:
    with observing(tmp_path, "h5py"):
        file = h5py.File("out.h5", "w")
    file.close()
    record = Recorded(tmp_path)
    assert record.closings == {}
    assert record.entity("dataset", "out.h5").id in record.openings


def test_a_file_that_is_there_is_changed_in_place(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "out.h5", "w") as file:
        file["x"] = [1]
    with observing(tmp_path, "h5py"), h5py.File("out.h5", "r+") as file:
        file["y"] = [2]
    record = Recorded(tmp_path)
    assert [opened.access for opened in record.openings.values()] == ["u"]


def test_a_file_that_cannot_be_opened_leaves_nothing(tmp_path: Path) -> None:
    with observing(tmp_path, "h5py"), pytest.raises(FileNotFoundError):
        h5py.File("none.h5", "r")
    record = Recorded(tmp_path)
    assert (record.entities, record.openings) == ({}, {})


def test_h5py_is_left_as_it_was_found(tmp_path: Path) -> None:
    classes = (h5py.File, h5py.Group, h5py.Dataset)
    before = [dict(vars(cls)) for cls in classes]
    with observing(tmp_path, "h5py"):
        assert dict(vars(h5py.Dataset)) == before[2]
    assert [dict(vars(cls)) for cls in classes] == before
