"""What is recorded of tensors that safetensors writes to files and reads from them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from tests.support.observing import Recorded, observing
from whence.model.relation import Relation

pytest.importorskip("safetensors", reason="needs safetensors")
np = pytest.importorskip("numpy", reason="needs numpy")


@pytest.mark.parametrize("part", ["numpy", "torch"])
def test_tensors_are_linked_to_their_file_both_ways(tmp_path: Path, part: str) -> None:
    library: Any = pytest.importorskip(part, reason="needs the library of the tensors")
    with observing(tmp_path, "safetensors"):
        module = importlib.import_module(f"safetensors.{part}")
        tensors = {"w": library.ones((2, 3)), "b": library.zeros(3)}
        module.save_file(tensors, "model.safetensors")
        loaded = module.load_file("model.safetensors")
    assert sorted(loaded) == ["b", "w"]
    record = Recorded(tmp_path)
    saved = record.entity("model", "model.safetensors")
    assert record.openings[saved.id].access == "w"
    assert saved.attributes["format"] == "safetensors"
    assert sorted(record.sources(saved.id, Relation.WAS_DERIVED_FROM).values()) == ["b", "w"]
    (read,) = record.activities("read")
    assert read.name == f"safetensors.{part}.load_file"
    made = [e for e in record.entities_of("array") if e.id > read.id]
    assert sorted(entity.name for entity in made) == ["b", "w"]
    for entity in made:
        assert record.sources(entity.id, Relation.WAS_GENERATED_BY) == {read.id: read.name}
        assert "model.safetensors" in record.upstream_files(entity.id)
    assert record.gaps == []


def test_a_load_that_fails_leaves_nothing(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    with observing(tmp_path, "safetensors"), pytest.raises(FileNotFoundError):
        load_file("none.safetensors")
    record = Recorded(tmp_path)
    assert (record.entities, record.openings) == ({}, {})
