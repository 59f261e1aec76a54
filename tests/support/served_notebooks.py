"""A Jupyter server of a folder with notebooks whose sessions were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.jupyter_server import JupyterServer, jupyter_server
from tests.support.notebook_journal import KernelJournal, NotebookJournal
from whence._base.ids import format_id
from whence.model.relation import Relation

PICTURE = b"\x89PNG\r\n\x1a\n a picture that is kept"
PAGE = b"<script>alert(1)</script>"
CELLS = {
    "load": "df = open('data.csv').read()",
    "fit": "model = sorted(df)",
    "late": "print(model)",
    "never": "x = df + '1'",
}


class Served:
    """A server of the folder ``top``, with notebooks and their store in ``top/nb``; ``sessions``
    are the ids of those of ``train.ipynb``."""

    def __init__(self, server: JupyterServer, top: Path, sessions: list[bytes]) -> None:
        self.server, self.top, self.root = server, top, top / "nb"
        self.sessions = [format_id(one) for one in sessions]


@contextmanager
def serving_notebooks(top: Path) -> Iterator[Served]:
    """A server of ``top`` with two sessions of ``train.ipynb`` and a notebook of odd names."""
    root = top / "nb"
    root.mkdir()
    (root / "data.csv").write_text("a,b\n1,2\n" * 20)
    notebook = NotebookJournal(root, CELLS)
    with notebook.session() as first:
        first.cell("load", bound=["df"])
    with notebook.session() as second:
        _run(second, root)
    hostile = {"<img src=x onerror=alert(1)>": "'</script>' ; \ud800", "b": "y = 1"}
    odd = NotebookJournal(root, {}, name="o'd%d.ipynb", journal=notebook.journal)
    odd.cells = {cell: text.encode("utf-8", "replace").decode() for cell, text in hostile.items()}
    odd.save()
    with odd.session() as third:
        for cell in odd.cells:
            third.cell(cell, bound=["<b>", "y"])
    (root / "away").mkdir()
    with jupyter_server(top) as server:
        server.get("sessions", path="nb/train.ipynb")  # it notes where the sessions lie
        yield Served(server, top, [first.id, second.id])


def _run(session: KernelJournal, root: Path) -> None:
    session.cell(
        "load", bound=["df"], doing=lambda cell: session.read(root / "data.csv", activity=cell)
    )

    def fit(cell: bytes) -> None:
        call = session.part(cell, "fit", "Ridge.fit", span=[1, 8, 1, 32], data={"X": 0})
        frame = session.entity(
            "frame", "X", columns=["a", "b"], shape=[20, 2], **{"class": "pandas.DataFrame"}
        )
        session.relation(call, Relation.USED, frame, role="X")
        model = session.entity("model", "Ridge", **{"class": "sklearn.Ridge"})
        session.relation(model, Relation.WAS_GENERATED_BY, call)

    session.cell("fit", "model = sorted(df, reverse=True)", bound=["model"], doing=fit)
    session.cell("late", output=PICTURE, mime="image/png")
    session.cell("late", output=PAGE, mime="text/html")
    session.cell("load", bound=["df"])
    session.cell("gone", "z = 1", bound=["z"])
    session.cell(
        "gone", "1 / 0", status="failed", error="ZeroDivisionError", message="division by zero"
    )
    session.cell("fit", bound=["model"])
