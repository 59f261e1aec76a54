"""Cells one after the other as one module: what a slice over them finds."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

import pytest

from whence.analysis.cells import CellCode, CellModule
from whence.analysis.magic import python_of
from whence.analysis.program import Program
from whence.analysis.site import Anchor, Site

FILE = "train.ipynb"


def sources(cells: Sequence[CellCode | str]) -> set[tuple[int, int]]:
    """The cells, from 1, and lines whose ``read`` reaches the only argument of the last ``fit``."""
    code = CellModule(FILE, [one if isinstance(one, CellCode) else CellCode(one) for one in cells])
    module = code.module()
    calls = sorted(
        (node.lineno, node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    )
    anchors = [
        Anchor(b"%d" % at, name, (Site(FILE, "<module>", line),), at)
        for at, (line, name) in enumerate(calls)
        if name in ("read", "fit")
    ]
    reads = [one for one in anchors if one.call == "read"]
    *_, fit = (one for one in anchors if one.call == "fit")
    found = Program({FILE: module}, reads).slice(fit, 0)
    places = (code.place(one.source.stack[0].line) for one in found.reached)
    return {(cell + 1, line) for cell, line in places}


def bindings(cells: Sequence[CellCode]) -> str:
    """The code of the module, as Python would write it."""
    return ast.unparse(CellModule(FILE, cells).module().tree)


def test_a_name_is_what_the_cell_that_ran_last_made_of_it() -> None:
    assert sources(["x = read('a')", "x = read('b')", "fit(x)"]) == {(2, 1)}


def test_a_cell_that_runs_again_makes_its_names_anew() -> None:
    assert sources(["x = read('a')", "y = x", "x = read('a')", "fit(x)"]) == {(3, 1)}
    assert sources(["x = read('a')", "y = x", "x = read('a')", "fit(y)"]) == {(1, 1)}


def test_what_a_later_cell_puts_into_an_object_is_part_of_it() -> None:
    assert sources(["x = read('a')", "x['n'] = read('b')", "fit(x)"]) == {(1, 1), (2, 1)}


def test_a_name_that_was_deleted_is_not_what_it_was() -> None:
    gone = CellCode("get_ipython().run_line_magic('reset', '-f')", deleted=frozenset({"x"}))
    assert sources(["x = read('a')", gone, "fit(x)"]) == set()


def test_a_name_that_was_bound_in_a_way_the_code_does_not_show_is_not_what_it_was() -> None:
    hidden = CellCode("get_ipython().run_line_magic('run', 'load.py')", bound=frozenset({"x"}))
    assert sources(["x = read('a')", hidden, "fit(x)"]) == set()


def test_a_name_that_a_function_of_an_earlier_cell_binds_is_what_that_gives_it() -> None:
    define = "def load():\n    global x\n    x = read('a')"
    assert sources([define, CellCode("load()", bound=frozenset({"x"})), "fit(x)"]) == {(1, 3)}


def test_a_star_import_binds_the_names_that_it_was_seen_to_bind() -> None:
    code = CellCode("from tools import *", bound=frozenset({"load", "clean"}))
    assert bindings([code]) == "from tools import *\nfrom tools import clean, load"


@pytest.mark.parametrize(
    ("text", "line", "ran"),
    [
        ("a = 1\nb = boom()\nc = 2", 2, "a = 1\nboom()"),
        ("with open() as f:\n    a = 1\n    b = boom()\n    c = 1\nd = 1", 3,
         "with open() as f:\n    a = 1\n    boom()"),
        ("if a:\n    b = 1\nelse:\n    c = 1\n    boom()\n    d = 1", 5, "a\nc = 1\nboom()"),
        ("for a in b:\n    boom()\nc = 1", 2, "for a in b:\n    boom()"),
        ("a = 1", 7, "a = 1"),
    ],
)  # fmt: skip
def test_a_cell_that_failed_ran_until_the_statement_that_failed(
    text: str, line: int, ran: str
) -> None:
    before = CellCode("x = 1\ny = 2")
    whole = bindings([before, CellCode(text, stopped_at=line)])
    assert whole == f"x = 1\ny = 2\n{ran}"


def test_what_time_runs_is_code_of_the_cell() -> None:
    cell = "get_ipython().run_cell_magic('time', '', 'a = 1\\n%matplotlib inline\\nfit(x)\\n')\n"
    assert sources(["x = read('a')", cell]) == {(1, 1)}
    line = "get_ipython().run_line_magic('time', 'fit(x)')"
    assert sources(["x = read('a')", line]) == {(1, 1)}
    assigned = "x = get_ipython().run_line_magic('time', \"read('a')\")"
    assert sources([assigned, "fit(x)"]) == {(1, 1)}


def test_cells_that_are_no_python_have_no_part() -> None:
    bash = "get_ipython().run_cell_magic('bash', '', 'x=1\\n')"
    assert sources(["x = read('a')", "x = (", bash, CellCode(None), "fit(x)"]) == {(1, 1)}


def test_await_at_the_top_is_followed() -> None:
    assert sources(["x = await read('a')", "fit(x)"]) == {(1, 1)}


def test_each_line_is_that_of_its_cell() -> None:
    cells = [CellCode("a\nb\n"), CellCode(None), CellCode("c"), CellCode("d\r\ne")]
    code = CellModule(FILE, cells)
    assert [code.place(line) for line in range(1, 7)] == [
        (0, 1), (0, 2), (0, 3), (2, 1), (3, 1), (3, 2),
    ]  # fmt: skip
    assert code.place(code.firsts[1] + 5) == (1, 5)
    assert [code.lines(n) for n in range(4)] == [["a", "b", ""], [], ["c"], ["d", "e"]]


@pytest.mark.parametrize(
    ("written", "python"),
    [
        ("a = 1\nb = a % 2", "a = 1\nb = a % 2"),
        ("%matplotlib inline\na = 1", "pass\na = 1"),
        ("if a:\n    !ls *.csv\nb = 1", "if a:\n    pass\nb = 1"),
        ("files = !ls\nb = %pwd", "files = None\nb = None"),
        ("%time fit(x)", "fit(x)"),
        ("%timeit -n 10 fit(x)", "fit(x)"),
        ("m = %time fit(x)", "m = fit(x)"),
        ("df.head?\n?df\ndf??", "pass\npass\npass"),
        ("%%time\na = 1\n!ls", "\na = 1\npass"),
        ("a = (1\n     % 2)\n%who", "a = (1\n     % 2)\npass"),
        ("%%bash\nls", None),
        ("%%writefile a.py\na = 1", None),
        ("a = ((", None),
        ("", ""),
    ],
)
def test_the_magics_of_a_cell_leave_python_on_the_same_lines(
    written: str, python: str | None
) -> None:
    assert python_of(written) == python


def test_thousands_of_executions_are_read_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    compile_ = builtins.compile

    def counted(source: str, *rest: object, **named: object) -> object:
        parsed.append(len(source))
        return compile_(source, *rest, **named)  # type: ignore[call-overload]

    cells = [CellCode(f"x{n % 20} = x{n % 20} + 1") for n in range(5000)]
    monkeypatch.setattr(builtins, "compile", counted)
    CellModule(FILE, cells).module()
    monkeypatch.undo()
    assert sum(parsed) < 2 * sum(len(one.text or "") + 1 for one in cells)
