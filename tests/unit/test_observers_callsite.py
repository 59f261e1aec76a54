"""Whose code a file holds."""

import os
import sysconfig

import pytest

from whence.observers import callsite
from whence.observers.callsite import HIDDEN, LIBRARY, PLUMBING, USER, origin

PURELIB, STDLIB = sysconfig.get_paths()["purelib"], sysconfig.get_paths()["stdlib"]


@pytest.mark.parametrize(
    ("filename", "whose"),
    [
        ("/home/ada/train.py", USER),
        ("train.py", USER),
        ("<string>", USER),
        ("<stdin>", USER),
        ("<ipython-input-3-abc>", USER),
        (__file__, USER),
        (os.path.join(PURELIB, "pandas", "io", "parsers", "readers.py"), LIBRARY),
        ("/home/ada/project/.venv/lib/python3.13/site-packages/sklearn/base.py", LIBRARY),
        ("/usr/lib/python3/dist-packages/numpy/__init__.py", LIBRARY),
        (os.path.join(STDLIB, "functools.py"), PLUMBING),
        ("<frozen importlib._bootstrap>", PLUMBING),
        ("<__array_function__ internals>", PLUMBING),
        (HIDDEN, PLUMBING),
        (callsite.__file__, PLUMBING),
    ],
)
def test_a_file_is_the_users_a_librarys_or_plumbing(filename: str, whose: int) -> None:
    assert origin(filename) == whose
