"""The state of each cell after a history, with its reasons."""

from __future__ import annotations

import pytest

from tests.unit.analysis.notebook.histories import judged, notebook, of, ran, states
from whence.analysis.notebook.history import History
from whence.analysis.notebook.state import judge

CHAIN = notebook(a="x = 1", b="y = x + 1", c="print(y)")
FRESH = {"a": "fresh", "b": "fresh", "c": "fresh"}


def test_a_notebook_run_from_top_to_bottom_is_fresh() -> None:
    state = judged(CHAIN, "a", "b", "c")
    assert {one.cell: (one.state, one.out_of_order, one.reasons) for one in state.cells} == {
        "a": ("fresh", False, ()), "b": ("fresh", False, ()), "c": ("fresh", False, ()),
    }  # fmt: skip
    assert (state.only_in_memory, state.hidden) == ((), ())


def test_a_later_change_of_an_input_makes_cells_stale_through_others() -> None:
    state = judged(CHAIN, ("a", "x = 5"), "b", "c", "a")
    assert [(one.state, one.reasons) for one in state.cells] == [
        ("fresh", ()),
        ("stale", ("`x` was changed by In [4] after this cell ran",)),
        ("stale", ("`y` came from In [2], whose own values are out of date",)),
    ]


def test_running_a_cell_again_that_makes_the_same_leaves_others_fresh_but_out_of_order() -> None:
    state = judged(CHAIN, "a", "b", "c", "a")
    assert {one.cell: one.state for one in state.cells} == FRESH
    assert [one.out_of_order for one in state.cells] == [False, True, False]
    assert of(state, "b").order_reasons == (
        "cell 1, which gives it `x`, ran again in In [4] after this cell",
    )


def test_an_edited_cell_is_edited_and_what_used_it_is_stale() -> None:
    state = judged(CHAIN, ("a", "x = 0"), "b", "c")
    assert [(one.state, one.reasons[:1]) for one in state.cells] == [
        ("edited", ("it was edited since In [1]",)),
        ("stale", ("`x` came from In [1]; cell 1 was edited since",)),
        ("stale", ("`y` came from In [2], whose own values are out of date",)),
    ]


def test_an_edit_that_does_not_concern_a_name_leaves_its_users_fresh() -> None:
    cells = notebook(a="# better\nx = 1\nz = 3", b="y = x")
    assert states(cells, ("a", "x = 1\nz = 2"), "b") == {"a": "edited", "b": "fresh"}


def test_cells_that_did_not_run_or_failed_or_run_say_so() -> None:
    cells = notebook(a="x = 1", b="1 / 0", c="y = x", d="while True: pass")
    told = judged(
        cells, "a", ("b", "1 / 0", {"status": "failed", "stopped_at": 1}),
        ("d", "while True: pass", {"status": "running"}),
    )  # fmt: skip
    assert [one.state for one in told.cells] == ["fresh", "failed", "not-run", "running"]
    assert of(told, "b").reasons == ("In [2] failed",)


def test_what_stands_above_and_did_not_run_is_named() -> None:
    cells = notebook(a="x = [1]", b="x.append(2)", c="print(x)")
    assert of(judged(cells, "a", "c"), "c").reasons == (
        "`x` is changed by cell 2 above, which has not run",
    )


def test_a_value_from_below_makes_a_cell_stale_and_out_of_order() -> None:
    cells = notebook(a="x = 1", b="print(x)", c="x = 2")
    told = of(judged(cells, "a", "b", "c", "b"), "b")
    said = "`x` came from In [3], which stands below this cell"
    assert (told.state, told.out_of_order, told.reasons, told.order_reasons) == (
        "stale", True, (said,), (said,),
    )  # fmt: skip
    assert states(cells, "a", "b", "c") == FRESH


def test_another_order_that_nothing_depends_on_is_only_told_plainly() -> None:
    cells = notebook(a="x = 1", b="y = 2")
    told = of(judged(cells, "b", "a"), "b")
    assert (told.state, told.out_of_order, told.order_differs) == ("fresh", False, True)


def test_a_cell_of_its_own_past_is_stale() -> None:
    cells = notebook(a="n = 1", b="n = n + 1")
    assert of(judged(cells, "a", "b", "b"), "b").reasons == (
        "`n` had been changed by In [2], an earlier run of this cell",
    )


@pytest.mark.parametrize(
    "cleaning",
    [
        "df['y'] = df['x'] * 2",
        "df = df.dropna()",
        "df = df[df['x'] > 3]",
        "df['x'] = df['x'].fillna(0)",
        "df.loc[rows, 'y'] = 0",
        "d = {}\nd['k'] = 1",
        "model.fit(df[['x']], t)",
        "if t:\n    z = 1",
    ],
)
def test_what_changes_nothing_when_it_is_done_again_stays_fresh(cleaning: str) -> None:
    setup = "df = read()\nrows = [1]\nt = 1\nmodel = Model()"
    cells = notebook(i="from lib import read, Model", a=setup, b=cleaning, c="print(df, model)")
    assert set(states(cells, "i", "a", "b", "c", "b", "c").values()) == {"fresh"}


@pytest.mark.parametrize(
    "change",
    [
        "l.append(1)",
        "n += 1",
        "df['x'] += 1",
        "df['x'] = df['x'] * 2",
        "df = df.sample(3)",
        "next(it)",
    ],
)
def test_what_changes_more_when_it_is_done_again_is_stale(change: str) -> None:
    setup = (
        "from lib import df\nl = []\nn = 0\nit = iter([1, 2, 3])\ndf = df.copy()\nnp.random.seed(1)"
    )
    cells = notebook(i="import numpy as np", a=setup, b=change)
    assert states(cells, "i", "a", "b", "b") == {"i": "fresh", "a": "fresh", "b": "stale"}


def test_objects_with_two_names_change_under_both() -> None:
    cells = notebook(a="x = []\ny = x", b="y.append(1)", c="print(x)")
    assert states(cells, "a", "c", "b")["c"] == "stale"
    assert states(cells, "a", "b", "c")["c"] == "fresh"


def test_functions_read_globals_when_they_are_called() -> None:
    cells = notebook(a="k = 2", b="def f(v):\n    return v * k", c="y = f(3)")
    assert states(cells, ("a", "k = 1"), "b", "c", "a") == {
        "a": "fresh", "b": "fresh", "c": "stale",
    }  # fmt: skip


def test_functions_and_methods_change_what_they_are_given() -> None:
    grow = "def grow(items):\n    items.append(1)"
    cells = notebook(a=f"l = []\n{grow}", b="grow(l)", c="print(l)")
    assert states(cells, "a", "c", "b")["c"] == "stale"
    counter = "class C:\n    def __init__(self):\n        self.n = 0\n\n"
    counter += (
        "    def add(self):\n        self.n += 1\n\n    def get(self):\n        return self.n"
    )
    cells = notebook(a=f"{counter}\no = C()", b="o.add()", c="print(o.get())")
    assert states(cells, "a", "b", "c", "c")["c"] == "fresh"
    assert states(cells, "a", "b", "b", "c")["c"] == "stale"


def test_a_seeded_random_state_is_followed_and_an_unseeded_one_is_not() -> None:
    draw = "import numpy as np"
    seeded = notebook(i=draw, a="np.random.seed(1)", b="x = np.random.rand()")
    assert states(seeded, "i", "a", "b", "b")["b"] == "stale"
    assert states(seeded, "i", "a", "b", "a", "b")["b"] == "fresh"
    unseeded = notebook(i=draw, b="x = np.random.rand()")
    assert states(unseeded, "i", "b", "b")["b"] == "fresh"


def test_a_file_with_other_content_makes_what_read_it_stale() -> None:
    cells = notebook(a="from lib import read", b="x = read('d.csv')", c="print(x)")
    read = ("b", "x = read('d.csv')", {"read": {"/w/d.csv": "11"}})
    assert set(states(cells, "a", read, "c", now={"/w/d.csv": "11"}).values()) == {"fresh"}
    told = judged(cells, "a", read, "c", now={"/w/d.csv": "22"})
    assert of(told, "b").reasons == (
        "the file d.csv has other content now than when this cell read it",
    )
    assert of(told, "c").state == "stale"


def test_a_statement_that_may_bind_a_name_did_as_was_seen() -> None:
    cells = notebook(a="n = 1\nz = 0", b="if n > 1:\n    z = 5", c="print(z)")
    told = [("a", cells[0].source, {"bound": ["n", "z"]}), ("b", cells[1].source, {"bound": []})]
    assert set(states(cells, *told, "c").values()) == {"fresh"}


def test_what_failed_above_fails_again() -> None:
    cells = notebook(a="x = 1\nraise ValueError\ny = 2", b="print(x)", c="print(y)")
    failed = ("a", cells[0].source, {"status": "failed", "stopped_at": 2})
    told = judged(cells, failed, "b", ("c", "print(y)", {"status": "failed", "stopped_at": 1}))
    assert [one.state for one in told.cells] == ["failed", "fresh", "failed"]
    assert of(told, "c").unreachable == (
        "`y` would not be there: cell 1, which defines it, fails in a run from top to bottom, "
        "or it is deleted again"
    )


def test_the_state_after_some_executions_is_that_of_those_alone() -> None:
    executions = ran(CHAIN, "a", "b", "c", ("a", "x = 3"), "b")
    whole = [judge(CHAIN, executions[:n]) for n in range(len(executions) + 1)]
    history, grown = History(), [judge(CHAIN, [])]
    for one in executions:
        history.add(one)
        grown.append(judge(CHAIN, history))
    assert grown == whole
    assert [one.state for one in whole[3].cells] == ["fresh", "fresh", "fresh"]
