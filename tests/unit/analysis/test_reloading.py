"""Where a function that was compiled anew by itself stands in its file."""

from __future__ import annotations

import ast
import textwrap

import pytest

from whence.analysis.module import read_module
from whence.analysis.reloading import Reloaded, file_of, version_name
from whence.analysis.site import Site, Span, span_of

TEXT = """\
import pandas as pd


class Loader:
    # A comment that is gone in the function's own text.
    def load(self, path):
        # Another one.
        return pd.read_csv(
            path,
        )


def load(path):
    # One more.
    frame = pd.read_csv(path)
    return frame
"""


def own_span(name: str, in_class: bool) -> Span:
    """Where the call stands when the function is compiled as autoreload does it."""
    tree = ast.parse(TEXT)
    around = next(n for n in tree.body if isinstance(n, ast.ClassDef)) if in_class else tree
    function = next(n for n in around.body if isinstance(n, ast.FunctionDef) and n.name == name)
    text = ast.unparse(function)
    if in_class:
        text = f"class __autoreload_class__:\n{textwrap.indent(text, '    ')}"
    (call,) = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call))
    return span_of(call)


@pytest.mark.parametrize(
    ("function", "in_class", "found"),
    [
        ("load", False, ("load", Span(15, 12, 15, 29))),
        ("__autoreload_class__.load", True, ("Loader.load", Span(8, 15, 10, 9))),
    ],
)
def test_a_call_is_found_again_in_the_file(
    function: str, in_class: bool, found: tuple[str, Span]
) -> None:
    span = own_span("load", in_class)
    site = Reloaded(read_module(TEXT.encode(), "tools.py")).site(
        Site("tools.py", function, span.line, span)
    )
    assert site == Site("tools.py", found[0], found[1].line, found[1])


def test_a_call_of_a_module_that_was_loaded_as_a_whole_stays_where_it_is() -> None:
    site = Site("tools.py", "load", 15, Span(15, 12, 15, 29))
    assert Reloaded(read_module(TEXT.encode(), "tools.py")).site(site) == site


def test_what_is_not_found_stays_where_it_is() -> None:
    reloaded = Reloaded(read_module(TEXT.encode(), "tools.py"))
    for site in (Site("tools.py", "gone", 1, Span(1, 0, 1, 5)), Site("tools.py", "load", 2)):
        assert reloaded.site(site) == site


def test_a_version_of_a_file_is_told_by_the_file() -> None:
    assert file_of(version_name("tools.py", 1)) == file_of("tools.py") == "tools.py"
