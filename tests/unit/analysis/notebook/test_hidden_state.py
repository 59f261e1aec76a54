"""What only memory holds, what a fresh run can't reach, and what models hide."""

from __future__ import annotations

from tests.unit.analysis.notebook.histories import judged, notebook, of
from whence.analysis.notebook.hidden import HiddenState
from whence.analysis.notebook.memory import InMemory


def test_names_whose_cell_was_deleted_or_edited_are_only_in_memory() -> None:
    cells = notebook(a="x = 2", b="l = []", d="z = 1")
    state = judged(cells, ("a", "x = 1"), "b", ("gone", "y = 1\nl.append(3)"), "d")
    assert state.only_in_memory == (
        InMemory("x", "a", 1, "`x` was defined by In [1], by a source that cell 1 no longer has"),
        InMemory("l", "gone", 3,
                 "`l` was changed by In [3], a cell that is no longer in the notebook"),
        InMemory("y", "gone", 3,
                 "`y` was defined by In [3], a cell that is no longer in the notebook"),
    )  # fmt: skip
    gone = of(state, "gone")
    assert (gone.index, gone.state, gone.reasons) == (
        None, "edited", ("this cell is no longer in the notebook",),
    )  # fmt: skip


def test_a_name_that_another_cell_still_defines_so_is_not_only_in_memory() -> None:
    cells = notebook(a="x = 1\ny = 2")
    assert judged(cells, ("gone", "x = 1"), "a").only_in_memory == ()


def test_cells_that_need_what_is_not_above_them_are_unreachable() -> None:
    cells = notebook(
        a="print(below)", b="below = 1", c="print(deleted)", d="print(nowhere)", e="z = z + 1",
        f="print(len([v for v in range(3)]))", g="def f():\n    return nowhere",
    )  # fmt: skip
    state = judged(cells, "b", "a", ("gone", "deleted = 1"), "c")
    assert {one.cell: one.unreachable for one in state.cells if one.unreachable} == {
        "a": "`below` is defined only below, by cell 2",
        "c": "`deleted` is defined by no cell any more; In [3] defined it",
        "d": "`nowhere` is defined by no cell",
        "e": "`z` is used before this cell itself defines it",
    }
    assert [of(state, cell).state for cell in "ac"] == ["stale", "stale"]


def test_a_star_import_or_a_magic_can_define_any_name() -> None:
    for source in ("from lib import *", "%run other.py", "exec(text)"):
        cells = notebook(t="text = ''", a=source, b="print(anything)")
        assert [one.unreachable for one in judged(cells).cells] == ["", "", ""]


def test_a_model_that_rests_on_a_deleted_cell_has_hidden_state() -> None:
    load, fit = "from lib import X, y, LR\nX = X.copy()", "m = LR().fit(X, y)"
    cells = notebook(a=load, b=fit)
    shown = judged(cells, "a", "b")
    assert shown.hidden == ()
    state = judged(cells, "a", ("gone", "X['z'] = 0"), "b")
    said = "In [2] is behind it, of a cell that is no longer in the notebook"
    assert state.hidden == (HiddenState("LR", "b", 3, (said,)),)
    named = judged(cells, "a", ("gone", "X['z'] = 0"), ("b", fit, {"models": ["LinearRegression"]}))
    assert [one.model for one in named.hidden] == ["LinearRegression"]


def test_a_model_of_an_order_that_the_notebook_does_not_give_has_hidden_state() -> None:
    cells = notebook(a="from lib import X, y, LR\nX = list(X)", b="LR().fit(X, y)", c="X.append(1)")
    assert judged(cells, "a", "b", "c").hidden == ()
    (told,) = judged(cells, "a", "b", "c", "b").hidden
    assert told.reasons == ("`X` came from In [3], which stands below this cell",)
