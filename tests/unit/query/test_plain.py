"""Every value that is recorded has a form that strict JSON holds."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pytest

from whence.model.value import Foreign, Unencodable
from whence.query.plain import plain


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None),
        (True, True),
        (2**63, 2**63),
        (1 / 3, 1 / 3),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (b"\x00\xff", "base64:AP8="),
        ("caf\udce9", r"caf\xe9"),
        ("\ud800", r"\ud800"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        ((1, (2,)), [1, [2]]),
        ({3, 1}, [1, 3]),
        ({"a": math.nan, 1: 2}, {"a": "NaN", "1": 2}),
        (Decimal("1.10"), "1.10"),
        (Fraction(1, 3), "1/3"),
        (1 + 2j, "(1+2j)"),
        (PurePosixPath("a/b"), "a/b"),
        (Unencodable("m.T", ""), "<m.T>"),
        (Unencodable("m.T", "T()"), "T()"),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), "NaN"),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.array([math.inf]), ["Infinity"]),
        (Foreign("numpy", "<f8", (2, 1), np.array([1.5, math.nan]).tobytes()), [[1.5], ["NaN"]]),
        (Foreign("torch", "float32", (), np.float32(0.25).tobytes()), 0.25),
        (Foreign("torch", "bfloat16", (1,), b"\0\0"), "<torch bfloat16 [1]>"),
    ],
)
def test_a_value_has_a_plain_form(value: Any, form: Any) -> None:
    found = plain(value)
    assert (found, type(found)) == (form, type(form))
    json.dumps(found, allow_nan=False).encode()
