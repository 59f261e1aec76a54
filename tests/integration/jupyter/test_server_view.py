"""The view of a notebook for the panel, from made sessions: what it shows, keeps and leaves out."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.support.journal import Clock
from tests.support.notebook_journal import KernelJournal, NotebookJournal
from whence.model.relation import Relation
from whence.service.index import reindex
from whence.service.notebook.answers import Notebooks
from whence.service.notebook.graph import MOST_NODES
from whence.service.notebook.view import NotebookView

Edges = set[tuple[str, str, str, str]]


def _edges(view: NotebookView) -> Edges:
    """The edges by what stands at their ends: a variable's name with the count that made it."""
    names = {
        node.id: f"{node.name}@{node.attributes['execution']}"
        if node.kind == "variable"
        else node.name
        for node in view.graph.nodes
    }
    return {
        (names[edge.source], edge.relation, names[edge.target], edge.known)
        for edge in view.graph.edges
    }


def _states(view: NotebookView) -> dict[str, str]:
    return {cell.id: cell.state for cell in view.cells}


def test_a_change_in_place_makes_another_state_that_only_the_code_tells(tmp_path: Path) -> None:
    notebook = NotebookJournal(
        tmp_path, {"make": "rows = [1]", "change": "rows.append(2)", "use": "print(rows)"}
    )
    with notebook.session() as session:
        session.cell("make", bound=["rows"])
        session.cell("change")
        session.cell("use")

    view = Notebooks(notebook.store).view(notebook.path)

    assert _edges(view) == {
        ("rows@1", "wasGeneratedBy", "In [1]", "observed"),
        ("In [2]", "used", "rows@1", "inferred"),
        ("rows@2", "wasGeneratedBy", "In [2]", "inferred"),
        ("rows@2", "wasDerivedFrom", "rows@1", "inferred"),
        ("In [3]", "used", "rows@2", "inferred"),
    }
    assert _states(view) == {"make": "fresh", "change": "fresh", "use": "fresh"}


def test_modules_and_what_is_imported_from_them_are_no_variables(tmp_path: Path) -> None:
    notebook = NotebookJournal(
        tmp_path, {"import": "import math\nfrom math import sqrt", "use": "x = sqrt(math.pi)"}
    )
    with notebook.session() as session:
        session.cell("import", bound=["sqrt"])
        session.cell("use", bound=["x"])

    view = Notebooks(notebook.store).view(notebook.path)

    assert [(n.kind, n.name) for n in view.graph.nodes] == [
        ("cell", "In [1]"), ("cell", "In [2]"), ("variable", "x"),
    ]  # fmt: skip
    assert [cell.defines for cell in view.cells] == [[], ["x"]]


def test_what_a_cell_rests_on_is_followed_back_over_earlier_executions(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": "a = 2", "b": "b = a + 1", "c": "c = b"})
    with notebook.session() as session:
        session.cell("a", "a = 1", bound=["a"])
        session.cell("b", bound=["b"])
        session.cell("c", bound=["c"])
        session.cell("a", bound=["a"])
        session.cell("b", bound=["b"])

    view = Notebooks(notebook.store).view(notebook.path)
    state = {
        n.attributes["execution"]: n.attributes["state"]
        for n in view.graph.nodes
        if n.kind == "cell"
    }

    assert state == {1: "earlier", 2: "earlier", 3: "stale", 4: "fresh", 5: "fresh"}
    assert ("In [3]", "used", "b@2", "inferred") in _edges(view)
    assert ("In [2]", "used", "a@1", "inferred") in _edges(view)
    assert view.completeness.complete


def test_a_long_chain_of_earlier_executions_is_cut_and_says_so(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"start": "x = 0", "step": "x = x + 1"})
    with notebook.session() as session:
        session.cell("start", bound=["x"])
        for _ in range(400):
            session.cell("step", bound=["x"])

    view = Notebooks(notebook.store).view(notebook.path)
    (cut,) = view.completeness.truncated

    assert (cut.limit, cut.value, len(cut.frontier)) == ("executions", 300, 1)
    assert not view.completeness.complete


def test_of_a_huge_notebook_the_latest_cells_are_drawn_and_all_are_listed(tmp_path: Path) -> None:
    cells = {f"c{n}": f"v{n} = {n}" for n in range(2_500)}
    notebook = NotebookJournal(tmp_path, cells)
    with notebook.session() as session:
        for n in range(2_500):
            session.cell(f"c{n}", bound=[f"v{n}"])

    view = Notebooks(notebook.store).view(notebook.path)
    (cut,) = view.completeness.truncated

    assert len(view.cells) == 2_500
    assert (len(view.graph.nodes), cut.limit, len(cut.frontier)) == (MOST_NODES, "nodes", 3_000)
    assert view.graph.nodes[-1].name == "In [2500]"


def test_with_history_every_execution_is_drawn(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": "x = 1"})
    with notebook.session() as session:
        for _ in range(3):
            session.cell("a", bound=["x"])
    asked = Notebooks(notebook.store)

    last, every = (asked.view(notebook.path, history=one) for one in (False, True))

    assert [n.name for n in last.graph.nodes if n.kind == "cell"] == ["In [3]"]
    assert [n.name for n in every.graph.nodes if n.kind == "cell"] == ["In [1]", "In [2]", "In [3]"]


def test_a_view_is_kept_until_something_changes(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": "x = 1", "b": "print(x)"})
    asked = Notebooks(notebook.store)
    with notebook.session() as session:
        session.cell("a", bound=["x"])
        first = asked.view(notebook.path)
        activity = session.cell("b", status=None)
        running = asked.view(notebook.path)
        again = asked.view(notebook.path)
        session.ended(activity)
        ended = asked.view(notebook.path)
        notebook.cells["b"] = "print(x, x)"
        notebook.save()
        edited = asked.view(notebook.path)

    assert [len(one.executions) for one in (first, running, ended)] == [1, 2, 2]
    assert asked.view(notebook.path, since=1).executions == ended.executions[1:]
    assert again == running
    assert _states(ended) == {"a": "fresh", "b": "fresh"}
    assert edited.cells[1].state == "edited"


def test_a_store_that_is_indexed_anew_gives_the_same_view(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": "x = 1", "b": "y = x"})
    (tmp_path / "other.txt").write_text("other " * 20)
    with notebook.journal.run("first.py") as other:
        other.read(tmp_path / "other.txt")
    with notebook.session() as session:
        session.cell("a", bound=["x"])
        session.cell("b", bound=["y"])
    asked = Notebooks(notebook.store)
    before = asked.view(notebook.path)
    with notebook.journal.run("later.py") as other:
        other.read(tmp_path / "other.txt")

    reindex(notebook.store)

    assert asked.view(notebook.path) == before


def test_a_notebook_without_ids_of_cells_is_told_by_its_sources(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"": "x = 1"})
    with notebook.session() as session:
        session.cell("", "x = 1", bound=["x"])
        session.cell("", "y = x", bound=["y"])
    document = json.loads(notebook.path.read_text())
    document["nbformat_minor"] = 4
    sources = ["x = 1", "y = x", "z = 3"]
    document["cells"] = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": [one],
        }
        for one in sources
    ]
    notebook.path.write_text(json.dumps(document))

    view = Notebooks(notebook.store).view(notebook.path)

    assert [(cell.index, cell.state, cell.source) for cell in view.cells] == [
        (0, "fresh", "x = 1"), (1, "fresh", "y = x"), (2, "not-run", "z = 3"),
    ]  # fmt: skip


def test_a_notebook_that_is_gone_or_broken_is_shown_by_its_record_alone(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": "x = 1", "b": "y = x"})
    with notebook.session() as session:
        session.cell("a", bound=["x"])
        session.cell("b", bound=["y"])
    asked = Notebooks(notebook.store)
    expected = [("a", None, "fresh"), ("b", None, "fresh")]

    for data in ("", "[]", "{", '{"cells": [{"cell_type": "code", "id": 7}], "nbformat": 3}'):
        notebook.path.write_text(data)
        view = asked.view(notebook.path)
        assert [(cell.id, cell.index, cell.state) for cell in view.cells] == expected
    notebook.path.unlink()
    assert [(c.id, c.index, c.state) for c in asked.view(notebook.path).cells] == expected


def test_a_file_that_holds_other_content_now_makes_its_reader_stale(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a,b\n1,2\n" * 20)
    notebook = NotebookJournal(tmp_path, {"read": "x = open('data.csv').read()"})
    with notebook.session() as session:
        session.cell("read", bound=["x"], doing=lambda cell: session.read(data, activity=cell))
    asked = Notebooks(notebook.store)
    for _ in range(3):  # from the second on it is a view that was kept
        assert _states(asked.view(notebook.path)) == {"read": "fresh"}

    data.write_text("a,b\n3,4\n" * 20)

    view = asked.view(notebook.path)
    assert _states(view) == {"read": "stale"}
    assert "data.csv" in view.cells[0].reasons[0]
    assert view.cells[0].files == ["data.csv"]


def test_models_files_and_pictures_stand_beside_the_cells_that_made_them(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"fit": "model = make()", "plot": "show()"})

    def fit(cell: bytes) -> None:
        call = session.part(cell, "fit", "Ridge.fit", span=[1, 8, 1, 14])
        model = session.entity("model", "Ridge", **{"class": "sklearn.Ridge"}, feature_names=["a"])
        session.relation(model, Relation.WAS_GENERATED_BY, call)
        saved = session.write(tmp_path / "m.bin", b"model" * 40, activity=cell, kind="model")
        session.relation(saved, Relation.WAS_DERIVED_FROM, model)

    session: KernelJournal
    with notebook.session() as session:
        session.cell("fit", bound=["model"], doing=fit)
        session.cell("plot", output=b"\x89PNG" * 20, mime="image/png")

    view = Notebooks(notebook.store).view(notebook.path)
    kinds = {node.name: node.kind for node in view.graph.nodes}

    assert kinds == {
        "In [1]": "cell", "model": "variable", "Ridge": "model", "m.bin": "model",
        "In [2]": "cell", "train.ipynb#plot [2] 1": "output",
    }  # fmt: skip
    assert {
        ("Ridge", "wasGeneratedBy", "In [1]", "observed"),
        ("m.bin", "wasGeneratedBy", "In [1]", "observed"),
        ("m.bin", "wasDerivedFrom", "Ridge", "observed"),
    } <= _edges(view)
    assert view.cells[0].models == ["Ridge", "m.bin"]
    assert view.cells[0].files == ["m.bin"]


def test_a_file_that_is_hashed_after_the_view_was_asked_for_counts_from_then_on(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a,b\n1,2\n" * 20)
    notebook = NotebookJournal(tmp_path, {"read": "x = open('data.csv').read()"})
    asked = Notebooks(notebook.store)
    with notebook.session(clock=Clock(wall=time.time_ns() - 10**9)) as session:
        session.cell(
            "read", bound=["x"],
            doing=lambda cell: session.read(data, activity=cell, hashed=False),
        )  # fmt: skip
        asked.view(notebook.path)
        session.hashed(data)
        asked.view(notebook.path)
        data.write_text("a,b\n3,4\n" * 20)

        assert _states(asked.view(notebook.path)) == {"read": "stale"}


def test_a_session_without_executions_has_cells_that_did_not_run(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": "x = 1"})
    with notebook.session() as session:
        before = Notebooks(notebook.store).view(notebook.path)
        session.cell("a", bound=["x"])

    for view in (before, Notebooks(notebook.store).view(notebook.path, at=0)):
        assert (_states(view), view.at, view.graph.nodes) == ({"a": "not-run"}, 0, [])
