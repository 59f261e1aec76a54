"""What a kernel records of the cells that it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.kernel import Kernel, kernel
from tests.support.program import Recording
from whence.journal.home import content_path
from whence.model.event import ActivityStarted, EntityRecorded, FileOpened, RelationRecorded
from whence.model.relation import Relation

pytestmark = pytest.mark.xdist_group("kernel")

CELLS = {
    "load": "import pandas as pd\nimport mine\nframe = pd.read_csv('data.csv')\nkept = 1",
    "value": "frame['b'] = frame['a'] * 2\nframe.shape",
    "broken": "half = 1\n\n1 / 0\nnever = 2",
    "wrong": "x = = 1",
    "magic": "%time del kept\n!echo from the shell",
    "bash": "%%bash\necho from bash",
    "bash-fails": "%%bash\nexit 4",
    "await": "import asyncio\nawait asyncio.sleep(0)\nopen('made.txt', 'w').write('some text')\n",
    "thread": "import threading\nt = threading.Thread(target=lambda: open('thread.txt').close())\n"
    "t.start(); t.join()",
    "secret": "password = 'hunter2'\nprint('password=hunter2')",
    "shown": "from IPython.display import display, HTML\ndisplay(HTML('<b>1</b>'))\nprint('one')\n"
    "h = display('first', display_id=True)\nh.update('second')\nprint('two')\n40 + 2",
    "cleared": "from IPython.display import clear_output\nprint('gone')\nclear_output()\n"
    "print('left')",
    "reloaded": "import importlib\nimportlib.reload(mine)",
    "exit": "import sys\nsys.exit(3)",
}


class Told(NamedTuple):
    """What one execution of a cell left in the record."""

    start: ActivityStarted
    status: str
    end: dict[str, Any]


class Session(NamedTuple):
    """A recorded session, looked at cell by cell."""

    recording: Recording
    folder: Path

    def cell(self, name: str) -> Told:
        """The first execution of a cell."""
        start = next(s for s in self.recording.started("cell") if s.attributes["cell"] == name)
        end = self.recording.end_of(start.id)
        return Told(start, end.status, end.attributes)

    def text(self, digest: bytes | str) -> str:
        """The content that the store keeps under a digest."""
        raw = bytes.fromhex(digest) if isinstance(digest, str) else digest
        return content_path(self.folder / ".whence", raw).read_text()

    def outputs(self, cell: str) -> list[tuple[str, str, str]]:
        """The outputs of a cell: sort, type and kept text."""
        activity = self.cell(cell).start.id
        relations = self.recording.of(RelationRecorded)
        made = [
            r.source
            for r in relations
            if (r.relation, r.target) == (Relation.WAS_GENERATED_BY, activity)
        ]
        entities = {e.id: e for e in self.recording.of(EntityRecorded) if e.kind == "output"}
        found = [entities[one] for one in made if one in entities]
        return [
            (e.attributes["output"], e.attributes["mime"], self.text(e.digest or b""))
            for e in found
        ]

    def files_of(self, activity: bytes) -> list[tuple[str, str]]:
        """The files that an activity opened, with the access."""
        return [
            (Path(f.path.decode()).name, f.access)
            for f in self.recording.of_files()
            if f.activity == activity
        ]

    @property
    def run(self) -> ActivityStarted:
        [run] = self.recording.started("run")
        return run


def run_all(running: Kernel, folder: Path) -> None:
    for name, source in CELLS.items():
        if name == "reloaded":
            (folder / "mine.py").write_text("VALUE = 22222222\n")
        running.run(source, name)
    running.run("hidden = 1", "silent", silent=True)
    running.run("quiet = 1", "no-history", store_history=False)
    (folder / "notebook.ipynb").write_text(notebook_text("second"))
    running.run("3 + 3", "value")


def notebook_text(source: str) -> str:
    cell = {"cell_type": "code", "id": "a", "source": source, "metadata": {}, "outputs": []}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("kernel") / "work"
    folder.mkdir()
    (folder / "data.csv").write_text("a\n1\n2\n")
    (folder / "thread.txt").write_text("for a thread")
    (folder / "mine.py").write_text("VALUE = 1\n")
    (folder / "notebook.ipynb").write_text(notebook_text("first"))
    with kernel(folder, WHENCE_NOTEBOOK="notebook.ipynb") as running:
        run_all(running, folder)
        yield Session(running.shut_down(), folder)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_a_session_is_a_run_that_names_its_notebook_and_ends_with_the_kernel(
    session: Session,
) -> None:
    told = session.run.attributes
    assert session.run.name == "notebook.ipynb"
    assert told["notebook"] == str(session.folder / "notebook.ipynb")
    assert told["session"] == "kernel"
    assert told["cwd"] == str(session.folder)
    assert told["kernel"]
    assert session.recording.run_end() == ("finished", {})


def test_each_execution_is_a_cell_of_the_session_with_its_id_number_and_file(
    session: Session,
) -> None:
    starts = session.recording.started("cell")
    assert [s.attributes["cell"] for s in starts] == [*CELLS, "value"]
    assert [s.name for s in starts] == [f"In [{n}]" for n in range(1, len(starts) + 1)]
    assert [s.attributes["count"] for s in starts] == list(range(1, len(starts) + 1))
    assert {s.parent for s in starts} == {session.run.id}
    pid = session.run.attributes["pid"]
    assert {Path(s.attributes["file"]).parent.name for s in starts} == {f"ipykernel_{pid}"}


def test_a_cells_text_is_kept_and_its_digest_told(session: Session) -> None:
    told = session.cell("load").start.attributes
    assert told["code"] == digest(CELLS["load"])
    assert told["language"] == "python"
    assert "raw" not in told
    assert session.text(told["code"]) == CELLS["load"]


def test_of_magics_the_text_that_ran_and_the_text_as_written_are_kept(session: Session) -> None:
    told = session.cell("magic").start.attributes
    assert told["language"] == "python"
    assert session.text(told["raw"]) == CELLS["magic"]
    assert session.text(told["code"]) == (
        "get_ipython().run_line_magic('time', 'del kept')\n"
        "get_ipython().system('echo from the shell')\n"
    )
    bash = session.cell("bash").start.attributes
    assert bash["language"] == "bash"
    assert session.text(bash["raw"]) == CELLS["bash"]


def test_the_source_is_code_that_the_execution_used_once_for_each_text(session: Session) -> None:
    sources = {
        e.id: e
        for e in session.recording.of(EntityRecorded)
        if e.kind == "code" and "as" in e.attributes
    }
    assert len(sources) == len(CELLS) + 4
    start = session.cell("value").start
    used = [
        r.target
        for r in session.recording.of(RelationRecorded)
        if (r.source, r.role, r.relation) == (start.id, "code", Relation.USED)
    ]
    assert [
        (sources[one].name, sources[one].attributes, (sources[one].digest or b"").hex())
        for one in used
    ] == [
        ("notebook.ipynb#value", {"cell": "value", "as": "ran"}, digest(CELLS["value"])),
    ]


def test_a_secret_in_a_cell_or_its_output_is_not_kept(session: Session) -> None:
    told = session.cell("secret").start.attributes
    assert told["code"] == digest(CELLS["secret"])
    assert "hunter2" not in session.text(told["code"])
    assert session.outputs("secret") == [("stream", "text/plain", "password=***\n")]


def test_the_names_that_a_cell_bound_and_deleted_are_told_without_modules(
    session: Session,
) -> None:
    assert session.cell("load").end == {"bound": ["frame", "kept"]}
    assert session.cell("magic").end == {"deleted": ["kept"]}
    assert session.cell("value").end == {}


def test_a_cell_that_raises_tells_the_error_and_the_line_where_it_stopped(
    session: Session,
) -> None:
    broken = session.cell("broken")
    assert broken.status == "failed"
    assert broken.end == {
        "error": "ZeroDivisionError", "message": "division by zero", "stopped_at": 3,
        "bound": ["half"],
    }  # fmt: skip
    [(sort, mime, text)] = session.outputs("broken")
    assert (sort, mime) == ("error", "text/plain")
    assert "ZeroDivisionError" in text
    wrong = session.cell("wrong")
    assert (wrong.status, wrong.end["error"], wrong.end["stopped_at"]) == (
        "failed", "SyntaxError", 1,
    )  # fmt: skip


def test_sys_exit_in_a_cell_is_a_failure_of_the_cell_alone(session: Session) -> None:
    cell = session.cell("exit")
    assert (cell.status, cell.end["exit_code"], cell.end["stopped_at"]) == ("failed", 3, 2)
    assert session.recording.run_end() == ("finished", {})


def test_what_a_cell_reads_and_writes_is_its_own_also_after_await(session: Session) -> None:
    assert ("data.csv", "r") in session.files_of(session.cell("load").start.id)
    assert session.files_of(session.cell("await").start.id) == [("made.txt", "w")]


def test_what_a_thread_does_is_the_sessions(session: Session) -> None:
    assert ("thread.txt", "r") in session.files_of(session.run.id)


def test_the_commands_of_a_shell_cell_are_parts_of_it_with_their_exit_codes(
    session: Session,
) -> None:
    commands = {c.parent: c for c in session.recording.started("command")}
    for name, told in (
        ("bash", ("finished", {"exit_code": 0})),
        ("bash-fails", ("failed", {"exit_code": 4})),
    ):
        command = commands[session.cell(name).start.id]
        end = session.recording.end_of(command.id)
        assert (command.name, end.status, end.attributes) == ("bash", *told)
    assert session.cell("bash-fails").status == "failed"
    [echoed] = session.recording.started("process")
    assert echoed.parent == session.cell("magic").start.id
    assert session.recording.end_of(echoed.id).attributes["replaced_by"][-1] == (
        "echo from the shell"
    )


def test_code_that_a_front_end_runs_for_itself_is_no_cell(session: Session) -> None:
    cells = {s.attributes["cell"] for s in session.recording.started("cell")}
    assert not cells & {"silent", "no-history"}


def test_each_version_of_the_notebook_is_a_file_that_the_session_used(session: Session) -> None:
    versions = [f for f in session.recording.of_files() if f.kind == "notebook"]
    assert [(v.role, v.access, v.activity) for v in versions] == [
        ("notebook", "r", session.run.id)
    ] * 2
    assert len({v.stamp for v in versions}) == 2


def test_a_module_of_the_users_is_code_again_when_it_is_reloaded(session: Session) -> None:
    def is_mine(file: FileOpened) -> bool:
        return file.kind == "code" and file.path.endswith(b"mine.py")

    read = [f for f in session.recording.of_files() if is_mine(f)]
    assert [f.activity for f in read] == [
        session.cell("load").start.id, session.cell("reloaded").start.id,
    ]  # fmt: skip
    assert session.text(digest("VALUE = 22222222\n")) == "VALUE = 22222222\n"


def test_outputs_are_kept_as_the_cell_shows_them_at_its_end(session: Session) -> None:
    assert session.outputs("shown") == [
        ("display_data", "text/html", "<b>1</b>"),
        ("stream", "text/plain", "one\ntwo\n"),
        ("display_data", "text/plain", "'second'"),
        ("execute_result", "text/plain", "42"),
    ]
    assert session.outputs("cleared") == [("stream", "text/plain", "left\n")]
    assert session.outputs("bash") == [("stream", "text/plain", "from bash\n")]
    assert session.outputs("load") == []


def test_nothing_is_missing_in_the_record(session: Session) -> None:
    assert session.recording.gaps() == {}
