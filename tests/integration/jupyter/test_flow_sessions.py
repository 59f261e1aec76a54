"""The flow of records of kernel sessions that are made by hand: what is rare, and what is large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.notebook_journal import KernelJournal, NotebookJournal
from whence._base.digest import digest_bytes
from whence.journal.home import content_path
from whence.query.flow import FlowEdge, SinkCall, SourceCall
from whence.service.questions import open_questions

READ = "df = pd.read_csv('data.csv')"
NOTHING = "no statement that could be read gives df"
FIT = "Ridge().fit(df[['x']], df['y'])"


def read(session: KernelJournal, line: int = 1) -> Any:
    """A read on a line of the cell that runs."""
    return lambda cell: _call(session, cell, "read", "pandas.read_csv", line)


def fit(session: KernelJournal, line: int = 1) -> Any:
    told = {"class": "sklearn.linear_model.Ridge", "data": {"X": 0, "y": 1}}
    return lambda cell: _call(session, cell, "fit", "Ridge.fit", line, **told)


def _call(
    session: KernelJournal, cell: bytes, kind: str, call: str, line: int, **told: Any
) -> bytes:
    """A call in the cell that runs; its file is the one that the cell was compiled under."""
    where = {"file": session.file, "line": line, "function": "<module>", "call": call}
    return session.part(cell, kind, call, **where, **told)


class Session(KernelJournal):
    """One that knows the file of the cell that runs."""

    file = ""

    def started(self, kind: str, name: str, **told: Any) -> bytes:
        if kind == "cell":
            self.file = told["file"]
        return super().started(kind, name, **told)


def ends(edges: list[FlowEdge]) -> list[tuple[str, str]]:
    return [(_end(edge.source), _end(edge.sink)) for edge in edges]


def _end(call: SourceCall | SinkCall) -> str:
    assert not isinstance(call.cell, type(None))
    return f"{call.line} @{getattr(call.cell, 'execution', 0)}"


def test_a_cell_whose_text_was_not_kept_is_a_gap(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": READ, "b": FIT})
    with Session(notebook) as session:
        session.cell("a", doing=read(session))
        session.cell("b", doing=fit(session))
    content_path(notebook.store, digest_bytes(READ.encode())).unlink()
    with open_questions(notebook.store) as asked:
        flow = asked.flow(session.id.hex())
    assert ends(flow.edges) == []
    assert [(gap.code, gap.detail) for gap in flow.completeness.gaps] == [
        ("code-not-read", "In [1]: its text was not kept"),
        *(
            ("flow-unresolved", f"{one} of Ridge at train.ipynb[2]:1: {NOTHING}")
            for one in ("X", "y")
        ),
    ]


def test_a_cell_that_has_no_id_is_told_by_its_number(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {})
    with Session(notebook) as session:
        session.cell("", "import pandas as pd\n" + READ, doing=read(session, 2))
        session.cell("", FIT, doing=fit(session))
    with open_questions(notebook.store) as asked:
        assert ends(asked.flow(session.id.hex()).edges) == [("[1]:2 @1", "[2]:1 @2")]


def test_kernels_of_one_run_do_not_mix(tmp_path: Path) -> None:
    """As when a recorded script runs notebooks: each kernel is a process of the run."""
    notebook = NotebookJournal(tmp_path, {"a": READ, "b": FIT})
    with Session(notebook) as session:
        other = session.started(
            "process", "other.ipynb", parent=session.id, notebook="/elsewhere/other.ipynb"
        )
        session.cell("a", doing=read(session))
        whole, session.id = session.id, other
        session.cell("a", "df = None")
        session.id = whole
        session.cell("b", doing=fit(session))
        session.ended(other)
    with open_questions(notebook.store) as asked:
        flow = asked.flow(whole.hex())
    assert ends(flow.edges) == [("a:1 @1", "b:1 @2")]
    assert flow.completeness.gaps == []


def test_of_hundreds_of_executions_each_has_its_own_data(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path, {"a": READ, "b": "df['x'] = df['x'] + 1", "c": FIT})
    with Session(notebook) as session:
        for _ in range(100):
            session.cell("a", doing=read(session), bound=["df"])
            session.cell("b")
            session.cell("c", doing=fit(session))
    with open_questions(notebook.store) as asked:
        found = ends(asked.flow(session.id.hex()).edges)
    assert found == [(f"a:1 @{3 * n + 1}", f"c:1 @{3 * n + 3}") for n in range(100)]
