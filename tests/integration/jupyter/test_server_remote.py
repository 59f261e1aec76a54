"""A notebook whose record lies on a Whence server only: what Jupyter's server tells of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.jupyter_server import jupyter_server
from tests.support.notebook_journal import NotebookJournal
from tests.support.program import whence
from tests.support.receiving import ServerProcess, until
from whence._base.ids import format_id


def test_sessions_are_listed_and_exported_and_what_needs_the_record_says_so(tmp_path: Path) -> None:
    notebook = NotebookJournal(tmp_path / "work", {"a": "x = 1"}, name="it's.ipynb")
    with notebook.session() as session:
        session.cell("a", bound=["x"])
    id = format_id(session.id)
    with ServerProcess(tmp_path / "home") as server:
        url = server.url()
        assert whence(notebook.path.parent, "push", "--store", url).returncode == 0
        notebook.store.rename(tmp_path / "elsewhere")

        def is_there() -> bool:
            told = whence(notebook.path.parent, "log", "--json", "--store", url)
            return told.returncode == 0 and len(json.loads(told.stdout)["nodes"]) == 1

        until(is_there, "the server to fold")
        with jupyter_server(notebook.path.parent, env={"WHENCE_HOME": url}) as jupyter:
            status = jupyter.get("status", path="it's.ipynb").json()
            sessions = jupyter.get("sessions", path="it's.ipynb").json()["sessions"]
            prov = jupyter.get("export", session=id, format="prov-json")
            view = jupyter.get("view", path="it's.ipynb")

    assert (status["store"], status["session"]) == (url, id)
    assert [(one["id"], one["executions"]) for one in sessions] == [(id, None)]
    assert any("In [1]" in str(one) for one in json.loads(prov.content)["activity"].values())
    assert (view.status_code, view.json()["reason"]) == (400, "usage")
    assert url in view.json()["message"]
