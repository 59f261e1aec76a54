"""What is said of an object in memory, and of a library's version."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from whence.model.event import EntityRecorded, decoder, encoder
from whence.observers.describe import MAX_COLUMNS, attributes_of, kind_of
from whence.observers.version import is_tested


def test_a_frame_is_described_by_shape_columns_dtypes_and_index() -> None:
    frame = pd.DataFrame({"age": [1, 2], "name": ["a", "b"]}, index=pd.Index([5, 6], name="id"))
    assert attributes_of(frame) | {"class": ""} == {
        "class": "",
        "shape": [2, 2],
        "columns": ["age", "name"],
        "dtypes": [str(dtype) for dtype in frame.dtypes],
        "index": {"type": "Index", "names": ["id"]},
    }
    assert kind_of(frame) == "frame"


def test_columns_that_are_doubled_or_no_text_survive_the_journal() -> None:
    labels = ["a", "a", 3, None, ("x", 1), pd.Timestamp("2020-01-02")]
    frame = pd.DataFrame([[1] * len(labels)], columns=pd.Index(labels, dtype=object))
    event = EntityRecorded(b"i" * 16, "frame", "f", 0, attributes_of(frame))
    columns = decoder.decode(encoder.encode(event)).attributes["columns"]
    assert columns[:5] == ["a", "a", 3, None, ("x", 1)]
    assert len(columns) == len(labels)


def test_of_ten_thousand_columns_the_first_are_named_and_all_are_counted() -> None:
    attributes = attributes_of(pd.DataFrame(np.zeros((1, 10_000))))
    assert attributes["shape"] == [1, 10_000]
    assert len(attributes["columns"]) == len(attributes["dtypes"]) == MAX_COLUMNS


def test_an_object_with_a_bad_getattr_is_described_all_the_same() -> None:
    class Bad:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError(name)

    assert attributes_of(Bad()) == {"class": f"{__name__}.{Bad.__qualname__}"}


@pytest.mark.parametrize(
    ("version", "tested", "fits"),
    [
        ("2.2.1", ">=2.0,<4", True),
        ("4.0.0rc1", ">=2.0,<4", False),
        ("1.5", ">=2.0,<4", False),
        ("2", ">=2.0", True),
        ("1.10", ">=1.9,!=1.10.0", False),
        ("unknown", ">=2.0", True),
        ("3.1", "", True),
    ],
)
def test_a_version_is_tested_or_not(version: str, tested: str, fits: bool) -> None:
    assert is_tested(version, tested) is fits
