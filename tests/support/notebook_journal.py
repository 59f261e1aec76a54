"""Build true journals of kernel sessions: cells as a kernel records them, in any order.

notebook = NotebookJournal(tmp_path, {"a": "x = 1", "b": "y = x + 1"})
with notebook.session() as session:
    session.cell("a", bound=["x"])
    session.cell("b", bound=["y"])
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.support.journal import JournalBuilder, RunJournal
from whence._base.digest import digest_bytes
from whence._base.ids import derived_id
from whence.capture.environment.keeping import keep
from whence.model.relation import Relation

KERNEL = "kernel-1"


class NotebookJournal:
    """A notebook on disk, and the store beside it."""

    def __init__(
        self,
        root: Path,
        cells: Mapping[str, str],
        name: str = "train.ipynb",
        journal: JournalBuilder | None = None,
    ) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.journal = journal or JournalBuilder(root)
        self.store = self.journal.store
        self.path = root / name
        self.cells = dict(cells)
        self.save()

    def save(self) -> None:
        """Write the notebook with its cells as they are now."""
        write_notebook(self.path, self.cells)

    def session(self, **options: Any) -> KernelJournal:
        """A session of a kernel that ran this notebook."""
        return KernelJournal(self, **options)


def write_notebook(path: Path, cells: Mapping[str, str]) -> None:
    """A notebook of format 4.5 with these code cells."""
    document = {
        "cells": [
            {
                "cell_type": "code", "id": cell, "metadata": {}, "outputs": [],
                "execution_count": None, "source": source,
            }
            for cell, source in cells.items()
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
    path.write_text(json.dumps(document))


class KernelJournal(RunJournal):
    """The record of one kernel session. As a context it ends the session."""

    def __init__(self, notebook: NotebookJournal, **options: Any) -> None:
        self.notebook, self.count = notebook, 0
        attributes = {
            "kernel": KERNEL, "notebook": str(notebook.path), "session": "kernel",
        }  # fmt: skip
        super().__init__(notebook.journal, notebook.path.name, attributes=attributes, **options)
        self._kept: set[tuple[str, bytes]] = set()
        self.read(notebook.path, role="notebook")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.ended(status="finished" if kind is None else "failed")
        self.close()

    def cell(
        self,
        id: str,
        source: str | None = None,
        *,
        ran: str | None = None,
        bound: Sequence[str] = (),
        deleted: Sequence[str] = (),
        status: str | None = "finished",
        doing: Callable[[bytes], object] | None = None,
        output: bytes | None = None,
        mime: str = "text/plain",
        **ended: Any,
    ) -> bytes:
        """Record that a cell ran, with the source it has on disk if no other is given.

        ``doing`` is called with the activity while it runs; a ``status`` of None leaves it running.
        """
        written = self.notebook.cells.get(id, "") if source is None else source
        code = written if ran is None else ran
        self.count += 1
        digests = {"code": digest_bytes(code.encode()).hex()}
        if code != written:
            digests["raw"] = digest_bytes(written.encode()).hex()
        activity = self.started(
            "cell", f"In [{self.count}]", parent=self.id, cell=id, count=self.count,
            file=f"/tmp/ipykernel_1/{int(digests['code'][:8], 16)}.py", language="python",
            **digests,
        )  # fmt: skip
        self._source(activity, id, code, "ran")
        if code != written:
            self._source(activity, id, written, "written")
        if doing is not None:
            doing(activity)
        if output is not None:
            self._output(activity, id, output, mime)
        if status is not None:
            told = {"bound": list(bound), "deleted": list(deleted), **ended}
            self.ended(activity, status, **told)
        return activity

    def _source(self, activity: bytes, id: str, text: str, form: str) -> None:
        data = text.encode()
        digest = digest_bytes(data)
        entity = derived_id(b"cell", self.id, id, digest)
        if (id, digest) not in self._kept:
            self._kept.add((id, digest))
            keep(self.notebook.store, data)
            name = f"{self.notebook.path.name}#{id or f'[{self.count}]'}"
            self.entity(
                "code", name, id=entity, digest=digest, size=len(data), cell=id, **{"as": form}
            )
        self.relation(activity, Relation.USED, entity, role="code")

    def _output(self, activity: bytes, id: str, data: bytes, mime: str) -> None:
        digest = keep(self.notebook.store, data)
        name = f"{self.notebook.path.name}#{id} [{self.count}] 1"
        entity = self.entity(
            "output", name, digest=digest, size=len(data), mime=mime, output="display_data",
            kept=True,
        )  # fmt: skip
        self.relation(entity, Relation.WAS_GENERATED_BY, activity)

    def part(self, cell: bytes, kind: str, name: str, **attributes: Any) -> bytes:
        """Record a call within a cell, begun and ended; give its id."""
        activity = self.started(kind, name, parent=cell, **attributes)
        self.ended(activity)
        return activity


def large_session(
    root: Path, cells: int = 200, executions: int = 5_000, *, ends: bool = True
) -> KernelJournal:
    """The session of a notebook of that many cells, run that often in turns, with some edits
    between the runs; ``ends`` says that the kernel was shut down.

    Each cell uses the variable of the one before it; each tenth reads a file, each twentieth makes
    a model.
    """
    notebook = NotebookJournal(root, {f"cell-{n}": _source(n, 0) for n in range(cells)})
    data = root / "data.csv"
    data.write_text("x,y\n1,2\n" * 40)
    session = notebook.session()
    for at in range(executions):
        number, turn = at % cells, at // cells
        notebook.cells[f"cell-{number}"] = _source(number, turn // 5)
        session.cell(
            f"cell-{number}",
            bound=[f"v{number}", f"w{number}"],
            doing=_doing(session, number, data),
        )
    notebook.save()
    if ends:
        session.__exit__(None, None, None)
    return session


def _source(number: int, edit: int) -> str:
    lines = [f"# edit {edit}", "import math"]
    if number % 10 == 0:
        lines.append(f"v{number} = open('data.csv').read()")
    else:
        lines.append(f"v{number} = v{number - 1} + str({edit})")
    lines += [f"w{number} = [math.sqrt(one) for one in range(10)]", f"print(v{number})"]
    return "\n".join(lines)


def _doing(session: KernelJournal, number: int, data: Path) -> Callable[[bytes], object] | None:
    if number % 10 == 0:
        return lambda cell: session.read(data, activity=cell)
    if number % 20 == 19:

        def fit(cell: bytes) -> None:
            call = session.part(cell, "fit", "LinearRegression.fit", line=3)
            model = session.entity("model", "LinearRegression", feature_names=["x", "y"])
            session.relation(model, Relation.WAS_GENERATED_BY, call)

        return fit
    return None
