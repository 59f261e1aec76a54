"""Croissant: valid by mlcroissant, which reads the very records through it."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import mlcroissant
import pytest

from tests.support.exported import Study
from whence._base.errors import DocumentError
from whence.standards.croissant.terms import data_type

pytestmark = pytest.mark.xdist_group("exported")

RECOMMENDED = (
    "https://schema.org/license",
    "https://schema.org/version",
    "http://mlcommons.org/croissant/citeAs",
)
"""What no record says, and a reader has to add."""


def loaded(study: Study, folder: Path, thing: str | None = None) -> mlcroissant.Dataset:
    file = folder / "data.croissant.json"
    file.write_bytes(study.exported("croissant", thing))
    dataset = mlcroissant.Dataset(file)
    issues = dataset.metadata.issues
    assert issues.errors == set()
    assert all(any(term in warning for term in RECOMMENDED) for warning in issues.warnings)
    return dataset


def test_a_data_set_is_read_through_its_description(study: Study, tmp_path: Path) -> None:
    dataset = loaded(study, tmp_path, "train.csv")
    [file], [records] = dataset.metadata.distribution, dataset.metadata.record_sets
    content = (study.folder / "train.csv").read_bytes()
    assert (file.sha256, file.content_size, file.encoding_formats) == (
        hashlib.sha256(content).hexdigest(), f"{len(content)} B", ["text/csv"],
    )  # fmt: skip
    assert [str(t) for field in records.fields for t in field.data_types] == [
        "http://mlcommons.org/croissant/Float64", "http://mlcommons.org/croissant/Float64",
        "http://mlcommons.org/croissant/Int64",
    ]  # fmt: skip
    [row] = itertools.islice(dataset.records(records.uuid), 1)
    assert list(row.values()) == [
        float(text) for text in content.decode().splitlines()[1].split(",")
    ]


def test_where_it_came_from_survives_the_library(study: Study, tmp_path: Path) -> None:
    told = loaded(study, tmp_path, "train.csv").metadata.to_json()["prov:wasGeneratedBy"]
    assert (told["prov:label"], told["whence:commit"]) == ("prepare.py", study.commit)
    assert told["prov:used"]["prov:label"] == "prepare.py"
    assert told["prov:wasAssociatedWith"]["@type"] == "prov:Agent"


def test_all_data_sets_of_a_store_are_one_valid_description(study: Study, tmp_path: Path) -> None:
    dataset = loaded(study, tmp_path)
    assert [file.uuid for file in dataset.metadata.distribution] == ["train.csv"]


def test_a_changed_file_is_noticed_by_its_digest(study: Study, tmp_path: Path) -> None:
    document = study.exported("croissant", "train.csv")
    changed = tmp_path / "train.csv"
    changed.write_bytes((study.folder / "train.csv").read_bytes() + b"1,1,1\n")
    file = tmp_path / "data.json"
    file.write_bytes(document.replace(str(study.folder / "train.csv").encode(), b"train.csv"))
    dataset = mlcroissant.Dataset(file)
    with pytest.raises(mlcroissant.GenerationError) as raised:
        next(iter(dataset.records(dataset.metadata.record_sets[0].uuid)))
    assert "is not identical with the reference" in str(raised.value.__cause__)


def test_without_a_data_set_there_is_no_description(study: Study) -> None:
    with pytest.raises(DocumentError, match="describes data sets that are files"):
        study.exported("croissant", "model.joblib")


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("int64", "cr:Int64"), ("Int64", "cr:Int64"), ("uint8", "cr:UInt8"),
        ("Float32", "cr:Float32"), ("bool", "sc:Boolean"), ("str", "sc:Text"),
        ("datetime64[ns, UTC]", "sc:DateTime"), ("timestamp[us]", "sc:DateTime"),
        ("string[pyarrow]", "sc:Text"), ("object", None), ("category", None), ("", None),
    ],
)  # fmt: skip
def test_types_of_columns_are_named_or_left_out(dtype: str, expected: str | None) -> None:
    assert data_type(dtype) == expected
