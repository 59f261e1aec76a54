"""What a cell uses, defines, changes and deletes; magics and odd sources."""

from __future__ import annotations

import json

import pytest

from whence._base.errors import DocumentError
from whence.analysis.notebook.document import read_document
from whence.analysis.notebook.execution import Cell
from whence.analysis.notebook.names import CellNames, read_cell
from whence.analysis.notebook.source import readable


def told(
    uses: str = "", defines: str = "", may: str = "", changes: str = "", gone: str = ""
) -> CellNames:
    return CellNames(*(frozenset(one.split()) for one in (uses, defines, may, changes, gone)))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1\ny = x + z", told("z", "x y")),
        ("df['y'] = df['x'] * k", told("df k", changes="df")),
        ("df.drop('a', axis=1, inplace=True)", told("df", changes="df")),
        ("l.append(v)", told("l v", changes="l")),
        ("n += 1", told("n", "n")),
        ("del x, df['a']", told("", gone="x df")),
        ("for i in xs:\n    s = i + t\nprint(s)", told("xs t", "i s")),
        ("if a:\n    x = 1\nelse:\n    x = 2\ny = x", told("a", "x y")),
        ("if a:\n    x = 1\nprint(x)", told("a x", "", "x")),
        ("try:\n    import fast\nexcept ImportError:\n    fast = None", told("", "fast")),
        ("[v + k for v in xs if v > w]", told("xs k w")),
        ("f = lambda v: v + k", told("k", "f")),
        ("def f(a, b=d):\n    c = a + g\n    return c", told("d", "f")),
        ("class A(B):\n    k = 1\n    def f(self):\n        return h", told("B", "A")),
        ("import numpy as np\nfrom a.b import c as d", told("", "np d")),
        ("with open(p) as f:\n    t = f.read()", told("p", "f t")),
        ("(n := len(xs))", told("xs", "n")),
        ("a, *b = c", told("c", "a b")),
        ("y = await fetch(u)", told("fetch u", "y")),
        ("for m in models:\n    m.fit(X)", told("models X", "m", changes="models")),
        ("model.fit(X)", told("model X", changes="model")),
        ("df.head()", told("df")),
        ("%time y = f(x)", told("f x", "y")),
        ("%%time\ny = f(x)", told("f x", "y")),
        ("%%capture out\nprint(x)", told("x", "out")),
        ("%%bash --out text\necho $x", told("", "text")),
        ("%%html\n<b>x</b>", told()),
        ("files = !ls {folder}\nn = len(files)", told("", "files n")),
        ("%matplotlib inline\n!pip install x\nx?", told()),
        ("x = 1 +", told()),
        ("", told()),
    ],
)
def test_the_names_of_a_cell(source: str, names: CellNames) -> None:
    assert read_cell(source).names == names


def test_the_lines_of_a_cell_stay_in_their_places() -> None:
    source = "%%time\n# why\n!ls\nx = 1\n%timeit f(\n  x)"
    assert readable(source).text.splitlines()[3] == "x = 1"
    assert [unit.line for unit in read_cell("%%time\n!ls\nx = 1\n\ny = 2").units] == [2, 3, 5]


def test_hostile_sources_are_read_or_left() -> None:
    deep = "(" * 5_000 + ")" * 5_000
    for source in (
        deep,
        "x = '\0'",
        "é = 1\nprint(é)",
        "%",
        "%%",
        "!",
        "?",
        "\n\n  \n",
        "=%",
        "a =!",
    ):
        read_cell(source)
    assert read_cell("é = 1; π = é").names == told("", "é π")
    assert read_cell(deep).error != ""


def test_a_document_is_read_with_and_without_ids() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# title"},
        {"cell_type": "code", "id": "a", "source": ["x = 1\n", "y = 2"], "execution_count": 3},
        {"cell_type": "code", "id": "b", "source": "", "execution_count": None},
    ]
    new = read_document(json.dumps({"cells": cells, "nbformat": 4}).encode(), "n.ipynb")
    assert new == ((Cell("a", 1, "x = 1\ny = 2", 3), Cell("b", 2, "")), "python", True)
    old = read_document(
        json.dumps({"cells": [cell | {"id": ""} for cell in cells], "nbformat": 4}).encode(), "n"
    )
    assert [cell.id for cell in old.cells] == ["#2", "#3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "n.ipynb is no notebook: it is not JSON"),
        ("[]", "n.ipynb is no notebook: it has no list of cells"),
        ('{"cells": [], "nbformat": 5}', "n.ipynb is a notebook of format 5"),
        ('{"worksheets": [], "nbformat": 3}', "n.ipynb is a notebook of format 3"),
    ],
)
def test_what_is_no_notebook_is_refused(text: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(text.encode(), "n.ipynb")
    assert str(caught.value).startswith(said)
